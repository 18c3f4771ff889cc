"""A rule written in the form and tried against past mail, then macro, checklist, turn and duplicate, in a browser.

Rows 26, 27, 33, 34, 42 and 49 of the table of desks.
"""

import pytest
from selenium.webdriver.support.ui import Select

from letters import MONA, deliver, letter
from looking import faults, look, set_scheme, set_size
from waiting import until

HARBOUR = (
    "Good day, the picture of the old harbour on your page about Altmark is mirrored. The lighthouse stands on the"
    " left, but everybody here knows that it stands on the right. Please turn the picture around.\n")


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def person(desk):
    import browser
    deliver(letter(subject="Refund of my donation", text="I would like my money back.\n"), desk.lmtp_port)
    deliver(letter(sender=MONA, subject="寄付について", text="寄付金を返してください。\n"), desk.lmtp_port, sender=MONA)
    deliver(letter(sender="ivo@people.example", subject="A mirrored picture", text=HARBOUR), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == 3, 60, "not everything was filed")
    someone = browser.Person(desk.url)
    someone.sign_in()
    yield someone
    someone.close()


def write(person, field, text):
    found = person.find(f"[name={field}]")
    found.clear()
    found.send_keys(text)


def test_a_rule_is_written_tried_on_past_mail_applied_and_undone(desk, person):
    person.go("/rules")
    person.says("No rules yet")
    person.press(".empty a.main")
    write(person, "name", "Money back")
    write(person, "words-0", 'refund, "money back", 寄付金')
    write(person, "add-tags", "refund")
    Select(person.find("[name=priority]")).select_by_value("3")
    person.press("[name=do][value=try]")
    person.says("It would have matched these 2 messages")
    look(person, "rule-tried")
    assert [each["tags"] for each in desk.api.tickets()] == [[], [], []], "trying changes nothing"

    person.press("[name=do][value=save]")
    person.says("Changed")
    person.press("[name=do][value=try]")
    person.says("Apply to these 2 tickets")
    person.press(".rule-apply button")
    person.says("2 tickets changed")
    assert sorted(each["tags"] for each in desk.api.tickets()) == [[], ["refund"], ["refund"]]
    person.press("main form button")
    until(lambda: all(each["tags"] == [] for each in desk.api.tickets()), 20, "it was not undone")

    deliver(letter(subject="Again", text="Where is my REFUND?\n"), desk.lmtp_port)
    ticket = until(lambda: next(
        (each for each in desk.api.tickets() if each["subject"] == "Again" and each["tags"]), None), 30, "no rule ran")
    assert ticket["tags"] == ["refund"] and ticket["priority"] == 3
    person.go(f"/tickets/{ticket['id']}")
    person.press(".rule-effects summary")
    person.says("Money back")
    look(person, "rule-effect")
    person.press(".rule-effects form button")
    until(lambda: desk.api.ticket_about("Again")["tags"] == [], 20, "what the rule did was not undone")
    person.go("/rules")
    look(person, "rule-list")
    assert not faults(person.driver)


def test_macro_checklist_turn_and_duplicate(desk, person):
    person.go("/checklists/new")
    write(person, "name", "Look twice")
    write(person, "items", "Look at the page\nAsk somebody")
    person.press("[name=blocks]")
    person.press("main form button.main")
    person.says("2 items")
    person.go("/macros/new")
    write(person, "name", "Mine with care")
    Select(person.find("[name=owner]")).select_by_value("me")
    Select(person.find("[name=checklist]")).select_by_visible_text("Look twice")
    person.press("main form button.main")
    person.says("Mine with care")

    deliver(letter(sender="ida@people.example", subject="Mirrored", text=HARBOUR), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Mirrored"), 30, "no ticket")
    person.go(f"/tickets/{ticket['id']}")
    person.says("Nearly the same words came from another address")
    person.find("body").send_keys("p")
    person.press(".macros[open] .floating button")
    person.says("0 of 2")
    look(person, "ticket-aids")
    person.press(".ticket-header form[action$=closure] button")
    person.says("is still open")
    person.go(f"/tickets/{ticket['id']}")
    for done in ("1 of 2", "2 of 2"):
        person.press(".checklist li:not(.done) .box")
        person.says(done)
    set_size(person.driver, 390)
    for scheme in ("light", "dark"):
        set_scheme(person.driver, scheme)
        assert not faults(person.driver)
    look(person, "ticket-aids-phone")
    set_size(person.driver, 1280)
    person.press(".duplicate form button")
    person.says("joined")
    assert len(desk.api.tickets()) == 3


def test_the_pages_have_no_fault_on_a_phone_and_in_arabic(desk, person):
    set_size(person.driver, 390)
    found = {}
    for path in ("/rules/new", "/macros", "/checklists", "/assignment", "/assignment/own", "/macros/new"):
        person.go(path)
        found[path] = faults(person.driver)
        wide = person.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide <= 390, f"{path} scrolls sideways: {wide}"
        look(person, "phone" + path.replace("/", "-"))
    assert {path: each for path, each in found.items() if each} == {}

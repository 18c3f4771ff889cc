"""What the program thinks of a mail, corrected by a person, and learned; a label that narrows, and its keys.

Rows 21, 26, 27 and 28 of the table of desks, in a browser.
"""

import email.utils
import re

import pytest
from selenium.webdriver.support.ui import Select

from letters import deliver, letter
from looking import faults, look, set_scheme, set_size
from pages import Visitor
from test_oncall import OUTSIDE, make_rota, post
from waiting import until

ZOE = "zoe@desk.example"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk):
    made = new_desk().prepare()
    return made.add_member(ZOE, "Zoe Example").serve()


def suggestions(desk, ticket):
    return desk.api.get(f"/tickets/{ticket['id']}/suggestions").json()["items"]


def thought(desk, ticket, value):
    return next((each for each in suggestions(desk, ticket) if each["value"] == value), None)


def test_row_28_a_suggestion_is_corrected_and_the_correction_trains(desk, person):
    for number in range(12):
        deliver(letter(subject=f"Biscuits {number}", sender=f"eva{number}@people.example",
                       text=f"I am a journalist. Lighthouse keeper biscuits, tin {number}.\n"), desk.lmtp_port)
        deliver(letter(subject=f"Bridge {number}", sender=f"ivo{number}@people.example",
                       text=f"The old bridge has {number} arches, says the map.\n"), desk.lmtp_port)
    tickets = until(lambda: (found := desk.api.tickets(limit=100)) and len(found) == 24 and found, 60, "not all filed")
    asked = [each for each in tickets if each["subject"].startswith("Biscuits")]
    for each in tickets:
        if each not in asked:
            desk.api.change(each["id"], state="closed")
    for each in asked[1:]:
        found = until(lambda: thought(desk, each, "press"), 60, "the pack said nothing")
        answer = desk.api.request("POST", f"/tickets/{each['id']}/suggestions/{found['id']}",
                                  json={"decision": "correct", "value": "living-person"})
        assert answer.status_code == 200, answer.text

    # The last one by hand, by one key and a choice.
    person.sign_in()
    person.go(f"/tickets/{asked[0]['id']}")
    person.says("This may be: Press")
    person.says("because of")
    look(person, "suggestion")
    person.find("body").send_keys("o")
    Select(person.find(".triage-line details[open] select[name=value]")).select_by_value("living-person")
    person.press(".triage-line details[open] [name=decision][value=correct]")
    person.says("The program learns from it")
    person.says("Living person", ".label-card h2")

    person.go("/triage")
    person.press("form[action$='/triage/training'] button")
    person.says("It learns now")
    olga = Visitor(desk.url)
    until(lambda: "Learned on" in olga.get("/triage").text, 60, "it did not learn")
    person.go("/triage")
    person.says("Learned on")
    look(person, "triage-room")
    deliver(letter(subject="A tin", sender="una@people.example", text="Lighthouse keeper biscuits.\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("A tin"), 60, "no ticket")
    found = until(lambda: thought(desk, ticket, "living-person"), 60, "nothing was learned")
    assert found["source"] == "model" and found["state"] == "open" and found["score"] >= 30
    assert not thought(desk, ticket, "press"), "what was denied twelve times is still said"
    person.go(f"/tickets/{ticket['id']}")
    person.says("most of all because of")
    look(person, "learned-suggestion")


def test_row_21_a_date_they_wrote_is_taken_over_by_one_key_and_heads_the_list(desk, person):
    mail = letter(subject="Print", text="We go to print soon. Please answer by tomorrow 6 pm CET.\n")
    mail.replace_header("Date", email.utils.formatdate())
    deliver(mail, desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Print"), 60, "no ticket")
    deliver(letter(subject="Later", sender="una@people.example"), desk.lmtp_port)
    until(lambda: desk.api.ticket_about("Later"), 60, "no ticket")

    person.sign_in()
    person.go(f"/tickets/{ticket['id']}")
    person.says("18:00 (Europe/Berlin)", ".due .proposal")
    look(person, "date-proposed")
    person.find("body").send_keys("d")
    until(lambda: desk.api.get(f"/tickets/{ticket['id']}").json()["due"] == "deadline", 20, "it was not taken over")
    person.go("/tickets?sort=due")
    assert desk.api.ticket_about("Print")["id"] in person.find(".tickets a[href*='/tickets/']").get_attribute("href")
    look(person, "date-heads-the-list")


def test_rows_26_and_27_one_key_raises_the_flag_and_one_gives_the_ticket_back(desk, person):
    olga = Visitor(desk.url)
    make_rota(olga)
    queue = desk.api.get("/queues").json()["items"][0]["id"]
    page = olga.get(f"/queues/{queue}/rights").text
    zoe = re.search(r'value="(\d+)"[^>]*>[^<]*Zoe Example', page).group(1)
    post(olga, f"/queues/{queue}/rights", f"/queues/{queue}/rights/members", holder=zoe, **{
        "right-see": "on", "right-note": "on", "right-draft": "on", "right-send": "on"})
    form = next(each for each in olga.forms("/triage") if each.fields.get("label") == "danger")
    form.fields |= {"person": zoe}
    assert olga.send("/triage", form).ok
    deliver(letter(subject="Goodbye then", text="It is over for me.\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Goodbye then"), 60, "no ticket")

    person.sign_in(ZOE)
    person.go(f"/tickets/{ticket['id']}")
    person.find("#answer-text")
    person.find("body").send_keys("!")
    person.says("Labelled: Danger to life")
    person.says(OUTSIDE, ".label-card")
    look(person, "danger")
    assert desk.api.ticket(ticket["id"])["priority"] == 4
    person.go("/tickets")
    person.says("Danger to life", ".tickets .danger-sign")
    look(person, "list")
    found = {"list": faults(person.driver)}
    set_size(person.driver, 390)
    found["list, phone"] = faults(person.driver)
    set_scheme(person.driver, "dark")
    person.go(f"/tickets/{ticket['id']}")
    person.find(".label-card")
    found["ticket, phone, dark"] = faults(person.driver)
    assert {page: each for page, each in found.items() if each} == {}
    set_scheme(person.driver, "light")
    set_size(person.driver, 1280)

    # Who is not named sees that it is cared for, and cannot answer.
    page = olga.get(f"/tickets/{ticket['id']}").text
    assert "Others care for this ticket: Zoe Example" in page and 'id="answer-text"' not in page
    person.go(f"/tickets/{ticket['id']}")
    person.find(".label-card [data-key=b]")
    person.find("body").send_keys("b")
    person.says("No longer labelled: Danger to life")
    assert 'id="answer-text"' in olga.get(f"/tickets/{ticket['id']}").text


def test_row_28_what_the_program_knew_before_is_suggested_seen_in_lists_and_raised_by_one_key(desk, person):
    deliver(letter(subject="Thank you", sender="una@people.example",
                   text="I have put my papers in order and the cat is with my neighbour. I am not afraid any more.\n"),
            desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Thank you"), 60, "no ticket")
    found = until(lambda: thought(desk, ticket, "danger"), 60, "nothing was suggested")
    assert found["source"] == "starting" and found["state"] == "open"
    assert desk.api.ticket(ticket["id"])["priority"] == 3

    person.sign_in()
    person.go("/tickets")
    person.says("Perhaps danger to life: please look", ".tickets .danger-sign")
    look(person, "perhaps-list")
    set_size(person.driver, 390)
    faulty = {"list, phone": faults(person.driver)}
    person.go(f"/tickets/{ticket['id']}")
    person.says("Perhaps danger to life", ".triage-line.danger")
    person.says("these words speak for it", ".triage-line.danger")
    set_scheme(person.driver, "dark")
    faulty["ticket, phone, dark"] = faults(person.driver)
    look(person, "perhaps-phone-dark")
    assert {page: each for page, each in faulty.items() if each} == {}
    set_scheme(person.driver, "light")
    set_size(person.driver, 1280)
    look(person, "perhaps")
    person.find("#answer-text")
    person.find("body").send_keys("y")
    person.says("Danger to life", ".label-card h2")
    assert desk.api.ticket(ticket["id"])["priority"] == 4


def test_a_suggested_danger_is_told_rests_on_a_closed_ticket_and_can_be_switched_off(desk, person):
    deliver(letter(subject="Thank you", sender="una@people.example",
                   text="I have put my papers in order and the cat is with my neighbour. I am not afraid any more.\n"),
            desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Thank you"), 60, "no ticket")
    until(lambda: thought(desk, ticket, "danger"), 60, "nothing was suggested")

    # Nobody is named and nobody keeps the queue: the administrator is told.
    person.sign_in()
    until(lambda: "danger" in [each["kind"] for each in desk.api.get("/notices").json()["items"]], 20, "nobody is told")
    person.go("/notices")
    person.says("Perhaps a life is in danger: please look now")
    look(person, "danger-notice")

    desk.api.change(ticket["id"], state="closed")
    person.go(f"/tickets/{ticket['id']}")
    person.says("nobody has said yes or no", ".triage-line:not(.danger)")
    look(person, "perhaps-closed")

    person.go("/triage")
    person.press("form[action*='/starting/off?label=danger'] button")
    person.says("Switched off for this label: Danger to life.")
    person.says("switched off by Olga Example")
    look(person, "starting-off")
    assert not thought(desk, ticket, "danger"), "it is still suggested"
    set_size(person.driver, 390)
    assert faults(person.driver) == []
    set_size(person.driver, 1280)
    person.press(".notice form button")
    person.says("In use again for this label: Danger to life.")
    assert thought(desk, ticket, "danger"), "what was suggested did not come back"


def test_the_room_of_triage_has_no_fault_on_a_phone_and_teaches_the_first_step(desk, person):
    person.sign_in()
    person.go("/triage")
    person.says("Nothing yet. It needs at least eight tickets")
    person.says("A mail without the flag is not safe")
    person.says("unreviewed by native readers")
    set_size(person.driver, 390)
    found = {}
    for scheme in ("light", "dark"):
        set_scheme(person.driver, scheme)
        found[scheme] = faults(person.driver)
    assert found == {"light": [], "dark": []}
    wide = person.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 390, f"it scrolls sideways: {wide}"
    look(person, "triage-room-phone-dark")

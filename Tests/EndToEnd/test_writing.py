"""Composing and sending in a browser: undo, two agents colliding, several people, later, by keyboard only.

Row 38 of the table of desks: a draft is shared, and nobody's words are overwritten."""

import datetime
import email
import email.policy

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import SEND
from letters import deliver, letter
from pages import Visitor
from waiting import until

BEN = "ben@desk.example"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk, sink):
    made = new_desk(smtp_port=sink.port).prepare()
    return made.add_member(BEN, "Ben Example", "--administrator").serve(extra={"LIAISON_UNDO_SECONDS": "6"})


@pytest.fixture
def ticket(desk):
    deliver(letter(subject="Photo of the harbour", text="May I print it?\n", Cc="lena@people.example"), desk.lmtp_port)
    return until(lambda: desk.api.ticket_about("Photo of the harbour"), 60, "no ticket")


def value(person, selector):
    return person.find(selector).get_attribute("value")


def test_an_answer_is_undone_with_its_file_and_then_sent_by_keyboard_only(desk, ticket, person, tmp_path):
    (tmp_path / "map.txt").write_text("here")
    person.sign_in()
    person.go(f"/tickets/{ticket['id']}")
    person.press("[data-add-copies]")
    person.find("#answer [type=file]").send_keys(str(tmp_path / "map.txt"))
    person.find("#answer-text").send_keys("**Yes**, with the name.")
    person.press("#answer [data-send]")
    person.find(".notice form[action$='/undo'] button").click()
    person.says("map.txt")
    assert value(person, "#answer-text").strip() == "**Yes**, with the name."
    assert "lena@people.example" in value(person, "#answer [name=cc]")

    # From here on no pointer: r goes to the text, Ctrl+Enter sends.
    person.driver.find_element(By.TAG_NAME, "body").send_keys("r")
    active = person.driver.switch_to.active_element
    assert active.get_attribute("id") == "answer-text"
    active.send_keys(" Thanks.", Keys.CONTROL, Keys.ENTER)
    person.says("with the name. Thanks.")
    found = desk.api.messages(ticket["id"])
    assert [message["kind"] for message in found] == ["mail", "answer"]
    assert [file["filename"] for file in found[1]["attachments"]] == ["map.txt"]
    raw = email.message_from_bytes(desk.api.raw(found[1]["id"]), policy=email.policy.default)
    assert "<strong>Yes</strong>" in raw.get_body(("html",)).get_content()


def test_two_agents_collide_and_both_texts_stand_side_by_side(desk, ticket, person):
    ben = Visitor(desk.url, BEN)
    person.sign_in()
    person.go(f"/tickets/{ticket['id']}")
    person.find("#answer-text").send_keys("Olga's answer.")
    ben.answer(ticket["id"], "Ben's answer.")
    until(lambda: len(desk.api.messages(ticket["id"])) == 2, 20, "Ben's answer is not there")

    person.press("#answer [data-send]")
    person.says("Ben's answer.")
    assert value(person, ".side-by-side textarea").strip() == "Olga's answer."
    assert len(desk.api.messages(ticket["id"])) == 2
    person.press(".side-by-side [data-send]")
    until(lambda: len(desk.api.messages(ticket["id"])) == 3, 20, "not sent after all")


def test_a_draft_that_a_colleague_changed_is_not_overwritten(desk, ticket, person):
    person.sign_in()
    person.go(f"/tickets/{ticket['id']}")
    person.find("#answer-text").send_keys("Olga's words")
    until(lambda: desk.api.get(f"/tickets/{ticket['id']}/drafts").json()["items"], 20, "nothing saved itself")
    ben = Visitor(desk.url, BEN)
    [draft] = desk.api.get(f"/tickets/{ticket['id']}/drafts").json()["items"]
    page = f"/drafts/{draft['id']}"
    form = next(form for form in ben.forms(page) if "draft-version" in form.fields)
    assert ben.send(page, form, text="Ben's words").status_code == 200

    person.find("#answer-text").send_keys(" and more")
    person.press("#answer .send button:not(.main):not([formaction])")
    person.says("Ben's words")
    assert "Olga's words and more" in value(person, ".side-by-side textarea")
    person.press(".side-by-side .button.main")
    until(
        lambda: "and more" in desk.api.get(f"/drafts/{draft['id']}").json()["text"], 20, "her text was not kept")


def test_several_people_are_written_to_each_alone_and_taken_back(desk, person):
    person.sign_in()

    def write():
        if not value(person, "[name=to]"):
            person.find("[name=to]").send_keys("a@people.example, b@people.example")
            person.find("[name=each]").click()
            person.find("[name=subject]").send_keys("Meeting")
            person.find("textarea[name=text]").send_keys("On Friday.")
        person.press("[data-send]")

    person.go("/tickets/new")
    write()
    person.press("form[action$='/undo'] button")
    person.says("Your letter is here again")
    assert value(person, "textarea[name=text]").strip() == "On Friday."
    assert desk.api.tickets() == []
    write()
    tickets = until(lambda: len(found := desk.api.tickets()) == 2 and found, 40, "not two tickets")
    assert {ticket["subject"] for ticket in tickets} == {"Meeting"}
    for each in tickets:
        [message] = until(lambda each=each: desk.api.messages(each["id"]), 20, "no letter")
        assert len(message["to"]) == 1 and message["cc"] == []


def test_a_letter_of_later_is_listed_changed_and_stopped(desk, ticket, person):
    person.sign_in()
    page = f"/tickets/{ticket['id']}"
    person.go(page)
    person.find("#answer-text").send_keys("Tomorrow **then**.")
    person.press("#answer .later summary")
    assert value(person, "#answer [name=at]").endswith("T09:00")
    person.press("#answer .later button")
    person.says("Goes out on")
    [draft] = desk.api.get(f"/tickets/{ticket['id']}/drafts").json()["items"]
    assert draft["sendAt"]
    person.go("/tickets?query=is:scheduled")
    person.says("Goes out", ".later-sign")

    person.go(page)
    person.says("Change the time", "#answer .later summary")
    choose(person, "2001-01-05T10:30")
    person.says("Choose a time in the future", "#answer .later .problem")
    assert value(person, "#answer [name=at]") == "2001-01-05T10:30"
    choose(person, later := (datetime.date.today() + datetime.timedelta(days=9)).strftime("%Y-%m-%dT07:30"))
    person.says("can be changed here", ".notice")
    assert desk.api.get(f"/drafts/{draft['id']}").json()["sendAt"].startswith(later[:10])

    person.press(".notice [formaction$='/schedule/cancelling']")
    person.says("not sent by itself any more")
    assert desk.api.get(f"/drafts/{draft['id']}").json()["sendAt"] is None
    person.press(SEND)
    person.says("then", ".item.answer .formatted strong")
    assert "**then**" in desk.api.messages(ticket["id"])[-1]["text"]


def choose(person, moment):
    if not person.find("#answer .later").get_attribute("open"):
        person.press("#answer .later summary")
    person.driver.execute_script("arguments[0].value = arguments[1]", person.find("#answer [name=at]"), moment)
    person.press("#answer .later button")

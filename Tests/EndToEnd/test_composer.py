"""The composer: a text is suggested and inserted, what is not filled in holds the letter until somebody says why it
goes, hints can be hidden; the reviewer sees all of it, in Arabic, in the dark, on a phone."""

import base64
import os
import pathlib
import re

import pytest

from colleagues import BEN, post, trainer
from letters import deliver, letter
from looking import faults, set_scheme, set_size
from pages import Visitor
from screenshots import set_language
from waiting import until

TEMPLATE = (
    "Thank you for asking about the lighthouse.\n\n"
    "You may print the picture with the name of {{fill:the author}}.")


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk, sink):
    made = new_desk(smtp_port=sink.port).prepare()
    return made.add_member(BEN, "Ben Example").serve(extra={"LIAISON_UNDO_SECONDS": "20"})


@pytest.fixture
def olga(desk):
    """The administrator, who wrote a template and trains Ben."""
    visitor = trainer(desk)
    made = desk.api.request("POST", "/texts", json={
        "kind": "template", "title": "Picture of the lighthouse", "text": TEMPLATE, "language": "en"}).json()
    assert post(visitor, f"/knowledge/{made['id']}/publication", at="").ok
    return visitor


def look(person, name):
    """A picture for whoever wants to see it: SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        picture = person.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": {
            "x": 0, "y": 0, "scale": 1, "height": 1300,
            "width": person.driver.execute_script("return window.innerWidth")}})
        (pathlib.Path(folder) / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))


def value(person):
    return person.until(
        lambda driver: driver.execute_script("return document.querySelector('#answer-text').value"), "no words")


def test_a_text_is_inserted_held_back_and_goes_with_a_reason_that_the_reviewer_reads(desk, olga, person):
    deliver(letter(subject="Picture of the lighthouse", text="May I print the picture of the lighthouse?\n"),
            desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Picture of the lighthouse"), 60, "no ticket")
    found = {}
    set_size(person.driver, 1280)
    person.sign_in(BEN)
    person.go(f"/tickets/{ticket['id']}")
    person.press("details.suggestions summary")
    person.driver.execute_script("arguments[0].click()", person.find("[name=insert]"))
    until(lambda: "the lighthouse." in value(person), 20, "nothing was inserted")

    # What is not filled in holds it back; the letter is still there, with what to do.
    person.press("#answer [data-send]")
    person.says("Send anyway, because")
    assert "{{fill:the author}}" in value(person)
    found["held"] = faults(person.driver)
    look(person, "composer-held")
    area = person.find("#answer-text")
    area.send_keys("\n\nTHIS IS IMPORTANT TO US!!!")
    person.press("#answer .send button:not([data-send]):not([formaction])")
    person.find("[data-kind=tone]")
    found["tone"] = faults(person.driver)
    person.press("[name=hide][value=tone]")
    person.find("[name=show][value=tone]")
    assert not person.driver.find_elements("css selector", "[data-kind=tone]")
    person.find("[name=because]").send_keys("Karl knows her name.")
    person.press("#answer [data-send]")
    person.says("Waits for review")

    # The reviewer: own words first, what triage and the check said, why it goes all the same.
    review = re.search(r"/reviews/(\d+)", olga.get("/reviews").text).group(1)
    page = olga.get(f"/reviews/{review}").text
    own, unchanged = page.index("THIS IS IMPORTANT"), page.index("Thank you for asking about the lighthouse.")
    assert page.index("with the name of") < own < page.index("Unchanged from a reviewed text") < unchanged
    assert "Karl knows her name." in page and "What changed from “Picture of the lighthouse”" in page
    person.driver.delete_all_cookies()
    person.sign_in()
    person.go("/account")
    set_language(olga, "ar")
    for scheme in ("light", "dark"):
        set_scheme(person.driver, scheme)
        for width in (1280, 390):
            set_size(person.driver, width)
            for path in ("/reviews", f"/reviews/{review}", "/reviews/lessons", "/reviews/texts"):
                person.go(path)
                found[f"{path} {scheme} {width}"] = faults(person.driver)
                wide = person.driver.execute_script(
                    "return document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, f"{path} is {wide} pixels too wide"
                name = "review" if review in path else path.strip("/").replace("/", "-")
                look(person, f"{name}-{scheme}-{width}")
    bad = {place: list_of for place, list_of in found.items() if list_of}
    assert bad == {}, "\n".join(f"{place}: {each}" for place, list_of in bad.items() for each in list_of)


def test_a_comment_becomes_a_lesson_that_both_sides_lead_to(desk, olga):
    deliver(letter(subject="Harbour", text="May I?\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Harbour"), 60, "no ticket")
    ben = Visitor(desk.url, BEN)
    page = f"/tickets/{ticket['id']}"
    form = next(form for form in ben.forms(page) if "text" in form.fields and form.fields.get("kind") == "answer")
    assert ben.send(page, form, f"{page}/review", text="No, Karl.").ok
    review = re.search(r"/reviews/(\d+)", olga.get("/reviews").text).group(1)
    page = f"/reviews/{review}"
    form = next(form for form in olga.forms(page) if form.attributes.get("action") == page + "/return")
    assert olga.send(page, form, **{"comment-0": "Ben, say why not."}).ok

    offer = re.search(page + r"/lessons/\d+", ben.get(page).text).group(0)
    # What was taken out is shown before others read the rest.
    assert "Taken out" in ben.get(offer).text and ">Ben<" in ben.get(offer).text
    form = next(form for form in ben.forms(offer) if "text" in form.fields)
    assert form.fields["text"].strip() == "…, say why not."
    assert "others may learn from it" in ben.send(offer, form).text
    form = next(form for form in olga.forms("/reviews/lessons") if form.attributes["action"].endswith("/text"))
    text = olga.send("/reviews/lessons", form)
    assert "…, say why not." in text.text and "Lesson learned" in text.text and "Learned in a review" in text.text
    path = re.search(r"/knowledge/\d+", text.url).group(0)
    assert path in olga.get("/reviews/lessons").text and path in ben.get(page).text

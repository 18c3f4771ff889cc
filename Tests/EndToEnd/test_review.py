"""A reply that needs a review: written, submitted, returned with a comment, corrected, approved, taken back. And a
text of a colleague without a seat, by a link, without an account.

Row 39 of the table of desks: a second person approves before a reply leaves."""

import email
import email.policy
import re
import time

import pytest
import requests

from colleagues import BEN, post, trainer
from letters import deliver, letter
from looking import faults, set_scheme
from pages import FormReader
from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk, sink):
    made = new_desk(smtp_port=sink.port).prepare()
    return made.add_member(BEN, "Ben Example").serve(extra={"LIAISON_UNDO_SECONDS": "20"})


@pytest.fixture
def olga(desk):
    visitor = trainer(desk)
    assert "0 of 10" in visitor.get(f"/queues/{visitor.queue}/review").text
    return visitor


def test_write_submit_return_correct_approve_and_undo(desk, olga, person, sink):
    deliver(letter(subject="Photo of the harbour", text="May I print it?\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Photo of the harbour"), 60, "no ticket")
    person.sign_in(BEN)
    person.go(f"/tickets/{ticket['id']}")
    person.says("in training")
    person.find("#answer-text").send_keys("Yes.")
    assert person.find("#answer [data-send]").text == "Send for review"
    person.press("#answer [data-send]")
    person.says("Waits for review")

    review = re.search(r"/reviews/(\d+)", olga.get("/").text).group(1)
    page = f"/reviews/{review}"
    form = next(form for form in olga.forms(page) if form.attributes.get("action") == page + "/return")
    # What a browser sends: the passage with the comment on it.
    assert form.fields["passage-0"] == "Yes." and form.fields["comment-0"] == ""
    assert olga.send(page, form, **{"comment-0": "Name the photographer."}).ok
    assert "Yes." in re.search(r"<blockquote[^>]*>([^<]*)</blockquote>", olga.get(page).text).group(1)
    assert [message["kind"] for message in desk.api.messages(ticket["id"])] == ["mail"]

    person.go(f"/tickets/{ticket['id']}")
    person.says("Name the photographer.")
    # What others may learn from it is read by its writer first.
    person.go(page)
    person.press("a[href*='/lessons/']")
    person.says("Nothing had to be taken out")
    for scheme in ("light", "dark"):
        set_scheme(person.driver, scheme)
        assert faults(person.driver) == []
    person.press("main form button.main")
    person.says("others may learn from it, without names")
    person.go(f"/tickets/{ticket['id']}")
    area = person.find("#answer-text")
    area.clear()
    area.send_keys("Yes, with the name of Lena Fischer.")
    person.press("#answer [data-send]")
    person.says("Waits for review")

    assert "Lena Fischer" in olga.get(page).text
    form = next(form for form in olga.forms(page) if form.fields.get("send"))
    answer = olga.send(page, form)
    assert answer.ok and "/undo" in answer.text and "Reviewed by Olga Example" in answer.text
    # The writer has the credit, and may take it back too.
    person.go(f"/tickets/{ticket['id']}")
    person.press("form[action$='/undo'] button")
    person.says("Waits for review")
    assert desk.api.messages(ticket["id"])[-1]["kind"] == "mail"


def mails(sink, address):
    """What went to an address, subject and words."""
    letters = [email.message_from_bytes(content, policy=email.policy.default) for content in sink.letters()]
    return [f"{each['Subject']}\n{each.get_body().get_content()}" for each in letters if address in each["To"]]


def test_a_colleague_without_a_seat_gets_a_second_look_by_a_link(desk, olga, sink):
    assert post(olga, "/reviews/texts/links", page="/reviews/texts", name="Outreach", queue=olga.queue).ok
    path = re.search(r'/second-look/l[^"<]+', olga.get("/reviews/texts").text).group(0)
    colleague = requests.Session()
    form = FormReader(colleague.get(desk.url + path).text).forms[0]
    time.sleep(2.1)  # Faster than this no person fills in a form.
    answer = colleague.post(desk.url + path, data=form.fields | {
        "author": "Josephine", "subject": "We turn twelve", "sort": "post", "text-language": "en",
        "text": "Come and write with us.\n\nThere is cake."})
    assert answer.ok and "waits to be read" in answer.text and not colleague.cookies, answer.text
    own = answer.url

    review = re.search(r"/reviews/(\d+)", olga.get("/reviews").text).group(1)
    page = f"/reviews/{review}"
    form = next(form for form in olga.forms(page) if form.attributes.get("action") == page + "/return")
    assert olga.send(page, form, **{"comment-1": "What kind?"}).ok
    told = colleague.get(own).text
    assert "What kind?" in told and "Olga" not in told
    form = FormReader(told).forms[0]
    assert colleague.post(own, data=form.fields | {"text": "Come and write with us.\n\nThere is plum cake."}).ok
    form = next(form for form in olga.forms(page) if form.attributes.get("action") == page + "/approval")
    assert olga.send(page, form).ok
    assert "approved as it stands" in colleague.get(own).text

    # An address is asked first; it never gets a word of the text.
    form = FormReader(colleague.get(own).text).forms[-1]
    told = colleague.post(desk.url + form.attributes["action"], data={"address": "josephine@people.example"})
    assert "A mail is on its way" in told.text and "josephine" not in told.text
    asked = until(lambda: mails(sink, "josephine@people.example"), 60, "no mail")
    assert "cake" not in asked[0] and "twelve" not in asked[0]
    link = desk.url + re.search(r"https?://[^/]+(/second-look/told/\S+)", asked[0]).group(1)
    form = FormReader(colleague.get(link).text).forms[0]
    assert "You are told by mail" in colleague.post(desk.url + form.attributes["action"], data=form.fields).text
    news = until(
        lambda: [mail for mail in mails(sink, "josephine@people.example") if "approved" in mail], 60, "no news")
    assert "cake" not in news[0] and "/second-look/text/" in news[0]

    start, secret = own.split("?")[0].rsplit("-", 1)
    guess = start + "-" + ("A" if secret[0] != "A" else "B") + secret[1:]
    assert colleague.get(guess).status_code == 404

"""A reply that needs a review: written, submitted, returned with a comment, corrected, approved, taken back. And a
text of a colleague without a seat, by a link, without an account.

Row 39 of the table of desks: a second person approves before a reply leaves."""

import re
import time

import pytest
import requests

import browser
from desk import PASSWORD
from letters import deliver, letter
from pages import FormReader, Visitor
from waiting import until

BEN = "ben@desk.example"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk, sink):
    made = new_desk(smtp_port=sink.port).prepare()
    made.command("member", "add", BEN, "--name", "Ben Example", "--password-stdin", data=(PASSWORD + "\n").encode())
    return made.serve(extra={"LIAISON_UNDO_SECONDS": "20"})


def post(visitor, path, page="/account", **fields):
    form = next(form for form in visitor.forms(page) if "form-token" in form.fields)
    values = {name.replace("_", "-"): value for name, value in fields.items()}
    return visitor.session.post(
        visitor.url + path, data={"form-token": form.fields["form-token"]} | values,
        headers={"Origin": visitor.url}, timeout=60)


@pytest.fixture
def olga(desk):
    """The administrator, who gave Ben his rights and began his training."""
    visitor = Visitor(desk.url)
    queue = re.search(r'/queues/(\d+)', visitor.get("/queues").text).group(1)
    page = visitor.get(f"/queues/{queue}/rights").text
    ben = re.search(r'value="(\d+)"[^>]*>[^<]*Ben Example', page).group(1)
    assert post(visitor, f"/queues/{queue}/rights/members", holder=ben, right_see="on", right_note="on",
                right_draft="on", right_send="on").ok
    assert post(visitor, f"/queues/{queue}/review/trainees", member=ben).ok
    assert "0 of 10" in visitor.get(f"/queues/{queue}/review").text
    visitor.queue = queue
    return visitor


@pytest.fixture
def person(desk):
    someone = browser.Person(desk.url)
    yield someone
    someone.close()


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
    assert olga.send(page, form, **{"comment-0": "Name the photographer."}).ok
    assert [message["kind"] for message in desk.api.messages(ticket["id"])] == ["mail"]

    person.go(f"/tickets/{ticket['id']}")
    person.says("Name the photographer.")
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


def test_a_colleague_without_a_seat_gets_a_second_look_by_a_link(desk, olga):
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
    start, secret = own.split("?")[0].rsplit("-", 1)
    guess = start + "-" + ("A" if secret[0] != "A" else "B") + secret[1:]
    assert colleague.get(guess).status_code == 404

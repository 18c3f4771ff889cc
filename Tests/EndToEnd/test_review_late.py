"""Nobody looks at a reply in time: it widens, the lead releases it with a reason that all who approve see, and the
reader's thanks reach who wrote it. What is new since it was submitted stands apart.

Row 39 of the table of desks: a second person approves before a reply leaves, save by this one exception."""

import re
import sqlite3
import time

import pytest

from colleagues import BEN, post, trainer
from letters import KARL, deliver, letter
from pages import Visitor
from waiting import until

CHI = "chi@desk.example"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk, sink):
    made = new_desk(smtp_port=sink.port).prepare()
    made.add_member(BEN, "Ben Example").add_member(CHI, "Chi Example")
    return made.serve()


def let_time_pass(desk, review):
    """The time of the review's circle is over; returns the stage it came to."""
    with sqlite3.connect(next(desk.data.glob("*.sqlite")), timeout=20) as database:
        def stage():
            return database.execute("SELECT stage FROM review WHERE id = ?", (review,)).fetchone()[0]
        before = stage()
        database.execute("UPDATE review SET due_at = ? WHERE id = ?", (int(time.time() * 1000), review))
        database.execute("UPDATE job SET run_at = 0 WHERE kind = 'review-widen' AND subject_id = ?", (review,))
        database.commit()
        until(lambda: stage() > before, 30, "it did not widen")
        return stage()


def test_widening_release_and_thanks(desk, person):
    olga = trainer(desk)
    rights = f"/queues/{olga.queue}/rights"
    chi_id = re.search(r'value="(\d+)"[^>]*>[^<]*Chi Example', olga.get(rights).text).group(1)
    assert post(olga, f"{rights}/members", holder=chi_id, right_see="on", right_note="on", right_draft="on",
                right_send="on", right_approve="on").ok
    deliver(letter(subject="Photo of the mill", text="May I print it?\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Photo of the mill"), 60, "no ticket")
    person.sign_in(BEN)
    person.go(f"/tickets/{ticket['id']}")
    # Nothing was answered yet: nobody could be thanked for it.
    assert not person.driver.find_elements("css selector", "form[action$='/thanks']")
    person.find("#answer-text").send_keys("Yes.")
    person.press("#answer [data-send]")
    person.says("Waits for review")

    chi = Visitor(desk.url, CHI)
    review = re.search(r"/reviews/(\d+)", chi.get("/").text).group(1)
    assert "Release without a review" not in olga.get(f"/reviews/{review}").text
    while let_time_pass(desk, review) < 2:
        pass
    assert "Release without a review" not in chi.get(f"/reviews/{review}").text
    page = f"/reviews/{review}"
    form = next(form for form in olga.forms(page) if form.attributes.get("action") == page + "/release")
    assert olga.send(page, form, why="").status_code == 422
    assert olga.send(page, form, why="Nobody is here before Monday.").ok

    assert "Nobody is here before Monday." in chi.get("/reviews").text
    until(lambda: "Olga Example released a reply without a review" in chi.get("/notices").text, 30, "Chi is not told")
    person.go(f"/tickets/{ticket['id']}")
    person.says("released by Olga Example: Nobody is here before Monday.")

    said = desk.api.messages(ticket["id"])[-1]
    deliver(letter(subject=f"Re: Photo of the mill [#{ticket['number']}]", text="How kind, thank you!\n"),
            desk.lmtp_port, sender=KARL)
    until(lambda: len(desk.api.messages(ticket["id"])) == 3, 60, "no second mail")
    assert said["text"].startswith("Yes.")
    path = f"/tickets/{ticket['id']}"
    thanks = [form for form in chi.forms(path) if form.attributes.get("action", "").endswith("/thanks")]
    assert len(thanks) == 1, "only what came after an answer may be thanks"
    assert chi.send(path, thanks[0]).ok
    person.go("/notices")
    until(lambda: person.driver.refresh() or "Chi Example passes on a reader’s thanks" in person.driver.page_source,
          30, "Ben does not hear of it")

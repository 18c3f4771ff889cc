"""What happens elsewhere is seen at once: over two nodes, after a node died, by two people on one ticket."""

import json
import threading
import time

import pytest

from browser import Person
from letters import numbered
from load import Load
from pages import Visitor
from waiting import until


class Stream:
    """Reads a node's stream of server-sent events as a browser would."""

    def __init__(self, visitor, last_id=None):
        headers = {"Last-Event-ID": last_id} if last_id else {}
        self.answer = visitor.session.get(visitor.url + "/live", headers=headers, stream=True, timeout=60)
        assert self.answer.status_code == 200
        assert self.answer.headers["Content-Type"] == "text/event-stream"
        self.changes = []
        self.last_id = last_id
        self.is_over = False
        self.ended = False
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        name = None
        try:
            for line in self.answer.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("id: "):
                    self.last_id = line[4:]
                elif line.startswith("event: "):
                    name = line[7:]
                    self.ended = self.ended or name == "ended"
                elif line.startswith("data: ") and name == "changes":
                    self.changes += json.loads(line[6:])
        except Exception:  # the node died: requests has many names for it
            pass
        self.is_over = True

    def has(self, kind, ticket):
        return any(one["kind"] == kind and one["ticket"] == ticket for one in self.changes)


def deliver(node, number):
    load = Load(node, 1, lambda _: numbered(number, seed=7).as_bytes()).start()
    load.finish()


def first_ticket(node):
    deliver(node, 1)
    return until(lambda: node.api.tickets(), 30, "the mail was not filed")[0]["id"]


class TestTwoNodes:
    @pytest.fixture
    def engine(self):
        return "postgres"

    @pytest.fixture
    def nodes(self, new_desk):
        first = new_desk().prepare()
        second = new_desk(database=first.database, instance_key=first.instance_key)
        return first.serve(), second.serve()

    def test_a_change_on_one_node_is_seen_on_the_other_and_after_its_death(self, nodes):
        first, second = nodes
        ticket = first_ticket(first)
        stream = Stream(Visitor(second.url))
        until(lambda: stream.thread.is_alive(), 5)

        began = time.monotonic()
        first.api.change(ticket, state="open")
        until(lambda: stream.has("state-changed", ticket), 5, "the other node did not show it")
        assert time.monotonic() - began < 1, "it took more than a second"

        second.kill()
        until(lambda: stream.is_over, 10, "the stream outlived its node")
        first.api.change(ticket, state="closed")
        again = Stream(Visitor(first.url), last_id=stream.last_id)
        until(lambda: again.has("state-changed", ticket), 5, "what happened meanwhile was lost")
        seen = [int(one["seq"]) for one in again.changes]
        assert min(seen) > int(stream.last_id) and len(seen) == len(set(seen))


@pytest.mark.parametrize("engine", ["sqlite"])
def test_signing_out_ends_the_stream_and_a_restart_ends_at_once(new_desk):
    desk = new_desk(database=None).prepare().serve()
    visitor = Visitor(desk.url)
    stream = Stream(visitor)
    other = Stream(Visitor(desk.url))
    form = next(form for form in visitor.forms("/tickets") if form.attributes.get("action") == "/sign-out")
    visitor.send("/tickets", form)

    until(lambda: stream.is_over and stream.ended, 20, "a stream outlived its session")
    began = time.monotonic()
    assert desk.stop() == 0
    assert time.monotonic() - began < 10, "open streams held the server up"
    until(lambda: other.is_over, 5)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_two_people_on_one_ticket_see_each_other(desk):
    desk.add_member("ben@desk.example", "Ben Ito", "--administrator")
    ticket = first_ticket(desk)
    olga, ben = Person(desk.url), Person(desk.url)
    try:
        olga.sign_in()
        ben.sign_in("ben@desk.example")
        ben.go("/tickets")
        olga.go(f"/tickets/{ticket}")
        sees(ben, ".tickets .present bdi", "OE")

        ben.go(f"/tickets/{ticket}")
        sees(ben, ".live-ticket [data-people]", "Olga Example")
        sees(olga, ".live-ticket [data-people]", "Ben Ito")
        ben.find("#answer-text").send_keys("Dear Sir or Madam,")
        sees(olga, ".live-ticket .writing", "Ben Ito")

        # A note of one is announced to the other, whose page stays where it is.
        before = olga.find("#answer-text").rect
        Visitor(desk.url, "ben@desk.example").note(ticket, "@Olga Example please look")
        sees(olga, ".live-ticket [data-news].shown", "Ben Ito")
        assert olga.find("#answer-text").rect == before
        sees(olga, "a.bell .count", "1")

        # Owner and state change in the header.
        desk.api.change(ticket, state="closed", owner="ben@desk.example")
        sees(olga, ".ticket-header [data-owner]", "Ben Ito")
        sees(olga, ".ticket-header .state", "Closed")
    finally:
        olga.close()
        ben.close()


def sees(person, selector, text, seconds=15):
    person.says(text, selector, seconds)

"""A crash at each step of sending: nobody gets a mail twice, and the rest is sent or listed as in doubt.

`serve` ends itself at the point named by LIAISON_FAULT, as hard as kill -9 would.
"""

import collections
import email

import pytest

from letters import deliver, letter
from pages import Visitor
from waiting import until

POINTS = ["after-claim", "before-hand-over", "after-hand-over", "before-record"]
PEOPLE = 4


def addressed(sink):
    """How often each person got an answer, and how often each Message-ID was handed over."""
    letters = [email.message_from_bytes(content) for content in sink.letters()]
    return collections.Counter(found["To"] for found in letters), collections.Counter(
        found["Message-ID"] for found in letters)


@pytest.mark.parametrize("point", POINTS)
def test_nobody_gets_an_answer_twice(new_desk, sink, point):
    desk = new_desk(smtp_port=sink.port).prepare().serve(extra={"LIAISON_FAULT": f"outbox:{point}"})
    for number in range(PEOPLE):
        deliver(letter(sender=f"person{number}@people.example", subject=f"Question {number}"), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == PEOPLE, 60, "the questions were not filed")
    tickets = [ticket["id"] for ticket in desk.api.tickets()]
    visitor = Visitor(desk.url)
    answered = answer_until_it_ends(desk, visitor, tickets)

    until(lambda: desk.process.poll() is not None, 90, f"outbox:{point} was never reached")
    desk.serve()
    for ticket in tickets:
        # The crash may have eaten the page that said "sent": then the answer is there already.
        if ticket not in answered and not visitor.delivery_states(ticket):
            assert visitor.answer(ticket, f"An answer to {ticket}").status_code == 200

    states = until(lambda: settled(visitor, tickets), 180, "some answers are neither sent nor in doubt")
    people, ids = addressed(sink)
    assert all(count == 1 for count in ids.values()), f"handed over twice: {ids}"
    assert all(count == 1 for count in people.values()), f"told twice: {people}"
    # Whoever looks after the desk is told of what is in doubt; that is no answer.
    people = {person: count for person, count in people.items() if person.startswith("person")}
    sent = sum(1 for state in states if state == "delivered")
    assert sent <= len(people) <= PEOPLE
    assert sent >= PEOPLE - 1
    if point == "after-claim":
        assert sent == PEOPLE, "nothing had left, so nothing is in doubt"


def answer_until_it_ends(desk, visitor, tickets):
    """Answers every ticket; the crash may come before the last one. Gives those whose answer was accepted."""
    accepted = []
    for ticket in tickets:
        try:
            if visitor.answer(ticket, f"An answer to {ticket}").status_code == 200:
                accepted.append(ticket)
        except (OSError, AssertionError):
            assert desk.process.wait(30) is not None
            break
    return accepted


def settled(visitor, tickets):
    states = [state for ticket in tickets for state in visitor.delivery_states(ticket)]
    is_settled = len(states) == len(tickets) and set(states) <= {"delivered", "doubt"}
    return states if is_settled else None

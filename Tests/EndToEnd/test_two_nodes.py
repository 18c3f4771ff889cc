"""Two `serve` nodes on one PostgreSQL: both take mail, both work, everything is filed once, one may die."""

import pytest

from letters import numbered
from load import Load
from waiting import until

LETTERS = 150


@pytest.fixture
def engine():
    return "postgres"


def content_of(number):
    return numbered(number, seed=2).as_bytes()


@pytest.fixture
def nodes(new_desk):
    first = new_desk().prepare()
    second = new_desk(database=first.database, instance_key=first.instance_key)
    return first.serve(), second.serve()


def test_mail_through_both_nodes_is_filed_once(nodes):
    first, second = nodes
    loads = [
        Load(node, LETTERS, lambda number, base=base: content_of(base + number), clients=3).start()
        for node, base in ((first, 0), (second, 1000))
    ]
    for load in loads:
        load.finish()

    until(lambda: len(first.api.tickets()) >= 2 * LETTERS, 120, "not everything was filed")
    assert len(first.api.tickets()) == 2 * LETTERS
    assert {ticket["id"] for ticket in second.api.tickets()} == {ticket["id"] for ticket in first.api.tickets()}


def test_the_same_mail_through_both_nodes_is_one(nodes):
    first, second = nodes
    loads = [Load(node, 40, content_of, clients=2).start() for node in nodes]
    for load in loads:
        load.finish()

    until(lambda: len(first.api.tickets()) >= 40, 60, "not everything was filed")
    messages = [message for ticket in first.api.tickets() for message in first.api.messages(ticket["id"])]
    assert len(messages) == 40


def test_one_node_finishes_what_the_other_left(nodes):
    first, second = nodes
    load = Load(first, LETTERS, content_of).start()
    load.finish()
    first.kill()

    until(lambda: len(second.api.tickets()) >= LETTERS, 180, "the work of the dead node was not taken over")
    assert len(second.api.tickets()) == LETTERS


def test_a_node_with_another_key_does_not_start(new_desk):
    first = new_desk().prepare()
    stranger = new_desk(database=first.database)

    stranger.serve(wait=False)

    assert stranger.process.wait(60) == 78

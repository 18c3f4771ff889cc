"""Two `serve` nodes on one PostgreSQL: both take mail, both work, everything is filed once, one may die."""

import collections

import pytest

from desk import Desk
from letters import numbered
from load import Load
from waiting import until

LETTERS = 150


@pytest.fixture(scope="module")
def folder(session_folder):
    made = session_folder / "nodes"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def installed(folder, postgres):
    first = Desk(folder / "first", database=postgres.new_database()).prepare()
    second = Desk(folder / "second", database=first.database, instance_key=first.instance_key)
    yield first, second
    first.close()
    second.close()


@pytest.fixture
def nodes(installed):
    """Both run, also after a test that killed one; each test has numbers of its own."""
    for node in installed:
        if not node.is_running():
            node.serve(wait=False)
    for node in installed:
        node.wait_ready()
    return installed


def content_of(number):
    return numbered(number, seed=2).as_bytes()


def tickets_of(node, numbers):
    """How many tickets there are about each of these letters."""
    wanted = {f"Letter {number}" for number in numbers}
    return collections.Counter(
        ticket["subject"] for ticket in node.api.each("/tickets", limit=100) if ticket["subject"] in wanted)


def is_filed(node, numbers):
    return len(tickets_of(node, numbers)) == len(numbers)


def ids_at(node):
    return {ticket["id"] for ticket in node.api.tickets()}


def once_each(numbers):
    return {f"Letter {number}": 1 for number in numbers}


def test_mail_through_both_nodes_is_filed_once(nodes):
    first, second = nodes
    starts = {first: 0, second: 1000}
    loads = [Load(node, start + LETTERS, content_of, clients=3, first=start).start() for node, start in starts.items()]
    for load in loads:
        load.finish()

    numbers = [start + number for start in starts.values() for number in range(LETTERS)]
    until(lambda: is_filed(first, numbers), 120, "not everything was filed")
    assert tickets_of(first, numbers) == once_each(numbers)
    # What follows filing may still change a ticket, and its place in a list that is read page by page.
    until(lambda: ids_at(second) == ids_at(first), 30, "the nodes list other tickets")


def test_the_same_mail_through_both_nodes_is_one(nodes):
    first, _ = nodes
    numbers = range(2000, 2040)
    loads = [Load(node, numbers.stop, content_of, clients=2, first=numbers.start).start() for node in nodes]
    for load in loads:
        load.finish()

    until(lambda: is_filed(first, numbers), 60, "not everything was filed")
    assert tickets_of(first, numbers) == once_each(numbers)
    filed = [ticket for ticket in first.api.tickets() if ticket["subject"] in once_each(numbers)]
    assert sum(len(first.api.messages(ticket["id"])) for ticket in filed) == len(numbers)


def test_one_node_finishes_what_the_other_left(nodes):
    first, second = nodes
    numbers = range(3000, 3000 + LETTERS)
    load = Load(first, numbers.stop, content_of, first=numbers.start).start()
    load.finish()
    first.kill()

    until(lambda: is_filed(second, numbers), 180, "the work of the dead node was not taken over")
    assert tickets_of(second, numbers) == once_each(numbers)


def test_a_node_with_another_key_does_not_start(installed, folder):
    stranger = Desk(folder / "stranger", database=installed[0].database)
    try:
        stranger.serve(wait=False)
        assert stranger.process.wait(60) == 78
    finally:
        stranger.close()

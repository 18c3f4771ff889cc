"""A backup is one file that either engine takes back, whole."""

import pytest

from letters import deliver, numbered
from waiting import until

LETTERS = 25
SAME = ("id", "number", "subject", "queue", "state", "language", "createdAt")


def facts(desk):
    """All that must come back, raw bytes included."""
    return {
        ticket["id"]: (
            [ticket.get(name) for name in SAME],
            [(message["id"], message["sha256"], desk.api.raw(message["id"])) for message in desk.api.messages(
                ticket["id"])],
        )
        for ticket in desk.api.tickets()
    }


@pytest.fixture
def other_database(engine, request):
    """A database of the other engine."""
    return None if engine == "postgres" else request.getfixturevalue("postgres").new_database()


def test_a_backup_of_one_engine_is_restored_into_the_other(new_desk, folder, other_database):
    desk = new_desk().prepare().serve()
    for number in range(LETTERS):
        deliver(numbered(number).as_bytes(), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == LETTERS, 60, "not everything was filed")
    before = facts(desk)
    file = folder / "desk.backup"

    desk.command("backup", file)
    desk.stop()
    twin = new_desk(database=other_database, instance_key=desk.instance_key)
    twin.command("restore", file)

    twin.command("verify")
    twin.serve()
    assert facts(twin) == before


def test_a_damaged_backup_is_refused(new_desk, folder, other_database):
    desk = new_desk().prepare()
    file = folder / "desk.backup"
    desk.command("backup", file)
    content = bytearray(file.read_bytes())
    content[len(content) // 2:] = bytes(len(content) - len(content) // 2)
    file.write_bytes(content)

    done = new_desk(database=other_database, instance_key=desk.instance_key).run("restore", file)

    assert done.returncode == 65

"""The database crashes while mail comes in: every process of PostgreSQL is killed, as when the power goes.

What was acknowledged is there. The twin, which commits without waiting for the disk, must lose something. For SQLite
both are unit tests, since it needs a stand-in below the file system: Tests/StorageTests/PowerLossTests.swift.
"""

import collections
import random

import pytest

from desk import Desk
from letters import numbered
from load import Load
from services import Postgres
from test_kill import filed, sha256, stored_hashes
from waiting import until

DELIVERIES, CRASHES = 400, 4


@pytest.fixture
def own_postgres(folder):
    folder.chmod(0o755)
    server = Postgres(folder / "power").start()
    yield server
    server.stop()


def content_of(number):
    return numbered(number, seed=3).as_bytes()


def deliver_and_crash(desk, postgres, crashes):
    load = Load(desk.lmtp_port, DELIVERIES, content_of).start()
    for moment in sorted(random.Random(11).sample(range(20, DELIVERIES), crashes)):
        load.wait_for(moment)
        postgres.crash()
        postgres.start()
    load.finish()
    return collections.Counter(sha256(content) for content in load.acknowledged.values())


def test_what_was_acknowledged_survives_a_crash_of_the_database(own_postgres, folder):
    desk = Desk(folder / "desk", database=own_postgres.new_database())
    try:
        desk.prepare().serve()

        sent = deliver_and_crash(desk, own_postgres, CRASHES)

        until(lambda: filed(desk) >= DELIVERIES, 180, "not everything was filed")
        assert stored_hashes(desk) == sent
        desk.command("verify")
    finally:
        desk.close()


def test_the_twin_that_does_not_wait_for_the_disk_is_caught(own_postgres, folder):
    desk = Desk(folder / "desk", database=own_postgres.new_database())
    try:
        desk.prepare().serve(extra={"LIAISON_FAULT": "durability:lowered"})

        sent = deliver_and_crash(desk, own_postgres, 8)

        desk.stop()
        desk.serve()
        counts = []
        until(
            lambda: counts.append(filed(desk)) or len(counts) > 8 and len(set(counts[-8:])) == 1, 180, "it never ends")
        assert sent - stored_hashes(desk), "the test would not notice a lost message"
    finally:
        desk.close()

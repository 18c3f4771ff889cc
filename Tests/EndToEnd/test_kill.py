"""kill -9 at random while mail comes in: what was acknowledged is there once, with the very same bytes.

LIAISON_TEST_DELIVERIES (2000) and LIAISON_TEST_KILLS (10) size it; LIAISON_TEST_SEED repeats a run.
"""

import collections
import concurrent.futures
import hashlib
import itertools
import os
import random
import re

from letters import numbered
from load import Load
from waiting import until

DELIVERIES = int(os.environ.get("LIAISON_TEST_DELIVERIES", 2000))
KILLS = int(os.environ.get("LIAISON_TEST_KILLS", 10))


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def content_of(number):
    return numbered(number).as_bytes()


def stored_hashes(desk):
    """How often each raw message is stored, by its own bytes and not by what the server says of it."""
    def hashes_of(ticket):
        hashes = []
        for message in desk.api.messages(ticket["id"]):
            hashes.append(sha256(desk.api.raw(message["id"])))
            assert message["sha256"] == hashes[-1]
        return hashes

    with concurrent.futures.ThreadPoolExecutor(4) as readers:
        return collections.Counter(itertools.chain.from_iterable(readers.map(hashes_of, desk.api.tickets())))


def deliver_and_kill(desk, deliveries, kills, extra=None):
    """Delivers and kills the server at random moments; gives what was acknowledged, by hash."""
    seed = int(os.environ.get("LIAISON_TEST_SEED", random.randrange(1 << 30)))
    print(f"LIAISON_TEST_SEED={seed}")
    load = Load(desk, deliveries, content_of).start()
    for moment in sorted(random.Random(seed).sample(range(1, deliveries), kills)):
        load.wait_for(moment)
        desk.kill()
        desk.serve(extra=extra)
    load.finish()
    return collections.Counter(sha256(content) for content in load.acknowledged.values())


def test_every_acknowledged_message_survives_exactly_once(new_desk):
    desk = new_desk().prepare().serve()

    sent = deliver_and_kill(desk, DELIVERIES, KILLS)

    assert len(sent) == DELIVERIES
    until(lambda: filed(desk) >= DELIVERIES, 300, "not everything was filed", longest=3)
    stored = stored_hashes(desk)
    assert not sent - stored, f"{len(sent - stored)} acknowledged messages are lost"
    assert not stored - sent, f"{len(stored - sent)} messages are there twice, or were never acknowledged"
    desk.stop()
    desk.command("verify")


def test_the_twin_that_acknowledges_too_early_is_caught(new_desk):
    """The same test with a 250 that goes out before the commit: it must find what is lost."""
    early = {"LIAISON_FAULT": "acknowledge:early"}
    desk = new_desk().prepare().serve(extra=early)

    sent = deliver_and_kill(desk, 400, 8, extra=early)

    assert wait_for_loss(desk, sent), "the test would not notice a lost message"


def wait_for_loss(desk, sent):
    """What is missing once filing has come to its end: when a mail that came last is filed, and nothing follows."""
    Load(desk, 5001, content_of, clients=1, first=5000).start().finish()
    until(lambda: desk.api.ticket_about("Letter 5000"), 120, "not everything was filed")
    counts = []
    until(lambda: counts.append(filed(desk)) or len(counts) > 8 and len(set(counts[-8:])) == 1, 120, "it never ends")
    return sent - stored_hashes(desk)


def filed(desk):
    return sum(1 for _ in desk.api.each("/tickets", limit=100))


def test_no_helper_outlives_a_killed_server(new_desk):
    desk = new_desk().prepare().serve()
    Load(desk, 5, content_of, clients=1).start().finish()
    until(lambda: filed(desk) == 5, 60, "the mail was not filed")
    group = desk.process.pid

    desk.kill()

    until(lambda: not members_of(group), 20, "a helper process lives on")


def members_of(group):
    """The processes of a group that are not just waiting to be buried."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.getpgid(int(entry)) == group:
                with open(f"/proc/{entry}/stat") as stat:
                    if re.sub(r"^.*\) ", "", stat.read())[0] != "Z":
                        found.append(int(entry))
        except (ProcessLookupError, FileNotFoundError):
            continue
    return found

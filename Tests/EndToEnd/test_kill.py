"""kill -9 at random while mail comes in: what was acknowledged is there once, with the very same bytes.

LIAISON_TEST_DELIVERIES (2000) and LIAISON_TEST_KILLS (10) size it; LIAISON_TEST_SEED repeats a run.
"""

import collections
import hashlib
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
    found = collections.Counter()
    for ticket in desk.api.tickets():
        for message in desk.api.messages(ticket["id"]):
            raw = desk.api.raw(message["id"])
            assert message["sha256"] == sha256(raw)
            found[sha256(raw)] += 1
    return found


def test_every_acknowledged_message_survives_exactly_once(new_desk):
    seed = int(os.environ.get("LIAISON_TEST_SEED", random.randrange(1 << 30)))
    print(f"LIAISON_TEST_SEED={seed}")
    moments = sorted(random.Random(seed).sample(range(1, DELIVERIES), KILLS))
    desk = new_desk().prepare().serve()
    load = Load(desk.lmtp_port, DELIVERIES, content_of).start()

    for moment in moments:
        load.wait_for(moment)
        desk.kill()
        desk.serve()
    load.finish()

    sent = collections.Counter(sha256(content) for content in load.acknowledged.values())
    assert len(sent) == DELIVERIES
    until(lambda: filed(desk) >= DELIVERIES, 300, "not everything was filed")
    stored = stored_hashes(desk)
    assert not sent - stored, f"{len(sent - stored)} acknowledged messages are lost"
    assert not stored - sent, f"{len(stored - sent)} messages are there twice, or were never acknowledged"
    desk.stop()
    desk.command("verify")


def filed(desk):
    return sum(1 for _ in desk.api.each("/tickets", limit=100))


def test_no_helper_outlives_a_killed_server(new_desk):
    desk = new_desk().prepare().serve()
    Load(desk.lmtp_port, 5, content_of, clients=1).start().finish()
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

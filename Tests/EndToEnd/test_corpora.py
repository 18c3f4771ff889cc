"""Every message of the mail corpora becomes a ticket when it is delivered, and its bytes stay as they came."""

import collections
import hashlib
import os
import pathlib

import pytest

from letters import deliver
from waiting import until

FOLDERS = ("ruby-mail", "mime4j", "php-mime-mail-parser", "enmime", "rt", "redmine", "notmuch")


def corpus():
    root = pathlib.Path(os.environ.get("LIAISON_CORPORA", "")) / "mail"
    if not os.environ.get("LIAISON_CORPORA") or not root.is_dir():
        pytest.skip("LIAISON_CORPORA names no folder with mail")
    for name in FOLDERS:
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and path.name != "README.md" and path.stat().st_size > 0:
                yield path


def on_the_wire(content):
    """What an MTA would hand over: CRLF line ends, no NUL, a line end at the end."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\0", b"").split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return b"\r\n".join(lines) + b"\r\n"


def test_every_message_becomes_a_ticket(desk):
    sent = collections.defaultdict(list)
    for path in corpus():
        content = on_the_wire(path.read_bytes())
        deliver(content, desk.lmtp_port, sender="")
        sent[hashlib.sha256(content).hexdigest()].append(str(path))

    def messages():
        return [message for ticket in desk.api.tickets() for message in desk.api.messages(ticket["id"])]

    def arrived():
        """Each different content counts, as a message of its own or as a copy that differs in trace headers only."""
        return sum(message["copies"] for message in messages())

    until(lambda: arrived() >= len(sent), 300, "not everything was filed")
    assert arrived() == len(sent)
    assert {message["sha256"] for message in messages()} <= set(sent)

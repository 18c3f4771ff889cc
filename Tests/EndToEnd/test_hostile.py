"""Mail that is made to hurt: bounded time and memory, a ticket with the original, and the server lives on."""

import hashlib
import os
import smtplib
import time

import pytest

from letters import deliver, letter
from waiting import until

HEAD = (b"From: Mallory <mallory@elsewhere.example>\r\nTo: info@desk.example\r\nSubject: %s\r\n"
        b"Message-ID: <%s@x.example>\r\n")
MEBIBYTE = 1 << 20
SLOW = os.environ.get("LIAISON_TEST_SLOW") == "1"


def nested(depth=10_000):
    parts = [b"MIME-Version: 1.0\r\n"]
    for level in range(depth):
        parts.append(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level))
    return b"".join(parts) + b"Content-Type: text/plain\r\n\r\nthe kernel\r\n"


def bomb(parts=20_000):
    return (b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
            + b"--x\r\nContent-Type: text/plain\r\n\r\npart\r\n" * parts + b"--x--\r\n")


def deep_html(depth=100_000):
    return b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + b"<div>\r\n" * depth + b"inside\r\n"


def unterminated():
    return b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\n--never\r\n\r\nno end\r\n"


def broken_text():
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xff\xfe\xc3\x28 \xed\xa0\x80\r\n"


def many_addresses():
    return b"Cc: " + b",\r\n ".join(b"p%d@people.example" % number for number in range(20_000)) + b"\r\n\r\nhello\r\n"


MAIL = {make.__name__: make for make in (nested, bomb, deep_html, unterminated, broken_text, many_addresses)}


def hostile(name):
    return HEAD % (name.encode(), name.encode()) + MAIL[name]()


@pytest.mark.parametrize("name", MAIL)
def test_hostile_mail_becomes_a_ticket_with_its_original(desk, name):
    content = hostile(name)

    deliver(content, desk.lmtp_port)

    ticket = until(lambda: ticket_with(desk, content), 60, f"{name} has no ticket")
    deliver(letter(subject="The next one"), desk.lmtp_port)
    until(lambda: desk.api.ticket_about("The next one"), 30, "it holds up the others")
    assert desk.process.poll() is None
    assert ticket


def ticket_with(desk, content):
    digest = hashlib.sha256(content).hexdigest()
    for ticket in desk.api.tickets():
        if any(message["sha256"] == digest for message in desk.api.messages(ticket["id"])):
            return ticket
    return None


def test_a_header_of_100_megabytes_comes_in_by_import(new_desk, folder):
    desk = new_desk().prepare()
    path = folder / "header.mbox"
    with open(path, "wb") as file:
        file.write(b"From x Mon Jun 16 10:00:00 2025\n" + (HEAD % (b"huge header", b"huge")).replace(b"\r\n", b"\n"))
        for number in range(100):
            file.write(b"X-Pad-%d: " % number + b"a" * MEBIBYTE + b"\n")
        file.write(b"\nhello\n\n")

    started = time.monotonic()
    desk.command("import", "mbox", path, "--queue", "info", timeout=300)
    desk.serve()

    until(lambda: desk.api.tickets(), 60, "no ticket")
    assert time.monotonic() - started < 180


@pytest.mark.skipif(not SLOW, reason="set LIAISON_TEST_SLOW=1: it writes some gigabytes")
def test_a_part_of_a_gigabyte_comes_in_by_import(new_desk, folder):
    desk = new_desk().prepare()
    path = folder / "part.mbox"
    with open(path, "wb") as file:
        file.write(b"From x Mon Jun 16 10:00:00 2025\n" + (HEAD % (b"huge part", b"part")).replace(b"\r\n", b"\n"))
        file.write(b"MIME-Version: 1.0\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n")
        block = (b"QUFB" * 19 + b"\n") * 13_000
        for _ in range(1024):
            file.write(block)
        file.write(b"\n")

    desk.command("import", "mbox", path, "--queue", "info", timeout=900)
    desk.serve()

    ticket = until(lambda: desk.api.ticket_about("huge part"), 120, "no ticket")
    assert len(desk.api.messages(ticket["id"])) == 1


def test_too_large_for_lmtp_is_refused_for_good(new_desk):
    desk = new_desk().prepare().serve("--max-message", str(MEBIBYTE))

    with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPDataError)) as refused:
        deliver(letter(text="word " * 400_000), desk.lmtp_port)

    assert refused.value.smtp_code == 552
    deliver(letter(subject="A small one"), desk.lmtp_port)
    until(lambda: desk.api.ticket_about("A small one"), 60, "no ticket")

"""Mail fetched from a real Dovecot: durable first, then marked as seen; large mail is mail too."""

import hashlib
import smtplib

import pytest

from letters import KARL, deliver, letter
from waiting import until

MEBIBYTE = 1 << 20


@pytest.fixture
def desk(new_desk, dovecot):
    empty(dovecot)
    account = f"imap://{dovecot.user.replace('@', '%40')}:{dovecot.password}@127.0.0.1:{dovecot.imap_port}/INBOX"
    made = new_desk().prepare()
    made.command("mailbox", "add", "people", "--queue", "info", "--imap", account, "--interval", "1")
    return made


def empty(dovecot):
    client = dovecot.mailbox()
    _, found = client.search(None, "ALL")
    if found[0]:
        client.store("1:*", "+FLAGS", "\\Deleted")
    client.expunge()
    client.logout()


def put(dovecot, message):
    deliver(message, dovecot.lmtp_port, to=dovecot.user, protocol=smtplib.LMTP)


def seen(dovecot):
    client = dovecot.mailbox()
    _, found = client.search(None, "SEEN")
    client.logout()
    return len(found[0].split())


def test_a_mail_is_fetched_once_and_marked_only_when_it_is_durable(desk, dovecot):
    put(dovecot, letter(subject="Fetched by IMAP", to=dovecot.user))
    stored = dovecot.letters()[0]
    assert seen(dovecot) == 0

    desk.serve()

    ticket = until(lambda: desk.api.ticket_about("Fetched by IMAP"), 60, "the mail was not fetched")
    until(lambda: seen(dovecot) == 1, 30, "it was not marked as seen")
    [message] = desk.api.messages(ticket["id"])
    assert desk.api.raw(message["id"]) == stored

    desk.kill()
    desk.serve()
    put(dovecot, letter(subject="The next one", to=dovecot.user))
    until(lambda: desk.api.ticket_about("The next one"), 60, "the next mail was not fetched")
    assert len(desk.api.tickets()) == 2


def test_nothing_is_marked_while_the_server_is_down(desk, dovecot):
    desk.serve()
    desk.kill()
    put(dovecot, letter(subject="While it was down", to=dovecot.user))
    assert seen(dovecot) == 0

    desk.serve()

    until(lambda: desk.api.ticket_about("While it was down"), 60, "it was lost")


def test_a_mail_of_30_megabytes_is_not_dropped(desk, dovecot):
    message = letter(subject="A very large picture", to=dovecot.user)
    message.add_attachment(bytes(range(256)) * (22 * MEBIBYTE // 256), "image", "tiff", filename="map.tiff")
    put(dovecot, message)
    stored = dovecot.letters()[0]
    assert len(stored) > 30 * MEBIBYTE

    desk.serve()

    ticket = until(lambda: desk.api.ticket_about("A very large picture"), 120, "the large mail was dropped")
    [kept] = desk.api.messages(ticket["id"])
    assert hashlib.sha256(desk.api.raw(kept["id"])).digest() == hashlib.sha256(stored).digest()


def test_sixty_mails_at_once_all_arrive_once(desk, dovecot):
    for number in range(60):
        put(dovecot, letter(sender=KARL, subject=f"Heap {number}", to=dovecot.user, number=number))

    desk.serve()

    until(lambda: len(desk.api.tickets()) >= 60, 120, "some were not fetched")
    subjects = sorted(ticket["subject"] for ticket in desk.api.tickets())
    assert subjects == sorted(f"Heap {number}" for number in range(60))

"""Mail fetched from a real Dovecot: durable first, then marked as seen; large mail is mail too."""

import hashlib
import smtplib
import socket
import socketserver
import threading

import pytest

from letters import KARL, deliver, letter
from services import Dovecot
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


class Refusal(socketserver.ThreadingTCPServer):
    """Stands between the desk and an IMAP server, and refuses the first mail of the folder while `refuses` is true."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port):
        self.refuses = True
        self.refused = 0

        class Relay(socketserver.StreamRequestHandler):
            def handle(handler):
                with socket.create_connection(("127.0.0.1", port)) as there:
                    threading.Thread(target=handler.answers, args=(there,), daemon=True).start()
                    for line in handler.rfile:
                        if self.refuses and b" UID FETCH 1 " in line:
                            self.refused += 1
                            handler.wfile.write(line.split()[0] + b" NO [SERVERBUG] it cannot be read\r\n")
                        else:
                            there.sendall(line)

            def answers(handler, there):
                try:
                    while data := there.recv(65536):
                        handler.wfile.write(data)
                except OSError:
                    pass

        super().__init__(("127.0.0.1", 0), Relay)
        threading.Thread(target=self.serve_forever, daemon=True).start()


def test_a_mail_that_its_server_refuses_holds_up_no_other(new_desk, session_folder, engine):
    dovecot = Dovecot(session_folder / f"refusing-{engine}").start()
    refusal = Refusal(dovecot.imap_port)
    try:
        desk = new_desk().prepare()
        account = (
            f"imap://{dovecot.user.replace('@', '%40')}:{dovecot.password}"
            f"@127.0.0.1:{refusal.server_address[1]}/INBOX")
        desk.command("mailbox", "add", "people", "--queue", "info", "--imap", account, "--interval", "1")
        put(dovecot, letter(subject="Refused at first", to=dovecot.user, number=1))
        put(dovecot, letter(subject="Behind it", to=dovecot.user, number=2))
        desk.serve()

        until(lambda: desk.api.ticket_about("Behind it"), 60, "the mail behind it was not fetched")
        until(lambda: refusal.refused > 1, 30, "it was not asked for again")
        assert not desk.api.ticket_about("Refused at first")
        assert b"mailbox-mails-refused" in desk.run("mailbox", "list").stdout

        refusal.refuses = False
        until(lambda: desk.api.ticket_about("Refused at first"), 30, "it was not taken when the server gave it")
        until(lambda: seen(dovecot) == 2, 30, "they were not marked as seen")
        assert len(desk.api.tickets()) == 2
        desk.stop()
    finally:
        refusal.shutdown()
        dovecot.stop()

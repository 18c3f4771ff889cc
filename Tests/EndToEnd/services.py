"""The outside servers that the tests run against: private, on loopback, in a temporary folder."""

import asyncio
import imaplib
import pathlib
import secrets
import subprocess
import tempfile
import threading

from waiting import free_port, is_listening, until

HERE = pathlib.Path(__file__).resolve().parent
SERVICES = HERE.parent / "services"


def control(name, *arguments):
    # Not a pipe: a server that goes on in the background would hold it open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [SERVICES / name, *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=120)
        output.seek(0)
        printed = output.read().decode(errors="replace").strip()
    assert done.returncode == 0, f"{name} {arguments[0]}: {printed}"
    return printed


class Postgres:
    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        self.url = None

    def start(self):
        self.url = control("postgres", "start", self.folder, self.port).splitlines()[-1]
        return self

    def stop(self):
        control("postgres", "stop", self.folder)

    def crash(self):
        control("postgres", "kill", self.folder)

    def new_database(self):
        """The URL of an empty database."""
        name = f"test_{secrets.token_hex(6)}"
        subprocess.run(
            ["psql", self.url, "--quiet", "--command", f"CREATE DATABASE {name}"], check=True, timeout=60)
        return self.url.rsplit("/", 1)[0] + "/" + name


class Dovecot:
    """Mailboxes of people.example; every user has the same password."""

    user = "karl@people.example"
    password = "secret"

    def __init__(self, folder):
        self.folder = folder
        self.imap_port = free_port()
        self.lmtp_port = free_port()

    def start(self):
        control("dovecot", "start", self.folder, self.imap_port, self.lmtp_port)
        until(lambda: is_listening(self.imap_port), 20, "Dovecot did not listen")
        return self

    def stop(self):
        control("dovecot", "stop", self.folder)

    def mailbox(self, user=None):
        client = imaplib.IMAP4("127.0.0.1", self.imap_port)
        client.login(user or self.user, self.password)
        client.select("INBOX")
        return client

    def letters(self, user=None):
        """The bytes of every message in the mailbox, oldest first; reading marks nothing."""
        client = self.mailbox(user)
        _, found = client.search(None, "ALL")
        letters = [client.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in found[0].split()]
        client.logout()
        return letters


class Postfix:
    """Mail for desk.example goes to Liaison's LMTP port, mail for people.example to Dovecot."""

    def __init__(self, folder, desk_lmtp_port, dovecot_lmtp_port):
        self.folder = folder
        self.port = free_port()
        self.desk_lmtp_port = desk_lmtp_port
        self.dovecot_lmtp_port = dovecot_lmtp_port

    def start(self):
        control(
            "postfix", "start", self.folder, self.port,
            f"127.0.0.1:{self.desk_lmtp_port}", f"127.0.0.1:{self.dovecot_lmtp_port}")
        until(lambda: is_listening(self.port), 20, "Postfix did not listen")
        return self

    def stop(self):
        control("postfix", "stop", self.folder)


class Sink:
    """An SMTP server that takes everything and remembers it; `delay` seconds a letter."""

    delay = 0

    def __init__(self):
        self.lock = threading.Lock()
        self.received = []
        self.controller = None

    async def handle_DATA(self, server, session, envelope):
        if self.delay:
            await asyncio.sleep(self.delay)
        with self.lock:
            self.received.append((envelope.mail_from, list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 2.0.0 taken"

    def start(self):
        from aiosmtpd.controller import Controller
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()
        return self

    def letters(self):
        with self.lock:
            return [content for _, _, content in self.received]

    def stop(self):
        self.controller.stop()

"""Signing in by OAuth 2 through a running desk: fetching and sending; a token given up before its time is replaced."""

import base64
import smtplib

import pytest

import services
from letters import deliver, letter
from sign_ins import SignIns
from waiting import free_port, until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def sign_ins():
    server = SignIns(services.Dovecot.user)
    yield server
    server.stop()


@pytest.fixture
def mail_server(session_folder, sign_ins, monkeypatch):
    monkeypatch.setenv("DOVECOT_OAUTH_URL", sign_ins.base + "/introspect")
    server = services.Dovecot(session_folder / "dovecot-oauth").start()
    yield server
    server.stop()


def put(server, subject):
    deliver(letter(subject=subject, to=server.user), server.lmtp_port, to=server.user, protocol=smtplib.LMTP)


def test_a_mailbox_is_fetched_by_a_grant_and_a_lost_token_is_asked_for_anew(new_desk, mail_server, sign_ins):
    desk = new_desk().prepare()
    address = f"imap://{mail_server.user.replace('@', '%40')}@127.0.0.1:{mail_server.imap_port}/INBOX"
    desk.command(
        "mailbox", "add", "people", "--queue", "info", "--imap", address, "--interval", "1", "--oauth",
        data=sign_ins.grant().encode())
    desk.serve()
    put(mail_server, "By a token")
    until(lambda: desk.api.ticket_about("By a token"), 60, "the mail was not fetched")
    assert sign_ins.given == ["token-1"]

    sign_ins.valid.clear()
    put(mail_server, "By another token")
    until(lambda: desk.api.ticket_about("By another token"), 60, "no new token was asked for")

    assert sign_ins.given == ["token-1", "token-2"]


class Submission:
    """Takes mail from whoever signs in with a token that is good now."""

    def __init__(self, sign_ins):
        self.sign_ins = sign_ins
        self.port = free_port()
        self.letters = []
        self.refused = 0

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(bytes(envelope.content))
        return "250 2.0.0 taken"

    async def auth_XOAUTH2(self, server, arguments):
        from aiosmtpd.smtp import AuthResult
        if len(arguments) > 1:
            words = base64.b64decode(arguments[1]).decode()
        else:
            words = (await server.challenge_auth("")).decode()
        token = words.partition("Bearer ")[2].rstrip("\x01")
        if token in self.sign_ins.valid:
            return AuthResult(success=True, auth_data=token)
        self.refused += 1
        return AuthResult(success=False, handled=False)

    def start(self):
        from aiosmtpd.controller import Controller
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, auth_require_tls=False, auth_required=True)
        self.controller.start()
        return self

    def stop(self):
        self.controller.stop()


@pytest.fixture
def submission(sign_ins):
    server = Submission(sign_ins).start()
    yield server
    server.stop()


def test_answers_leave_by_a_grant_and_a_lost_token_is_asked_for_anew(new_desk, submission, sign_ins, folder):
    grant = folder / "grant.json"
    grant.write_text(sign_ins.grant())
    desk = new_desk().prepare()
    extra = {
        "LIAISON_SMTP": f"smtp://desk@127.0.0.1:{submission.port}?tls=none", "LIAISON_SMTP_OAUTH_FILE": str(grant)}
    desk.serve(extra=extra)
    deliver(letter(subject="A question"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("A question"), 60, "no ticket")

    def answer(text):
        sent = desk.api.request("POST", f"/tickets/{ticket['id']}/answers", json={"text": text})
        assert sent.status_code == 201, sent.text

    answer("The first answer.")
    until(lambda: len(submission.letters) == 1, 60, "the answer did not leave")
    sign_ins.valid.clear()
    answer("The second answer.")
    until(lambda: len(submission.letters) == 2, 60, "no new token was asked for")

    assert sign_ins.given == ["token-1", "token-2"]
    assert submission.refused == 1
    assert b"The second answer." in submission.letters[1]

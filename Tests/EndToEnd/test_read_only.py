"""A database that takes no writes for a while, as a standby does: temporary refusals, and then all is well.

SQLite's side is a unit test, since a file system under open files cannot be made read-only: Tests/StorageTests.
"""

import smtplib
import subprocess

import pytest
import requests

from letters import deliver, letter
from pages import Visitor
from waiting import until


@pytest.fixture
def engine():
    return "postgres"


def make_read_only(desk, value):
    """For the sessions that exist as for those to come: the server must connect again by itself."""
    name = desk.database.rsplit("/", 1)[1]
    subprocess.run(
        ["psql", desk.database.rsplit("/", 1)[0] + "/postgres", "--quiet", "--output=/dev/null",
         "--command", f"ALTER DATABASE {name} SET default_transaction_read_only = {value}",
         "--command", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"],
        check=True, timeout=60)


def test_a_read_only_database_refuses_for_now_and_recovers(desk):
    deliver(letter(subject="Before"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Before"), 60, "no ticket")
    visitor = Visitor(desk.url)

    make_read_only(desk, "on")
    with pytest.raises((smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)) as refused:
        deliver(letter(subject="During", number=5), desk.lmtp_port)
    assert code_of(refused.value) // 100 == 4
    assert visitor.answer(ticket["id"], "It cannot be kept").status_code == 503
    assert requests.get(desk.url + "/healthz", timeout=10).status_code == 200

    make_read_only(desk, "off")
    until(lambda: is_taken(desk), 60, "it did not recover by itself")
    until(lambda: desk.api.ticket_about("During"), 60, "the mail after it is lost")
    assert visitor.delivery_states(ticket["id"]) == []
    assert visitor.answer(ticket["id"], "Now it is kept").status_code == 200


def code_of(refusal):
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return next(iter(refusal.recipients.values()))[0]
    return refusal.smtp_code


def is_taken(desk):
    try:
        deliver(letter(subject="During", number=5), desk.lmtp_port)
        return True
    except smtplib.SMTPException:
        return False

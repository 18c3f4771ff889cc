"""PostgreSQL goes away and comes back: temporary refusals, 503, and then all is well without a restart."""

import smtplib

import pytest
import requests

from desk import Desk
from letters import deliver, letter
from services import Postgres
from waiting import until


@pytest.fixture
def own_postgres(session_folder):
    """A server of this test's own, since it is taken away."""
    server = Postgres(session_folder / "lost").start()
    yield server
    server.stop()


@pytest.mark.parametrize("way", ["stop", "crash"])
def test_a_lost_database_is_temporary(own_postgres, folder, way):
    desk = Desk(folder / "desk", database=own_postgres.new_database())
    try:
        desk.prepare().serve()
        deliver(letter(subject="Before"), desk.lmtp_port)
        until(lambda: desk.api.ticket_about("Before"), 60, "no ticket")

        getattr(own_postgres, way)()
        assert refusal(desk) // 100 == 4
        ready = until(lambda: not_ready(desk), 30, "/readyz did not notice")
        assert ready == 503
        assert requests.get(desk.url + "/healthz", timeout=10).status_code == 200

        own_postgres.start()
        until(lambda: refusal(desk) is None, 60, "it did not recover by itself")
        until(lambda: desk.api.ticket_about("During"), 60, "the mail after it is lost")
        assert desk.api.ticket_about("Before")
        desk.wait_ready()
    finally:
        desk.close()


def not_ready(desk):
    answer = requests.get(desk.url + "/readyz", timeout=30)
    # Not the answer itself: one with an error status counts as false.
    return answer.status_code if answer.status_code != 200 else None


def refusal(desk):
    """The code with which a delivery is refused, or None when it was acknowledged."""
    try:
        deliver(letter(subject="During", number=77), desk.lmtp_port)
        return None
    except smtplib.SMTPResponseException as refused:
        return refused.smtp_code
    except smtplib.SMTPRecipientsRefused as refused:
        return next(iter(refused.recipients.values()))[0]

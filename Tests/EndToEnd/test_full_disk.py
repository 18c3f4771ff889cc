"""A full disk: the sender keeps the mail (452), nothing is falsely acknowledged, and it recovers by itself."""

import os
import smtplib
import subprocess

import pytest

from desk import Desk
from letters import deliver, numbered
from waiting import until

SIZE_MIB = 64


@pytest.fixture
def small_disk(session_folder):
    mount = session_folder / "small"
    mount.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=755", "tmpfs", mount], capture_output=True, text=True)
    if done.returncode != 0:
        mount.rmdir()
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    yield mount
    subprocess.run(["umount", "--lazy", mount], check=True)
    mount.rmdir()


def fill(path):
    with open(path, "wb", buffering=0) as filler:
        for piece in (1 << 20, 1 << 12):
            try:
                while filler.write(bytes(piece)):
                    pass
            except OSError:
                pass


def test_a_full_disk_refuses_for_now_and_loses_nothing(small_disk):
    desk = Desk(small_disk / "desk")
    desk.log = small_disk.parent / "small-desk.log"
    try:
        desk.prepare().serve()
        kept = [0]
        deliver(numbered(0).as_bytes(), desk.lmtp_port)
        token_holder = desk.api

        fill(small_disk / "filler")
        refused = []
        for number in range(1, 200):
            try:
                deliver(numbered(number).as_bytes(), desk.lmtp_port)
                kept.append(number)
            except smtplib.SMTPResponseException as refusal:
                refused.append(refusal.smtp_code)
            except smtplib.SMTPRecipientsRefused as refusal:
                refused += [code for code, _ in refusal.recipients.values()]
        assert len(refused) > 10, "the disk was not full enough to tell"
        assert all(400 <= code < 500 for code in refused), refused
        assert 452 in refused

        os.remove(small_disk / "filler")
        until(lambda: accepts(desk, 1000), 60, "it did not recover by itself")
        kept.append(1000)
        wanted = {f"Letter {number}" for number in kept}
        until(lambda: wanted <= subjects(token_holder), 120, "an acknowledged mail is lost")
        desk.stop()
        desk.command("verify")
    finally:
        desk.close()


def accepts(desk, number):
    try:
        deliver(numbered(number).as_bytes(), desk.lmtp_port)
        return True
    except smtplib.SMTPException:
        return False


def subjects(api):
    return {ticket["subject"] for ticket in api.tickets()}

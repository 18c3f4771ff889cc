"""Administrators and leads by their pages: rights, a confidential queue, hours, a mail connection that is tried."""

import re

import pytest

import pages
from desk import PASSWORD
from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


def token_of(visitor, page="/tickets"):
    return next(form.fields["form-token"] for form in visitor.forms(page) if "form-token" in form.fields)


def post(visitor, path, page="/tickets", **fields):
    values = {"form-token": token_of(visitor, page)} | {name.replace("_", "-"): value for name, value in fields.items()}
    return visitor.session.post(visitor.url + path, data=values, headers={"Origin": visitor.url}, timeout=60)


def named(visitor, path, pattern):
    return {name: number for number, name in re.findall(pattern, visitor.get(path).text)}


def test_a_lead_keeps_a_queue_that_administrators_do_not_see(new_desk):
    desk = new_desk().prepare()
    for name in ("lea", "wim"):
        desk.command(
            "member", "add", f"{name}@desk.example", "--name", name, "--password-stdin",
            data=(PASSWORD + "\n").encode())
    desk.serve()
    olga = pages.Visitor(desk.url)
    members = named(olga, "/members", r'href="/members/(\d+)"><bdi>([^<]+)')
    made = post(
        olga, "/queues", name="vault", display_name="Vault", addresses="vault@desk.example", mode="live",
        confidential="on", plus="on")
    vault = re.search(r"/queues/(\d+)/", made.url).group(1)
    assert post(olga, f"/queues/{vault}/rights/members", holder=members["lea"], right_see="on", right_manage="on").ok
    assert post(olga, f"/queues/{vault}/rights/members", holder=members["Olga Example"]).ok

    lea = pages.Visitor(desk.url, "lea@desk.example")
    assert olga.session.get(f"{desk.url}/queues/{vault}/readers").status_code == 404
    assert "vault" not in olga.get("/tickets").text
    refused = post(lea, f"/queues/{vault}/rights/members", holder=members["wim"], right_send="on")
    assert refused.status_code == 422
    assert post(lea, f"/queues/{vault}/rights/members", holder=members["wim"], right_see="on").status_code == 200
    page = lea.get(f"/queues/{vault}/rights").text
    assert "<bdi>wim</bdi>" in page and "<bdi>lea</bdi>" in page
    hours = {"zone": "Europe/Berlin", "from_1": "09:00", "to_1": "17:00", "holidays": "2026-12-25 Christmas"}
    assert "?notice=changed" in post(lea, f"/queues/{vault}/hours", **hours).url
    assert post(lea, f"/queues/{vault}/hours", **hours | {"to_1": "08:00"}).status_code == 422
    assert lea.session.get(desk.url + "/audit").status_code == 404


def test_a_mail_connection_is_tried_and_says_what_happened(new_desk):
    desk = new_desk().prepare().serve()
    olga = pages.Visitor(desk.url)
    queue = named(olga, "/queues", r'href="/queues/(\d+)"><bdi>([^<]+)')["info"]
    fields = {"port": "1", "security": "none", "login": "ana", "secret": "wrong", "queue": queue, "interval": "86400"}
    assert post(olga, "/mail/mailboxes", name="old desk", host="127.0.0.1", **fields).ok

    until(lambda: "cannot be reached" in olga.get("/mail").text, 20, "the test of the mailbox said nothing")
    assert "wrong" not in olga.get("/mail").text
    number = named(olga, "/mail", r'href="/mail/mailboxes/(\d+)"><b><bdi>([^<]+)')["old desk"]
    moved = post(olga, f"/mail/mailboxes/{number}", name="old desk", host="127.0.0.2", **fields | {"secret": ""})
    assert moved.status_code == 422, "a password must not go to another host"
    until(lambda: "old desk" in olga.get("/audit").text, 20, "the audit page does not name the connection")
    lines = olga.get("/audit/lines?kind=mailbox-added").text
    assert lines.count("\n") == 1 and "old desk" not in lines
    until(lambda: "checks" in olga.get("/care").text and "class=\"broken\"" in olga.get("/care").text, 30, "no checks")

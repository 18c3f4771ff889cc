"""Webhooks against a real server: signed, once more until taken, nothing but ids, no way into private networks."""

import json

import pytest

from api import Api
from letters import deliver, letter
from receiver import Receiver, is_signed
from waiting import until

KINDS = ["ticket-opened", "state-changed", "note-added"]


@pytest.fixture
def receiver():
    made = []

    def make(*statuses):
        made.append(Receiver(*statuses))
        return made[-1]

    yield make
    for each in made:
        each.stop()


@pytest.fixture
def open_desk(new_desk):
    """A desk that may call this machine."""
    return new_desk().prepare().serve("--allow-network", "127.0.0.0/8")


def hook(desk, url, kinds=KINDS, api=None):
    answer = (api or desk.api).request("POST", "/webhooks", json={"name": "Board", "url": url, "kinds": kinds})
    assert answer.status_code == 201, answer.text
    return answer.json()


def deliveries(desk, made):
    return desk.api.get(f"/webhooks/{made['id']}/deliveries").json()["items"]


def test_what_happens_is_told_signed_and_without_words(open_desk, receiver):
    server = receiver()
    made = hook(open_desk, server.url)

    deliver(letter(subject="A secret matter", number=1), open_desk.lmtp_port)
    until(lambda: server.requests, 30, "nothing was told")

    path, headers, body = server.requests[0]
    told = json.loads(body)
    assert path == "/hook"
    assert is_signed(made["secret"], headers, body)
    assert headers["webhook-id"] == told["id"]
    assert told["type"] == "ticket-opened"
    assert told["data"]["ticket"] == open_desk.api.tickets()[0]["id"]
    assert b"secret matter" not in body and b"people.example" not in body
    assert set(told["data"]) == {"event", "seq", "ticket", "queue", "subject", "actor"}
    # The secret is told once; the kinds that were not asked for are not told.
    assert "secret" not in open_desk.api.get(f"/webhooks/{made['id']}").json()
    assert {json.loads(each[2])["type"] for each in server.requests} <= set(KINDS)


def test_what_was_not_taken_comes_again_under_the_same_id(open_desk, receiver):
    server = receiver(500, 200)
    made = hook(open_desk, server.url)

    deliver(letter(subject="Paper", number=2), open_desk.lmtp_port)
    until(lambda: len(server.requests) >= 2, 40, "it was not tried again")

    first, second = server.requests[:2]
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert is_signed(made["secret"], second[1], second[2])
    until(lambda: deliveries(open_desk, made)[0]["state"] == "delivered", 20, "it was not noted")
    assert deliveries(open_desk, made)[0]["attempts"] == 2


def test_redirects_are_not_followed_and_endless_answers_are_cut(open_desk, receiver):
    elsewhere = receiver()
    server = receiver(302)
    server.location = elsewhere.url
    server.endless = True
    made = hook(open_desk, server.url)

    open_desk.api.request("POST", f"/webhooks/{made['id']}/test")
    until(lambda: deliveries(open_desk, made) and deliveries(open_desk, made)[0]["state"] == "failed", 30, "it hung")

    assert deliveries(open_desk, made)[0]["status"] == 302
    assert elsewhere.requests == []


def test_a_place_that_is_gone_is_not_called_again(open_desk, receiver):
    server = receiver(410)
    made = hook(open_desk, server.url)

    deliver(letter(subject="Paper", number=3), open_desk.lmtp_port)
    until(lambda: open_desk.api.get(f"/webhooks/{made['id']}").json()["state"] == "gone", 30, "it stayed on")

    assert len(server.requests) == 1


@pytest.fixture
def sqlite_desk(new_desk):
    return new_desk(database=None).prepare().serve()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_nobody_is_called_in_a_private_network(sqlite_desk, receiver):
    server = receiver()
    port = server.port
    refused = [
        f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", f"http://[::1]:{port}/", f"http://0.0.0.0:{port}/",
        f"http://2130706433:{port}/", f"http://[::ffff:127.0.0.1]:{port}/", "http://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/", "https://192.168.1.1/", "https://LOCALHOST/", "ftp://example.org/", "file:///etc/passwd",
        "https://user:secret@example.org/", "http://8.8.8.8/", "https://exa mple.org/", "",
    ]
    for url in refused:
        answer = sqlite_desk.api.request("POST", "/webhooks", json={"name": "x", "url": url})
        assert answer.status_code == 422, (url, answer.status_code)
    assert server.requests == []


@pytest.mark.parametrize("engine", ["sqlite"])
def test_a_webhook_tells_what_its_owner_may_read_and_belongs_to_them(new_desk, receiver):
    desk = new_desk(database=None).prepare(queues=("info", "press"))
    desk.command("member", "add", "ben@desk.example", "--name", "Ben Ito", "--password-stdin",
                 data=b"a long walk by the quiet river\n")
    desk.serve("--allow-network", "127.0.0.0/8")
    queues = {queue["name"]: queue["id"] for queue in desk.api.get("/queues").json()["items"]}
    ben = next(each["id"] for each in desk.api.get("/members").json()["items"] if each["name"] == "Ben Ito")
    granted = desk.api.request("PUT", f"/queues/{queues['press']}/rights", json={"member": ben, "rights": ["manage"]})
    assert granted.status_code == 200, granted.text
    bens = Api(desk.url, desk.token(member="ben@desk.example"))
    server = receiver()
    made = hook(desk, server.url, kinds=[], api=bens)

    deliver(letter(subject="Not Ben's", number=4), desk.lmtp_port)
    deliver(letter(subject="Ben's", number=5, to="press@desk.example"), desk.lmtp_port, to="press@desk.example")
    until(lambda: any(b"ticket-opened" in each[2] for each in server.requests), 30, "nothing was told")

    told = [json.loads(each[2])["data"]["queue"] for each in server.requests]
    assert set(told) <= {queues["press"]}
    # An administrator sees where it leads, and may switch it off; what it tells and where to is Ben's.
    seen = desk.api.get(f"/webhooks/{made['id']}").json()
    assert seen["url"] is None and seen["place"] == f"127.0.0.1:{server.port}"
    assert desk.api.request("PATCH", f"/webhooks/{made['id']}", json={"url": server.url + "2"}).status_code == 403
    assert desk.api.request("POST", f"/webhooks/{made['id']}/secret").status_code in (403, 422)
    assert desk.api.request("PATCH", f"/webhooks/{made['id']}", json={"state": "off"}).status_code == 200

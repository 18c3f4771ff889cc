"""The API's manners: who may come in, what is not there, paging, writing once, problems in one form."""

import secrets

import pytest

from api import Api
from letters import deliver, letter
from waiting import until

LETTERS = 12


@pytest.fixture
def filled(desk):
    for number in range(LETTERS):
        deliver(letter(subject=f"Paper {number}", number=number), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == LETTERS, 60, "not everything was filed")
    return desk


def assert_problem(answer, status):
    assert answer.status_code == status
    assert answer.headers["Content-Type"].split(";")[0] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]


def test_nobody_comes_in_without_a_token(desk):
    assert_problem(Api(desk.url).request("GET", "/tickets"), 401)
    assert_problem(Api(desk.url, "not-a-token").request("GET", "/tickets"), 401)


def test_what_is_not_there_and_what_is_none_of_ours_look_alike(filled):
    for path in ("/tickets/1", "/tickets/not-a-number", "/messages/1/raw", "/no-such-thing"):
        assert_problem(filled.api.request("GET", path), 404)


def test_a_list_is_read_page_by_page_each_item_once(filled):
    page = filled.api.get("/tickets", limit=5).json()
    assert len(page["items"]) == 5
    assert page["next"]

    everything = list(filled.api.each("/tickets", limit=5))

    assert len(everything) == LETTERS
    assert len({ticket["id"] for ticket in everything}) == LETTERS


def test_a_page_of_an_unreadable_cursor_is_refused(filled):
    assert_problem(filled.api.request("GET", "/tickets", params={"cursor": "nonsense"}), 400)
    assert_problem(filled.api.request("GET", "/tickets", params={"limit": "-1"}), 400)


def test_a_ticket_has_what_the_contract_names(filled):
    [ticket] = [found for found in filled.api.tickets() if found["subject"] == "Paper 0"]

    assert set(ticket) >= {
        "id", "number", "subject", "queue", "state", "language", "priority", "owner", "tags", "createdAt", "updatedAt"}
    assert isinstance(ticket["id"], str)
    assert ticket["createdAt"].endswith("Z")
    [message] = filled.api.messages(ticket["id"])
    assert set(message) >= {
        "id", "messageID", "from", "to", "subject", "date", "kind", "text", "newText", "attachments", "sha256"}


def test_a_write_with_the_same_key_is_done_once(filled):
    ticket = filled.api.tickets()[0]
    key = {"Idempotency-Key": secrets.token_hex(16)}

    answers = [
        filled.api.request("POST", f"/tickets/{ticket['id']}/notes", json={"text": "Seen."}, headers=key)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(list(filled.api.each(f"/tickets/{ticket['id']}/notes"))) == 1


def test_the_same_key_with_another_body_is_refused(filled):
    ticket = filled.api.tickets()[0]
    key = {"Idempotency-Key": secrets.token_hex(16)}
    path = f"/tickets/{ticket['id']}/notes"

    assert filled.api.request("POST", path, json={"text": "One."}, headers=key).status_code == 201
    assert_problem(filled.api.request("POST", path, json={"text": "Two."}, headers=key), 422)


def test_a_token_for_reading_does_not_write(filled):
    reader = Api(filled.url, filled.token(scope="read"))
    ticket = reader.tickets()[0]

    assert_problem(reader.request("POST", f"/tickets/{ticket['id']}/notes", json={"text": "No."}), 403)


def test_the_description_names_every_path_that_answers(desk):
    described = desk.api.get("/openapi.json").json()

    assert described["openapi"].startswith("3.1")
    assert any(path.endswith("/tickets") for path in described["paths"])
    assert any(path.endswith("/messages/{id}/raw") for path in described["paths"])

"""The API against its own description: schemathesis asks everything that Resources/openapi.json promises, with
things that are there and with things that are not, and compares each answer with what is written."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from api import Api
from desk import ROOT
from letters import deliver, letter
from waiting import until

SEED = 20261121
# Enough to ask every operation with every kind of value; the run stops by itself.
SECONDS = 75
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


@pytest.fixture
def engine():
    # One engine: what is described is the same on both.
    return "sqlite"


def described():
    return json.loads((pathlib.Path(os.environ.get("LIAISON_RESOURCES", ROOT)) / "Resources/openapi.json").read_text())


def first(items):
    return [item["id"] for item in items][:3]


def things(desk, paths):
    """Ids of what is there, by the word of the path before them."""
    api = desk.api
    tickets = api.tickets()
    messages = [message for ticket in tickets for message in api.messages(ticket["id"])]
    draft = api.request("POST", f"/tickets/{tickets[0]['id']}/drafts", json={"text": "A beginning."}).json()
    invited = api.request("POST", "/invitations", json={"email": "nadia@people.example", "name": "Nadia"})
    known = {
        "tickets": first(tickets), "messages": first(messages), "drafts": [draft["id"]],
        "invitations": [invited.json()["id"]] if invited.status_code == 201 else [],
    }
    for word in {path.split("/")[1] for path in paths} - set(known):
        answer = api.request("GET", f"/{word}")
        items = answer.json().get("items", []) if answer.status_code == 200 else []
        known[word] = first(item for item in items if "id" in item)
    return known


def with_real_ids(description, known):
    """The description with what is there (and one thing that is not) as the ids of its paths."""
    for path, operations in description["paths"].items():
        word = path.split("/")[1]
        for operation in operations.values():
            for parameter in operation.get("parameters", []) if isinstance(operation, dict) else []:
                if parameter.get("in") == "path" and parameter["name"] == "id":
                    parameter["schema"] = {"type": "string", "enum": known.get(word, []) + ["999999999999"]}
    return description


def test_what_is_answered_is_what_is_described(desk, folder):
    for number in range(3):
        deliver(letter(subject=f"Paper {number}", number=number), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == 3, 60, "not everything was filed")
    desk.api.request("POST", "/filters", json={"name": "Mine", "query": "owner:me"})
    description = described()
    known = things(desk, description["paths"])
    schema = folder / "openapi.json"
    schema.write_text(json.dumps(with_real_ids(description, known)))
    # The one token that is not given up while it is asked with.
    token = desk.token()

    done = subprocess.run(
        [pathlib.Path(sys.executable).parent / "st", "run", schema, "--url", desk.url + "/api/v1",
         "-H", f"Authorization: Bearer {token}", "--phases", "coverage,fuzzing", "--checks", CHECKS,
         "--max-examples", "12", "--max-time", str(SECONDS), "--seed", str(SEED), "--workers", "1",
         "--generation-database", "none", "--continue-on-failure", "--request-timeout", "20",
         "--suppress-health-check", "all", "--warnings", "off", "--no-color"],
        capture_output=True, timeout=SECONDS * 3, cwd=folder)

    told = "\n".join(line[:300] for line in done.stdout.decode(errors="replace").splitlines())
    assert done.returncode == 0, told[-12000:]
    assert Api(desk.url, token).request("GET", "/queues").status_code == 200

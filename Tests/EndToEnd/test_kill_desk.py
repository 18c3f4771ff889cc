"""kill -9 while the desk works on many tickets: an answer to all, and a rule that is applied to past mail.

Rows 34 and 49 of the table of desks, when the power goes.
"""

import collections
import concurrent.futures
import email
import json
import sqlite3
import subprocess

import pytest
import requests

from letters import deliver, letter
from pages import Visitor
from waiting import until

PEOPLE = 12
PAST = 160
# The least that a node may be given before others go on with its jobs.
SOON = {"LIAISON_NODE_LEASE": "5"}
TEXT = (
    "Since this morning all pages of the encyclopedia stay white in our town, on the telephone too. "
    "The school cannot work with it today. Please look into it and tell us when it is back.\n"
)


def number(desk, query):
    """Asked of the database itself, while no server answers."""
    if desk.database:
        found = subprocess.run(
            ["psql", desk.database, "--quiet", "--no-align", "--tuples-only", "--command", query],
            check=True, capture_output=True, timeout=60)
        return int(found.stdout)
    with sqlite3.connect(next(desk.data.glob("*.sqlite")), timeout=30) as connection:
        return connection.execute(query).fetchone()[0]


def people_told(sink):
    return collections.Counter(
        email.message_from_bytes(content)["To"] for content in sink.letters()
        if "reader" in (email.message_from_bytes(content)["To"] or ""))


def agreed(desk):
    """An incident of many people, opened, with its line."""
    for reader in range(PEOPLE):
        sender = f"reader{reader}@people.example"
        deliver(letter(sender=sender, subject="White pages", text=TEXT + f"\nReader {reader}\n"), desk.lmtp_port,
                sender=sender)

    def gathered():
        found = desk.api.get("/incidents").json()["items"]
        return found[0]["id"] if found and found[0]["tickets"] == PEOPLE else None

    incident = until(gathered, 60, "not all are in one group")
    answer = desk.api.request("PATCH", f"/incidents/{incident}", json={"name": "White pages", "state": "open"})
    assert answer.status_code == 200, answer.text
    line = {"language": "en", "text": "We know of it and are working on it.", "expires": "2099-01-01T00:00:00Z"}
    assert desk.api.request("POST", f"/incidents/{incident}/lines", json=line).status_code == 201
    return incident


def test_each_person_of_an_incident_is_told_once_and_the_rest_is_listed(new_desk, sink):
    desk = new_desk(smtp_port=sink.port).prepare().serve(extra=SOON)
    incident = agreed(desk)
    sink.delay = 0.2

    # Once while the letters are made, once while they go out.
    answer = desk.api.request("POST", f"/incidents/{incident}/answers", json={}).json()["id"]
    until(lambda: number(desk, "SELECT COUNT(*) FROM incident_letter WHERE draft_id IS NOT NULL"), 30, "nothing begun")
    desk.kill()
    made = number(desk, "SELECT COUNT(*) FROM incident_letter WHERE state = 'sent'")
    desk.serve(extra=SOON)
    until(lambda: len(people_told(sink)) >= 2, 60, "nothing was sent")
    desk.kill()
    told = len(people_told(sink))
    assert told < PEOPLE, "it was over before the second kill"
    sink.delay = 0
    desk.serve(extra=SOON)

    visitor = Visitor(desk.url)
    tickets = [ticket["id"] for ticket in desk.api.tickets()]

    def settled():
        states = collections.Counter(state for ticket in tickets for state in visitor.delivery_states(ticket))
        return states if states["delivered"] + states["doubt"] == PEOPLE else None

    states = until(settled, 120, f"not everybody was told or listed; {made} were made before the first kill")
    people = people_told(sink)
    assert set(people.values()) == {1}, f"told twice: {people}"
    assert states["delivered"] <= len(people) <= PEOPLE
    # What a crash leaves in doubt is listed for a person: at most what was in the air at each kill.
    assert states["doubt"] <= 4, states
    letters = desk.api.get(f"/group-answers/{answer}").json()["letters"]
    assert [each["state"] for each in letters] == ["sent"] * PEOPLE


@pytest.mark.parametrize("engine, point", [("sqlite", "by-the-request"), ("postgres", "by-a-job")])
def test_a_rule_on_past_mail_goes_on_after_a_kill(new_desk, point):
    """Up to 200 tickets are changed by the request that asks for it, more by a job: neither may stop half-way."""
    desk = new_desk().prepare().serve(extra=SOON)
    count = PAST if point == "by-the-request" else PAST + 80

    def write(each):
        sender = f"reader{each}@people.example"
        deliver(letter(sender=sender, subject=f"Refund {each}", text="Money back, please.\n", number=each),
                desk.lmtp_port, sender=sender)

    with concurrent.futures.ThreadPoolExecutor(8) as writers:
        list(writers.map(write, range(count)))
    until(lambda: number(desk, "SELECT COUNT(*) FROM ticket") == count, 60, "not everything was filed")
    rule = desk.api.request("POST", "/rules", json={
        "name": "Money back", "conditions": [{"group": "all", "place": "subject", "words": "refund"}],
        "change": {"addTags": ["refund"], "priority": 3}})
    assert rule.status_code == 201, rule.text
    visitor = Visitor(desk.url)
    page = f"/rules/{rule.json()['id']}"
    tokens = (form.fields.get("form-token") for form in visitor.forms(page))
    token = {"form-token": next(found for found in tokens if found)}
    tickets = [ticket["id"] for ticket in desk.api.each("/tickets")]

    def apply():
        try:
            return visitor.session.post(
                f"{desk.url}{page}/application", headers={"Origin": desk.url}, timeout=60,
                data=[*token.items(), *(("ticket", each) for each in tickets)])
        except requests.RequestException:
            return None

    tagged = "SELECT COUNT(*) FROM ticket_tag WHERE tag = 'refund'"
    with concurrent.futures.ThreadPoolExecutor(1) as other:
        asked = other.submit(apply)
        until(lambda: number(desk, tagged), 30, "nothing was changed")
        desk.kill()
        asked.result()
    half = number(desk, tagged)
    assert 0 < half < count, "the kill came too late to show anything"
    desk.serve(extra=SOON)

    until(lambda: number(desk, tagged) == count, 60, "the rest was forgotten")
    until(lambda: number(desk, "SELECT COUNT(*) FROM bulk WHERE state = 'done'") == 1, 30, "it never ended")
    assert number(desk, "SELECT COUNT(*) FROM ticket WHERE priority = 3") == count
    # Each ticket was changed once, and its history says so once.
    assert number(desk, "SELECT COUNT(*) FROM bulk_item WHERE state = 'changed'") == count
    changed = number(desk, "SELECT COUNT(*) FROM event WHERE kind = 'priority-changed'")
    assert changed == count, json.dumps({"events": changed})

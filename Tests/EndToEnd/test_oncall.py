"""Paging and goals against a running desk: a crash between steps skips nobody, an overdue ticket escalates."""

import email
import email.header
import json
import re
import sqlite3
import subprocess

import pytest
import requests

from letters import deliver, letter
from looking import look
from pages import Visitor
from receiver import Receiver, is_signed
from waiting import until

OUTSIDE = "night@outside.example"


def change(desk, statement):
    """Lets time pass, which a test cannot wait for, while no server runs."""
    if desk.database:
        subprocess.run(
            ["psql", desk.database, "--quiet", "--command", statement], check=True, capture_output=True, timeout=60)
        return
    with sqlite3.connect(next(desk.data.glob("*.sqlite"))) as connection:
        connection.execute(statement)


def texts(sink):
    found = []
    for content in sink.letters():
        mail = email.message_from_bytes(content)
        part = next((each for each in mail.walk() if each.get_content_type() == "text/plain"), mail)
        found.append((mail["To"], str(email.header.make_header(email.header.decode_header(mail["Subject"]))),
                      (part.get_payload(decode=True) or b"").decode()))
    return found


def post(visitor, page, action, /, **fields):
    """Sends the form of a page that goes to `action`."""
    form = next(form for form in visitor.forms(page) if form.attributes.get("action") == action)
    form.fields |= fields
    answer = visitor.send(page, form)
    assert answer.status_code == 200, f"{action}: {answer.status_code}"
    return answer


def make_rota(visitor):
    """A rota of all queues; the administrator has said yes and is on duty all week, every week."""
    answer = post(
        visitor, "/oncall/new", "/oncall/new", name="Nights", zone="UTC", outside=OUTSIDE, language="en", usual="on",
        keeper=own_id(visitor))
    rota = re.search(r"/oncall/(\d+)", answer.url).group(1)
    page, me = f"/oncall/{rota}", own_id(visitor)
    post(visitor, page, f"{page}/members", member=me)
    post(visitor, page, f"{page}/choice", **{"in": "on"})
    post(visitor, page, f"{page}/shifts", **{
        "member": me, "from-day": "2026-01-01", "from-time": "00:00", "until-day": "2026-01-08",
        "until-time": "00:00", "weeks": "1", "last-day": "", "place": "1"})
    return rota


def own_id(visitor):
    page = visitor.get("/oncall/new").text
    return re.search(r'name="keeper">.*?<option value="(\d+)"', page, re.S).group(1)


def paged(desk, page):
    return desk.api.get(f"/pages/{page}").json()


def kinds(desk, page):
    return [step["kind"] for step in paged(desk, page)["steps"]]


def test_a_crash_between_steps_skips_nobody_and_a_repeat_has_the_same_number(new_desk, sink):
    desk = new_desk(smtp_port=sink.port).prepare().serve()
    rota = make_rota(Visitor(desk.url))
    deliver(letter(subject="Somebody in need"), desk.lmtp_port)
    until(desk.api.tickets, 60, "the mail was not filed")
    ticket = desk.api.tickets()[0]["id"]
    desk.stop()

    # It dies between handing the mail over and recording that.
    desk.serve(extra={"LIAISON_FAULT": "outbox:after-hand-over"})
    page = desk.api.request("POST", f"/rotas/{rota}/pages", json={"ticket": ticket}).json()["id"]
    until(lambda: desk.process.poll() is not None, 60, "the mail was never handed over")
    desk.serve()
    until(lambda: len(texts(sink)) == 2, 60, "the page was not sent again")
    first, second = texts(sink)
    assert page in first[1] and page in second[1]
    assert second[1].startswith("Again") and not first[1].startswith("Again")
    assert "Somebody" not in first[2]
    assert kinds(desk, page) == ["call"] and paged(desk, page)["steps"][0]["repeats"] == 1

    # It dies before the next step, then right after it was recorded.
    desk.stop()
    change(desk, "UPDATE page SET next_at = 0")
    for point in ["before-step", "after-step"]:
        desk.serve(extra={"LIAISON_FAULT": f"paging:{point}"}, wait=False)
        until(lambda: desk.process.poll() is not None, 60, f"paging:{point} was never reached")
    desk.serve()
    until(lambda: len(texts(sink)) == 3, 60, "the step that was recorded was not sent")
    assert kinds(desk, page) == ["call", "again"]

    # An hour without an answer: the outside address, whose link asks before it holds.
    desk.stop()
    change(desk, "UPDATE page SET next_at = 0, outside_at = 0")
    desk.serve()
    outside = until(
        lambda: [found for found in texts(sink) if found[0] == OUTSIDE], 60, "the outside address was not called")[0]
    assert page in outside[1]
    link = re.search(r"\S+/page/\S+", outside[2]).group(0)
    asked = requests.get(link, timeout=30)
    assert asked.status_code == 200 and paged(desk, page)["state"] == "open", "looking alone held the page"
    held = requests.post(link, headers={"Origin": desk.url}, timeout=30)
    assert held.status_code == 200 and paged(desk, page)["state"] == "held"
    assert requests.get(link[:-3] + "AAA", timeout=30).status_code == 404
    assert all(page in subject for _, subject, _ in texts(sink))


def test_a_webhook_calls_and_a_repeat_carries_the_number_of_the_page(new_desk, sink):
    """Row 22: a server of one's own is called too; each step under one number, signed, once more until it is taken."""
    desk = new_desk(smtp_port=sink.port).prepare().serve("--allow-network", "127.0.0.0/8")
    rota = make_rota(Visitor(desk.url))
    server = Receiver(500, 200)
    private = new_desk(database=None).prepare().serve()
    try:
        kinds = ["page-called", "page-repeated", "page-outside", "page-held"]
        wanted = {"name": "Siren", "url": server.url, "kinds": kinds}
        made = desk.api.request("POST", "/webhooks", json=wanted)
        assert made.status_code == 201, made.text
        # Where no network is allowed a private address is refused.
        assert private.api.request("POST", "/webhooks", json=wanted).status_code == 422
        for number in range(3):
            deliver(letter(subject=f"Somebody in need {number}", number=number), desk.lmtp_port)
        until(lambda: len(desk.api.tickets()) == 3, 60, "not everything was filed")

        pages = {
            desk.api.request("POST", f"/rotas/{rota}/pages", json={"ticket": ticket["id"]}).json()["id"]
            for ticket in desk.api.tickets()
        }
        assert len(pages) == 1, "a flood is one call"
        page = pages.pop()
        until(lambda: len(server.requests) >= 2, 40, "it was not tried again")
        first, second = server.requests[:2]
        assert first[1]["webhook-id"] == second[1]["webhook-id"] and first[2] == second[2]
        assert is_signed(made.json()["secret"], first[1], first[2])
        told = json.loads(first[2])
        assert told["type"] == "page-called" and told["data"]["page"] == page
        assert b"Somebody" not in first[2]

        desk.stop()
        change(desk, "UPDATE page SET next_at = 0, outside_at = 0")
        desk.serve("--allow-network", "127.0.0.0/8")
        until(lambda: {kind for kind, _ in told_of(server)} >= {"page-called", "page-repeated", "page-outside"}, 40,
              "the repeat or the outside address was not told")
        assert {number for _, number in told_of(server)} == {page}
        assert len({each[1]["webhook-id"] for each in server.requests}) >= 3, "each step is a delivery of its own"
    finally:
        server.stop()


def told_of(server):
    found = [json.loads(each[2]) for each in server.requests]
    return [(each["type"], each["data"]["page"]) for each in found]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_i_have_it_in_one_tap_on_a_phone_without_scripts(new_desk, sink, engine):
    import browser
    desk = new_desk(smtp_port=sink.port).prepare().serve()
    rota = make_rota(Visitor(desk.url))
    deliver(letter(subject="Somebody in need"), desk.lmtp_port)
    ticket = until(desk.api.tickets, 60, "the mail was not filed")[0]["id"]
    page = desk.api.request("POST", f"/rotas/{rota}/pages", json={"ticket": ticket}).json()["id"]
    called = until(lambda: texts(sink), 60, "nobody was called")[0]
    link = next(word for word in re.findall(r"\S+/page/\S+", called[2]))

    # Whoever is called need not be signed in: a phone, a thumb, no script.
    someone = browser.Person(desk.url, scripts=False)
    try:
        someone.driver.set_window_size(390, 844)
        someone.driver.get(link)
        button = someone.find("main form button")
        assert button.size["height"] >= 44 and button.size["width"] >= 120, button.size
        assert paged(desk, page)["state"] == "open", "looking alone held the page"
        look(someone, "oncall-phone")
        button.click()
        until(lambda: paged(desk, page)["state"] == "held", 20, "one tap did not hold it")
        assert not someone.driver.find_elements("css selector", "main form button"), "it asks again"
    finally:
        someone.close()


@pytest.mark.parametrize("engine", ["sqlite"])
def test_row_22_an_overdue_ticket_escalates(new_desk, engine):
    import browser
    desk = new_desk().prepare().serve()
    visitor = Visitor(desk.url)
    make_rota(visitor)
    queue = desk.api.get("/queues").json()["items"][0]["id"]
    page = f"/queues/{queue}/levels"
    post(visitor, page, page, **{"first-2": "1", "first-3": "1"})
    for action in ["raise", "page"]:
        post(visitor, page, f"{page}/steps", amount="10", base="after", action=action, target="")
    deliver(letter(subject="Waiting for days"), desk.lmtp_port)
    until(desk.api.tickets, 60, "the mail was not filed")
    found = desk.api.tickets()[0]
    assert found["due"] == "goal" and found["priority"] == 2
    desk.stop()
    change(desk, "UPDATE ticket_clock SET running_since = running_since - 7200000")
    change(desk, "UPDATE ticket SET step_at = 1, due_at = due_at - 7200000")
    desk.serve()
    until(lambda: desk.api.tickets()[0]["priority"] == 3, 30, "the priority was not raised")

    someone = browser.Person(desk.url)
    try:
        someone.sign_in()
        someone.go("/")
        assert "Overdue" in someone.find("main").text
        look(someone, "oncall-home")
        someone.go("/tickets?query=is:overdue&sort=due")
        assert "over" in someone.find(".clock .over").text
        look(someone, "oncall-list")
        someone.go(f"/tickets/{found['id']}")
        assert "overdue" in someone.find(".call-card").text
        look(someone, "oncall-ticket")
        someone.find(".call-card button.main").click()
        someone.says("has it", ".call-card")
        look(someone, "oncall-page")
        for name, path in [("rotas", "/oncall"), ("levels", page), ("pace", "/settings/pace")]:
            someone.go(path)
            look(someone, f"oncall-{name}")
        someone.go("/oncall")
        someone.find(".rota a").click()
        someone.find(".turns")
        look(someone, "oncall-rota")
    finally:
        someone.close()

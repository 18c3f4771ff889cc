"""axe finds nothing to blame on the pages of the main job: light and dark, wide and narrow, left and right."""

import json
import pathlib

import pytest

from letters import deliver, letter
from waiting import until

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def person(desk):
    import browser
    someone = browser.Person(desk.url)
    yield someone
    someone.close()


def axe_source():
    import axe_playwright_python
    return next(pathlib.Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()


def faults(driver):
    driver.execute_script(axe_source())
    result = driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        f"axe.run(document, {{runOnly: {json.dumps(TAGS)}}})"
        ".then(done, fault => done({violations: [String(fault)]}));")
    return [
        violation if isinstance(violation, str)
        else f"{violation['id']}: {violation['help']}: {[node['html'][:120] for node in violation['nodes'][:3]]}"
        for violation in result["violations"]
    ]


def set_size(driver, width, height=6000):
    """Chromium's windows are never narrower than 500 pixels, its emulated screens are; a tall one covers no control."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640})


def set_scheme(driver, scheme):
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_fault(desk, person, scheme, width):
    deliver(letter(subject="سؤال عن صورة", text="هل يمكنني نشر الصورة؟\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("سؤال عن صورة"), 60, "no ticket")
    set_size(person.driver, width)
    set_scheme(person.driver, scheme)
    found = {}
    person.go("/sign-in")
    found["/sign-in"] = faults(person.driver)

    person.sign_in()
    message = desk.api.messages(ticket["id"])[0]["id"]
    own = f"/tickets/{ticket['id']}"
    for path in (
            "/tickets", own, "/search?query=صورة", "/no-such-page", "/tickets/new", "/calls/new", f"{own}/print",
            f"/messages/{message}/forwarding", f"/messages/{message}/redirecting"):
        person.go(path)
        found[path] = faults(person.driver)

    assert {path: list_of for path, list_of in found.items() if list_of} == {}


# Pages of the account, of administrators and of notices: looked at once in each theme.
ROOMS = [
    "/", "/account", "/account/second-factor", "/notices", "/notices/settings", "/work", "/members", "/members/{me}",
    "/teams", "/tokens", "/organisation", "/queues", "/queues/{queue}", "/queues/{queue}/rights",
    "/queues/{queue}/texts", "/queues/{queue}/hours", "/queues/{queue}/form", "/queues/{queue}/acknowledgements",
    "/queues/{queue}/blocked", "/mail", "/mail/mailboxes/new", "/mail/servers/new", "/webhooks", "/webhooks/new",
    "/webhooks/{webhook}", "/audit", "/care", "/safety",
    "/knowledge", "/knowledge/new", "/knowledge/new?kind=briefing", "/knowledge/{text}", "/knowledge/{text}/edit",
    "/knowledge/{text}/properties", "/knowledge/{text}/versions", "/knowledge/{text}/print",
    "/knowledge/{text}/translation?language=ar", "/suggestions",
]


def test_axe_finds_no_fault_in_the_rooms_of_administrators(desk, person):
    made = desk.api.request("POST", "/webhooks", json={"name": "Board", "url": "https://board.invalid/hook"}).json()
    text = desk.api.request("POST", "/texts", json={
        "kind": "key-figure", "language": "en", "title": "Articles", "text": "In all languages.", "value": "65",
        "fields": {"source": "https://example.org", "as-of": "2026-11-21"}, "audience": "public",
        "topic": "Figures"}).json()
    ids = {
        "text": text["id"], "me": desk.api.get("/account").json()["id"],
        "queue": desk.api.get("/queues").json()["items"][0]["id"],
        "webhook": made["id"]}
    set_size(person.driver, 1280)
    person.sign_in()
    found = {}
    for room in ROOMS:
        person.go(room.format(**ids))
        assert "404" not in person.driver.title, room
        for scheme in ("light", "dark"):
            set_scheme(person.driver, scheme)
            found[f"{room} {scheme}"] = faults(person.driver)

    assert {place: list_of for place, list_of in found.items() if list_of} == {}


def test_no_page_scrolls_sideways_on_a_phone(desk, person):
    deliver(letter(subject="A" * 120, text="B" * 900 + "\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("A" * 120), 60, "no ticket")
    set_size(person.driver, 390)
    person.sign_in()

    for path in ("/tickets", f"/tickets/{ticket['id']}", "/search?query=AAAA"):
        person.go(path)
        wide = person.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"

"""Tickets as work, in a browser: take the next, change many and undo, join and undo, search, everything by keys."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from letters import KARL, MONA, deliver, letter
from looking import faults, look, set_scheme, set_size
from waiting import until

LETTERS = [
    (KARL, "Photo of a bridge", "May I print the photo of the bridge in my book about rivers?"),
    (MONA, "写真の利用許可について", "展覧会の図録に写真を使わせていただきたく、ご連絡しました。"),
    ("ivo@people.example", "Frage zur Brücke", "Guten Tag, darf ich das Foto der Brücke in meinem Buch drucken?"),
    ("sol@people.example", "", "¿Puedo corregir el artículo sobre mi ciudad? Hay un error en la fecha."),
]


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def person(desk):
    import browser
    for sender, subject, text in LETTERS:
        deliver(letter(sender=sender, subject=subject, text=text + "\n"), desk.lmtp_port, sender=sender)
    until(lambda: len(desk.api.tickets()) == len(LETTERS), 60, "not everything was filed")
    someone = browser.Person(desk.url)
    someone.sign_in()
    yield someone
    someone.close()


def keys(person, *pressed):
    for key in pressed:
        person.driver.switch_to.active_element.send_keys(key)


def notice(person, text):
    person.says(text, ".notice")


def undo(person):
    person.find(".notice form button").click()


def ticket(desk, subject):
    return desk.api.ticket_about(subject)


def states(desk):
    return sorted(each["state"] for each in desk.api.tickets())


def test_the_next_ticket_is_taken_in_a_language_one_knows(desk, person):
    person.go("/work")
    person.find("[name=language][value=de]").click()
    person.find("main form button.main").click()
    notice(person, "Changed")

    person.go("/")
    person.find(".page button.main").click()

    notice(person, "yours")
    assert "Frage zur Brücke" in person.find("h1").text
    assert ticket(desk, "Frage zur Brücke")["owner"]["name"] == "Olga Example"


def test_many_are_changed_and_that_is_undone(desk, person):
    person.go("/tickets")
    boxes = person.driver.find_elements(By.CSS_SELECTOR, ".pick input")
    assert len(boxes) == 4
    for box in boxes[:3]:
        box.click()
    person.find(".bulk .menu > summary").click()
    Select(person.find("[name=state]")).select_by_value("closed:successful")
    person.find("[name=add-tags]").send_keys("bridge, photos")
    look(person, "bulk")
    person.find("[name=do][value=apply]").click()

    notice(person, "3 tickets changed")
    assert states(desk) == ["closed", "closed", "closed", "new"]
    assert sum(each["tags"] == ["bridge", "photos"] for each in desk.api.tickets()) == 3

    undo(person)
    notice(person, "Undone for 3 tickets")
    assert states(desk) == ["new"] * 4
    assert all(each["tags"] == [] for each in desk.api.tickets())


def test_two_are_joined_and_taken_apart(desk, person):
    source, target = ticket(desk, "Photo of a bridge"), ticket(desk, "Frage zur Brücke")
    person.go(f"/tickets/{source['id']}")
    person.find(".actions details:nth-of-type(2) > summary").click()
    person.find(f"form[action$='/{source['id']}/merging'] input[name=value]").send_keys(target["number"])
    person.find(f"form[action$='/{source['id']}/merging'] button").click()

    notice(person, "joined")
    assert f"/tickets/{target['id']}" in person.driver.current_url
    assert len(person.driver.find_elements(By.CSS_SELECTOR, ".items > li")) == 2
    look(person, "merged")
    undo(person)

    notice(person, "Undone")
    assert len(desk.api.tickets()) == 4
    assert len(desk.api.messages(source["id"])) == 1 and len(desk.api.messages(target["id"])) == 1


def test_a_search_in_japanese(desk, person):
    person.find("#search").send_keys("写真", Keys.ENTER)

    found = person.until(
        lambda driver: [each.text for each in driver.find_elements(By.CSS_SELECTOR, ".results .subject")],
        "nothing was found")
    assert found == ["写真の利用許可について"]


def test_everything_by_keys(desk, person):
    person.go("/tickets")
    keys(person, "j", "j", "x", "j", "x", "e")
    notice(person, "2 tickets changed")
    assert states(desk).count("closed") == 2

    for letters, place in [("gh", "/"), ("gt", "/tickets")]:
        person.until(
            lambda driver, letters=letters, place=place: driver.current_url.endswith(place)
            or driver.find_element(By.TAG_NAME, "body").send_keys(letters), f"{letters} did not go to {place}")
    keys(person, "j", Keys.ENTER)
    person.find("h1")
    keys(person, "a")
    notice(person, "Changed")
    assert "state" in states(desk)[0] or any(each["owner"] for each in desk.api.tickets())
    keys(person, "t")
    keys(person, "by-keys", Keys.ENTER)
    until(lambda: any(each["tags"] == ["by-keys"] for each in desk.api.tickets()), 20, "no tag")
    keys(person, "?")
    person.find("dialog#keys[open]")
    look(person, "keys")


def test_the_filter_field_completes_words(desk, person):
    person.go("/tickets?query=")
    field = person.find("input[data-complete]")
    field.send_keys("sta")
    person.find(".complete:not([hidden]) li")
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    person.until(
        lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".complete li")) == 6, "no values")
    look(person, "completion")
    field.send_keys("w", Keys.ARROW_DOWN, Keys.BACKSPACE, "n")
    person.find(".complete li:only-child")
    field.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert field.get_attribute("value") == "state:new "


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 390)])
def test_the_pages_of_work_have_no_fault(desk, person, scheme, width):
    one = desk.api.tickets()[0]
    set_size(person.driver, width)
    set_scheme(person.driver, scheme)
    found = {}
    for path in ("/", "/work", "/keys", "/tickets", f"/tickets/{one['id']}", f"/tickets/{one['id']}/split", "/queues"):
        person.go(path)
        found[path] = faults(person.driver)
        wide = person.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            found[path].append(f"{wide} pixels too wide")
        look(person, f"{scheme}-{path.strip('/').split('/')[0] or 'home'}{'-split' if 'split' in path else ''}")
    assert {path: list_of for path, list_of in found.items() if list_of} == {}


def test_the_api_changes_joins_and_undoes(desk):
    for sender, subject, text in LETTERS[:3]:
        deliver(letter(sender=sender, subject=subject, text=text + "\n"), desk.lmtp_port, sender=sender)
    until(lambda: len(desk.api.tickets()) == 3, 60, "not everything was filed")
    ids = [each["id"] for each in desk.api.tickets(sort="oldest")]
    post = lambda path, body: desk.api.request("POST", path, json=body)

    change = post("/changes", {"query": "state:new", "change": {"outcome": "no-reply", "addTags": ["wave"]}}).json()
    until(lambda: desk.api.get(f"/changes/{change['id']}").json()["state"] == "done", 30, "not done")
    assert [(each["state"], each["outcome"], each["tags"]) for each in desk.api.tickets()] == [
        ("closed", "no-reply", ["wave"])] * 3

    desk.api.request("PATCH", f"/tickets/{ids[0]}", json={"state": "open", "subject": "Renamed", "language": "fr"})
    undone = post(f"/changes/{change['id']}/undo", {}).json()
    assert (undone["undone"], undone["kept"]) == (2, 1)
    assert desk.api.ticket(ids[0])["subject"] == "Renamed" and desk.api.ticket(ids[1])["state"] == "new"

    until_date = desk.api.request("PATCH", f"/tickets/{ids[1]}", json={"snoozedUntil": "2030-01-01T08:00:00Z"}).json()
    assert (until_date["state"], until_date["snoozedUntil"]) == ("waiting", "2030-01-01T08:00:00.000Z")
    assert desk.api.request("PATCH", f"/tickets/{ids[1]}", json={"priority": "high"}).status_code == 422

    merged = post(f"/tickets/{ids[2]}/merge", {"into": ids[0]}).json()
    assert desk.api.ticket(ids[2])["mergedInto"] == ids[0]
    assert post(f"/changes/{merged['id']}/undo", {}).json()["undone"] == 1

    link = post(f"/tickets/{ids[0]}/links", {"ticket": ids[2], "kind": "cause"}).json()
    assert [each["kind"] for each in desk.api.each(f"/tickets/{ids[2]}/links")] == ["effect"]
    assert desk.api.request("DELETE", f"/tickets/{ids[2]}/links/{link['id']}").status_code == 204

    post("/filters", {"name": "Waves", "query": "tag:wave", "shared": True})
    assert [each["name"] for each in desk.api.each("/filters")] == ["Waves"]
    assert post("/tickets/next", {}).json()["id"] == ids[0]

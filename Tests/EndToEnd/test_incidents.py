"""Many write about one event, in a browser: noticed, answered for thirty people, stopped (desk.md, row 49)."""

import pytest
from selenium.webdriver.common.by import By

from letters import deliver, letter
from looking import faults, look, set_size
from test_work import notice
from waiting import until

TEXT = (
    "Since this morning all pages of the encyclopedia stay white in our town, on the telephone too. "
    "The school cannot work with it today. Please look into it and tell us when it is back.\n"
)


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk):
    return new_desk().prepare().serve()


def incidents(desk):
    return desk.api.get("/incidents").json()["items"]


def test_thirty_people_are_answered_and_all_of_it_is_stopped(desk):
    """Row 49: who writes about the same is noticed; everybody gets their own mail, and it can be taken back."""
    import browser

    for number in range(30):
        sender = f"reader{number}@people.example"
        deliver(letter(sender=sender, subject="White pages", text=TEXT + f"\nReader {number}\n"), desk.lmtp_port,
                sender=sender)
    until(lambda: [one["state"] for one in incidents(desk)] == ["proposed"], 60, "no group was proposed")
    until(lambda: incidents(desk)[0]["tickets"] == 30, 60, "not all are in the group")

    person = browser.Person(desk.url)
    try:
        person.sign_in()
        person.go("/incidents")
        look(person, "incidents-list")
        person.find(".incident-rows.proposed a").click()
        look(person, "incident-proposed")
        assert len(person.driver.find_elements(By.CSS_SELECTOR, ".incident-tickets li")) == 30
        assert faults(person.driver) == []
        person.until(
            lambda driver: driver.find_element(By.CSS_SELECTOR, "form input[name=name]").send_keys(
                "White pages in the north") is None, "there is no field for the name")
        person.find("form:has(input[name=joins]) button").click()
        notice(person, "Changed")
        person.find(".incident-states button.main").click()
        person.find("textarea[name=text]").send_keys("We know of it and are working on it.")
        person.find("form:has(textarea) button.main").click()
        notice(person, "Changed")
        look(person, "incident-ready")
        set_size(person.driver, 390, 844)
        look(person, "incident-phone")
        assert person.driver.execute_script("return document.documentElement.scrollWidth") <= 390
        set_size(person.driver, 1280, 900)
        person.find("#answer-all").click()
        person.find("[data-undo-seconds]").click()
        look(person, "incident-stopped")
        assert len(person.driver.find_elements(By.CSS_SELECTOR, ".label.sent")) == 0
        assert all(one["state"] == "new" for one in desk.api.tickets())
        insert_into_one_reply(desk, person)
    finally:
        person.close()


def insert_into_one_reply(desk, person):
    """The agreed line goes into a single reply, and its versions lead to where they were said."""
    ticket = desk.api.tickets()[0]["id"]
    incident = incidents(desk)[0]["id"]
    person.go(f"/tickets/{ticket}")
    person.press(".agreed button[name=line]")
    person.until(
        lambda driver: "We know of it" in driver.find_element(By.ID, "answer-text").get_attribute("value"),
        "the line was not inserted")
    look(person, "incident-reply")
    person.go(f"/incidents/{incident}/uses")
    person.says("in a draft, not sent")
    # Another version: the draft is held until somebody says why it goes all the same.
    line = {"language": "en", "text": "All pages are back.", "expires": "2099-01-01T00:00:00Z"}
    assert desk.api.request("POST", f"/incidents/{incident}/lines", json=line).status_code == 201
    person.go(f"/tickets/{ticket}")
    person.says("There is a newer version of the agreed line")
    look(person, "incident-held")
    assert faults(person.driver) == []
    person.go(f"/incidents/{incident}/uses")
    person.says("replaced by a newer version")
    set_size(person.driver, 390, 844)
    look(person, "incident-uses-phone")
    assert faults(person.driver) == []
    assert person.driver.execute_script("return document.documentElement.scrollWidth") <= 390

"""Many write about one event, in a browser: noticed, answered for thirty people, stopped (desk.md, row 49)."""

import pytest
from selenium.webdriver.common.by import By

from letters import deliver, letter
from test_work import notice, picture
from looking import faults, set_size
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
        picture(person, "incidents-list")
        person.find(".incident-rows.proposed a").click()
        picture(person, "incident-proposed")
        assert len(person.driver.find_elements(By.CSS_SELECTOR, ".incident-tickets li")) == 30
        assert faults(person.driver) == []
        person.find("form input[name=name]").send_keys("White pages in the north")
        person.find("form:has(input[name=joins]) button").click()
        notice(person, "Changed")
        person.find(".incident-states button.main").click()
        person.find("textarea[name=text]").send_keys("We know of it and are working on it.")
        person.find("form:has(textarea) button.main").click()
        notice(person, "Changed")
        picture(person, "incident-ready")
        set_size(person.driver, 390, 844)
        picture(person, "incident-phone")
        assert person.driver.execute_script("return document.documentElement.scrollWidth") <= 390
        set_size(person.driver, 1280, 900)
        person.find("#answer-all").click()
        person.find("[data-undo-seconds]").click()
        picture(person, "incident-stopped")
        assert len(person.driver.find_elements(By.CSS_SELECTOR, ".label.sent")) == 0
        assert all(one["state"] == "new" for one in desk.api.tickets())
    finally:
        person.close()

"""What the rooms are for works in a browser that runs no scripts: knowledge, reviews, triage, on-call, incidents."""

import re

import pytest
from selenium.webdriver.common.by import By

import browser
from pages import Visitor


@pytest.fixture
def reader(demonstration):
    desk, name, password = demonstration
    someone = browser.Person(desk.url, scripts=False)
    someone.go("/sign-in")
    someone.find("[name=email]").send_keys(name)
    someone.find("[name=password]").send_keys(password)
    someone.find("main form .button.main").click()
    someone.until(lambda driver: "/sign-in" not in driver.current_url, "signing in did not work")
    assert "scripted" not in (someone.find("html").get_attribute("class") or "")
    yield someone
    someone.close()


def leave(reader, selector):
    """Presses what leads to another page, and waits for it."""
    button = reader.find(selector)
    button.click()
    reader.until(lambda driver: button not in driver.find_elements(By.CSS_SELECTOR, selector), f"{selector} stays")


def test_a_text_is_changed_and_translated(reader):
    reader.go("/knowledge?kind=article")
    leave(reader, ".texts .subject")
    text = re.search(r"/knowledge/\d+", reader.driver.current_url).group()
    leave(reader, f"a[href^='{text}/edit']")
    reader.find("textarea[name=body]").send_keys("\n\nOne paragraph more.")
    leave(reader, "form.knowledge-edit button.main")
    if not reader.driver.find_elements(By.CSS_SELECTOR, ".reading"):
        leave(reader, "main form button.main")
    reader.says("One paragraph more.", ".reading")

    reader.go(f"{text}/translation?language=sw")
    reader.find(".pair textarea").send_keys("Maneno")
    leave(reader, ".send button.main")
    reader.find(".notice.done")
    assert reader.find(".pair textarea").get_attribute("value") == "Maneno"


def test_a_review_is_decided(reader):
    reader.go("/reviews")
    leave(reader, ".review-lines a")
    reader.find("textarea[name=comment]").send_keys("Say where it is.")
    leave(reader, "#return button.button:not(details button)")
    reader.find(".notice.done")


def test_an_alarm_is_raised_and_somebody_has_it(reader, demonstration):
    desk, name, password = demonstration
    reader.go("/tickets")
    leave(reader, ".tickets a.row:not(:has(.danger-sign))")
    reader.find("form:has([data-key='!']) [data-key='!']").click()
    leave(reader, ".call-card button.main")
    reader.says("Greta Holloway", ".call-card")


def test_what_triage_thinks_is_judged(reader, demonstration):
    desk, name, password = demonstration
    visitor = Visitor(desk.url, name, password)
    tickets = set(re.findall(r'href="(/tickets/\d+)"', visitor.get("/tickets?query=").text))
    judged = next(one for one in sorted(tickets) if "triage-line" in visitor.get(one).text)
    reader.go(judged)
    lines = len(reader.driver.find_elements(By.CSS_SELECTOR, ".triage-line"))
    leave(reader, ".triage-line button[value=dismiss]")
    assert len(reader.driver.find_elements(By.CSS_SELECTOR, ".triage-line")) == lines - 1


def test_an_incident_is_answered_and_stopped(reader):
    reader.go("/incidents")
    leave(reader, ".incident-rows a.row")
    leave(reader, "#answer-all")
    leave(reader, "[data-undo-seconds], form[action$='/undo'] button")

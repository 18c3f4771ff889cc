"""A whole turn of work as people do it who do not read English, on a desk and on a phone: in with a code, take, answer,
take back, answer again, join and take apart."""

import pytest
from selenium.webdriver.common.by import By

from desk import ADMIN, PASSWORD
from letters import deliver, letter
from pages import Visitor
from screen import Screen
from looking import set_size
from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def desk(new_desk, sink):
    """As it comes: with a second factor."""
    return new_desk(smtp_port=sink.port, second_factor_from=None).prepare().serve(extra={"LIAISON_UNDO_SECONDS": "8"})


def answers(sink):
    """Mails to the person who wrote; the desk's own go to its members."""
    return sum("karl@people.example" in recipients for _, recipients, _ in sink.received)


def becomes(person, what, why):
    person.until(what, why)


def known(desk, language):
    """The administrator reads this language and has an authenticator."""
    visitor = Visitor(desk.url)
    visitor.set_up_second_factor()
    forms = visitor.forms("/account")
    form = next(form for form in forms if form.attributes.get("action", "").endswith("/preferences"))
    assert visitor.send("/account", form, language=language, theme="auto", keys="on").status_code == 200
    return visitor.authenticator


@pytest.mark.parametrize("language, width, direction", [("de", 1280, "ltr"), ("ar", 390, "rtl")])
def test_a_turn_of_work(desk, person, sink, language, width, direction):
    deliver(letter(subject="Foto vom Hafen", number=1), desk.lmtp_port)
    deliver(letter(subject="Noch ein Foto", number=2), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == 2, 60, "not everything was filed")
    first, second = desk.api.ticket_about("Foto vom Hafen"), desk.api.ticket_about("Noch ein Foto")
    authenticator = known(desk, language)
    set_size(person.driver, width, 2400)

    Screen(person).sign_in(ADMIN, PASSWORD, authenticator.code())
    page = person.find("html")
    assert (page.get_attribute("lang"), page.get_attribute("dir")) == (language, direction)
    own = f"/tickets/{first['id']}"
    person.go(own)
    person.press(f"form[action='{own}/taking'] button")
    until(lambda: desk.api.ticket(first["id"])["owner"], 20, "it was not taken")

    person.find("#answer-text").send_keys("Ja, gern.")
    person.press("#answer [data-send]")
    person.press(".notice form[action$='/undo'] button")
    becomes(person, lambda driver: "Ja, gern." in driver.find_element(By.ID, "answer-text").get_attribute("value"),
            "the words did not come back")
    assert answers(sink) == 0
    person.press("#answer [data-send]")
    until(lambda: answers(sink) == 1, 40, "the answer did not leave")

    person.go(f"/tickets/{second['id']}")
    form = f"form[action$='/{second['id']}/merging']"
    person.driver.execute_script(
        "document.querySelector(arguments[0]).closest('details').open = true", form)
    person.find(f"{form} input[name=value]").send_keys(first["number"])
    person.press(f"{form} button")
    until(lambda: len(desk.api.tickets()) == 1, 20, "they were not joined")
    person.press(".notice form[action*='/changes/'] button")
    until(lambda: len(desk.api.tickets()) == 2, 20, "they were not taken apart")

    wide = person.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{wide} pixels too wide"

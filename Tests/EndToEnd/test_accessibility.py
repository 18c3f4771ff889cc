"""axe finds nothing to blame where people write what they like; every page there is: test_every_page."""

import pytest

from letters import deliver, letter
from looking import faults, set_scheme, set_size
from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.mark.parametrize("scheme, width", [("light", 390), ("dark", 1280)])
def test_axe_finds_no_fault(desk, person, scheme, width):
    deliver(letter(subject="سؤال عن صورة", text="هل يمكنني نشر الصورة؟\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("سؤال عن صورة"), 60, "no ticket")
    set_size(person.driver, width)
    set_scheme(person.driver, scheme)
    found = {}
    person.sign_in()
    for path in ("/tickets", f"/tickets/{ticket['id']}", "/search?query=صورة", "/no-such-page"):
        person.go(path)
        found[path] = faults(person.driver)

    assert {path: list_of for path, list_of in found.items() if list_of} == {}


def test_no_page_scrolls_sideways_on_a_phone(desk, person):
    deliver(letter(subject="A" * 120, text="B" * 900 + "\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("A" * 120), 60, "no ticket")
    set_size(person.driver, 390)
    person.sign_in()

    for path in ("/tickets", f"/tickets/{ticket['id']}", "/search?query=AAAA"):
        person.go(path)
        wide = person.driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"

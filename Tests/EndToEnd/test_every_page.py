"""Every page there is, over the demonstration: none is forgotten, for the list comes from the routes."""

import json

import pytest

import browser
import furnished
from crawl import Crawl, patterns
from looking import faults, set_scheme, set_size, sideways, trim, without_focus
from pages import Visitor
from screenshots import set_language
from words import Untranslated

# What no link of the demonstration leads to, and where it is looked at instead.
ELSEWHERE = {
    "/changes/:id": "only while many tickets are being changed: test_work",
    "/group-answers/:id": "only after all were answered: test_incidents",
    "/rounds/:id": "only after writing to several: test_writing",
    "/reviews/:id/lessons/:comment": "only of one's own returned replies: test_review",
    "/notices/:id": "leads on to its ticket",
    "/page/:reference": "only in a mail: test_oncall",
    "/password/:reference": "only in a mail: test_accounts",
    "/second-look/told/:reference": "only in a mail: test_review",
    "/queues/:id/readers": "only of confidential queues, for those who keep them: test_safety",
    "/first-password": "only with a first password: test_accounts",
    "/sign-in/code": "only between password and code: test_accounts",
    "/sign-in": "signed out, below",
    "/forgotten-password": "signed out, below",
}
SIGNED_OUT = ["/sign-in", "/forgotten-password", "/contact", "/help"]
# A phone, the narrowest screen of WCAG 1.4.10 (a wide one at 400 %), and a wide one at 200 %.
WIDTHS = [390, 320, 640]


@pytest.fixture(scope="module")
def addresses(demonstration):
    desk, name, password = demonstration
    visitor = Visitor(desk.url, name, password)
    found = Crawl(visitor, starts=("/", "/help", "/contact")).found
    return found | furnished.addresses(visitor, found)


@pytest.fixture
def person(demonstration):
    someone = browser.Person(demonstration[0].url)
    yield someone
    someone.close()


def test_no_page_is_forgotten(addresses):
    assert set(patterns()) - set(addresses) - set(ELSEWHERE) == set()


def look(person, address):
    driver = person.driver
    set_size(driver, WIDTHS[0])
    person.go(address)
    found = {}
    for width in WIDTHS:
        wide = sideways(driver, width)
        found[f"{width} pixels"] = [f"{wide} too wide"] if wide > 0 else []
    set_size(driver, 1280)
    set_scheme(driver, "light")
    trim(driver)
    found |= {"light": faults(driver), "focus": without_focus(driver)}
    set_scheme(driver, "dark")
    found["dark"] = faults(driver, rules=["color-contrast", "link-in-text-block"])
    return {f"{address} {what}": list_of for what, list_of in found.items() if list_of}


def test_every_page_can_be_read_by_all(demonstration, addresses, person):
    _, name, password = demonstration
    found = {}
    for address in SIGNED_OUT:
        found |= look(person, address)
    set_size(person.driver, 1280)
    person.sign_in(name, password)
    for address in addresses.values():
        found |= look(person, address)

    assert found == {}, json.dumps(found, indent=1)


@pytest.mark.parametrize("language", ["ar", "ru"])
def test_no_page_is_left_in_english(demonstration, addresses, language):
    desk, name, password = demonstration
    visitor = Visitor(desk.url, name, password)
    set_language(visitor, language)
    visitor.session.headers["Accept-Language"] = language
    reading = Untranslated(language)
    found = {}
    for pattern, address in addresses.items():
        if pattern == "/invitations/:reference":
            continue  # In the language of whoever is invited.
        if pattern.startswith(("/help", "/contact", "/second-look")):
            address = address.split("?")[0] + f"?language={language}"
        found[address] = reading.faults(visitor.session.get(desk.url + address, timeout=60).text)
    set_language(visitor, "en")

    assert {address: words for address, words in found.items() if words} == {}

"""Starts a small demonstration and photographs its main pages; called by script/screenshots."""

import pathlib
import re
import sys
import tempfile

from browser import Person
from desk import Desk

PAGES = {
    "my-day": "/", "list": "/tickets", "search": "/search?query=photo", "queues": "/queues", "members": "/members",
    "account": "/account", "audit": "/audit", "new-ticket": "/tickets/new", "safety": "/safety", "keys": "/keys",
    "knowledge": "/knowledge", "help": "/help",
    "oncall": "/oncall", "incidents": "/incidents", "causes": "/incidents/causes", "rules": "/rules",
    "overdue": "/tickets?query=is:overdue&sort=due", "pace": "/settings/pace", "triage": "/triage",
}
LOOKS = {"wide": (1280, 900, "light"), "dark": (1280, 900, "dark"), "phone": (390, 844, "light")}


def set_look(driver, width, height, scheme):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640})
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def set_language(person, language):
    person.go("/account")
    person.driver.execute_script(
        "const field = document.querySelector('select[name=language]'); field.value = arguments[0];"
        "field.form.submit()", language)
    person.find(f"html[lang={language}]")


def first(person, path, selector, pattern):
    """The address of the first link of a list that looks like this."""
    person.go(path)
    links = [link.get_attribute("href") or "" for link in person.driver.find_elements("css selector", selector)]
    return next(link for link in links if re.search(pattern, link))


def photograph(person, target, prefix, look):
    set_look(person.driver, *LOOKS[look])
    for name, path in PAGES.items():
        person.go(path)
        person.driver.save_screenshot(str(target / f"{prefix}-{name}.png"))
    ticket = first(person, "/tickets", ".tickets a", r"/tickets/\d+$")
    text = first(person, "/knowledge", ".texts .subject", r"/knowledge/\d+")
    article = first(person, "/help", ".cards a", r"/help/[a-z0-9-]+\?")
    shown = {
        "ticket": ticket, "texts": f"{ticket}/texts", "text": text, "article": article,
        "translation": text.split("?")[0] + "/translation"}
    for name, address in shown.items():
        person.driver.get(address)
        person.driver.save_screenshot(str(target / f"{prefix}-{name}.png"))


def main(target):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder)
        told = desk.command("demo", "--size", "small", timeout=300)
        name, password = re.search(r"(greta@\S+)\t(\S+)", told).groups()
        desk.serve("--smtp", "none")
        person = Person(desk.url)
        try:
            person.sign_in(name, password)
            for look in LOOKS:
                photograph(person, target, look, look)
            set_language(person, "ar")
            photograph(person, target, "arabic", "wide")
            photograph(person, target, "arabic-phone", "phone")
        finally:
            person.close()
            desk.close()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))

"""Starts a small demonstration and photographs its rooms; called by script/screenshots.

    screenshots.py DIR [--looks wide,arabic-phone] [--pages list,ticket] [--languages de,ja]
"""

import argparse
import pathlib
import re
import tempfile

from browser import Person
from crawl import Crawl
from desk import Desk
from pages import Visitor

# What is photographed: a name and the pattern of the page, or an address of it.
PAGES = {
    "my-day": "/", "list": "/tickets", "ticket": "/tickets/:id", "search": "/search?query=photo",
    "new-ticket": "/tickets/new", "call": "/calls/new", "split": "/tickets/:id/split",
    "protection": "/tickets/:id/protection", "redaction": "/messages/:id/redaction",
    "forwarding": "/messages/:id/forwarding", "draft": "/drafts/:id",
    "reviews": "/reviews", "review": "/reviews/:id", "lessons": "/reviews/lessons", "review-texts": "/reviews/texts",
    "knowledge": "/knowledge", "text": "/knowledge/:id", "text-edit": "/knowledge/:id/edit",
    "translation": "/knowledge/:id/translation", "text-properties": "/knowledge/:id/properties",
    "text-versions": "/knowledge/:id/versions", "proposal": "/knowledge/:id/proposing", "text-new": "/knowledge/new",
    "suggestions": "/suggestions",
    "triage": "/triage", "incidents": "/incidents", "incident": "/incidents/:id", "causes": "/incidents/causes",
    "incident-new": "/incidents/new", "group-answer": "/group-answers/:id",
    "oncall": "/oncall", "rota": "/oncall/:id", "rota-settings": "/oncall/:id/settings", "page": "/pages/:id",
    "rules": "/rules", "rule": "/rules/:id", "macros": "/macros", "macro": "/macros/:id", "checklists": "/checklists",
    "checklist": "/checklists/:id", "assignment": "/assignment", "own-assignment": "/assignment/own",
    "queues": "/queues", "queue": "/queues/:id", "queue-rights": "/queues/:id/rights",
    "queue-texts": "/queues/:id/texts", "queue-hours": "/queues/:id/hours", "queue-form": "/queues/:id/form",
    "queue-levels": "/queues/:id/levels", "queue-review": "/queues/:id/review",
    "members": "/members", "member": "/members/:id", "teams": "/teams", "team": "/teams/:id", "tokens": "/tokens",
    "mail": "/mail", "mailbox": "/mail/mailboxes/new", "server": "/mail/servers/new", "webhook": "/webhooks/new",
    "organisation": "/organisation", "audit": "/audit", "care": "/care", "safety": "/safety",
    "account": "/account", "work-settings": "/work", "pace": "/settings/pace", "notices": "/notices",
    "notice-settings": "/notices/settings", "keys": "/keys", "help": "/help", "help-text": "/help/:name",
    "contact": "/contact", "form": "/contact/:name",
}
LOOKS = {
    "wide": (1280, 900, "light", "en"), "dark": (1280, 900, "dark", "en"), "phone": (390, 844, "light", "en"),
    "phone-dark": (390, 844, "dark", "en"), "arabic": (1280, 900, "light", "ar"),
    "arabic-phone": (390, 844, "light", "ar"),
}


def set_look(driver, width, height, scheme):
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640})
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})


def set_language(visitor, language):
    forms = visitor.forms("/account")
    form = next(form for form in forms if form.attributes.get("action", "").endswith("/preferences"))
    assert visitor.send("/account", form, language=language, theme="auto", keys="on").status_code == 200


def photograph(person, folder, name, address):
    """The page from top to end, two screens of it at the most."""
    person.go(address)
    driver = person.driver
    size = driver.execute_script(
        "return [window.innerWidth, document.documentElement.scrollHeight, window.innerHeight]")
    height = min(size[1], 2 * size[2])
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": size[0], "height": height, "deviceScaleFactor": 1, "mobile": size[0] < 640})
    driver.save_screenshot(str(folder / f"{name}.png"))


def start(folder):
    """A running demonstration and who signs in: address and password."""
    desk = Desk(folder)
    told = desk.command("demo", "--size", "small", timeout=300)
    people = dict(re.findall(r"^  (\S+@\S+)\t(\S+)\t", told, re.M))
    return desk.serve("--smtp", "none"), people


def main(target, looks, names):
    with tempfile.TemporaryDirectory() as place:
        desk, people = start(place)
        name = next(each for each in people if each.startswith("greta"))
        person = Person(desk.url)
        try:
            visitor = Visitor(desk.url, name, people[name])
            known = Crawl(visitor, starts=("/", "/help", "/contact")).found
            person.sign_in(name, people[name])
            for look in looks:
                width, height, scheme, language = LOOKS.get(look, (1280, 900, "light", look))
                set_language(visitor, language)
                folder = target / look
                folder.mkdir(exist_ok=True)
                for page in names:
                    pattern = PAGES[page]
                    address = known.get(pattern, pattern)
                    if ":" in address:
                        continue
                    set_look(person.driver, width, height, scheme)
                    photograph(person, folder, page, address)
            missing = [page for page in names if ":" in known.get(PAGES[page], PAGES[page])]
            print("no address for:", *missing)
        finally:
            person.close()
            desk.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("target", type=pathlib.Path)
    parser.add_argument("--looks", default=",".join(LOOKS))
    parser.add_argument("--pages", default=",".join(PAGES))
    asked = parser.parse_args()
    main(asked.target, asked.looks.split(","), asked.pages.split(","))

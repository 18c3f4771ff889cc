"""Pages that no link of the demonstration leads to: what has to be made first is made by forms, as somebody would."""

import re
import time

from waiting import until


def form(visitor, page, action):
    return next(one for one in visitor.forms(page) if (one.attributes.get("action") or "").startswith(action))


def path(answer, url):
    return answer.url.removeprefix(url)


def made(visitor, page, action, **fields):
    """Sends the form; gives where one is then."""
    answer = visitor.send(page, form(visitor, page, action), **fields)
    assert answer.status_code == 200, f"{page}: {answer.status_code}"
    return path(answer, visitor.url).split("?")[0], answer.text


def public(visitor, page, **fields):
    """Faster than in two seconds no person fills in a form."""
    entered = form(visitor, page, page.split("?")[0])
    shown = int(entered.fields["started"].split(".")[0])
    until(lambda: time.time() * 1000 > shown + 2_100, 30, "the clock stands still")
    return visitor.send(page, entered, **fields).text


def addresses(visitor, found):
    """Addresses by pattern, beside those that were found."""
    ticket = found["/tickets/:id"].split("?")[0]
    message = re.search(r"/messages/\d+", found["/messages/:id/forwarding"]).group()
    place = {
        "/drafts/:id/preview": found["/drafts/:id"].split("?")[0] + "/preview",
        "/messages/:id/copies": f"{message}/copies", "/tickets/:id/protection": f"{ticket}/protection",
        "/search": "/search?query=photo",
    }
    queue = re.search(r"\d+", found["/queues/:id"]).group()
    server = {"host": "mail.invalid", "port": "993", "login": "desk", "secret": "not a secret", "name": "Other"}
    made(visitor, "/mail/mailboxes/new", "/mail/mailboxes", queue=queue, security="tls", **server)
    made(visitor, "/mail/servers/new", "/mail/servers", security="tls", **server)
    made(visitor, "/webhooks/new", "/webhooks", name="Board", url="https://board.invalid/hook", scope="all")
    listed = visitor.get("/mail").text + visitor.get("/webhooks").text
    for kind in ("/mail/mailboxes/", "/mail/servers/", "/webhooks/"):
        place[f"{kind}:id"] = re.search(rf'href="({kind}\d+)', listed).group(1)
    _, page = made(
        visitor, "/members", "/members/invitations", name="Dai Evans", email="dai@almanac.example", language="en")
    place["/invitations/:reference"] = re.search(r"/invitations/[\w-]+", page).group()
    page = public(visitor, "/contact/info-en", subject="Hello", text="Good morning", address="ada@people.example")
    place["/contact/follow/:reference"] = re.search(r"/contact/follow/[\w-]+", page).group()
    page = public(
        visitor, found["/second-look/:reference"], author="Ada", subject="News", text="We have news for all of you.")
    place["/second-look/text/:reference"] = re.search(r"/second-look/text/[\w-]+", page).group()
    return place

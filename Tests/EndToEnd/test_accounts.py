"""The ways in, as people go them: invited, with an authenticator, by a recovery code, after a loss."""

import email
import email.policy
import re

import pytest

from desk import ADMIN, PASSWORD
from letters import deliver, letter
from pages import Visitor
from screen import Screen
from waiting import until

NEW = "seven grey herons in the reeds"
OTHER = "ben@desk.example"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def strict(new_desk, sink):
    """A desk as it comes: a second factor for all who read mail; its mail goes to the sink."""
    return new_desk(smtp_port=sink.port, second_factor_from=None).prepare().serve()


def link_in(letters, address, path):
    """The newest link of ours in a mail to an address."""
    for raw in reversed(letters):
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        found = re.search(rf"http://[^/\s]+/{path}/(\S+)", letter.get_body(["plain"]).get_content())
        if address in letter["To"] and found:
            return found.group(0)
    return None


def mail_to(sink, address, path):
    return until(lambda: link_in(sink.letters(), address, path), 30, f"no mail with a link to {address}")


def test_invited_by_mail_then_in_by_password_code_and_recovery_code(strict, sink):
    import browser
    person = browser.Person(strict.url)
    try:
        screen = Screen(person)
        person.go("/sign-in")
        screen.fill(email=ADMIN, password=PASSWORD)
        assert screen.driver.current_url.endswith("/account/second-factor")
        _, codes = screen.set_up()
        assert len(codes) == 10
        person.go("/members")
        screen.fill(name="Dai Evans", email="dai@desk.example")
        assert "dai@desk.example" in person.find("#invitations").text

        link = mail_to(sink, "dai@desk.example", "invitations")
        screen.forget()
        screen.driver.get(link)
        screen.fill(name="Dai Evans", letter_name="Reader service", password=NEW, repeated=NEW)
        authenticator, codes = screen.set_up()
        screen.forget()
        screen.sign_in("dai@desk.example", NEW, authenticator.code())
        assert screen.driver.current_url == strict.url + "/"
        screen.forget()
        screen.sign_in("dai@desk.example", NEW, codes[4])
        assert screen.driver.current_url == strict.url + "/"
        assert "recovery codes" in person.find(".notice").text
        screen.forget()
        screen.driver.get(link)
        assert "no more" in person.find("h1").text
    finally:
        person.close()


def two_administrators(desk):
    desk.add_member(OTHER, "Ben", "--administrator")
    desk.add_member("cy@desk.example", "Cy", "--administrator")
    people = [Visitor(desk.url, address) for address in (ADMIN, OTHER)]
    for visitor in people:
        assert visitor.get("/tickets").url.endswith("/account/second-factor")
        visitor.set_up_second_factor()
    return people


def press(visitor, page, ending):
    form = next(form for form in visitor.forms(page) if (form.attributes.get("action") or "").endswith(ending))
    return visitor.send(page, form)


def test_a_lost_second_factor_is_mended_by_two_administrators(strict, sink):
    olga, ben = two_administrators(strict)
    lost = Visitor(strict.url, "cy@desk.example")
    lost.set_up_second_factor()
    again = Visitor(strict.url, None)
    form = next(form for form in again.forms("/sign-in") if "password" in form.fields)
    answer = again.send("/sign-in", form, email="cy@desk.example", password=PASSWORD)
    assert "/sign-in/code" in answer.url

    assert press(again, "/sign-in/code", "/lost-second-factor").status_code == 200
    until(lambda: sum(b"second factor" in letter for letter in sink.letters()) >= 2, 30, "nobody was told")
    first = press(olga, "/members", "/second-factor/confirmation")
    assert "Another administrator" in first.text
    assert "A member has lost" not in first.text and "A member has lost" in ben.get("/members").text
    assert lost.get("/account").url.endswith("/account"), "one is not enough"
    second = press(ben, "/members", "/second-factor/confirmation")
    assert "taken away" in second.text and "A member has lost" not in second.text

    assert "/sign-in" in lost.get("/account").url, "their sessions ended"
    fresh = Visitor(strict.url, "cy@desk.example")
    assert fresh.get("/tickets").url.endswith("/account/second-factor")
    assert "taken away by the administrators" in fresh.get("/account/second-factor").text
    fresh.set_up_second_factor()
    until(lambda: any(b"taken away" in letter for letter in sink.letters()), 30, "they were not told by mail")


def test_a_forgotten_password_needs_the_mail_and_the_second_factor(strict, sink):
    olga = Visitor(strict.url)
    codes = olga.set_up_second_factor()
    anybody = Visitor(strict.url, None)
    page = "/forgotten-password"
    form = next(form for form in anybody.forms(page) if "email" in form.fields)
    known = anybody.send(page, form, email=ADMIN).text
    assert anybody.send(page, form, email="nobody@desk.example").text == known

    link = mail_to(sink, ADMIN, "password")[len(strict.url):]
    form = next(form for form in anybody.forms(link) if "repeated" in form.fields)
    assert anybody.send(link, form, password=NEW, repeated=NEW, code="123456").status_code == 422
    assert anybody.send(link, form, password="olga.desk.2026.2026", repeated="olga.desk.2026.2026",
                        code=codes[1]).status_code == 422
    done = anybody.send(link, form, password=NEW, repeated=NEW, code=codes[0])

    assert "done=password" in done.url
    assert "/sign-in" in olga.get("/account").url, "old sessions ended"
    assert "/account/second-factor" not in Visitor(
        strict.url, ADMIN, NEW, olga.authenticator).get("/tickets").url
    until(lambda: any(b"by a link" in letter for letter in sink.letters()), 30, "the member was not told")
    assert not any(b"nobody@" in letter for letter in sink.letters())


def test_no_page_of_a_colleague_tells_address_or_zone(strict):
    olga = Visitor(strict.url)
    olga.set_up_second_factor()
    form = next(form for form in olga.forms("/account") if "letter-name" in form.fields)
    olga.send("/account", form, zone="Asia/Kathmandu", language="en", theme="auto")
    strict.add_member("eva@desk.example", "Eva")
    strict.command("queue", "grant", "info", "--member", "eva@desk.example", "--rights", "see,note,draft,send")
    deliver(letter(subject="A quiet question"), strict.lmtp_port)
    ticket = until(lambda: strict.api.ticket_about("A quiet question"), 30, "no ticket")
    page = f"/tickets/{ticket['id']}"
    form = next(form for form in olga.forms(page) if (form.attributes.get("action") or "").endswith("/notes"))
    olga.send(page, form, text="Seen.")

    eva = Visitor(strict.url, "eva@desk.example")
    eva.set_up_second_factor()
    for path in ("/tickets", page, "/search?query=quiet", "/account"):
        shown = eva.get(path).text.replace(">Asia/Kathmandu<", "").replace('"Asia/Kathmandu"', "")
        assert ADMIN not in shown and "Kathmandu" not in shown, path
    assert "Olga Example" in eva.get(page).text
    assert eva.session.get(strict.url + "/members").status_code == 404


def test_without_a_mail_server_the_link_is_shown_and_one_on_the_machine_can_reset(new_desk):
    desk = new_desk(smtp_port=1, second_factor_from=None).prepare().serve()
    olga = Visitor(desk.url)
    olga.set_up_second_factor()
    form = next(form for form in olga.forms("/members") if "email" in form.fields)
    page = olga.send("/members", form, name="Dai", email="dai@desk.example", language="ja").text
    link = re.search(r'id="invitation-link"[^>]*>([^<]+)<', page).group(1)
    assert "/invitations/" in link and link not in olga.get("/members").text

    desk.command("member", "reset-second-factor", ADMIN)

    assert "/sign-in" in olga.get("/account").url
    again = Visitor(desk.url)
    again.set_up_second_factor()
    form = next(form for form in again.forms("/account") if "letter-name" in form.fields)
    answer = again.send("/account", form, language="en", theme="dark", zone="Asia/Tokyo", **{
        "letter-name": "Reader service", "away-until": "2099-01-01"})
    assert 'data-theme="dark"' in answer.text and "Saved" in answer.text
    assert "Away until 1 January 2099" in again.get("/members").text.replace("January 1, 2099", "1 January 2099")

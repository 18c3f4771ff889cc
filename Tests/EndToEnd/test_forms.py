"""The public form, filled in by a browser without scripts, and what becomes of it."""

import re
import time

import pytest
import requests

from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def reader(desk):
    """A person whose browser runs no scripts."""
    import browser
    someone = browser.Person(desk.url, scripts=False)
    yield someone
    someone.close()


def started_long_ago(reader):
    started = int(reader.find("[name=started]").get_attribute("value").split(".")[0])
    return time.time() * 1000 > started + 2_100


def test_a_form_is_sent_followed_added_to_and_withdrawn_without_scripts(desk, reader, tmp_path):
    desk.command("queue", "form", "info", "open")
    photo = tmp_path / "photo.txt"
    photo.write_text("a harmless file")
    reader.go("/contact/info?language=de")
    assert reader.driver.find_element("tag name", "html").get_attribute("lang") == "de"
    reader.find("[name=name]").send_keys("Karl Weber")
    reader.find("[name=address]").send_keys("karl@people.example")
    reader.find("[name=subject]").send_keys("Frage zu einem Foto")
    reader.find("textarea[name=text]").send_keys("Darf ich das Foto drucken?")
    reader.find("[name=files]").send_keys(str(photo))
    # A form filled in within two seconds is shown again with its text, without the files.
    until(lambda: started_long_ago(reader), 30, "the clock stands still")
    reader.find("button.main").click()

    number = reader.find("b.number").text
    follow = reader.driver.current_url
    ticket = until(lambda: desk.api.ticket_about("Frage zu einem Foto"), 30, "no ticket")
    assert ticket["number"] == number
    assert desk.api.messages(ticket["id"])[0]["attachments"][0]["filename"] == "photo.txt"

    reader.find("textarea[name=text]").send_keys("Es ist von 1920.")
    reader.find("button.main").click()
    until(lambda: len(desk.api.messages(ticket["id"])) == 2, 30, "nothing was added")
    reader.driver.get(follow)
    assert "Es ist von 1920." in reader.find("main").text

    reader.find("details summary").click()
    reader.find("form[action*=withdrawal] button").click()
    until(lambda: desk.api.ticket(ticket["id"])["state"] == "closed", 30, "it was not withdrawn")
    assert not reader.driver.find_elements("css selector", "form")


def test_a_flood_through_the_form_is_held_up_and_nothing_typed_is_lost(desk):
    desk.command("queue", "form", "info", "open")
    page = requests.get(f"{desk.url}/contact/info", timeout=30)
    assert "set-cookie" not in page.headers
    assert len(page.content) < 30_000 and "<script" not in page.text
    started = re.search(r'name="started" value="([^"]+)"', page.text).group(1)
    fields = {"address": "karl@people.example", "subject": "Flood", "text": "Typed with care", "started": started}

    def post(**changes):
        files = {name: (None, value) for name, value in (fields | changes).items()}
        return requests.post(f"{desk.url}/contact/info", files=files, timeout=30, allow_redirects=False)

    too_fast = post()
    robot = post(website="http://spam.example")
    forged = post(started="1." + started.split(".")[1])
    wrong = post(address="nobody")
    until(lambda: time.time() * 1000 > int(started.split(".")[0]) + 2_100, 30, "the clock stands still")
    answers = [post(subject=f"Flood {n}") for n in range(8)]

    assert too_fast.status_code == 422 and "Typed with care" in too_fast.text
    assert robot.status_code in (422, 429) and forged.status_code == 422 and wrong.status_code == 422
    assert [answer.status_code for answer in answers] == [303] * 6 + [429] * 2
    assert "Typed with care" in answers[-1].text
    assert requests.get(f"{desk.url}/contact/nothing", timeout=30).status_code == 404
    assert requests.get(f"{desk.url}/contact/follow/s1-AAAAAAAAAAAAAAAAAAAAAA", timeout=30).status_code == 404

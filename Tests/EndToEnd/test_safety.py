"""What strangers send is shown without running or loading anything, and what must not stay is taken out for good."""

import http.server
import struct
import threading
import zlib

import pytest
import requests

import hostile_html
from letters import KARL, deliver, letter
from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def canary():
    """A server that counts who asks."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def picture(width=40, height=30):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + b"\x20\x80\xc0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def first_message(desk, subject):
    ticket = until(lambda: desk.api.ticket_about(subject), 60, "no ticket")
    return ticket, desk.api.messages(ticket["id"])[0]


def test_hostile_html_runs_nothing_and_loads_nothing(desk, person, canary):
    url, asked = canary
    for number, html in enumerate(hostile_html.vectors(url)):
        message = letter(subject=f"Vector {number}", text="See the picture.\n", number=number)
        message.add_alternative(html, subtype="html")
        deliver(message, desk.lmtp_port)
    last = len(hostile_html.VECTORS) - 1
    until(lambda: desk.api.ticket_about(f"Vector {last}"), 60, "not all were filed")
    person.sign_in()
    for number in range(len(hostile_html.VECTORS)):
        ticket, message = first_message(desk, f"Vector {number}")
        person.go(f"/tickets/{ticket['id']}")
        person.go(f"/messages/{message['id']}/view?pictures=shown")
        person.driver.switch_to.frame(person.find("iframe.mail-view"))
        assert person.driver.execute_script("return document.scripts.length") == 0
        person.driver.switch_to.default_content()
        person.go(f"/messages/{message['id']}/html?pictures=shown")

    assert asked == []
    person.driver.get(url + "/twin")
    assert asked and asked[0] == "/twin"


def test_pictures_are_shown_small_and_on_demand_and_a_label_closes_them(desk, person, tmp_path):
    message = letter(subject="Photos", text="Look.\n")
    message.add_alternative('<p>Look <img src="cid:one@people.example"></p>', subtype="html")
    message.add_attachment(picture(), "image", "png", filename="fox.png", cid="<one@people.example>")
    deliver(message, desk.lmtp_port)
    ticket, stored = first_message(desk, "Photos")
    person.sign_in()

    person.go(f"/messages/{stored['id']}/view")
    person.driver.switch_to.frame(person.find("iframe.mail-view"))
    covered = person.driver.execute_script("return document.images[0].naturalWidth")
    person.driver.switch_to.default_content()
    person.find("a[href*='pictures=shown']").click()
    person.driver.switch_to.frame(person.find("iframe.mail-view"))
    until(lambda: person.driver.execute_script("return document.images[0].naturalWidth") == 40, 20, "no picture")
    person.driver.switch_to.default_content()
    person.go(f"/tickets/{ticket['id']}")
    preview = person.find("a[href$='/preview']").get_attribute("href")
    cookies = {cookie["name"]: cookie["value"] for cookie in person.driver.get_cookies()}
    seen = requests.get(preview, cookies=cookies, timeout=30)

    assert covered == 0
    assert seen.status_code == 200 and seen.headers["content-type"] == "image/png"
    assert seen.content.startswith(b"\x89PNG")

    person.driver.execute_script("document.querySelector('.safety-box').open = true")
    person.find("form[action$='/child-safety'] button").click()
    person.find(".safety-card")
    assert not person.driver.find_elements("css selector", "a[href$='/preview']")
    for path in (preview, preview.replace("/preview", ""), f"{desk.url}/messages/{stored['id']}/original",
                 f"{desk.url}/messages/{stored['id']}/html"):
        assert requests.get(path, cookies=cookies, timeout=30).status_code == 403, path


def test_a_passage_is_redacted_on_the_page(desk, person):
    deliver(letter(subject="My passport", text="The number is C01X00T47.\nFoxes are fine.\n"), desk.lmtp_port)
    ticket, stored = first_message(desk, "My passport")
    person.sign_in()

    person.go(f"/messages/{stored['id']}/redaction")
    person.find("[name=passage]").send_keys("C01X00T47")
    person.find("[name=reason]").send_keys("A passport number")
    person.find(".button.danger").click()
    body = person.find(".redaction").text

    after = desk.api.messages(ticket["id"])[0]
    raw = desk.api.raw(stored["id"])
    assert "A passport number" in body
    assert "C01X00T47" not in after["text"] and "Foxes are fine." in after["text"]
    assert b"C01X00T47" not in raw and b"Foxes" in raw


def test_a_sender_is_blocked_what_comes_is_junk_and_unblocked_again(desk, person):
    first = arrived(desk, "Cheap pills")
    person.sign_in()
    person.go(f"/tickets/{first['id']}")
    person.press(".safety-box summary")
    person.press("[action$='/blocking'] button")
    person.says("is blocked in info", ".blocked-sign")
    second = arrived(desk, "Cheaper pills")
    assert second["state"] == "junk"

    person.go(f"/tickets/{second['id']}")
    person.press(".blocked-sign button")
    person.says("arrives as usual again")
    assert arrived(desk, "Third pills")["state"] == "new"

    queue = desk.api.get("/queues").json()["items"][0]["id"]
    person.go(f"/queues/{queue}/blocked")
    person.find("[name=address][type=email]").send_keys(KARL)
    person.press("form:has([name=value]) .button")
    person.says(KARL, ".cards")
    assert arrived(desk, "Fourth pills")["state"] == "junk"


def arrived(desk, subject):
    deliver(letter(subject=subject), desk.lmtp_port)
    return until(lambda: desk.api.ticket_about(subject), 30, f"no {subject}")

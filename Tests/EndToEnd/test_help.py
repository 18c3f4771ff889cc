"""Public help in Arabic on a phone without scripts: topics, search, an article, its feedback, a question that becomes a
ticket, the feed, paper. Rows 74, 75 and 80 of the table of desks: one article in many languages, another language
where it is not translated, and nothing before its time."""

import base64
import re
import time
import xml.etree.ElementTree as tree

import pytest
import requests
from selenium import webdriver

from looking import faults, set_scheme, set_size
from waiting import until

ATOM = "{http://www.w3.org/2005/Atom}"
PHOTO, ACCOUNT, LATER = "هل يمكنني طباعة الصورة؟", "How do I get an account?", "سيُنشر لاحقًا"


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def looker(desk):
    """Who looks with axe, which is a script, at what the reader sees without."""
    import browser
    someone = browser.Person(desk.url)
    set_size(someone.driver, 390, 844)
    yield someone
    someone.close()


@pytest.fixture
def reader(desk, looker, monkeypatch):
    """A person with a phone whose browser runs no scripts."""
    import browser
    chrome_options = webdriver.ChromeOptions

    def without_scripts():
        options = chrome_options()
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        return options

    monkeypatch.setattr(browser.webdriver, "ChromeOptions", without_scripts)
    someone = browser.Person(desk.url)
    set_size(someone.driver, 390, 844)
    yield someone
    someone.close()


@pytest.fixture
def texts(desk):
    """An article in Arabic and German, one in English alone, and one of later."""
    desk.command("queue", "form", "info", "open")

    def add(title, words, language, at=None):
        made = desk.api.request("POST", "/texts", json={
            "kind": "article", "title": title, "text": words, "language": language, "audience": "public",
            "topic": "الصور" if language == "ar" else "Accounts"})
        assert made.status_code == 201, made.text
        state = {"state": "published"} | ({"publishAt": at} if at else {})
        published = desk.api.request("PATCH", f"/texts/{made.json()['id']}", json=state)
        assert published.status_code == 200, published.text
        return made.json()["id"]

    photo = add(PHOTO, "نعم، إذا ذكرت **صاحب الصورة**.\n\n- الاسم\n- الرخصة", "ar")
    for paragraph, words in zip(
            desk.api.get(f"/texts/{photo}").json()["paragraphs"], ["Darf ich das Foto drucken?", "Ja, mit Namen."]):
        done = desk.api.request(
            "POST", f"/texts/{photo}/translations",
            json={"paragraph": paragraph["id"], "language": "de", "text": words})
        assert done.status_code == 200, done.text
    add(ACCOUNT, "Choose a name and a long password.", "en")
    add(LATER, "ليس بعد.", "ar", at="2099-01-01T00:00:00Z")
    return photo


def attribute(reader, selector, name):
    return reader.until(lambda _: reader.find(selector).get_attribute(name), f"{selector} has no {name}")


class Faults(list):
    """What axe finds in both themes where the reader is; and what runs over the side."""

    def __init__(self, reader, looker):
        super().__init__()
        self.reader = reader
        self.looker = looker

    def look(self):
        address = self.reader.driver.current_url
        path = re.sub(r"^https?://[^/]+", "", address)
        self.looker.driver.get(address)
        for scheme in ("light", "dark"):
            set_scheme(self.looker.driver, scheme)
            self.extend(f"{path} {scheme}: {fault}" for fault in faults(self.looker.driver))
        width = self.reader.driver.execute_script("return document.documentElement.scrollWidth")
        if width > 390:
            self.append(f"{path} is {width} pixels wide")


def test_help_in_arabic_on_a_phone_without_scripts(desk, reader, looker, texts):
    found = Faults(reader, looker)
    reader.go("/help?language=ar")
    assert attribute(reader, "html", "dir") == "rtl" and attribute(reader, "html", "lang") == "ar"
    reader.says(PHOTO)
    reader.says(ACCOUNT)
    assert LATER not in reader.driver.page_source
    found.look()

    reader.press(".topics a[href*='%D8%A7']")
    reader.says("الصور", "h1")
    reader.until(lambda _: ACCOUNT not in reader.driver.page_source, "the topic shows other texts")
    found.look()

    reader.find("[name=query]").send_keys("صاحب الصورة")
    reader.find("[name=query]").submit()
    reader.until(lambda driver: "query=" in driver.current_url, "nothing was looked for")
    found.look()
    reader.press(".cards a")
    reader.says("صاحب الصورة", "article strong")
    assert attribute(reader, "article h1", "lang") == "ar"
    article = reader.driver.current_url
    found.look()

    reader.press("[name=helped][value=yes]")
    reader.find("#feedback [role=status]")
    found.look()
    assert desk.api.get(f"/texts/{texts}").json()["helped"] == 1

    reader.press("#feedback a")
    ask(desk, reader, found)

    reader.driver.get(article)
    reader.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = ["footer.public", "#feedback"]
    assert not [place for place in hidden if reader.find(place).is_displayed()]
    assert reader.find("article").is_displayed()
    assert list(found) == []


def ask(desk, reader, found):
    """The question that no text answers: it is at the desk when it has been sent."""
    if "/contact/" not in reader.driver.current_url:
        reader.press("main a[href*='/contact/']")
    found.look()
    assert attribute(reader, "html", "dir") == "rtl"
    reader.find("[name=name]").send_keys("سلمى حداد")
    reader.find("[name=address]").send_keys("salma@people.example")
    reader.find("[name=subject]").send_keys("سؤال عن صورة قديمة")
    reader.find("textarea[name=text]").send_keys("من يملك الصورة؟")
    started = int(attribute(reader, "[name=started]", "value").split(".")[0])
    # A form filled in within two seconds is shown again.
    until(lambda: time.time() * 1000 > started + 2_100, 30, "the clock stands still")
    reader.press("button.main")
    reader.find("b.number")
    found.look()
    ticket = until(lambda: desk.api.ticket_about("سؤال عن صورة قديمة"), 30, "no ticket")
    assert desk.api.ticket(ticket["id"])["language"] == "ar"


def test_what_is_not_translated_is_shown_in_another_language_and_said(desk, texts):
    """Row 75 of the table of desks: a reader falls back to another language, which Zammad hides."""
    def page(path, language):
        answer = requests.get(desk.url + path, params={"language": language}, timeout=30)
        assert answer.status_code == 200 and "<script" not in answer.text and "set-cookie" not in answer.headers
        assert len(answer.content) < 30_000 and answer.headers["cache-control"].startswith("public, max-age=60")
        return answer

    address = re.search(r'href="(/help/[^"?]+)\?language=de" lang="de"[^>]*>Darf ich', page("/help", "de").text)
    german = page(address.group(1), "de").text
    assert 'lang="de" dir="auto">Darf ich das Foto drucken?</h1>' in german
    # The list was not translated: it stands there in its own language, and the page says so.
    assert re.search(r'<div lang="ar" dir="auto">', german) and '<p class="notice">' in german
    french = page(address.group(1), "fr").text
    assert f'lang="ar" dir="auto">{PHOTO}</h1>' in french and '<p class="notice">' in french

    again = requests.get(
        desk.url + "/help", params={"language": "de"}, timeout=30,
        headers={"If-None-Match": page("/help", "de").headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_the_feed_has_what_is_published(desk, texts):
    """Row 80 of the table of desks: publishing at a time; what is planned is nowhere."""
    answer = requests.get(desk.url + "/help/feed", params={"language": "ar"}, timeout=30)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    entries = tree.fromstring(answer.content).findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == [ACCOUNT, PHOTO]
    link = entries[1].find(f"{ATOM}link").get("href")
    assert PHOTO in requests.get(link, timeout=30).text

    planned = next(text for text in desk.api.each("/texts") if text["title"] == LATER)
    assert planned["publishAt"] == "2099-01-01T00:00:00.000Z" and LATER not in answer.text
    assert requests.get(f"{desk.url}/help/{planned['name']}", timeout=30).status_code == 404


def test_a_region_has_its_own_words_and_its_readers_need_no_other(desk, texts):
    """Row 75: pt-BR, then pt, then English; and languages the pages around the texts do not speak."""
    text = next(text for text in desk.api.each("/texts") if text["title"] == ACCOUNT)
    paragraphs = desk.api.get(f"/texts/{text['id']}").json()["paragraphs"]
    for language, words in (("pt-br", ["Abrir uma conta", "Escolha um nome."]), ("uk", ["Обліковий запис", "Ім’я."])):
        for paragraph, said in zip(paragraphs, words):
            assert desk.api.request(
                "POST", f"/texts/{text['id']}/translations",
                json={"paragraph": paragraph["id"], "language": language, "text": said}).status_code == 200

    def page(language=None, **headers):
        return requests.get(
            f"{desk.url}/help/{text['name']}", params={"language": language} if language else {}, headers=headers,
            timeout=30)

    for answer in (page("pt-BR"), page("pt"), page(**{"Accept-Language": "pt-BR,pt;q=0.9,en;q=0.8"})):
        assert 'lang="pt-br"' in answer.text and "Abrir uma conta" in answer.text
        assert '<html lang="pt"' in answer.text and '<p class="notice">' not in answer.text
        assert "accept-language" in answer.headers["vary"].lower()
    ukrainian = page("uk").text
    assert "Обліковий запис" in ukrainian and 'hreflang="uk"' in page("en").text
    assert page("<script>").status_code == 200 and "<script>" not in page("<script>").text


def test_a_file_is_nowhere_before_its_embargo_ends(desk, texts):
    """Row 80: an embargo holds for the page, the bytes, the feed and the search alike."""
    made = desk.api.request("POST", "/texts", json={
        "kind": "file", "title": "Portrait of the jury", "text": "Seven people on a pier.", "language": "en",
        "audience": "public", "fields": {"author": "Ana", "licence": "CC BY-SA 4.0"},
        "embargoUntil": "2099-01-01T00:00:00Z"})
    assert made.status_code == 201, made.text
    made = desk.api.get(f"/texts/{made.json()['id']}").json()
    content = base64.b64encode(b"\x89PNG jury").decode()
    path = f"/texts/{made['id']}"
    put = desk.api.request(
        "POST", path + "/file", json={"filename": "jury.png", "contentType": "image/png", "content": content})
    assert put.status_code == 200, put.text
    published = desk.api.request("PATCH", path, json={"state": "published"})
    assert published.status_code == 200, published.text
    address = f"{desk.url}/help/{made['name']}"

    def seen():
        places = [f"{desk.url}/help?query=jury", f"{desk.url}/help/feed", f"{desk.url}/help?press=1"]
        return [requests.get(address, timeout=30).status_code, requests.get(address + "/file", timeout=30).status_code
                ] + ["Portrait of the jury" in requests.get(place, timeout=30).text for place in places]

    assert seen() == [404, 404, False, False, False]
    assert desk.api.request("PATCH", path, json={"embargoUntil": "2020-01-01T00:00:00Z"}).status_code == 200
    assert seen() == [200, 200, True, True, True]
    assert requests.get(address + "/file", timeout=30).content == b"\x89PNG jury"

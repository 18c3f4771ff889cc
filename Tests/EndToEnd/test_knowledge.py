"""Knowledge: a template is translated and made outdated in a browser; texts go out as files and come back."""

import base64
import pathlib
import re

import pytest
from selenium.webdriver.common.by import By

import browser
from desk import ADMIN
from letters import deliver, letter
from pages import Visitor
from waiting import until


@pytest.fixture
def engine():
    return "sqlite"


@pytest.fixture
def person(desk):
    someone = browser.Person(desk.url)
    someone.sign_in()
    yield someone
    someone.close()


def fill(person, selector, words):
    field = person.find(selector)
    field.clear()
    field.send_keys(words)


def press(person, selector):
    button = person.find(selector)
    person.driver.execute_script("arguments[0].scrollIntoView({block: 'center'}); arguments[0].click()", button)


def pairs(person):
    return person.driver.find_elements(By.CSS_SELECTOR, ".pair")


def write_template(person):
    person.go("/knowledge/new?kind=template")
    fill(person, "[name=title]", "Thanks for a photo")
    fill(person, "[name=body]", "Dear {{contact.name}},\n\nThank you for it.")
    press(person, "form.knowledge-edit button.main")
    person.find("form input[name=topic]").send_keys("Pictures")
    press(person, "main form.stack button.main")
    person.find(".reading")
    return int(person.driver.current_url.split("/knowledge/")[1].split("?")[0])


def test_a_template_is_translated_and_outdated_where_its_source_changed(person):
    """Rows 74 to 79: many languages of one text, source beside translation, outdated by paragraph with the change."""
    text = write_template(person)

    person.go(f"/knowledge/{text}/translation?language=de")
    for pair, words in zip(pairs(person), ["Danke für ein Foto", "Guten Tag {{contact.name}},", "Danke dafür."]):
        pair.find_element(By.TAG_NAME, "textarea").send_keys(words)
    press(person, ".send button.main")
    person.find(".notice.done")
    assert [pair.get_attribute("class") for pair in pairs(person)] == ["pair translated"] * 3

    person.go(f"/knowledge/{text}/edit")
    fill(person, "[name=body]", "Dear {{contact.name}}!\n\nThank you very much for it.")
    press(person, "form.knowledge-edit button.main")
    ticks = person.find("form [name=waive]") and person.driver.find_elements(By.CSS_SELECTOR, "[name=waive]")
    # Only a sign changed in the first paragraph: the page proposes that it needs no new translation.
    assert [tick.is_selected() for tick in ticks] == [True, False]
    press(person, "main form button.main")
    person.find(".reading")

    person.go(f"/knowledge/{text}/translation?language=de")
    assert [pair.get_attribute("class") for pair in pairs(person)] == [
        "pair translated", "pair translated", "pair outdated"]
    assert pairs(person)[2].find_element(By.CSS_SELECTOR, "ins").text.strip() == "very much"
    # Saving something else says nothing of what nobody looked at.
    title = pairs(person)[0].find_element(By.TAG_NAME, "textarea")
    title.clear()
    title.send_keys("Dank für ein Foto")
    press(person, ".send button.main")
    person.find(".notice.done")
    assert pairs(person)[2].get_attribute("class") == "pair outdated"
    person.go("/knowledge?need=outdated&language=de")
    assert "Thanks for a photo" in person.find(".texts .subject").text

    person.go(f"/knowledge/{text}/translation?language=de")
    person.press("[name^=right-]")
    press(person, ".send button.main")
    person.find(".notice.done")
    assert pairs(person)[2].get_attribute("class") == "pair translated"


def test_an_unknown_placeholder_is_refused_with_what_was_entered(person):
    person.go("/knowledge/new?kind=article")
    fill(person, "[name=title]", "Braces")
    fill(person, "[name=body]", "Write {{contact.nmae}} here")
    press(person, "form.knowledge-edit button.main")

    assert "{{contact.nmae}}" in person.find(".notice.error").text
    assert person.find("[name=body]").get_attribute("value") == "Write {{contact.nmae}} here"


def test_an_outdated_translation_is_refused_at_sending(desk, person):
    """Rows 41 and 77: the template comes in the ticket's language; where its source has changed since, the queue's
    rule holds the letter back."""
    text = desk.api.request("POST", "/texts", json={
        "kind": "template", "language": "en", "title": "Using a photo",
        "text": "Dear {{contact.name}},\n\nName the author."}).json()["id"]
    german = ["Ein Foto verwenden", "Guten Tag {{contact.name}},", "Nennen Sie die Urheberin."]
    for paragraph, words in zip(desk.api.get(f"/texts/{text}").json()["paragraphs"], german):
        desk.api.request("POST", f"/texts/{text}/translations", json={
            "paragraph": paragraph["id"], "language": "de", "text": words})
    changed = desk.api.request("PATCH", f"/texts/{text}", json={
        "text": "Dear {{contact.name}},\n\nName the author and the licence.", "version": 1, "state": "published"})
    assert changed.json()["translations"][0]["outdated"] == 1, changed.text
    deliver(letter(subject="Frage", text="Darf ich das Foto drucken?\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Frage"), 60, "no ticket")["id"]
    desk.api.change(ticket, language="de")
    queue = desk.api.get("/queues").json()["items"][0]["id"]
    person.go(f"/queues/{queue}/texts")
    person.driver.execute_script(
        "const field = document.querySelector('select[name=rule]'); field.value = 'block'; field.form.submit()")
    person.find(".notice.done")

    person.go(f"/tickets/{ticket}/texts?query=urheberin")
    person.says("Ein Foto verwenden", ".suggestions a")
    person.find(".suggestions .help.warning")
    press(person, ".suggestions button[name=insert]")
    person.until(
        lambda _: "Nennen Sie die Urheberin." in person.find("#answer-text").get_attribute("value"), "not inserted")
    press(person, browser.SEND)
    person.says("is outdated in this language")
    assert len(desk.api.messages(ticket)) == 1


def test_a_briefing_for_an_occasion_is_one_page(desk, person):
    made = desk.api.request("POST", "/texts", json={
        "kind": "briefing", "language": "en", "title": "Interview about the bridge",
        "text": "\n\n".join(f"## Question {number}\n\nWhat we say about it." for number in range(1, 7)),
        "fields": {"who": "Lena Weber", "outlet": "The Morning", "occasion-date": "2026-12-01", "as-of": "2026-11-21"},
    }).json()
    person.go(f"/knowledge/{made['id']}/print")
    person.says("The Morning", ".text-facts")
    paper = base64.b64decode(person.driver.print_page())
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def test_a_text_is_found_and_inserted_while_an_answer_is_written(desk, person):
    """Row 40: a template with variables is suggested with its reason, or found by its words, and put into the answer;
    with scripts in the composer, without them on a page of its own."""
    for title, words in [("Using a photo", "Dear {{contact.name}}, name the author of the photograph."),
                         ("A lost password", "You can set another one, {{contact.name}}.")]:
        made = desk.api.request("POST", "/texts", json={
            "kind": "template", "language": "en", "title": title, "text": words}).json()
        assert desk.api.request("PATCH", f"/texts/{made['id']}", json={"state": "published"}).status_code == 200
    mail = letter(
        subject="Using a photograph", text="Who is the author of the photograph?\n",
        sender="Karl <karl@people.example>")
    deliver(mail, desk.lmtp_port)
    ticket = until(lambda: desk.api.ticket_about("Using a photograph"), 60, "no ticket")["id"]

    person.go(f"/tickets/{ticket}")
    person.find("#answer textarea[name=text]").click()
    person.says("1", ".suggestions [data-count]")
    person.press(".suggestions summary")
    person.says("photograph", ".suggestions .help")
    person.find(".suggestions input[type=search]").send_keys("passw")
    person.says("A lost password", ".suggestions [data-lines] a")
    press(person, ".suggestions [data-lines] button[name=insert]")
    person.find(".notice.done")
    value = person.until(lambda _: person.find("#answer-text").get_attribute("value"), "nothing was inserted")
    assert value == "You can set another one, Karl."
    assert len(desk.api.get(f"/tickets/{ticket}/drafts").json()["items"]) == 1

    person.go(f"/tickets/{ticket}/texts?query=author")
    press(person, ".suggestions button[name=insert]")
    person.find(".notice.done")
    person.until(
        lambda _: "name the author of the photograph" in person.find("#answer-text").get_attribute("value"),
        "nothing was inserted")


def test_texts_go_out_as_files_and_come_back(desk, new_desk, folder):
    demo = pathlib.Path(__file__).parents[2] / "Resources" / "demo" / "knowledge"
    source = folder / "in"
    for name in ["who-writes-the-almanac", "photo-rules", "logo-of-the-almanac"]:
        (source / name).mkdir(parents=True)
        for file in (demo / name).iterdir():
            (source / name / file.name).write_bytes(file.read_bytes())
    owner = ["--owner", ADMIN]
    first = desk.command("knowledge", "import", str(source), *owner)
    again = desk.command("knowledge", "import", str(source), *owner)
    assert "3 texts added" in first and "3 as they were" in again

    out = folder / "out"
    desk.command("knowledge", "export", str(out))
    other = new_desk().prepare().serve()
    assert "3 texts added" in other.command("knowledge", "import", str(out), *owner)
    twice = folder / "twice"
    other.command("knowledge", "export", str(twice))

    files = {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert files == {path.relative_to(twice): path.read_bytes() for path in twice.rglob("*") if path.is_file()}
    logo = pathlib.Path("logo-of-the-almanac", "logo.png")
    assert files[logo] == (demo / logo).read_bytes()
    wikitext = desk.command("knowledge", "wikitext", "who-writes-the-almanac", "--language", "de")
    assert "== Wie wird geprüft? ==" in wikitext
    found = desk.api.get("/texts", query="Freiwillige").json()
    assert [item["name"] for item in found["items"]] == ["who-writes-the-almanac"]


def test_of_a_thousand_files_all_are_taken_but_those_that_are_wrong(desk, folder):
    """Files of Windows among them; each that is wrong is named with what is wrong, and keeps no other out."""
    source, words = folder / "in", {"de": "Grüße", "fr": "Été", "ar": "مرحبا", "ja": "写真"}
    for number in range(200):
        text = source / (f"Text Nummer {number}" if number % 7 == 0 else f"text-{number}")
        text.mkdir(parents=True)
        files = {"en": f"---\ntitle: Text {number}\nkind: template\n---\n\nFirst {number}.\n\nSecond.\n"} | {
            language: f"---\ntranslation-of: en\n---\n\n<!-- 0 -->\n{word} {number}\n\n<!-- 2 -->\n{word}\n"
            for language, word in words.items()}
        for language, said in files.items():
            data = said.encode()
            if number % 7 == 0:
                data = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
            (text / f"{language}.md").write_bytes(data)
    wrong = {
        "headless/en.md has no front matter": ("headless/en.md", b"Hello\n"),
        "latin/de.md is not in UTF-8": ("latin/de.md", "---\ntitle: Grüße\nkind: article\n---\n".encode("latin-1")),
        "lost names a file that is not there: logo.png": (
            "lost/en.md", b"---\ntitle: Logo\nkind: file\nfile: logo.png\n---\n\nA logo.\n"),
        "loose.md stands in no folder": ("loose.md", b"---\ntitle: T\nkind: article\n---\n"),
        "placeholder-unknown {{contact.nmae}}": (
            "typo/en.md", b"---\ntitle: T\nkind: template\n---\n\nDear {{contact.nmae}},\n"),
    }
    for name, data in wrong.values():
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_bytes(data)

    done = desk.run("knowledge", "import", str(source), "--owner", ADMIN)

    told = done.stderr.decode()
    assert done.returncode == 65 and "200 texts added" in done.stdout.decode(), told
    for said in wrong:
        assert said in told
    assert "5 not taken" in told
    out = folder / "out"
    desk.command("knowledge", "export", str(out))
    assert len(list(out.rglob("*.md"))) == 1000
    assert "Grüße 7" in (out / "text-nummer-7" / "de.md").read_text()


def test_a_moment_that_is_over_publishes_nothing(desk):
    """Row 80: publishing at a time; a mistyped year does not show a text to everybody at once."""
    made = desk.api.request("POST", "/texts", json={
        "kind": "article", "language": "en", "title": "Open on Sundays", "text": "At ten.",
        "audience": "public"}).json()
    visitor = Visitor(desk.url)
    page = f"/knowledge/{made['id']}"
    form = next(form for form in visitor.forms(page) if form.attributes.get("action") == page + "/publication")
    answer = visitor.send(page, form, at="2020-01-05T09:00")
    assert answer.status_code == 422 and "That moment is over" in answer.text
    assert desk.api.get(page.replace("knowledge", "texts")).json()["state"] == "draft"
    form = next(form for form in visitor.forms(page) if form.attributes.get("action") == page + "/publication")
    assert "January 5, 2099 at 9:00" in visitor.send(page, form, at="2099-01-05T09:00").text

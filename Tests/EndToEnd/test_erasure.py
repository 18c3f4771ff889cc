"""A person is erased: over a crash, out of the files, and again after a restore.

Row 58 of the table of desks: erase a person.
"""

import io
import json
import shutil
import zipfile

import pytest

from letters import KARL, MONA, deliver, letter
from looking import faults, look, set_scheme, set_size
from pages import Visitor
from waiting import until

WORDS = (b"zebrafish", b"karl@people.example", b"Karl Weber")


def furnish(desk):
    """Two tickets of Karl's, and one of Mona's in which he takes part."""
    sender = "Karl Weber <karl@people.example>"
    deliver(letter(sender=sender, subject="My zebrafish", text="A zebrafish swims on your page.\n"), desk.lmtp_port)
    deliver(letter(sender=sender, subject="Another", text="Two zebrafish swim there now.\n"), desk.lmtp_port)
    deliver(
        letter(sender=MONA, subject="The lighthouse", text="Ask Karl Weber about the lighthouse.\n", Cc=KARL),
        desk.lmtp_port, sender=MONA)
    until(lambda: len(desk.api.tickets()) == 3, 60, "not everything was filed")


def page_of(visitor, address=KARL):
    answer = visitor.get(f"/contacts?address={address}")
    return answer.url.removeprefix(visitor.url), answer.text


def standing(desk):
    """Words that stand in the data folder or the log."""
    files = [desk.log, *(file for file in desk.data.rglob("*") if file.is_file())]
    contents = [file.read_bytes() for file in files]
    return [word for word in WORDS if any(word in content for content in contents)]


def test_row_58_a_person_is_erased_over_a_crash_and_a_restore(new_desk, folder, engine):
    desk = new_desk().prepare().serve()
    furnish(desk)
    olga = Visitor(desk.url)
    path, page = page_of(olga)
    assert "Their tickets" in page and "My zebrafish" in page and "The lighthouse" in page
    copy = olga.send(path, next(form for form in olga.forms(path) if form.attributes["action"] == path + "/copy"))
    files = zipfile.ZipFile(io.BytesIO(copy.content))
    assert files.testzip() is None
    assert files.namelist() == ["person.json", "mails/00001.eml", "mails/00002.eml"]
    assert json.loads(files.read("person.json"))["addresses"] == [KARL]
    assert b"lighthouse." not in copy.content
    backup = folder / "before.backup"
    desk.command("backup", backup)
    told = desk.command("erase", KARL, "--dry-run")
    assert "messages\t2" in told

    desk.stop()
    desk.serve(extra={"LIAISON_FAULT": "erasure:2"})
    olga = Visitor(desk.url)
    form = next(form for form in olga.forms(path) if form.attributes["action"] == path + "/erasure")
    try:
        olga.send(path, form, cause="request", sure="on")
    except OSError:
        pass
    until(lambda: not desk.is_running(), 60, "the fault did not end it")
    desk.serve()
    olga = Visitor(desk.url)
    until(lambda: "Only numbers, dates, states" in olga.get(path).text, 60, "it did not go on")

    assert "Ask ████████ about the lighthouse." in [
        message["text"].strip() for ticket in desk.api.tickets() for message in desk.api.messages(ticket["id"])]
    assert all(ticket["state"] == "closed" for ticket in desk.api.tickets() if not ticket["subject"])
    desk.command("verify")
    assert "Nothing is held" in page_of(olga)[1]
    if engine == "sqlite":
        until(lambda: not standing(desk), 30, "words stay in the files")

    twin = new_desk(instance_key=desk.instance_key)
    twin.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy(desk.data / "erasures.log", twin.data)
    desk.stop()
    said = twin.command("restore", backup)
    assert "Erased 1 persons again" in said
    twin.command("verify")
    if engine == "sqlite":
        assert not standing_in_database(twin)


def standing_in_database(desk):
    contents = [file.read_bytes() for file in desk.data.glob("liaison.sqlite*")]
    return [word for word in WORDS if any(word in content for content in contents)]


@pytest.mark.parametrize("engine", ["sqlite"])
def test_the_pages_of_people_are_read_and_used(desk, person):
    furnish(desk)
    path, _ = page_of(Visitor(desk.url))
    person.sign_in()
    person.go(path)
    person.find(".erasure-ticket summary").click()
    person.find(".erasure-ticket [name=reason]").send_keys("A court asked for it")
    person.press(".erasure-ticket details .button")
    person.says("A court asked for it")
    queue = person.driver.execute_script("return document.title") and desk.api.get("/queues").json()["items"][0]["id"]
    for place in (path, "/contacts", f"/queues/{queue}/retention?months=1"):
        for scheme, width in (("light", 1280), ("dark", 390)):
            set_size(person.driver, width)
            set_scheme(person.driver, scheme)
            person.go(place)
            assert faults(person.driver) == [], f"{place} {scheme}"
            name = place.strip("/").split("?")[0].replace("/", "-")
            look(person, f"erasure-{name}-{scheme}")

"""The demonstration: fills an empty database only, and what it makes is true, found and signed in to."""

import re

import api as apis
from pages import Visitor

SHOWN = {"greta", "nils", "haruto", "yusra", "beatrix"}


def look_at_the_reviews(people):
    # Reviews that are not over: held by new mail, waiting for all and for the lead; and a thanks that reached people.
    waiting = people["greta"].get("/reviews").text
    assert all(words in waiting for words in ("On hold: new mail", "all reviewers asked", "Waits for the lead"))
    assert "The map on the front page" in people["haruto"].get("/reviews").text
    told = people["nils"].get("/notices").text
    assert "Foto der alten Mühle" in told and "zugestellt" not in told
    assert "made from a text you translated" in people["beatrix"].get("/notices").text


def test_the_demonstration_fills_an_empty_database_with_a_true_year(new_desk):
    desk = new_desk()
    told = desk.command("demo", "--size", "small", timeout=100)
    signs = dict(re.findall(r"^  (\w+)@almanac\.example\t(\S+)\t", told, re.M))
    assert set(signs) == SHOWN and len(set(signs.values())) == len(SHOWN)

    again = desk.run("demo", "--size", "small")
    assert again.returncode == 65 and b"empty database only" in again.stderr
    desk.command("verify")

    desk.serve()
    api = apis.Api(desk.url, desk.token(member="greta@almanac.example"))
    tickets = api.tickets()
    assert len(tickets) > 120
    assert {ticket["state"] for ticket in tickets} >= {"new", "open", "answered", "closed", "junk"}
    assert {ticket["language"] for ticket in tickets} >= {"ar", "de", "en", "es", "fr", "hi", "ja", "pt", "ru", "zh"}
    for word, language in {"石碑": "ja", "صورة": "ar"}.items():
        assert list(api.each("/search", q=word)), f"nothing in {language}"

    # What was done for somebody's safety: a picture taken out, a place that protected tickets go to.
    assert [each["name"] for each in api.get("/refuges").json()["items"]]
    assert any(
        api.get(f"/tickets/{each['id']}/redactions").json()["items"] for each in tickets
        if each["queue"] == "info-de" and each["state"] == "closed")

    # What is urgent: goals that passed, a rota, an incident with its cause, and who was told.
    assert list(api.each("/search", q="is:overdue")) and list(api.each("/search", q="has:deadline"))
    assert api.get("/rotas").json()["items"]
    found = {each["kind"]: each for each in api.get("/incidents").json()["items"]}
    assert found["incident"]["tickets"] >= 8 and found["cause"]["state"] == "solved"
    lines = api.get(f"/incidents/{found['incident']['id']}").json()["lines"]
    assert len({line["language"] for line in lines}) >= 5
    said = api.get(f"/incidents/{found['cause']['id']}/uses").json()["items"]
    assert said and {each["way"] for each in said} == {"group"}

    # A letter about a life that came just now, and what triage made of the year.
    urgent = [each["id"] for each in tickets if each["priority"] == 4 and each["state"] == "new"]
    labels = [each for id in urgent for each in api.get(f"/tickets/{id}/labels").json()["items"]]
    assert {"danger"} == {each["label"] for each in labels} and {"pack"} == {each["source"] for each in labels}
    newest = sorted(tickets, key=lambda each: each["createdAt"])[-40:]
    thoughts = [each for ticket in newest for each in api.get(f"/tickets/{ticket['id']}/suggestions").json()["items"]]
    assert any(each["source"] == "model" and each["state"] == "open" for each in thoughts), "nothing is only suggested"

    # What the packs do not see and the starting model suggests: seen soon, flagged by nobody.
    perhaps = [each for each in thoughts if each["source"] == "starting" and each["value"] == "danger"]
    assert perhaps and all(each["state"] == "open" for each in perhaps)
    assert any(ticket["subject"] == "Thank you" and ticket["priority"] == 3 for ticket in newest)

    look_at_the_reviews({name: Visitor(desk.url, f"{name}@almanac.example", signs[name]) for name in SHOWN})

    legal = apis.Api(desk.url, desk.token(member="beatrix@almanac.example"))
    hidden = list(legal.each("/search", q="queue:legal"))
    assert hidden and not list(api.each("/search", q="queue:legal"))
    assert desk.run("demo").returncode == 65

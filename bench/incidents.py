"""Mails that arrive fast, ordinary ones and ones about one event: how long after the last was filed noticing incidents
is done with them."""

import json
import pathlib
import random
import re
import time

import acceptance
import history
import pages_speed
import requests
import services
from desk import Desk
from waiting import until

EVENTS = pathlib.Path(__file__).resolve().parents[1] / "Tests/Fixtures/incidents/events.json"
BAR_MS = 2


def write_event(folder, count):
    """Letters of many people about one event, in ten languages, each with two sentences about something else."""
    chance = random.Random(11)
    written = json.loads(EVENTS.read_text(encoding="utf-8"))
    mails = max((event["mails"] for event in written["events"].values()), key=len)
    folder.mkdir(parents=True)
    for number in range(count):
        mail = chance.choice(mails)
        other = chance.sample(written["ordinary"][mail["language"]], 2)
        said = re.split(r"(?<=[.!?。！？।]) *", mail["text"])
        chance.shuffle(said)
        text = " ".join([other[0], *said, other[1]])
        (folder / f"{number:06d}").write_text(
            f"From: Reader {number} <reader{number}@people.example>\nTo: info@desk.example\n"
            f"Subject: {mail['subject']}\nDate: Mon, 16 Jun 2025 10:00:00 +0000\n"
            f"Message-ID: <{number}.event@people.example>\nMIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n", encoding="utf-8")


def is_noticed(desk):
    return 'liaison_jobs_waiting{kind="incident-notice"}' not in requests.get(desk.url + "/metrics", timeout=60).text


def flood(report, desk, name, what, letters, count):
    before = pages_speed.processor_ms(desk)
    started = time.perf_counter()
    acceptance.load(desk.lmtp_port, "info@desk.example", 4, messages=count, corpus=str(letters), seconds=3600)
    until(lambda: history.filed(desk), 3600, "not everything was filed")
    filed = time.perf_counter()
    until(lambda: is_noticed(desk), 7200, "noticing does not end")
    spent = time.perf_counter() - filed
    report.add(
        f"{count:,} mails at once, {what}: noticed after the last was filed", name, spent * 1000 / count, "ms a mail",
        f"{spent:.1f} s; filed in {filed - started:.1f} s; processor of all "
        f"{(pages_speed.processor_ms(desk) - before) / count:.1f} ms a mail", at_most=BAR_MS)


def measure(report, folder, arguments):
    if arguments.peers_only:
        return
    largest = max(arguments.floods)
    letters = {"ordinary": folder / "ordinary", "about one event": folder / "event"}
    pages_speed.write_letters(letters["ordinary"], largest)
    write_event(letters["about one event"], largest)
    postgres = services.Postgres(folder / "incidents-cluster").start()
    try:
        for name in ("SQLite", "PostgreSQL"):
            for what, corpus in letters.items():
                for count in arguments.floods:
                    database = postgres.new_database() if name == "PostgreSQL" else None
                    desk = Desk(folder / f"{name}-{what.replace(' ', '-')}-{count}", database=database)
                    try:
                        desk.prepare().serve()
                        flood(report, desk, name, what, corpus, count)
                    finally:
                        desk.close()
    finally:
        postgres.stop()

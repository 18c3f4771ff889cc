"""An mbox of the past: parsed, threaded, deduplicated, searchable; notmuch on the same messages."""

import lzma
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import time

import requests

import services
from desk import Desk
from mboxes import raw_messages
from waiting import until

LIST = "mail/lists/openbmc-2019-2021.mbox.xz"
NOTMUCH_BAR, THREAD_SHARE = 4, 0.02


def cut(folder, count):
    """The first messages as an mbox and as a maildir; None where the corpus is absent."""
    source = pathlib.Path(os.environ.get("LIAISON_CORPORA", "")) / LIST
    mbox, maildir = folder / "past.mbox", folder / "maildir"
    if not source.is_file():
        return None
    for part in ("cur", "new", "tmp"):
        (maildir / part).mkdir(parents=True, exist_ok=True)
    written = 0
    with lzma.open(source, "rb") as lines, open(mbox, "wb") as box:
        for raw in raw_messages(lines):
            (maildir / "cur" / f"{written:06d}.bench:2,S").write_bytes(raw)
            box.write(b"From bench@people.example Mon Jun 16 10:00:00 2025\n")
            for line in raw.splitlines(keepends=True):
                box.write(b">" + line if line.lstrip(b">").startswith(b"From ") else line)
            box.write(b"\n" if raw.endswith(b"\n") else b"\n\n")
            written += 1
            if written == count:
                break
    return mbox, maildir, written


def run_notmuch(folder, maildir):
    config = folder / "notmuch-config"
    config.write_text(
        f"[database]\npath={maildir}\n[user]\nname=Bench\nprimary_email=bench@people.example\n"
        "[new]\ntags=inbox\n[search]\n[maildir]\nsynchronize_flags=false\n")
    environment = os.environ | {"NOTMUCH_CONFIG": str(config), "HOME": str(folder)}
    shutil.rmtree(maildir / ".notmuch", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(["notmuch", "new", "--quiet"], env=environment, check=True)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    threads = int(subprocess.run(
        ["notmuch", "count", "--output=threads", "*"], env=environment, check=True, capture_output=True).stdout)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, threads


def run_liaison(folder, mbox, database):
    """Seconds until all of it is filed and found, and the number of tickets."""
    desk = Desk(folder / ("history-postgres" if database else "history-sqlite"), database=database)
    try:
        desk.prepare().serve()
        client = desk.api
        started = time.perf_counter()
        desk.command("import", "mbox", mbox, "--queue", "info", timeout=3600)
        until(lambda: filed(desk), 3600, "not everything was filed")
        assert client.get("/search", q="openbmc", limit=1).json()["items"], "what was filed is not found"
        seconds = time.perf_counter() - started
        tickets = sum(1 for _ in client.each("/tickets", limit=100))
        desk.command("verify", timeout=600)
        return seconds, tickets
    finally:
        desk.close()


def filed(desk):
    """Whether no delivery waits any more."""
    return 'liaison_jobs_waiting{kind="filing"}' not in requests.get(desk.url + "/metrics", timeout=60).text


def measure(report, folder, arguments):
    made = cut(folder, arguments.messages)
    if made is None:
        report.note(f"history: skipped, LIAISON_CORPORA has no {LIST}")
        return
    mbox, maildir, count = made
    job = f"history of {count:,} messages"
    runs = {"notmuch new": []}
    postgres = None if arguments.peers_only else services.Postgres(folder / "history-cluster").start()
    try:
        for turn in range(arguments.rounds):
            seconds, _, threads = run_notmuch(folder, maildir)
            runs["notmuch new"].append(seconds)
            for name in ("SQLite", "PostgreSQL") if postgres else ():
                database = postgres.new_database() if name == "PostgreSQL" else None
                seconds, tickets = run_liaison(folder / str(turn), mbox, database)
                runs.setdefault(f"Liaison, {name}", []).append(seconds)
                if turn == 0:
                    tell_threads(report, job, name, tickets, threads)
    finally:
        if postgres:
            postgres.stop()
    speeds = {name: count / statistics.median(seconds) for name, seconds in runs.items()}
    for name, speed in speeds.items():
        peer = None if name == "notmuch new" else speeds["notmuch new"]
        report.add(job, name, speed, "msg/s", f"{count / speed:.1f} s", peer, NOTMUCH_BAR if peer else None)


def tell_threads(report, job, name, tickets, threads):
    share = abs(tickets - threads) / threads
    report.add(job, f"Liaison, {name}", tickets, "threads", f"notmuch {threads}")
    report.add(job, f"Liaison, {name}", 100 * share, "%", "other than notmuch's threads", at_most=100 * THREAD_SHARE)

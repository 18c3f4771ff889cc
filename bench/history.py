"""An mbox of the past: parsed, threaded, deduplicated, searchable; notmuch on the same messages."""

import lzma
import os
import pathlib
import resource
import subprocess
import time

import services
from desk import Desk
from mboxes import raw_messages

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
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(["notmuch", "new", "--quiet"], env=environment, check=True)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    threads = int(subprocess.run(
        ["notmuch", "count", "--output=threads", "*"], env=environment, check=True, capture_output=True).stdout)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, threads


def run_liaison(folder, mbox, database):
    """Seconds until nothing changes any more, and the number of tickets."""
    desk = Desk(folder / ("history-postgres" if database else "history-sqlite"), database=database)
    try:
        desk.prepare().serve()
        client = desk.api
        started = time.perf_counter()
        desk.command("import", "mbox", mbox, "--queue", "info", timeout=3600)
        last_change, seen = time.perf_counter(), None
        while time.perf_counter() - last_change < 3:
            facts = sum(1 for _ in client.each("/tickets", limit=100)), searchable(client)
            if facts != seen:
                last_change, seen = time.perf_counter(), facts
        desk.command("verify", timeout=600)
        return last_change - started, seen[0]
    finally:
        desk.close()


def searchable(client):
    return client.get("/search", q="openbmc", limit=1).text


def measure(report, folder, arguments):
    made = cut(folder, arguments.messages)
    if made is None:
        report.note(f"history: skipped, LIAISON_CORPORA has no {LIST}")
        return
    mbox, maildir, count = made
    seconds, processor, threads = run_notmuch(folder, maildir)
    speed = count / seconds
    job = f"history of {count:,} messages"
    detail = f"{seconds:.1f} s, {processor:.1f} s of processor; {threads} threads"
    report.add(job, "notmuch new", speed, "msg/s", detail)
    if arguments.peers_only:
        return
    postgres = services.Postgres(folder / "history-cluster").start()
    try:
        for name, database in (("SQLite", None), ("PostgreSQL", postgres.new_database())):
            seconds, tickets = run_liaison(folder, mbox, database)
            report.add(job, f"Liaison, {name}", count / seconds, "msg/s", f"{seconds:.1f} s", speed, NOTMUCH_BAR)
            report.add(job, f"Liaison, {name}", tickets, "threads", f"notmuch {threads}", threads, 1 - THREAD_SHARE)
            report.add(job, f"Liaison, {name}", tickets, "threads", f"notmuch {threads}", threads,
                       at_most=1 + THREAD_SHARE)
    finally:
        postgres.stop()

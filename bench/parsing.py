"""Parse and decode: `inspect mail --json` beside GMime alone and Python's email, each on the same mbox."""

import json
import pathlib
import resource
import subprocess
import sys
import time

import history
from desk import program

HERE = pathlib.Path(__file__).resolve().parent
GMIME = HERE.parent / "bench-results/bin/gmime-parse"
GMIME_BAR = 0.5


def run(*words, output=subprocess.PIPE):
    """Standard output, seconds on the clock, seconds of processor of the command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run([str(word) for word in words], check=True, stdout=output, timeout=1800)
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(report, folder, arguments):
    made = history.cut(folder / "parsing", arguments.messages)
    if made is None:
        report.note(f"parsing: skipped, LIAISON_CORPORA has no {history.LIST}")
        return
    mbox, _, count = made
    job = f"parse and decode {count:,} messages"
    gmime = max(json.loads(run(GMIME, mbox)[0])["perSecond"] for _ in range(3))
    report.add(job, "GMime alone", gmime, "msg/s", "best of 3")
    python = json.loads(run(sys.executable, HERE / "email-parse.py", mbox)[0])["perSecond"]
    report.add(job, "Python's email", python, "msg/s")
    if arguments.peers_only:
        return
    report_path = folder / "inspected.json"
    best = 0, 0
    for _ in range(3):
        with open(report_path, "wb") as output:
            _, seconds, processor = run(program(), "inspect", "mail", "--json", mbox, output=output)
        best = max(best, (count / seconds, count / processor))
    with open(report_path, "rb") as lines:
        objects = sum(1 for _ in lines)
    detail = f"{best[1]:,.0f} msg/s of processor, {objects} objects, best of 3"
    report.add(job, "liaison inspect mail --json", best[0], "msg/s", detail + "; to GMime", gmime, GMIME_BAR)
    report.add(job, "liaison inspect mail --json", best[0], "msg/s", "to Python's email", python)

#!/usr/bin/env python3
"""Runs the measurements that are asked for and writes one table; called by script/bench."""

import argparse
import pathlib
import shutil
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

import acceptance  # noqa: E402
import history  # noqa: E402
import incidents  # noqa: E402
import knowledge  # noqa: E402
import pages_speed  # noqa: E402
import parsing  # noqa: E402
import rules  # noqa: E402
import triage  # noqa: E402
from report import Report  # noqa: E402

JOBS = {
    "acceptance": acceptance, "history": history, "parsing": parsing, "rules": rules,
    "pages": pages_speed, "triage": triage, "knowledge": knowledge,
    "incidents": incidents,
}


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("jobs", nargs="*", choices=[*JOBS, []], help="what to measure; all without a name")
    parser.add_argument("--peers-only", action="store_true", help="measure only what Liaison is compared with")
    parser.add_argument("--seconds", type=int, default=6, help="for each cell of the acceptance table")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of acceptance; the median counts")
    parser.add_argument("--messages", type=int, default=10_000, help="messages of the history and of parsing")
    parser.add_argument("--tickets", type=int, nargs="+", default=[1000, 10_000, 100_000], help="sizes for the pages")
    parser.add_argument("--flat", type=int, default=100_000, help="messages accepted one after the other")
    parser.add_argument("--texts", type=int, default=5000, help="texts in ten languages, for knowledge")
    parser.add_argument("--answered", type=int, default=100_000, help="answered tickets, for suggestions")
    parser.add_argument("--floods", type=int, nargs="+", default=[10_000, 30_000], help="mails at once, for incidents")
    parser.add_argument("--quick", action="store_true", help="all of it small, in some minutes: to see that it works")
    parser.add_argument("--strict", action="store_true", help="ends with 1 when a bar is missed")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.seconds, arguments.rounds, arguments.messages = 2, 1, 1000
        arguments.tickets, arguments.flat = [1000], 5000
        arguments.texts, arguments.answered, arguments.floods = 300, 5000, [1000]
    return arguments


def main():
    arguments = read_arguments()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="liaison-bench-"))
    folder.chmod(0o755)
    report = Report(arguments.peers_only)
    has_failed = False
    try:
        for name in arguments.jobs or JOBS:
            print(f"== {name}", file=sys.stderr)
            try:
                JOBS[name].measure(report, folder, arguments)
            except Exception as error:  # What was measured before is told all the same.
                has_failed = True
                traceback.print_exc()
                report.note(f"{name}: not measured to its end: {type(error).__name__}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        text = report.text()
        print(text)
        (ROOT / "bench-results").mkdir(exist_ok=True)
        (ROOT / "bench-results/latest.md").write_text(text + "\n")
    return 1 if has_failed or (arguments.strict and not report.all_held()) else 0


if __name__ == "__main__":
    sys.exit(main())

"""One table of what was measured: figures of this machine, ratios to peers of the same sitting, and the bars."""

import datetime
import os
import pathlib
import platform
import sys


class Report:
    def __init__(self, peers_only=False):
        self.rows = []
        self.load = os.getloadavg()
        self.notes = []
        self.peers_only = peers_only

    def add(self, job, who, value, unit, detail="", peer=None, at_least=None, at_most=None):
        """One figure. With `peer` (a figure) the ratio to it is shown and is what the bar is about."""
        measured = value / peer if peer else value
        held = None
        if at_least is not None:
            held = measured >= at_least
        if at_most is not None:
            held = measured <= at_most
        bar = ""
        if held is not None:
            sign, limit = ("≥", at_least) if at_least is not None else ("≤", at_most)
            bar = f"{sign} {limit:g}{'×' if peer else ' ' + unit} {'held' if held else 'MISSED'}"
        ratio = f"{measured:.2f}×" if peer else ""
        self.rows.append((job, who, f"{value:,.1f} {unit}", detail, ratio, bar, held))
        print(f"{job}: {who}: {value:,.1f} {unit} {detail} {ratio} {bar}", file=sys.stderr)

    def note(self, text):
        self.notes.append(text)
        print(text, file=sys.stderr)

    def all_held(self):
        return all(row[-1] is not False for row in self.rows)

    def text(self):
        lines = [
            f"Measured {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, "
            f"{platform.system()} {platform.release()}, {memory_gib():.0f} GiB, {processor()}. "
            f"Load when it began {self.load[0]:.1f}, at the end {os.getloadavg()[0]:.1f}: above 0.5 others worked on "
            "this machine too, and only ratios count.",
            "",
            "| job | who | figure | detail | ratio to peer | bar |",
            "|---|---|---|---|---|---|",
        ]
        lines += ["| " + " | ".join(row[:-1]) + " |" for row in self.rows]
        if self.notes:
            lines += ["", *(f"- {note}" for note in self.notes)]
        return "\n".join(lines)


def processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory_gib():
    words = pathlib.Path("/proc/meminfo").read_text().split()
    return int(words[1]) / (1 << 20)

"""Durable acceptance: messages acknowledged a second at 1, 2, 4 and 8 clients; peers and Liaison take turns."""

import json
import multiprocessing
import pathlib
import secrets
import statistics
import subprocess
import time

import services
from desk import Desk
from letters import deliver, letter
from waiting import free_port, until

CLIENTS = (1, 2, 4, 8)
LOAD = pathlib.Path(__file__).resolve().parents[1] / "bench-results/bin/lmtp-load"
DOVECOT_BAR, POSTFIX_BAR, P99_AT_FOUR_MS = 3, 1.5, 25
STEADY_RATE, STEADY_SECONDS, SEARCHABLE_WITHIN_MS = 200, 20, 1000


def load(port, to, clients, seconds=600, messages=1_000_000, start=0, **options):
    """One run of the compiled client; what it printed."""
    arguments = [LOAD, "--port", port, "--to", to, "--clients", clients, "--messages", messages,
                 "--seconds", seconds, "--start", start]
    for name, value in options.items():
        arguments += [f"--{name}"] if value is True else [f"--{name}", value]
    done = subprocess.run([str(word) for word in arguments], capture_output=True, text=True, timeout=seconds + 120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class DovecotTarget:
    """A new server with an empty mailbox for each run."""

    name, to, options = "Dovecot LMTP", services.Dovecot.user, {}

    def __init__(self, folder):
        self.server = services.Dovecot(folder / "dovecot").start()
        self.port = self.server.lmtp_port

    def close(self):
        self.server.stop()


class PostfixTarget:
    """Accepts into its queue; what leaves the queue goes to Postfix's own sink, which throws it away."""

    name, to, options = "Postfix", "info@desk.example", {"smtp": True}

    def __init__(self, folder):
        sink_port = free_port()
        self.sink = subprocess.Popen(["smtp-sink", "-L", f"127.0.0.1:{sink_port}", "256"], stderr=subprocess.DEVNULL)
        self.server = services.Postfix(folder / "postfix", sink_port, sink_port).start()
        self.port = self.server.port

    def close(self):
        self.server.stop()
        self.sink.terminate()
        self.sink.wait()


class LiaisonTarget:
    to, options = "info@desk.example", {}

    def __init__(self, folder, postgres=None):
        self.name = "Liaison, PostgreSQL" if postgres else "Liaison, SQLite"
        self.desk = Desk(folder / "desk", database=postgres.new_database() if postgres else None).prepare().serve()
        self.port = self.desk.lmtp_port

    def close(self):
        self.desk.close()


def measure(report, folder, arguments):
    postgres = None if arguments.peers_only else services.Postgres(folder / "acceptance-postgres").start()
    makers = [DovecotTarget, PostfixTarget]
    if postgres:
        makers += [LiaisonTarget, lambda place: LiaisonTarget(place, postgres)]
    try:
        results = take_turns(makers, folder, arguments)
        for clients in CLIENTS:
            tell(report, clients, {name: runs for (name, count), runs in results.items() if count == clients})
        if postgres:
            measure_flatness(report, folder, arguments.flat)
            for make in makers[2:]:
                measure_delay(report, folder, make)
    finally:
        if postgres:
            postgres.stop()


def take_turns(makers, folder, arguments):
    results = {}
    for turn in range(arguments.rounds):
        for clients in CLIENTS:
            for index, make in enumerate(makers):
                place = folder / f"acceptance-{turn}-{clients}-{index}"
                place.mkdir()
                place.chmod(0o755)
                target = make(place)
                try:
                    load(target.port, target.to, clients, messages=50 * clients, start=10_000_000, **target.options)
                    run = load(target.port, target.to, clients, arguments.seconds, **target.options)
                    results.setdefault((target.name, clients), []).append(run)
                finally:
                    target.close()
                time.sleep(0.5)  # What the last server left to do must not slow the next one.
    return results


def median(runs, name):
    return statistics.median(run[name] for run in runs)


def tell(report, clients, by_name):
    job = f"acceptance, {clients} client{'s' if clients > 1 else ''}"
    speed = {name: median(runs, "perSecond") for name, runs in by_name.items()}
    for name, runs in by_name.items():
        detail = f"p50 {median(runs, 'p50'):.1f}, p99 {median(runs, 'p99'):.1f} ms"
        if name.startswith("Liaison"):
            bar = DOVECOT_BAR if clients != 2 else None
            report.add(job, name, speed[name], "msg/s", detail + ", to Dovecot", speed["Dovecot LMTP"], bar)
            report.add(job, name, speed[name], "msg/s", "to Postfix", speed["Postfix"], POSTFIX_BAR)
            if clients == 4:
                report.add(job, name, median(runs, "p99"), "ms", "p99", at_most=P99_AT_FOUR_MS)
        else:
            report.add(job, name, speed[name], "msg/s", detail)


def measure_flatness(report, folder, messages):
    """The last tenth of so many messages goes in nearly as fast as the first; what follows runs meanwhile."""
    slice_size = messages // 10
    place = folder / "flat"
    place.mkdir()
    target = LiaisonTarget(place)
    try:
        runs = [
            load(target.port, target.to, 4, messages=slice_size, start=first, size=2000)["perSecond"]
            for first in range(0, messages, slice_size)
        ]
        # The halves, not single slices: on a shared machine one slice may meet somebody else's work.
        first, last = statistics.median(runs[:5]), statistics.median(runs[5:])
        report.add(f"flat to {messages:,} messages", target.name, last, "msg/s", "second to first half", first, 0.8)
        until(target.desk.is_ready, 60, "the server is no longer ready")
    finally:
        target.close()


def measure_delay(report, folder, make):
    """At a steady 200 messages a second: how long after its acknowledgement a mail is found by search."""
    place = folder / f"delay-{secrets.token_hex(3)}"
    place.mkdir()
    target = make(place)
    steady = multiprocessing.Process(
        target=load, args=(target.port, target.to, 4, 600, STEADY_RATE * STEADY_SECONDS, 0),
        kwargs={"rate": STEADY_RATE})
    delays = []
    try:
        steady.start()
        while steady.is_alive():
            delays.append(probe(target.desk))
        report.add(
            f"searchable, at {STEADY_RATE} msg/s", target.name, max(delays), "ms",
            f"slowest of {len(delays)}, median {statistics.median(delays):.0f} ms", at_most=SEARCHABLE_WITHIN_MS)
    finally:
        steady.join()
        target.close()


def probe(desk):
    word = "probe" + "".join(secrets.choice("bcdfghklmnprstvz") for _ in range(12))
    deliver(letter(subject=f"A word {word}"), desk.lmtp_port)
    acknowledged = time.perf_counter()
    until(lambda: desk.api.get("/search", q=word).json()["items"], 60, "it was not found")
    return (time.perf_counter() - acknowledged) * 1000

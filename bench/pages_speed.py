"""Pages at a thousand, ten thousand and a hundred thousand tickets: list, ticket, search, with two people at once;
memory; start."""

import http.client
import multiprocessing
import os
import pathlib
import random
import statistics
import time

import acceptance
import history
import services
from desk import Desk
from pages import Visitor
from waiting import until

REQUESTS = 300
BARS = {"list": (8, 25), "ticket": (8, 25), "search": (15, 45)}
MEMORY_AFTER_MB, MEMORY_AT_REST_MB, START_MS = 150, 80, 300


def write_letters(folder, count):
    """Letters whose words follow Zipf's law, as those of people do."""
    chance = random.Random(7)
    words = ["".join(chance.choice("aeioulmnrst") for _ in range(chance.randint(3, 9))) for _ in range(20_000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    folder.mkdir(parents=True)
    for number in range(count):
        body = chance.choices(words, weights, k=chance.randint(40, 300))
        lines = "\n".join(" ".join(body[at:at + 10]) for at in range(0, len(body), 10))
        subject = " ".join(chance.choices(words, weights, k=5))
        (folder / f"{number:06d}").write_text(
            f"From: Reader {number} <reader{number}@people.example>\nTo: info@desk.example\nSubject: {subject}\n"
            f"Date: Mon, 16 Jun 2025 10:00:00 +0000\nMessage-ID: <{number}.page@people.example>\n\n{lines}\n")
    return words


def pss_mb(group):
    """Memory of all processes of a group, shared pages counted by share."""
    total = 0
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == group:
                rows = (entry / "smaps_rollup").read_text().splitlines()
                total += next(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
        except (ProcessLookupError, FileNotFoundError, PermissionError, StopIteration):
            continue
    return total / 1000


def ask(port, cookie, paths, results):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        times.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise AssertionError(f"{path}: {answer.status}")
    results.put(times)


def two_people(port, cookie, make_path):
    results = multiprocessing.Queue()
    people = [
        multiprocessing.Process(target=ask, args=(port, cookie, [make_path() for _ in range(REQUESTS)], results))
        for _ in range(2)
    ]
    for person in people:
        person.start()
    times = sorted(results.get(timeout=300) + results.get(timeout=300))
    for person in people:
        person.join()
    return statistics.median(times), times[int(len(times) * 0.99)]


def measure_engine(report, folder, letters, words, sizes, database):
    name = "Liaison, PostgreSQL" if database else "Liaison, SQLite"
    desk = Desk(folder / f"pages-{'postgres' if database else 'sqlite'}", database=database)
    try:
        desk.prepare().serve()
        report.add("memory at rest (PSS)", name, pss_mb(desk.process.pid), "MB", at_most=MEMORY_AT_REST_MB)
        there = 0
        for count in sizes:
            fill(report, desk, name, letters, there, count)
            there = count
            measure_pages(report, desk, name, words, count)
            report.add(
                f"memory after {count:,} messages (PSS)", name, pss_mb(desk.process.pid), "MB",
                at_most=MEMORY_AFTER_MB if count <= 10_000 else None)
        measure_start(report, desk, name)
    finally:
        desk.close()


def fill(report, desk, name, letters, there, count):
    """Delivers letters until there are `count`, and waits until all are filed."""
    started = time.perf_counter()
    acceptance.load(
        desk.lmtp_port, "info@desk.example", 4, messages=count - there, start=there, corpus=str(letters), seconds=3600)
    accepted = time.perf_counter()
    until(lambda: history.filed(desk), 3600, "not everything was filed")
    ended = time.perf_counter()
    report.note(
        f"{name}: {count - there:,} letters accepted in {accepted - started:.1f} s, the last filed "
        f"{ended - accepted:.1f} s later: {(count - there) / (ended - started):.0f} a second")


def processor_ms(desk):
    words = pathlib.Path(f"/proc/{desk.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def is_resting(desk):
    """Whether a second needs less than a twentieth of a processor: nothing is left of what follows filing."""
    before = processor_ms(desk)
    time.sleep(1)
    return processor_ms(desk) - before < 50


def measure_pages(report, desk, name, words, count):
    until(lambda: is_resting(desk), 900, "what follows filing does not end")
    visitor = Visitor(desk.url)
    cookie = "; ".join(f"{item.name}={item.value}" for item in visitor.session.cookies)
    tickets = [ticket["id"] for ticket in desk.api.tickets()]
    chance = random.Random(3)
    paths = {
        "list": lambda: "/tickets",
        "ticket": lambda: f"/tickets/{chance.choice(tickets)}",
        "search": lambda: f"/search?query={words[int(10 ** chance.uniform(0, 4)) - 1]}",
    }
    for page, make_path in paths.items():
        before = processor_ms(desk)
        p50, p99 = two_people(desk.http_port, cookie, make_path)
        spent = (processor_ms(desk) - before) / (2 * REQUESTS)
        factor = 2 if count > 10_000 else 1
        for label, value, bar in (("p50", p50, BARS[page][0]), ("p99", p99, BARS[page][1])):
            report.add(f"{page} at {count:,} tickets", name, value, "ms", label + ", two clients", at_most=bar * factor)
        report.add(f"{page} at {count:,} tickets", name, spent, "ms", "of processor for one page")


def measure_start(report, desk, name):
    times = []
    for _ in range(5):
        desk.stop()
        started = time.perf_counter()
        desk.serve(wait=False)
        while not answers(desk.http_port):
            time.sleep(0.002)
        times.append((time.perf_counter() - started) * 1000)
    report.add("start to first page", name, statistics.median(times), "ms", "median of 5", at_most=START_MS)


def answers(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/sign-in")
        return connection.getresponse().status == 200
    except OSError:
        return False


def measure(report, folder, arguments):
    if arguments.peers_only:
        report.note("pages: no peer is measured; the bars are absolute")
        return
    letters = folder / "letters"
    words = write_letters(letters, max(arguments.tickets))
    postgres = services.Postgres(folder / "pages-cluster").start()
    try:
        for database in (None, postgres.new_database()):
            measure_engine(report, folder, letters, words, sorted(arguments.tickets), database)
    finally:
        postgres.stop()

"""500 rules, the packs and 64 models on real mail: how long one mail takes. The bar is 5 ms at the 99th percentile.

First what the processor does, one mail after the other; then on each engine the jobs themselves, with all that they
read and write.
"""

import json
import random
import re
import subprocess

import history
import services
from desk import Desk, program
from waiting import until

RULES, BAR = 500, 5
PLACES = ("words", "subject", "text", "sender", "header")


def measure(report, folder, arguments):
    made = history.cut(folder / "rules", arguments.messages)
    if made is None:
        report.note(f"rules: skipped, LIAISON_CORPORA has no {history.LIST}")
        return
    if arguments.peers_only:
        return
    mbox, _, count = made
    rules = folder / "rules.json"
    rules.write_text(json.dumps(written(mbox), ensure_ascii=False), encoding="utf-8")
    for job, flags in ((f"{RULES} rules", []), (f"{RULES} rules, packs and all models", ["--triage"])):
        output = subprocess.run(
            [program(), "inspect", "rules", *flags, "--rules", rules, mbox], check=True, stdout=subprocess.PIPE,
            timeout=1800).stdout
        answers = [json.loads(line) for line in output.splitlines()]
        fits = sum(len(each["fits"]) for each in answers)
        tell(report, f"{job} on {count:,} messages", "liaison", [each["microseconds"] / 1000 for each in answers],
             f"{fits:,} fits")
    postgres = services.Postgres(folder / "rules-cluster").start()
    try:
        for name, database in (("SQLite", None), ("PostgreSQL", postgres.new_database())):
            times = on_desk(folder / f"rules-{name}", database, mbox, rules)
            tell(report, f"{RULES} rules and all models as jobs, with the database", name, times,
                 f"{len(times)} mails, one after the other")
    finally:
        postgres.stop()


def tell(report, job, name, times, detail):
    times = sorted(times)
    detail = f"{detail}; longest {times[-1]:.1f} ms"
    report.add(job, f"{name}, a mail, median", times[len(times) // 2], "ms", detail)
    report.add(job, f"{name}, a mail, p99", times[int(len(times) * 0.99)], "ms", detail, at_most=BAR)


def on_desk(folder, database, mbox, rules):
    """Milliseconds of each of the newest mails, from claiming its jobs to their last commit."""
    desk = Desk(folder, database=database)
    try:
        desk.prepare().serve()
        desk.command("import", "mbox", mbox, "--queue", "info", timeout=3600)
        until(lambda: history.filed(desk), 3600, "not everything was filed")
        desk.stop()
        return json.loads(desk.command("measure", "--rules", rules, timeout=3600).splitlines()[-1])
    finally:
        desk.close()


def written(mbox):
    """Rules of two to four lines with words of the mail itself, so that many come near and some fit; with beginnings,
    phrases and stars."""
    chance = random.Random(5)
    words = sorted(set(re.findall(r"[a-z]{4,12}", mbox.read_text(errors="replace")[:2_000_000].lower())))

    def line(group):
        place = chance.choice(PLACES)
        picked = [chance.choice(words) for _ in range(6)]
        text = f'{picked[0]} {picked[1]}, "{picked[2]} {picked[3]}", {picked[4][:4]}*, {picked[5][:2]}*{picked[5][-2:]}'
        if place == "sender":
            text = f"*@{picked[0]}.example, {picked[1]}"
        return {"group": group, "place": place, "words": f"X-Spam: {picked[0]}*" if place == "header" else text}

    def more():
        return [line(chance.choice(("any", "none", "all"))) for _ in range(chance.randint(1, 3))]

    return [{"name": f"rule {number}", "conditions": [line("all"), *more()]} for number in range(RULES)]

"""500 rules on a year of mail: how long one mail takes, words taken apart and all rules asked. The bar is 5 ms."""

import json
import random
import re
import subprocess

import history
from desk import program

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
    output = subprocess.run(
        [program(), "inspect", "rules", "--rules", rules, mbox], check=True, stdout=subprocess.PIPE,
        timeout=1800).stdout
    answers = [json.loads(line) for line in output.splitlines()]
    times = sorted(each["microseconds"] / 1000 for each in answers)
    fits = sum(len(each["fits"]) for each in answers)
    job = f"{RULES} rules on {count:,} messages"
    detail = f"{fits:,} fits; longest {times[-1]:.1f} ms"
    report.add(job, "liaison, a mail, median", times[len(times) // 2], "ms", detail)
    report.add(job, "liaison, a mail, p99", times[int(len(times) * 0.99)], "ms", detail, at_most=BAR)


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

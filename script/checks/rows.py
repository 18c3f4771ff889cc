"""docs/developers/rows.md: each row of the table names tests, and each of those tests names the row."""

import re

TABLE = "docs/developers/rows.md"
NAMED = re.compile(r"\b[Rr]ows? ((?:\d+(?: \([^)]*\))?(?:, | and | to )?)+)")


def faults(tree):
    if not tree.exists(TABLE):
        return
    for number, line in enumerate(tree.lines(TABLE), 1):
        row = line.strip("| ").split(" ")[0]
        if not row.isdigit():
            continue
        tests = re.findall(r"`(Tests/[^`]+)`", line)
        if not tests:
            yield f"{TABLE}:{number}: row {row} names no test"
        for test in tests:
            if not tree.exists(test):
                yield f"{TABLE}:{number}: {test} does not exist"
            elif int(row) not in named(tree.text(test)):
                yield f"{TABLE}:{number}: {test} does not name row {row}"


def named(text):
    """Numbers that a test names: `Row 80`, `rows 74 to 79`, `Rows 26 (round robin), 27 and 33`."""
    found = set()
    for match in NAMED.finditer(text):
        words = re.sub(r"\([^)]*\)", "", match.group(1))
        for first, last in re.findall(r"(\d+) +to +(\d+)", words):
            found |= set(range(int(first), int(last) + 1))
        found |= {int(number) for number in re.findall(r"\d+", words)}
    return found

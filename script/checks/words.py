"""Words and constructs that do not belong in this repository."""

import re

DRAWERS = {"core", "utils", "util", "helper", "helpers", "manager", "managers", "common", "misc"}

# Written in pieces, so that this list is no fault of its own.
MACHINE_PATHS = re.compile("(?<![\\w.])(?:/wo" + "rk/|/fa" + "rm/|/tmp/bash_" + "jobs|/ro" + "ot/|/ho" + "me/[a-z])")

SWIFT_RULES = (
    (re.compile(r"\btry!"), "no try!: handle the failure"),
    (re.compile(r"\bas! "), "no as!: handle the other type"),
    (re.compile(r"nonisolated\(unsafe\)"), "no nonisolated(unsafe)"),
    (re.compile(r"\bNSRegularExpression\b"), "no NSRegularExpression: it backtracks on hostile text"),
    (re.compile(r"\b(?:TODO|FIXME|XXX)\b"), "an open end belongs in an issue, not in the code"),
)
UNCHECKED = re.compile(r"@unchecked Sendable")
LOOSE_TASK = re.compile(r"^\s*Task(?:\.detached)?\s*(?:\([^)]*\)\s*)?\{")


def faults(tree):
    for path in tree.paths:
        yield from drawers(path)
        if tree.text(path) is None or path.startswith("Tests/Fixtures/"):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            if MACHINE_PATHS.search(line) and not line.startswith("#!"):
                yield f"{path}:{number}: a path of one machine"
    for path in tree.ending(".swift"):
        yield from swift_faults(path, tree.lines(path))


def drawers(path):
    for folder in path.split("/")[:-1]:
        if folder.lower() in DRAWERS:
            yield f"{path}:1: no folder is named {folder}: name it by its noun"


def swift_faults(path, lines):
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for rule, advice in SWIFT_RULES:
            if rule.search(line if "TODO" in rule.pattern else code):
                yield f"{path}:{number}: {advice}"
        if LOOSE_TASK.match(code):
            yield f"{path}:{number}: a Task without an owner"
        if UNCHECKED.search(code) and not any("//" in near for near in lines[max(0, number - 7):number]):
            yield f"{path}:{number}: @unchecked Sendable needs its proof in a comment"

#!/usr/bin/env python3
"""Wraps lines of Swift that are only a comment and longer than a line may be."""

import pathlib
import re
import sys

import sizes

COMMENT = re.compile(r"^(\s*)(///?)( +)(.*)$")


def wrapped(line):
    found = COMMENT.match(line)
    if not found or len(line) <= sizes.LINE_LENGTH:
        return [line]
    start = found.group(1) + found.group(2) + " "
    lines, current = [], start
    for word in found.group(4).split(" "):
        if len(current) + 1 + len(word) > sizes.LINE_LENGTH and current != start:
            lines.append(current.rstrip())
            current = start
        current += word if current == start else " " + word
    return [*lines, current]


def main():
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        for file in [path] if path.is_file() else sorted(path.rglob("*.swift")):
            before = file.read_text()
            after = "\n".join(piece for line in before.split("\n") for piece in wrapped(line))
            if after != before:
                file.write_text(after)


if __name__ == "__main__":
    main()

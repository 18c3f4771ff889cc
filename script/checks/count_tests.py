#!/usr/bin/env python3
"""Adds up the JUnit files in a folder into one closing line; ends with 1 where no test ran."""

import pathlib
import sys
import xml.etree.ElementTree as tree


def counts(path):
    cases = list(tree.parse(path).getroot().iter("testcase"))
    failed = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skipped = sum(1 for case in cases if case.find("skipped") is not None)
    for case in cases:
        reason = case.find("skipped")
        if reason is not None:
            print("skipped: {} {}".format(case.get("name"), (reason.get("message") or reason.text or "").strip()))
    return len(cases) - failed - skipped, failed, skipped


def main():
    files = sorted(pathlib.Path(sys.argv[1]).glob("*.xml"))
    totals = [sum(column) for column in zip(*(counts(path) for path in files))] or [0, 0, 0]
    print("total: {} passed, {} failed, {} skipped".format(*totals))
    return 0 if totals[0] > 0 else 1


if __name__ == "__main__":
    sys.exit(main())

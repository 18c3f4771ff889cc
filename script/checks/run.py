#!/usr/bin/env python3
"""Runs the checks that need no build, here or in the folder given: `check: path:line: what to do`."""

import sys

import links
import modules
import rows
import sizes
import strings
import templates
import tree
import words

CHECKS = (sizes, words, templates, strings, links, modules, rows)


def main():
    files = tree.Tree.of_repository(*sys.argv[1:2])
    faults = [f"{check.__name__}: {fault}" for check in CHECKS for fault in check.faults(files)]
    print("\n".join(faults) if faults else f"{len(files.paths)} files: no fault found.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

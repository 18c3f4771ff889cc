"""Imports follow the arrows of Package.swift; every C library has one importer; setup installs what it names."""

import re

TARGET = re.compile(r"(?<!\w)(module|tests|\.target|\.executableTarget)\(\s*(?:name: )?\"(\w+)\"")
SYSTEM = re.compile(r"\bsystem\(\"(\w+)\"")
COMMENT = re.compile(r"^\s*//.*$", re.M)
IMPORT = re.compile(r"^\s*(?:@testable |@preconcurrency |package |internal |public )*import (?:\w+ )?(\w+)", re.M)


def faults(tree):
    if not tree.exists("Package.swift"):
        return
    package = COMMENT.sub("", tree.text("Package.swift"))
    targets, libraries = arrows(package)
    importers = {}
    for path in tree.ending(".swift"):
        parts = path.split("/")
        if parts[0] != "Sources" or len(parts) < 3:
            continue
        name = parts[1]
        for imported in IMPORT.findall(tree.text(path)):
            if imported in libraries:
                importers.setdefault(imported, set()).add(name)
            is_ours = imported in libraries or imported in targets
            if is_ours and imported != name and imported not in targets.get(name, set()):
                yield f"{path}:1: {name} may not import {imported}: Package.swift has no such arrow"
    for library, names in sorted(importers.items()):
        if len(names) > 1:
            yield f"Sources/{library}: imported by {', '.join(sorted(names))}; one module imports a C library"
    yield from not_installed(tree, package)


def arrows(package):
    """What each Swift target may import, and the C libraries: system libraries and targets of C."""
    targets, libraries = {}, set(SYSTEM.findall(package))
    for found in TARGET.finditer(package):
        kind, name = found.groups()
        if kind == ".target":
            libraries.add(name)
        else:
            targets[name + ("Tests" if kind == "tests" else "")] = names_until_closed(package, found.end())
    return targets, libraries


def names_until_closed(package, start):
    """The quoted names from here to the bracket that closes the call, however many lines they take."""
    depth = 1
    for end in range(start, len(package)):
        depth += {"(": 1, ")": -1}.get(package[end], 0)
        if depth == 0:
            break
    return set(re.findall(r"\"(\w+)\"", package[start:end]))


def not_installed(tree, package):
    if not tree.exists("script/setup"):
        return
    installed = tree.text("script/setup").split()
    for name in re.findall(r"system\(\"\w+\", \"[^\"]*\", \"([^\"]+)\"\)", package):
        if name not in installed:
            yield f"script/setup:1: does not install {name}, which Package.swift names"

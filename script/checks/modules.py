"""Imports follow the arrows of Package.swift; every C library has one importer; setup installs what it names."""

import re

TARGET = re.compile(
    r"(?:module|tests|\.target|\.executableTarget|\.testTarget)\(\s*(?:name:\s*)?\"(\w+)\"(.*?)"
    r"(?=\n        (?:module|tests|system|\.target|\.executableTarget|\.testTarget|//)|\n    \])", re.S)
IMPORT = re.compile(r"^\s*(?:@testable |@preconcurrency |package |internal |public )*import (?:\w+ )?(\w+)", re.M)
WIDE = {"CSandbox"}


def faults(tree):
    if not tree.exists("Package.swift"):
        return
    package = tree.text("Package.swift")
    targets = {name: set(re.findall(r"\"(\w+)\"", rest)) for name, rest in TARGET.findall(package)}
    systems = set(re.findall(r"system\(\"(\w+)\"", package))
    ours = set(targets) | systems
    importers = {}
    for path in tree.ending(".swift"):
        parts = path.split("/")
        if parts[0] != "Sources" or len(parts) < 3:
            continue
        name = parts[1]
        for imported in IMPORT.findall(tree.text(path)):
            if imported.startswith("C") and imported in ours:
                importers.setdefault(imported, set()).add(name)
            if imported in ours and imported != name and imported not in targets.get(name, set()):
                yield f"{path}:1: {name} may not import {imported}: Package.swift has no such arrow"
    for library, names in sorted(importers.items()):
        if len(names) > 1 and library not in WIDE:
            yield f"Sources/{library}: imported by {', '.join(sorted(names))}; one module imports a C library"
    yield from not_installed(tree, package)


def not_installed(tree, package):
    if not tree.exists("script/setup"):
        return
    installed = tree.text("script/setup").split()
    for name in re.findall(r"system\(\"\w+\", \"[^\"]*\", \"([^\"]+)\"\)", package):
        if name not in installed:
            yield f"script/setup:1: does not install {name}, which Package.swift names"

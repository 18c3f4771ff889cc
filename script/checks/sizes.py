"""Files, functions, templates and lines stay short enough to read."""

import ast
import re

FILE_LINES = 500
FUNCTION_LINES = 60
TEMPLATE_LINES = 80
LINE_LENGTH = 120
CODE = (".swift", ".py", ".c", ".h", ".cpp", ".js", ".css")

# Data is not broken for its length: tables of words in many scripts, and the texts in tests.
WORD_TABLE = re.compile(r"^Sources/Text/\w*Words\.swift$")
STRING = re.compile(r"\"(?:[^\"\\]|\\.)*\"")

SWIFT_FUNCTION = re.compile(r"^(\s*)(?:[@\w()]+\s+)*(?:func\s+(`[^`]+`|[^\s(<]+)|(init)[?(<])")


def faults(tree):
    for path in tree.ending(*CODE, "script/check", ".mustache"):
        lines = tree.lines(path)
        limit = TEMPLATE_LINES if path.endswith(".mustache") else FILE_LINES
        if len(lines) > limit:
            yield f"{path}:1: {len(lines)} lines, at most {limit}: is there a second noun inside?"
        # A rule of a stylesheet and an element of a template stand on one line, however long.
        if path.startswith("Tests/Fixtures/") or path.endswith((".mustache", ".css")):
            continue
        for number, line in enumerate(lines, 1):
            if is_too_long(path, line):
                yield f"{path}:{number}: {len(line)} characters, at most {LINE_LENGTH}"
    for path in tree.ending(".swift"):
        yield from too_long(path, swift_functions(tree.lines(path)))
    for path in tree.ending(".py"):
        yield from too_long(path, python_functions(tree.text(path)))


def is_too_long(path, line):
    if WORD_TABLE.match(path):
        return False
    if path.startswith("Tests/") and path.endswith(".swift"):
        line = STRING.sub('""', line)
    return len(line) > LINE_LENGTH


def too_long(path, functions):
    for name, start, length in functions:
        if length > FUNCTION_LINES:
            yield f"{path}:{start}: {name} has {length} lines, at most {FUNCTION_LINES}"


def swift_functions(lines):
    """Layout is decided by `swift format`, so a function ends at the next `}` as deep as its first line."""
    for index, line in enumerate(lines):
        found = SWIFT_FUNCTION.match(line)
        if not found:
            continue
        closing = found.group(1) + "}"
        for end in range(index, len(lines)):
            if end > index and lines[end].rstrip() == closing:
                yield found.group(2) or "init", index + 1, end - index + 1
                break
            is_other = end > index and SWIFT_FUNCTION.match(lines[end])
            if is_other and len(is_other.group(1)) <= len(found.group(1)):
                break


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node.lineno, node.end_lineno - node.lineno + 1

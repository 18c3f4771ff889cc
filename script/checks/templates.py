"""Templates escape everything and hold no text for people."""

import re

RAW = re.compile(r"\{\{\{|\{\{&")
TAG = re.compile(r"\{\{[^}]*\}\}")
MARKUP = re.compile(r"<!--.*?-->|<kbd>[^<]*</kbd>|<[^>]*>", re.S)
PERSON_ATTRIBUTE = re.compile(r"\b(?:title|alt|placeholder|aria-label|label)\s*=\s*\"([^\"]*)\"")
WORD = re.compile(r"[^\W\d_]{2,}")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=|\son[a-z]+\s*=", re.I)
PROPER_NAMES = {"liaison"}


def faults(tree):
    for path in tree.ending(".mustache"):
        text = tree.text(path)
        for number, line in enumerate(text.split("\n"), 1):
            if RAW.search(line):
                yield f"{path}:{number}: unescaped output"
            if INLINE.search(line):
                yield f"{path}:{number}: no inline script or style"
        if not path.endswith((".txt.mustache", ".xml.mustache")):
            yield from literal_text(path, text)


def literal_text(path, text):
    plain = TAG.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)
    for found in PERSON_ATTRIBUTE.finditer(plain):
        if has_words(found.group(1)):
            yield f"{path}:{line_of(plain, found.start())}: text for people in an attribute: {found.group(1).strip()!r}"
    shown = MARKUP.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), plain)
    for number, line in enumerate(shown.split("\n"), 1):
        words = re.sub(r"&#?\w+;", " ", line)
        if has_words(words):
            yield f"{path}:{number}: text for people: {words.strip()!r} belongs in i18n"


def has_words(text):
    return any(word.lower() not in PROPER_NAMES for word in WORD.findall(text))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1

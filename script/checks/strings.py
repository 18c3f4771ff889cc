"""The messages in i18n: complete, documented, with the same placeholders in every language; none used but missing."""

import functools
import json
import pathlib
import re

KEY = re.compile(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$")
PLACEHOLDER = re.compile(r"\$(\d+)")
LITERAL = re.compile(r"[\"'{# ]([a-z][a-z0-9]*(?:-[a-z0-9]+)+)[\"'} ]")

ASKS = re.compile(
    r"(?<!source\.)(?:message|key|text|label|title|failure)\w*[\s:(=]*[\"']$"
    r"|\{\{#?\s*(?:message|t)[ }]", re.I)

# A text of Swift, and the calls that take a key: `Failure(.code, "key"`, `Phrase("key"`, `Event("kind", … ticket:`.
QUOTED = r'"((?:[^"\\]|\\\([^()]*\)|\\.)+)"'
CODES = "invalid|notFound|conflict|refused|tooLarge|tooMany|unavailable|full|configuration|internal"
FAILURE = re.compile(rf"\.`?(?:{CODES})`?,\s*{QUOTED}")
PHRASE = re.compile(rf"\bPhrase\(\s*{QUOTED}")
TICKET_EVENT = re.compile(r"\bEvent\(\s*([^,]*\"[^,]*),[^;{}]*?\bticket:")
KIND = re.compile(rf"(?<![(\w]){QUOTED}")
FILLED_IN = re.compile(r"\\\(.*\)")


def faults(tree):
    areas = sorted({path.split("/")[1] for path in tree.paths if path.startswith("i18n/") and path.count("/") == 2})
    english = {}
    for area in areas:
        messages = {}
        for path in tree.ending(".json"):
            if pathlib.PurePosixPath(path).parent == pathlib.PurePosixPath("i18n", area):
                try:
                    pairs = json.loads(tree.text(path), object_pairs_hook=without_twins)
                except ValueError as problem:
                    yield f"{path}:1: {problem}"
                    continue
                pairs.pop("@metadata", None)
                messages[pathlib.PurePosixPath(path).stem] = pairs
        for key in messages.get("en", {}):
            if key in english:
                yield f"i18n/{area}/en.json: {key} is also in another area"
        english.update(messages.get("en", {}))
        yield from area_faults(area, messages)
    yield from unknown_keys(tree, english)


def without_twins(pairs):
    keys = [key for key, _ in pairs]
    twins = {key for key in keys if keys.count(key) > 1}
    if twins:
        raise ValueError(f"written twice: {', '.join(sorted(twins))}")
    return dict(pairs)


def area_faults(area, messages):
    source = messages.get("en")
    notes = messages.get("qqq")
    if source is None or notes is None:
        yield f"i18n/{area}: en.json and qqq.json are both needed"
        return
    for key, text in source.items():
        if not KEY.match(key):
            yield f"i18n/{area}/en.json: {key}: a key is place-thing, lower-case with dashes"
        if not text.strip():
            yield f"i18n/{area}/en.json: {key} is empty"
        if not notes.get(key, "").strip():
            yield f"i18n/{area}/qqq.json: {key} is not explained"
    for language, texts in messages.items():
        where = f"i18n/{area}/{language}.json"
        yield from (f"{where}: {key} is not in en.json" for key in texts if key not in source)
        if language in ("en", "qqq"):
            continue
        for key, text in texts.items():
            yield from (f"{where}: {key}: {fault}" for fault in translation_faults(source.get(key, text), text))


def translation_faults(original, text):
    # A placeholder may be written out in one plural form and not in another, but none may be new or lost.
    wanted, given = set(PLACEHOLDER.findall(original)), set(PLACEHOLDER.findall(text))
    if given - wanted:
        yield "has $" + ", $".join(sorted(given - wanted)) + ", which the English text does not have"
    if wanted - given:
        yield "lacks $" + ", $".join(sorted(wanted - given))
    if text.count("{{") != text.count("}}"):
        yield "has unbalanced braces"


def unknown_keys(tree, english):
    """What code and templates ask for as a message must be one; parts filled in at run time may be anything."""
    places = {key.split("-")[0] for key in english}
    for path in tree.ending(".swift", ".mustache"):
        if not path.startswith(("Sources/", "Resources/templates/")):
            continue
        asked = {}
        for number, line in enumerate(tree.lines(path), 1):
            for key in LITERAL.findall(line.split("///")[0]):
                if key.split("-")[0] in places and is_message(line, key):
                    asked.setdefault(key, number)
        if path.endswith(".swift"):
            for key, number in keys_of_code(tree.text(path)):
                asked.setdefault(key, number)
        for key, number in asked.items():
            if not any(pattern_of(key).fullmatch(known) for known in english):
                yield f"{path}:{number}: {key} is in no en.json"


def is_message(line, key):
    """Attributes, file names and classes look alike: only what is asked for as a message counts."""
    before = line[: line.index(key)]
    return bool(ASKS.search(before))


def keys_of_code(text):
    """Keys of failures and phrases, and those of the events that the history of a ticket shows, with their lines."""
    for found in [*FAILURE.finditer(text), *PHRASE.finditer(text)]:
        yield found.group(1), text.count("\n", 0, found.start(1)) + 1
    for found in TICKET_EVENT.finditer(text):
        for kind in KIND.findall(found.group(1)):
            yield f"event-{kind}", text.count("\n", 0, found.start()) + 1


@functools.lru_cache(maxsize=None)
def pattern_of(key):
    return re.compile("[a-z0-9-]+".join(re.escape(part) for part in FILLED_IN.split(key)))

"""What a page says to people, and what of it nobody translated."""

import html.parser
import json
import pathlib
import re

I18N = pathlib.Path(__file__).parent.parent.parent / "i18n"
SHOWN = ("title", "aria-label", "placeholder", "alt")
# A date as English writes it.
DATES = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2}, \d{4}"
    r"|\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\d:\d\d [AP]M\b")
# Texts of people, which stay in their own language.
QUIET = {"script", "style", "code", "pre", "kbd", "textarea", "blockquote"}
VOID = {"input", "br", "img", "meta", "link", "hr", "wbr", "col", "use", "path"}


def messages(language):
    found = {}
    for file in sorted(I18N.glob(f"*/{language}.json")):
        found |= {key: text for key, text in json.loads(file.read_text()).items() if not key.startswith("@")}
    return found


class Words(html.parser.HTMLParser):
    """The texts of a page and of what is read aloud, without those that have a language or direction of their own."""

    def __init__(self, page):
        super().__init__()
        self.texts = []
        self.open = []
        self.feed(page)

    def own(self):
        return any(is_own for _, is_own in self.open)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        is_own = tag in QUIET or tag == "bdi" or (tag != "html" and ("lang" in attributes or "dir" in attributes))
        if not self.own() and not is_own:
            self.texts += [attributes[name] for name in SHOWN if attributes.get(name)]
        if tag not in VOID:
            self.open.append((tag, is_own))

    def handle_endtag(self, tag):
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data):
        if data.strip() and not self.own():
            self.texts.append(" ".join(data.split()))


class Untranslated:
    """Looks for English in a page of another language."""

    def __init__(self, language):
        english, own = messages("en"), messages(language)
        self.keys = set(english)
        self.english = {
            text for key, text in english.items()
            if own.get(key) != text and "$" not in text and "{{" not in text and len(text) > 3} - set(own.values())

    def faults(self, page):
        """What is left of a page that should not be there."""
        found = []
        for text in Words(page).texts:
            wrong = text in self.english or DATES.search(text) or "⧼" in text or "{{PLURAL" in text
            if wrong or re.search(r"\$\d(?!\d)", text) or text in self.keys:
                found.append(text[:120])
        return found

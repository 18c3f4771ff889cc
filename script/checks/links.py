"""Relative links in Markdown lead somewhere, to a heading that exists."""

import posixpath
import re

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.S)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*$", re.M)


def faults(tree):
    for path in tree.ending(".md"):
        if path.startswith("Tests/Fixtures/"):
            continue
        text = CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), tree.text(path))
        for found in LINK.finditer(text):
            target = found.group(1) or found.group(2)
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            fault = broken(tree, path, target)
            if fault:
                yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {target}: {fault}"


def broken(tree, path, target):
    name, _, anchor = target.partition("#")
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) if name else path
    if not tree.exists(wanted):
        return "does not exist"
    if anchor and wanted.endswith(".md") and anchor not in anchors(tree.text(wanted)):
        return "has no such heading"
    return None


def anchors(text):
    """Headings as GitHub and Gitea spell them."""
    return {
        re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-")
        for heading in HEADING.findall(text)
    }

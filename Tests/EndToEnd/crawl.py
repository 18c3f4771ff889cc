"""Every page there is: the list of routes from the snapshot of headers, an address of each found by following links."""

import html.parser
import pathlib
import re
import urllib.parse

ROUTES = pathlib.Path(__file__).parent.parent / "Snapshots" / "headers.txt"

# Answers that are no pages: what programs read, files, streams, and views that stand inside a page.
NOT_PAGES = (
    "/api/", "/healthz", "/readyz", "/metrics", "/live", "/static/", "/attachments/", "/draft-files/", "/help/feed",
    "/help/:name/file", "/knowledge/:id/file", "/knowledge/:id/wikitext", "/tickets/completions", "/tickets/:id/header",
    "/tickets/:id/colleagues", "/audit/lines", "/messages/:id/html", "/messages/:id/original", "/drafts/:id/html",
    "/deliveries/:id/original", "/suggestions/",
)
# How many addresses of a pattern are looked into for more links.
DEEP = {"/tickets/:id": 60, "/tickets": 8, "/reviews/:id": 12, "/knowledge/:id": 25, "/incidents/:id": 8}


def patterns():
    """The patterns of GET routes that answer with a page, literal ones before those with parameters."""
    found = re.findall(r"^GET (/\S*): ", ROUTES.read_text(), re.M)
    pages = [one for one in found if not one.startswith(NOT_PAGES)]
    return sorted(pages, key=lambda one: (one.count(":"), one))


class Links(html.parser.HTMLParser):
    """Where a page leads to without changing anything."""

    def __init__(self, page):
        super().__init__()
        self.paths = []
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        attributes = dict(pairs)
        if tag == "a" and attributes.get("href"):
            self.paths.append(attributes["href"])


class Crawl:
    """Follows links from the first pages of a visitor; `found` has an address for each pattern that was met."""

    def __init__(self, visitor, starts=("/",)):
        self.visitor = visitor
        self.known = [(one, re.compile(re.sub(r":\w+", r"[^/]+", one) + "$")) for one in patterns()]
        self.found = {}
        self.looked = {}
        self.waiting = []
        self.seen = set()
        for start in starts:
            self.note(start)
        while self.waiting:
            self.look(self.waiting.pop(0))

    def note(self, path):
        parts = urllib.parse.urlsplit(path)
        if parts.netloc and not path.startswith(self.visitor.url):
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        if path in self.seen or not parts.path.startswith("/"):
            return
        self.seen.add(path)
        pattern = next((one for one, form in self.known if form.match(parts.path)), None)
        if pattern and self.looked.get(pattern, 0) < DEEP.get(pattern, 2):
            self.looked[pattern] = self.looked.get(pattern, 0) + 1
            self.waiting.append((pattern, path))

    def look(self, place):
        pattern, path = place
        answer = self.visitor.session.get(self.visitor.url + path, timeout=60)
        if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
            return
        if urllib.parse.urlsplit(answer.url).path == urllib.parse.urlsplit(path).path:
            self.found.setdefault(pattern, path)
        for link in Links(answer.text).paths:
            self.note(urllib.parse.urljoin(path, link))

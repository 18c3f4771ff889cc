"""Texts of the desk: 5,000 in ten languages, two people at once: the list, one text, the editor, public help; then
suggestions for a mail and its ticket's page at 100,000 answered tickets. The bars are those of lists, tickets and
search."""

import random
import sqlite3
import subprocess
from urllib.parse import quote

import services
from desk import ADMIN, Desk
from letters import deliver, letter
from pages import Visitor
from pages_speed import REQUESTS, processor_ms, two_people
from waiting import until

LETTERS = {
    "en": "aeioulmnrst", "de": "aeinrstulgh", "fr": "aeioslntru", "es": "aeosrnidlc", "pt": "aeosridmnt",
    "ru": "оеаинтсрвл", "ar": "ايلمونترب", "hi": "कनरतसमहवलप",
    # As many characters as newspapers use: with a dozen of them every pair would stand in every text.
    "ja": "".join(chr(0x4E00 + 9 * place) for place in range(2000)),
    "zh": "".join(chr(0x4E03 + 7 * place) for place in range(2500)),
}
KINDS = ["template", "template", "article", "article", "article", "key-figure", "playbook", "lesson"]
QUESTION = "grandfather photograph licence reuse attribution permission archive publisher"
BAR, SEARCH_BAR = (8, 25), (15, 45)
ADDRESS = "text-{:05d}"


def vocabulary(chance, letters):
    return ["".join(chance.choice(letters) for _ in range(chance.randint(3, 9))) for _ in range(4000)]


def write_texts(folder, count):
    """Folders of Markdown as `liaison knowledge import` takes them: six paragraphs in ten languages, words by Zipf."""
    chance = random.Random(11)
    words = {language: vocabulary(chance, letters) for language, letters in LETTERS.items()}
    weights = [1 / (rank + 1) for rank in range(4000)]

    def said(language, number):
        return " ".join(chance.choices(words[language], weights, k=number))

    for number in range(count):
        place = folder / ADDRESS.format(number)
        place.mkdir(parents=True)
        kind = KINDS[number % len(KINDS)]
        value = f'field-value: "{number}"\n' if kind == "key-figure" else ""
        about = QUESTION if number % 100 == 0 else ""
        body = "\n\n".join(said("en", chance.randint(10, 40)) for _ in range(6))
        (place / "en.md").write_text(
            f'---\ntitle: "{said("en", 4)}"\nkind: "{kind}"\naudience: "{"public" if number % 3 else "team"}"\n'
            f'state: "published"\nowner: "{ADMIN}"\ntopic: "Topic {number % 20}"\n{value}---\n\n{body}\n\n{about}\n')
        for language in list(LETTERS)[1:]:
            parts = [(0, said(language, 4)), *((part, said(language, chance.randint(10, 40))) for part in range(1, 7))]
            marked = "\n\n".join(
                f'<!-- {{"paragraph":{part},"state":"translated"}} -->\n{text}' for part, text in parts)
            (place / f"{language}.md").write_text(f'---\ntranslation-of: "en"\n---\n{marked}\n')
    return words


def fingerprint(word):
    """FNV-1a of the beginning of a word, as `LessonTerms` makes it."""
    value = 0xCBF29CE484222325
    for byte in word[:7].encode():
        value = ((value ^ byte) * 0x100000001B3) % (1 << 64)
    return value - (1 << 64) if value >= 1 << 63 else value


def answered_tickets(queue, text, count):
    """SQL for tickets that were answered, one in three with a text; words of the question from seldom to common."""
    numbers = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT"
    yield (
        "INSERT INTO ticket (id, number, queue_id, subject, state, language, priority, owner_id, contact_id, sender, "
        "preview, merged_into, message_count, version, created_at, updated_at) "
        f"{numbers} i + 1000, CAST(i AS TEXT), {queue}, '', 'answered', 'en', 2, NULL, NULL, '', '', NULL, 1, 1, "
        "i * 1000, i * 1000 FROM n")
    yield (
        "INSERT INTO message (id, ticket_id, raw_id, direction, kind, author_id, from_name, from_address, subject, "
        "header_id, sent_at, created_at, language, text, new_text, has_html, problems, content_hash, copies, "
        f"is_newcomer) {numbers} i + 1000000, i + 1000, NULL, 'out', 'mail', NULL, '', '', '', '', i, i, 'en', '', "
        "'', 0, '', CAST('' AS {bytes}), 1, 0 FROM n")
    yield (
        f"INSERT INTO answered (message_id, ticket_id, text_id, language, gap_id) {numbers} i + 1000000, i + 1000, "
        f"CASE WHEN i % 3 = 0 THEN {text} END, 'en', NULL FROM n")
    for every, word in zip((2, 5, 10, 50, 100, 300, 600, 1000), QUESTION.split()):
        yield (
            f"INSERT INTO answered_term (term, side, message_id) {numbers} {fingerprint(word)}, 0, i + 1000000 "
            f"FROM n WHERE i % {every} = 0")
    for place in range(16):
        yield (
            f"INSERT INTO answered_term (term, side, message_id) {numbers} i % {200 + 400 * place} + "
            f"{1000000 * (place + 1)}, 0, i + 1000000 FROM n")


def run_sql(desk, statements):
    if desk.database:
        script = ";\n".join(each.replace("{bytes}", "BYTEA") for each in statements) + ";\nANALYZE;\n"
        subprocess.run(
            ["psql", desk.database, "--quiet", "--set", "ON_ERROR_STOP=1"], input=script.encode(), check=True,
            timeout=1800)
        return
    connection = sqlite3.connect(desk.data / "liaison.sqlite")
    try:
        with connection:
            for each in statements:
                connection.execute(each.replace("{bytes}", "BLOB"))
        # Readers of the next minutes do not pay for it.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def measure_paths(report, desk, name, cookie, paths, bars):
    for page, make_path in paths.items():
        before = processor_ms(desk)
        p50, p99 = two_people(desk.http_port, cookie, make_path)
        spent = (processor_ms(desk) - before) / (2 * REQUESTS)
        for label, value, bar in (("p50", p50, bars[page][0]), ("p99", p99, bars[page][1])):
            report.add(page, name, value, "ms", label + ", two clients", at_most=bar)
        report.add(page, name, spent, "ms", "of processor for one page")


def measure_texts(report, desk, name, cookie, words, count):
    texts = [text["id"] for text in desk.api.each("/texts", limit=200)]
    chance = random.Random(3)

    def word():
        language = chance.choice(list(LETTERS))
        return words[language][int(10 ** chance.uniform(0, 3.6)) - 1]

    def language():
        return chance.choice(list(LETTERS))

    # Two of three are public.
    articles = [number for number in range(count) if number % 3 and number % len(KINDS) in (2, 3, 4)]
    at = f" at {count:,} texts"
    paths = {
        "list of texts" + at: lambda: "/knowledge",
        "what lacks a language" + at: lambda: f"/knowledge?need=outdated&language={language()}",
        "search for texts" + at: lambda: f"/knowledge?query={quote(word())}",
        "one text" + at: lambda: f"/knowledge/{chance.choice(texts)}?language={language()}",
        "text beside translation" + at: lambda: f"/knowledge/{chance.choice(texts)}/translation?language=de",
        "public help" + at: lambda: f"/help?language={language()}",
        "public help, topic" + at: lambda: f"/help?language={language()}&topic=Topic%20{chance.randrange(20)}",
        "public help, search" + at: lambda: f"/help?language={language()}&query={quote(word())}",
        "public help, article" + at: lambda: (
            f"/help/{ADDRESS.format(chance.choice(articles))}?language={language()}"),
    }
    bars = {page: SEARCH_BAR if "search" in page else BAR for page in paths}
    measure_paths(report, desk, name, cookie, paths, bars)


def measure_suggestions(report, desk, name, visitor, answered):
    queue = desk.api.get("/queues").json()["items"][0]["id"]
    text = next(text["id"] for text in desk.api.each("/texts", query=QUESTION, kind="template"))
    desk.stop()
    run_sql(desk, answered_tickets(queue, text, answered))
    desk.serve()
    deliver(letter(subject="A question", text=QUESTION + "\n"), desk.lmtp_port)
    ticket = until(lambda: desk.api.tickets(limit=1) and newest(desk), 120, "nothing was filed")
    cookie = cookie_of(visitor)
    found = desk.api.get(f"/tickets/{ticket}/texts").json()["items"]
    assert found and found[0]["tickets"] > 0, found
    at = f" at {answered:,} answered tickets"
    paths = {
        "suggestions" + at: lambda: f"/tickets/{ticket}/texts?draft=&part=1",
        "ticket" + at: lambda: f"/tickets/{ticket}",
    }
    # Twice the bar of a ticket beyond 10,000 of them, as for all pages.
    factor = 2 if answered > 10_000 else 1
    bars = {"suggestions" + at: (50, 100), "ticket" + at: (8 * factor, 25 * factor)}
    measure_paths(report, desk, name, cookie, paths, bars)


def newest(desk):
    items = desk.api.get("/tickets", limit=1, sort="newest").json()["items"]
    return items[0]["id"] if items and items[0]["subject"] == "A question" else None


def cookie_of(visitor):
    return "; ".join(f"{item.name}={item.value}" for item in visitor.session.cookies)


def measure_engine(report, folder, texts, words, arguments, database):
    name = "Liaison, PostgreSQL" if database else "Liaison, SQLite"
    desk = Desk(folder / f"texts-{'postgres' if database else 'sqlite'}", database=database)
    try:
        desk.prepare()
        desk.command("knowledge", "import", str(texts), "--owner", ADMIN, timeout=3600)
        if database:
            subprocess.run(["psql", database, "--quiet", "--command", "ANALYZE"], check=True, timeout=600)
        desk.serve()
        visitor = Visitor(desk.url)
        measure_texts(report, desk, name, cookie_of(visitor), words, arguments.texts)
        measure_suggestions(report, desk, name, visitor, arguments.answered)
    finally:
        desk.close()


def measure(report, folder, arguments):
    if arguments.peers_only:
        report.note("knowledge: no peer is measured; the bars are absolute")
        return
    texts = folder / "texts"
    words = write_texts(texts, arguments.texts)
    postgres = services.Postgres(folder / "texts-cluster").start()
    try:
        for database in (None, postgres.new_database()):
            measure_engine(report, folder, texts, words, arguments, database)
    finally:
        postgres.stop()

"""The same words find the same mail on both engines, in the languages of the desk."""

import pytest

from letters import deliver, letter
from waiting import until

TEXTS = {
    "ar": "مَرْحَبًا، هل يمكنني نشر الصورة؟",
    "de": "Darf ich das Foto der Straße drucken?",
    "es": "¿Puedo corregir el artículo sobre Ávila?",
    "fr": "L'élève a trouvé une erreur.",
    "hi": "क्या मैं यह चित्र छाप सकता हूँ?",
    "ja": "この写真を印刷してもいいですか。",
    "pt": "Não consigo editar a página da praça.",
    "ru": "Можно ли исправить статью о Байкале?",
    "zh": "我可以修改这篇关于长江的条目吗？",
    "en": "Can I reuse the photograph of Luanda?",
}
QUERIES = {
    "مرحبا": "ar", "strasse": "de", "avila": "es", "eleve": "fr", "चित्र": "hi", "写真": "ja", "praca": "pt",
    "БАЙКАЛЕ": "ru", "长江": "zh", '"photograph of luanda"': "en",
}


def found_subjects(desk, query):
    return {item.get("subject") or item["ticket"]["subject"] for item in desk.api.each("/search", q=query)}


def test_words_are_found_whatever_their_case_and_marks(desk):
    for language, text in TEXTS.items():
        deliver(letter(subject=f"In {language}", text=text + "\n"), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == len(TEXTS), 60, "not everything was filed")

    for query, language in QUERIES.items():
        until(lambda: found_subjects(desk, query) == {f"In {language}"}, 30, f"{query} did not find {language}")


@pytest.mark.parametrize("query, count", [("queue:info", 10), ("queue:info -photograph", 9), ("nothinglikethis", 0)])
def test_the_command_line_finds_the_same(desk, query, count):
    for language, text in TEXTS.items():
        deliver(letter(subject=f"In {language}", text=text + "\n"), desk.lmtp_port)
    until(lambda: len(desk.api.tickets()) == len(TEXTS), 60, "not everything was filed")

    until(
        lambda: len(desk.command("search", query, "--json").splitlines()) == count, 30, f"{query} did not give {count}")

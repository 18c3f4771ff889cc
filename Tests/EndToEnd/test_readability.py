"""Readability agrees with textstat, given textstat's own counts; our syllables lie near pyphen's."""

import html
import json
import os
import pathlib
import re
import subprocess

import pyphen
import pytest
import textstat
from textstat.backend import counts as textstat_counts
from textstat.backend.counts import _count_syllables

import desk

# Texts of our own, a few sentences each: enough where the corpora are absent.
OWN = {
    "en": "Thank you for your letter about the photograph. We have looked at the page and found that the caption "
          "was wrong. An editor corrected it yesterday. You can follow the discussion about it on the talk page.",
    "de": "Vielen Dank für Ihren Brief über die Fotografie. Wir haben uns die Seite angesehen und festgestellt, dass "
          "die Bildunterschrift falsch war. Eine Autorin hat sie gestern berichtigt. Sie können die Diskussion "
          "darüber auf der Diskussionsseite verfolgen.",
    "es": "Muchas gracias por su carta sobre la fotografía. Hemos mirado la página y el pie de foto estaba "
          "equivocado. Una editora lo corrigió ayer. Puede seguir la conversación en la página de discusión.",
    "fr": "Merci pour votre lettre au sujet de la photographie. Nous avons regardé la page et la légende était "
          "fausse. Une contributrice l'a corrigée hier. Vous pouvez suivre la discussion sur la page prévue pour cela.",
    "ru": "Спасибо за ваше письмо о фотографии. Мы посмотрели страницу и увидели, что подпись была неверной. "
          "Участница исправила её вчера. Вы можете следить за обсуждением на странице обсуждения.",
    "pt": "Muito obrigado pela sua carta sobre a fotografia. Olhámos para a página e a legenda estava errada. Uma "
          "editora corrigiu-a ontem. Pode seguir a conversa na página de discussão.",
}
DICTIONARIES = {"en": "en_US", "de": "de_DE", "es": "es", "fr": "fr", "ru": "ru_RU", "pt": "pt_PT"}
NTREX = {"en": "eng", "de": "deu", "es": "spa", "fr": "fra", "ru": "rus", "pt": "por"}
# What textstat calls the formula, where it has it.
FORMULAS = {"en": "flesch", "de": "amstad", "es": "fernandez-huerta", "fr": "kandel-moles", "ru": "oborneva"}


def inspect(*arguments, text=""):
    done = subprocess.run(
        [desk.program(), "inspect", "readability", "--json", *arguments], input=text.encode(), capture_output=True,
        timeout=60, check=True)
    return json.loads(done.stdout)


def corpus(language):
    """News in that language; English pages besides."""
    news = pathlib.Path(os.environ.get("LIAISON_CORPORA", "")) / "news"
    lines = news / "ntrex" / f"{NTREX[language]}.jsonl"
    texts = [OWN[language]]
    if os.environ.get("LIAISON_CORPORA") and lines.is_file():
        segments = [json.loads(line)["text"] for line in lines.read_text().splitlines()]
        texts.append("\n".join(segments))
    if language == "en":
        for page in sorted(news.glob("readability/*/expected.html"))[:12]:
            words = html.unescape(re.sub(r"<[^>]+>", " ", page.read_text()))
            if (page.parent / "expected-metadata.json").read_text().count('"lang": "en') and len(words) > 2000:
                texts.append(words)
    return texts


@pytest.fixture(autouse=True)
def without_downloads(monkeypatch):
    """textstat would fetch a dictionary for English; without it, it counts with pyphen as elsewhere."""
    monkeypatch.setattr(_count_syllables, "get_cmudict", lambda lang: None)


def textstat_says(text, language):
    return {
        "sentences": textstat_counts.count_sentences(text),
        "words": textstat_counts.count_words(text),
        "syllables": textstat_counts.count_syllables(text, language),
        "longWords": textstat_counts.count_long_words(text),
        "polysyllables": textstat_counts.count_polysyllable_words(text, language),
        "monosyllables": textstat_counts.count_monosyllable_words(text, language),
        "letters": textstat_counts.count_letters(text),
    }


@pytest.mark.parametrize("language", FORMULAS)
def test_the_formula_agrees_with_textstat(language):
    for text in corpus(language):
        textstat.set_lang(language)
        counts = textstat_says(text, language)

        ours = inspect("--language", language, "--counts", ",".join(f"{k}={v}" for k, v in counts.items()))["scores"]

        assert ours[FORMULAS[language]] == pytest.approx(textstat.flesch_reading_ease(text), abs=0.01)
        assert ours["lix"] == pytest.approx(textstat.lix(text), abs=0.01)
        assert ours["rix"] == pytest.approx(textstat.rix(text), abs=0.01)
        if language == "de":
            for variant in (1, 2, 3, 4):
                theirs = textstat.wiener_sachtextformel(text, variant)
                assert ours[f"wiener-{variant}"] == pytest.approx(theirs, abs=0.01)
        if language == "es":
            assert ours["szigriszt-pazos"] == pytest.approx(textstat.szigriszt_pazos(text), abs=0.01)
            assert ours["crawford"] == pytest.approx(textstat.crawford(text), abs=0.01)
            assert ours["gutierrez-polini"] == pytest.approx(textstat.gutierrez_polini(text), abs=0.01)


def test_osman_agrees_with_textstat():
    text = "كتب الولد الدرس في المدرسة. ثم ذهب إلى البيت مع أصدقائه الكثيرين."
    counts = {
        "sentences": textstat_counts.count_sentences(text), "words": textstat_counts.count_words(text),
        "syllables": textstat_counts.count_arabic_syllables(text), "faseeh": textstat_counts.count_faseeh(text),
        "complexWords": textstat_counts.count_complex_arabic_words(text),
        "longArabicWords": textstat_counts.count_arabic_long_words(text),
    }

    ours = inspect("--language", "ar", "--counts", ",".join(f"{k}={v}" for k, v in counts.items()))["scores"]

    assert ours["osman"] == pytest.approx(textstat.osman(text), abs=0.01)


@pytest.mark.parametrize("language", DICTIONARIES)
def test_syllables_lie_within_three_percent_of_pyphens(language):
    patterns = pyphen.Pyphen(lang=DICTIONARIES[language])
    for text in corpus(language):
        words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())
        theirs = sum(len(patterns.positions(word)) + 1 for word in words)

        ours = inspect("--language", language, "-", text=text)["counts"]["syllables"]

        assert ours == pytest.approx(theirs, rel=0.03)

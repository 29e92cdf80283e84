"""Everything that is printed or kept for somebody who reads Spanish is in Spanish, its check words and dates too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from core import receipt, requests
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.paper import form, poster, recovery_sheet, slip
from core.receipt import Sender
from core.seal import check_words
from core.sheet import PRESETS, trial_sheet
from core.sheet.draw import draw_sheet
from core.sheet.face import CardFace
from core.text import Words

ENGLISH, SPANISH = Words("en"), Words("es")
CHECK = check_words(bytes(32), bytes(range(32)), "es")


def _copy() -> bytes:
    chosen = dict.fromkeys(TAXONOMY.channel_ids, "never") | {"video": "ask"}
    document = Preferences(
        channels=chosen,
        issued_at=datetime(2026, 11, 22, 10, tzinfo=UTC),
        expires_at=datetime(2027, 5, 22, 10, tzinfo=UTC),
    )
    sender = Sender("Ana Ruiz", "Sauce", ("@sauce",), "https://sayso.example.org")
    return receipt.pdf(receipt.my_copy(document, sender, "K7QM2XPF", "01234-56789", "", "Ana", "es"))


def _cards(preset: str) -> bytes:
    face = CardFace("K7QM2XPF", 7, "https://sayso.example.org", CHECK, "es", "Ana Ruiz", "Sauce")
    return draw_sheet([face], PRESETS[preset])


#: Each document, and some of the sentences that have to be on it.
DOCUMENTS: dict[str, tuple[Callable[[], bytes], tuple[str, ...]]] = {
    "copy": (_copy, ("print.copy.title", "channel.video.label", "treatment.ask.label")),
    "form": (
        lambda: form.pdf(form.PaperForm("Ana Ruiz", "Sauce", ("@sauce",), "K7QM2XPF", "es")),
        ("print.form.title", "notice.what", "notice.no", "treatment.never.label", "print.form.all_no"),
    ),
    "poster": (lambda: poster.pdf("Sauce", language="es"), ("print.poster.title",)),
    "slip": (lambda: slip.pdf(requests.invitation(SPANISH), "es"), ()),
    "recovery": (
        lambda: recovery_sheet.pdf(
            recovery_sheet.RecoverySheet("Sauce", "Ana Ruiz", date(2026, 11, 22), CHECK, "0123-4567", "es")
        ),
        (),
    ),
    "trial": (lambda: trial_sheet(next(iter(PRESETS.values())), language="es"), ()),
    **{f"cards {name}": (lambda name=name: _cards(name), ()) for name in PRESETS},
}


def text_of(pdf: bytes) -> str:
    """Every word of a PDF, with one space between."""
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pages).split())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_nothing_in_english(name) -> None:
    make, wanted = DOCUMENTS[name]
    said = text_of(make())
    for key in wanted:
        assert SPANISH(key) in said, key
    # Whole sentences, and not words that both languages have.
    english = [text for key, text in ENGLISH._strings.items() if len(text.split()) > 2 and text != SPANISH(key)]
    assert [text for text in english if "{" not in text and text in said] == []


@pytest.mark.parametrize("name", ["recovery", *(f"cards {name}" for name in PRESETS)])
def test_the_check_words_on_it_are_spanish(name) -> None:
    said = text_of(DOCUMENTS[name][0]())
    assert all(word in said for word in CHECK)
    assert set(CHECK).isdisjoint(check_words(bytes(32), bytes(range(32))))


@pytest.mark.parametrize(("name", "day"), [("copy", "22 de mayo de 2027"), ("recovery", "22 de noviembre de 2026")])
def test_its_dates_are_written_as_spanish_writes_them(name, day) -> None:
    assert day in text_of(DOCUMENTS[name][0]())


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_a_file_of_cards_is_named_in_the_language_of_its_cards(words):
    face = CardFace("K7QM2XPF", 7, "https://sayso.example.org", CHECK, words.language, "Ana Ruiz", "Sauce")
    made = pypdfium2.PdfDocument(draw_sheet([face], PRESETS["a4-10up"])).get_metadata_dict()
    assert (made["Title"], made["Author"]) == (words("print.sheet.title"), "Sayso")

"""Making cards: what is offered was read back, and what failed is never handed out."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from core import batches, qr
from core.card import address
from core.errors import AddressTooLong, BadInput, NotASite
from core.store import cards
from core.store.cards import Order
from tests.core.clinic import NOW

BASE = "https://sayso.example.org"


@pytest.fixture
def order(clinic):
    return Order(clinic.therapist.id, "en", BASE, "card", 3)


def _codes(pdf):
    pages = (page.render(scale=200 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf))
    return [text for page in pages for text in qr.seen_in(page)]


def test_the_sheet_holds_each_new_card_in_the_order_of_its_numbers(clinic, order):
    batch = batches.make(clinic.database, order, NOW)
    made = [cards.find_number(clinic.database, number) for number in range(batch.first, batch.last + 1)]
    assert [card.state for card in made] == ["printed"] * 3
    assert _codes(batch.pdf) == [address(BASE, card.code) for card in made]


def test_progress_counts_drawing_and_reading_back(clinic, order):
    told = []
    batches.make(clinic.database, order, NOW, progress=lambda done, steps: told.append((done, steps)))
    assert told == [(done, 6) for done in range(1, 7)]


def test_an_offset_moves_the_print_and_is_read_back_all_the_same(clinic, order):
    moved = batches.make(clinic.database, replace(order, preset="a6"), NOW, (2.0, -1.5))
    assert len(_codes(moved.pdf)) == 3


def test_cards_of_a_sheet_that_was_not_finished_are_blocked(clinic, order):
    class Stopped(Exception):
        pass

    def stop(done: int, _steps: int) -> None:
        if done == 4:
            raise Stopped

    before = cards.counts(clinic.database, clinic.therapist.id)
    with pytest.raises(Stopped):
        batches.make(clinic.database, order, NOW, progress=stop)
    after = cards.counts(clinic.database, clinic.therapist.id)
    assert after == before | {"blocked": before["blocked"] + 3}


@pytest.mark.parametrize(
    ("wrong", "offset", "error"),
    [
        ({"count": 0}, (0, 0), BadInput),
        ({"count": batches.MOST + 1}, (0, 0), BadInput),
        ({"preset": "none such"}, (0, 0), BadInput),
        ({}, (batches.WIDEST_OFFSET + 0.5, 0), BadInput),
        ({"base": f"https://{'long.' * 30}example.org"}, (0, 0), AddressTooLong),
    ],
)
def test_an_order_that_can_not_be_printed_makes_no_card(clinic, order, wrong, offset, error):
    before = cards.counts(clinic.database, clinic.therapist.id)
    with pytest.raises(error):
        batches.make(clinic.database, replace(order, **wrong), NOW, offset)
    assert cards.counts(clinic.database, clinic.therapist.id) == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://sayso.example.org", "https://sayso.example.org"),
        (" sayso.example.org/ ", "https://sayso.example.org"),
        ("http://192.168.1.9:8501", "http://192.168.1.9:8501"),
        ("https://[::1]:8501", "https://[::1]:8501"),
    ],
)
def test_an_address_is_kept_as_scheme_and_host(typed, kept):
    assert batches.site(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "https://",
        "not an address",
        "https://user@host",
        "https://host/path",
        "https://host?x=1",
        "ftp://host",
        "https://höst",
    ],
)
def test_an_address_that_says_more_or_less_is_refused(typed):
    with pytest.raises(NotASite):
        batches.site(typed)


def test_the_address_a_page_was_opened_at_gives_scheme_and_host():
    assert batches.origin("http://127.0.0.1:8501/cards") == "http://127.0.0.1:8501"
    assert batches.origin("") == ""

"""Making cards: what is offered was read back, and what failed is never handed out."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest

from core import batches, qr
from core.card import address
from core.errors import AddressTooLong, BadInput, BatchGone, CardBlocked, NoRoom, NotASite, StubBlocked
from core.sheet import PRESETS
from core.store import card_batches, cards
from core.store.cards import Order
from tests.core.clinic import NOW

BASE = "https://sayso.example.org"


@pytest.fixture
def order(clinic):
    return Order(clinic.therapist.id, "en", BASE, "card", 3)


def make(clinic, orders, **options):
    """Make cards, and return what was made with the PDF."""
    out = BytesIO()
    made = batches.make(clinic.database, orders, NOW, out, **options)
    return made, out.getvalue()


def _codes(pdf):
    pages = (page.render(scale=200 / 72).to_pil() for page in pypdfium2.PdfDocument(pdf))
    return [text for page in pages for text in qr.seen_in(page)]


def numbers(made):
    return range(made.first, made.last + 1)


def said(pdf, page):
    return pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()


def test_the_sheet_holds_each_new_card_in_the_order_of_its_numbers(clinic, order):
    made, pdf = make(clinic, [order])
    found = [cards.find_number(clinic.database, number) for number in numbers(made)]
    assert [card.state for card in found] == ["printed"] * 3
    assert _codes(pdf) == [address(BASE, card.code) for card in found]
    assert made.sheets == 3


def test_each_order_starts_a_sheet_of_its_own_and_its_sheets_are_counted(clinic, order):
    order = replace(order, preset="letter-10up")
    made, pdf = make(clinic, [replace(order, count=12), replace(order, count=1)])
    assert made.sheets == 3
    first = made.first
    for page, words in enumerate(
        (
            f"Sheet 1 of 2. Cards {first} to {first + 9}.",
            f"Sheet 2 of 2. Cards {first + 10} to {first + 11}.",
            f"Sheet 1 of 1. Card {first + 12}.",
        )
    ):
        assert words in said(pdf, page)
    states = {cards.find_number(clinic.database, number).state for number in numbers(made)}
    assert states == {"printed"}


def test_progress_counts_drawing_and_reading_back(clinic, order):
    told = []
    make(clinic, [order], progress=lambda done, steps: told.append((done, steps)))
    assert told == [(done, 6) for done in range(1, 7)]


def test_an_offset_moves_the_print_and_is_read_back_all_the_same(clinic, order):
    _, pdf = make(clinic, [replace(order, preset="a6")], offset_mm=(2.0, -1.5))
    assert len(_codes(pdf)) == 3


def test_until_its_sheets_were_read_back_no_card_of_a_batch_can_be_used(clinic, order):
    before = cards.counts(clinic.database, clinic.therapist.id)
    known = {row[0] for row in clinic.rows("SELECT code FROM card")}
    seen = []

    def look(*_):
        states = [state for code, state in clinic.rows("SELECT code, state FROM card") if code not in known]
        seen.append((states, cards.counts(clinic.database, clinic.therapist.id)))

    make(clinic, [order], progress=look)
    assert seen == [(["blocked"] * 3, before)] * 6
    assert cards.counts(clinic.database, clinic.therapist.id) == before | {"printed": before["printed"] + 3}


@pytest.mark.parametrize("step", [1, 4])
def test_of_work_that_was_stopped_no_card_is_left(clinic, order, step):
    class Stopped(Exception):
        pass

    def stop(done: int, _steps: int) -> None:
        if done == step:
            raise Stopped

    before = clinic.rows("SELECT * FROM card"), clinic.rows("SELECT * FROM batch")
    with pytest.raises(Stopped):
        make(clinic, [order, order], progress=stop)
    assert (clinic.rows("SELECT * FROM card"), clinic.rows("SELECT * FROM batch")) == before


def test_where_the_sheets_find_no_room_no_card_is_made(clinic, order):
    class Full(BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    before = clinic.rows("SELECT * FROM card")
    with pytest.raises(NoRoom):
        batches.make(clinic.database, [order], NOW, Full())
    assert clinic.rows("SELECT * FROM card") == before


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
        make(clinic, [replace(order, **wrong)], offset_mm=offset)
    assert cards.counts(clinic.database, clinic.therapist.id) == before


def test_the_limit_is_on_all_orders_together(clinic, order):
    half = replace(order, count=batches.MOST // 2 + 1)
    with pytest.raises(BadInput):
        make(clinic, [half, half])


def a_batch(clinic, order, count=12):
    made, _ = make(clinic, [replace(order, preset="letter-10up", count=count)])
    return card_batches.find(clinic.database, cards.find_number(clinic.database, made.first).batch_id)


def test_one_sheet_is_printed_again_with_the_same_codes_and_numbers(clinic, order):
    batch = a_batch(clinic, order)
    pdf = batches.again(clinic.database, batch, 2)
    wanted = [cards.find_number(clinic.database, number) for number in (batch.last - 1, batch.last)]
    assert sorted(_codes(pdf)) == sorted(address(BASE, card.code) for card in wanted)
    assert f"Sheet 2 of 2. Cards {batch.last - 1} to {batch.last}." in said(pdf, 0)
    assert batches.sheets(batch) == [(batch.first, batch.first + 9), (batch.first + 10, batch.last)]


def test_a_sheet_printed_again_leaves_out_what_is_in_somebodys_hand_or_blocked(clinic, order):
    batch = a_batch(clinic, order, 10)
    cards.hand_out(clinic.database, batch.first, NOW)
    cards.block(clinic.database, [batch.first + 1])
    pdf = batches.again(clinic.database, batch, 1)
    assert len(_codes(pdf)) == 8
    # What stays keeps its place: the third card is the first of the second row.
    third = cards.find_number(clinic.database, batch.first + 2)
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil()
    left, top = list(PRESETS["letter-10up"].places())[2]
    width, height = PRESETS["letter-10up"].card
    box = tuple(round(edge * 200 / 25.4) for edge in (left, top, left + width, top + height))
    assert qr.seen_in(page.crop(box)) == [address(BASE, third.code)]


@pytest.mark.parametrize("sheet", [0, 3])
def test_a_sheet_that_is_not_there_is_not_printed_again(clinic, order, sheet):
    with pytest.raises(BadInput):
        batches.again(clinic.database, a_batch(clinic, order), sheet)


def test_a_sheet_with_nothing_left_is_not_printed_again(clinic, order):
    batch = a_batch(clinic, order, 2)
    cards.block(clinic.database, [batch.first, batch.last])
    with pytest.raises(BadInput):
        batches.again(clinic.database, batch, 1)


def test_one_card_is_printed_again_for_its_own_client(clinic, order):
    made, _ = make(clinic, [order])
    card = cards.hand_out(clinic.database, made.first, NOW)
    assert _codes(batches.one_again(clinic.database, made.first, "a6")) == [address(BASE, card.code)]
    assert cards.find_number(clinic.database, made.first) == card


def test_a_blocked_card_is_not_printed_again(clinic, order):
    made, _ = make(clinic, [order])
    cards.block(clinic.database, [made.first])
    with pytest.raises(StubBlocked):
        batches.one_again(clinic.database, made.first, "a6")


def test_blocking_by_mistake_is_undone_for_just_those_cards(clinic, order):
    made, _ = make(clinic, [order])
    cards.hand_out(clinic.database, made.first, NOW)
    blocked = cards.block_printed(clinic.database, list(numbers(made)))
    assert blocked == [made.first + 1, made.last]
    assert cards.unblock(clinic.database, blocked) == 2
    states = [cards.find_number(clinic.database, number).state for number in numbers(made)]
    assert states == ["handed_out", "printed", "printed"]


def test_a_batch_that_was_cut_off_is_listed_and_stays_blocked_until_it_is_put_away(clinic, order):
    with clinic.database.write() as connection:
        begun = cards.begin(connection, order, NOW)
    (found,) = card_batches.unfinished(clinic.database)
    assert (found.first, found.last, found.blocked, found.finished) == (begun[0].number, begun[-1].number, 3, False)
    assert cards.unblock(clinic.database, [card.number for card in begun]) == 0
    with pytest.raises(CardBlocked):
        cards.usable(clinic.database, begun[0].code, NOW)
    with clinic.database.write() as connection:
        card_batches.put_away(connection, [found.id])
    assert card_batches.unfinished(clinic.database) == []
    with pytest.raises(BatchGone):
        card_batches.find(clinic.database, found.id)
    with clinic.database.write() as connection, pytest.raises(BatchGone):
        card_batches.finish(connection, [found.id], NOW)


def test_a_finished_batch_is_not_put_away(clinic, order):
    batch = a_batch(clinic, order)
    with clinic.database.write() as connection:
        card_batches.put_away(connection, [batch.id])
    assert card_batches.find(clinic.database, batch.id) == batch
    assert card_batches.latest(clinic.database)[0] == batch


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

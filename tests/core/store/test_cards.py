"""Cards from the printer to somebody's hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core import card as codes
from core.errors import BadInput, CardBlocked, CardExpired, CardUnknown
from core.model.dates import add_months
from core.store import cards
from core.store.cards import Order
from tests.core.clinic import NOW, later

BASE = "https://sayso.example.org"


def register(clinic, count, **options):
    with clinic.database.write() as connection:
        return cards.register(connection, Order(clinic.therapist.id, "en", BASE, "card", count), NOW, **options)


def test_a_batch_has_codes_of_its_own_and_numbers_that_go_on(clinic):
    first, second = register(clinic, 700), register(clinic, 3)
    assert [one.number for one in first + second] == list(range(13, 13 + 703))
    assert len({one.code for one in first + second}) == 703
    assert all(codes.is_valid(one.code) for one in first)


def test_a_code_that_is_taken_is_drawn_again(clinic):
    taken = clinic.card.code
    fresh = codes.draw()
    draws = iter([taken, fresh, fresh, codes.draw()])
    made = register(clinic, 2, draw=lambda: next(draws))
    assert made[0].code == fresh
    assert len({one.code for one in made} | {taken}) == 3


@pytest.mark.parametrize("count", [0, -1, 10_001])
def test_a_batch_is_neither_empty_nor_endless(clinic, count):
    with pytest.raises(BadInput):
        register(clinic, count)
    assert cards.counts(clinic.database, clinic.therapist.id)["printed"] == 2


def test_batches_made_at_once_share_no_number(clinic):
    with ThreadPoolExecutor(4) as threads:
        made = [one for batch in threads.map(lambda _: register(clinic, 20), range(6)) for one in batch]
    assert len({one.number for one in made}) == 120


@pytest.mark.parametrize("typed", ["{code}", "{lower}", " {shown} ", "{spaced}"])
def test_a_card_is_found_however_its_code_was_typed(clinic, typed):
    code = clinic.card.code
    text = typed.format(code=code, lower=code.lower(), shown=codes.shown(code), spaced=" ".join(code))
    assert cards.find(clinic.database, text) == clinic.card


@pytest.mark.parametrize("typed", ["", "K7QM2XPX", "hello", "' OR 1=1 --", "K7QM-2XP"])
def test_an_unknown_code_is_unknown(clinic, typed):
    with pytest.raises(CardUnknown):
        cards.find(clinic.database, typed)


@pytest.mark.parametrize("number", [0, -1, 999, 2**31, 2**70])
def test_an_unknown_number_is_unknown(clinic, number):
    with pytest.raises(CardUnknown):
        cards.find_number(clinic.database, number)


def test_a_card_nobody_handed_out_ends_and_says_so(clinic):
    code, end = clinic.printed[0].code, add_months(NOW, cards.SHELF_LIFE_MONTHS)
    assert cards.usable(clinic.database, code, later(days=30)).code == code
    with pytest.raises(CardExpired):
        cards.usable(clinic.database, code, end)
    assert cards.find(clinic.database, code).code == code


def test_a_card_that_was_handed_out_does_not_end(clinic):
    assert cards.usable(clinic.database, clinic.card.code, later(days=36500)) == clinic.card


def test_handing_out_twice_changes_nothing(clinic):
    number = clinic.printed[0].number
    cards.hand_out(clinic.database, number, later(days=1))
    cards.hand_out(clinic.database, number, later(days=2))
    [(at,)] = clinic.rows(f"SELECT handed_out_at FROM card WHERE number = {number}")  # noqa: S608 - a number
    assert at == int(later(days=1).timestamp())


def test_a_hand_out_by_mistake_is_taken_back(clinic):
    taken = cards.take_back(clinic.database, clinic.card.number, later(days=1))
    assert (taken.state, taken.ends_at is not None) == ("printed", True)


def test_a_lost_batch_is_blocked_but_never_a_card_in_somebodys_hand(clinic):
    lost = clinic.printed[0]
    assert cards.block(clinic.database, [lost.number, clinic.card.number]) == 1
    with pytest.raises(CardBlocked):
        cards.usable(clinic.database, lost.code, NOW)
    with pytest.raises(CardBlocked):
        cards.hand_out(clinic.database, lost.number, NOW)
    assert cards.usable(clinic.database, clinic.card.code, NOW) == clinic.card


def test_blocking_no_card_asks_which(clinic):
    with pytest.raises(BadInput):
        cards.block(clinic.database, [])


def test_cards_are_counted_by_state(clinic):
    cards.block(clinic.database, [clinic.printed[0].number])
    assert cards.counts(clinic.database, clinic.therapist.id) == {"printed": 1, "handed_out": 10, "blocked": 1}
    assert cards.counts(clinic.database, "nobody") == {"printed": 0, "handed_out": 0, "blocked": 0}

"""Card codes: drawn at random, checked, and read as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import card, crockford
from core.errors import CardUnknown
from tests.core.bodies import card_codes


@given(card_codes)
def test_a_drawn_code_is_valid_and_read_back_as_shown(code):
    assert card.is_valid(code)
    assert card.parse(card.shown(code)) == code
    assert card.parse(card.shown(code).lower()) == code


def test_a_draw_is_made_again_while_its_check_falls_outside_the_alphabet():
    numbers = iter([32, 36, 5])
    assert card.draw(lambda _: next(numbers)) == "00000055"


def test_all_of_the_seven_symbols_are_random():
    asked = []
    card.draw(lambda limit: asked.append(limit) or 0)
    assert asked == [32**7]
    assert len({card.draw() for _ in range(200)}) == 200


@given(card_codes, st.integers(0, 7), st.sampled_from(crockford.ALPHABET))
def test_one_wrong_symbol_is_always_noticed(code, place, symbol):
    wrong = code[:place] + symbol + code[place + 1 :]
    assert card.is_valid(wrong) == (wrong == code)


@given(card_codes, st.integers(0, 5))
def test_two_neighbours_that_changed_places_are_always_noticed(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert card.is_valid(swapped) == (swapped == code)


@given(st.text(max_size=12))
def test_what_is_typed_is_a_valid_code_or_refused(typed):
    try:
        code = card.parse(typed)
    except CardUnknown:
        return
    assert card.is_valid(code)


@pytest.mark.parametrize("code", ["k7qm2xpf", "K7QM-2XPF", " K7QM2XPF", "K7QM2XP", "K7QM2XPF0", ""])
def test_only_the_canonical_form_is_valid_as_it_is(code):
    assert not card.is_valid(code)


def test_the_address_on_a_card_fits_the_alphanumeric_mode_of_a_qr():
    address = card.address("https://say.example/", "K7QM2XPF")
    assert address == "HTTPS://SAY.EXAMPLE/C/K7QM2XPF"


@pytest.mark.parametrize(
    "typed",
    [
        "https://sayso.example.org/C/{code}",
        "HTTPS://SAYSO.EXAMPLE.ORG/C/{code}",
        " sayso.example.org/c/{code}/ ",
        "https://sayso.example.org/c/{lower}?a=b#c",
    ],
)
def test_the_whole_address_of_a_card_is_as_good_as_its_code(typed):
    code = card.draw()
    assert card.parse(typed.format(code=code, lower=code.lower())) == code


@pytest.mark.parametrize("typed", ["https://sayso.example.org/c/", "https://sayso.example.org/", "/c/K7QM2XPG/no"])
def test_an_address_of_no_card_is_an_unknown_card(typed):
    with pytest.raises(CardUnknown):
        card.parse(typed)

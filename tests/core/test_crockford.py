"""The one alphabet: what is written is read back, people may slip, machines may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import crockford
from core.crockford import ForeignCharacter, PadBits, WrongCheck

LOOKALIKES = {"0": "0Oo", "1": "1IiLl"}


@st.composite
def as_typed(draw, symbols):
    """Symbols as a person may bring them: case, look-alikes, spaces, hyphens and line breaks."""
    gaps = st.sampled_from(["", "", "", " ", "-", "\n", "\r\n", "\t", "\u00a0", " - "])
    letters = [draw(st.sampled_from(LOOKALIKES.get(s, s + s.lower()))) + draw(gaps) for s in symbols]
    return draw(gaps) + "".join(letters)


@given(st.binary(max_size=400))
def test_what_is_written_is_read_back(data):
    assert crockford.decode(crockford.encode(data)) == data


@given(st.data(), st.binary(max_size=60))
def test_reading_forgives_what_a_person_may_do(data, secret):
    assert crockford.decode(data.draw(as_typed(crockford.encode(secret)))) == secret


@given(st.text(crockford.ALPHABET, max_size=120))
def test_one_text_for_each_value(symbols):
    try:
        data = crockford.decode(symbols)
    except PadBits:
        return
    assert crockford.encode(data) == symbols


@given(st.text())
def test_any_text_is_read_or_refused_in_one_of_two_ways(text):
    try:
        crockford.decode(text)
    except (ForeignCharacter, PadBits):
        return
    assert set(crockford.tidy(text)) <= set(crockford.ALPHABET)


@given(st.text(crockford.ALPHABET, max_size=20), st.characters(), st.text(crockford.ALPHABET, max_size=20))
def test_a_foreign_character_is_refused_wherever_it_stands(before, character, after):
    readable = character.isspace() or character == "-" or (character.isascii() and character.upper() in "OIL")
    if readable or (character.isascii() and character.upper() in crockford.ALPHABET):
        return
    with pytest.raises(ForeignCharacter):
        crockford.decode(before + character + after)


@pytest.mark.parametrize("letter", ["ı", "İ", "ſ", "０", "Ａ", "٠", "ß", "\u212a", "u", "U"])
def test_no_letter_of_another_script_becomes_one_of_ours(letter):
    with pytest.raises(ForeignCharacter):
        crockford.decode("00" + letter)


@pytest.mark.parametrize("length", [1, 3, 6, 9, 11, 14])
def test_a_length_that_no_number_of_bytes_has_is_refused(length):
    with pytest.raises(PadBits):
        crockford.decode("0" * length)


@pytest.mark.parametrize(("symbols", "data"), [("", b""), ("00", b"\0"), ("ZW", b"\xff"), ("04", b"\x01")])
def test_known_values(symbols, data):
    assert crockford.encode(data) == symbols
    assert crockford.decode(symbols) == data


@given(st.integers(0, 32**10 - 1))
def test_a_number_keeps_its_leading_zeros(number):
    symbols = crockford.encode_number(number, 10)
    assert len(symbols) == 10
    assert crockford.decode_number(symbols) == number


@given(st.binary(min_size=16, max_size=16), st.data())
def test_a_code_to_write_down_is_read_back_as_typed(secret, data):
    code = crockford.secret_code(secret)
    assert crockford.read_secret_code(code) == secret
    assert crockford.read_secret_code(data.draw(as_typed(code.replace("-", "")))) == secret


@given(st.binary(min_size=16, max_size=16), st.integers(0, 26), st.sampled_from(crockford.CHECK_ALPHABET))
def test_one_wrong_symbol_in_a_code_is_always_noticed(secret, place, symbol):
    code = crockford.secret_code(secret).replace("-", "")
    wrong = code[:place] + symbol + code[place + 1 :]
    if wrong == code:
        return
    with pytest.raises((ForeignCharacter, WrongCheck)):
        crockford.read_secret_code(wrong)


@given(st.binary(min_size=16, max_size=16), st.integers(0, 24))
def test_two_neighbours_that_changed_places_are_always_noticed(secret, place):
    code = crockford.secret_code(secret).replace("-", "")
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped == code:
        return
    with pytest.raises((ForeignCharacter, WrongCheck)):
        crockford.read_secret_code(swapped)


def test_groups_are_for_reading_aloud():
    assert crockford.grouped("K7QM2XPF") == "K7QM-2XPF"
    assert crockford.grouped("ABCDE", 2, " ") == "AB CD E"

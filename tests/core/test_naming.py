"""Which card is meant by what a person types."""

from __future__ import annotations

import pytest

from core import card as codes
from core import naming, people
from core.errors import BadInput, CardBlocked
from core.store import cards, practice
from tests.core.clinic import NOW


@pytest.mark.parametrize(
    "typed", ["{code}", "{shown}", "{lower}", "{number}", "#{number}", "0{number}", " quiet RIVER ", "Quiet river"]
)
def test_a_card_is_meant_by_code_number_or_name(clinic, typed):
    card = clinic.cards[2]
    people.rename(clinic.vault, card.code, "Quiet river")
    typed = typed.format(code=card.code, shown=codes.shown(card.code), lower=card.code.lower(), number=card.number)
    assert naming.meant(clinic.vault, typed, NOW).card == card


@pytest.mark.parametrize("typed", ["", "  ", "Quiet", "999", "K7QM-2XPF"])
def test_what_names_no_card_is_refused(clinic, typed):
    people.rename(clinic.vault, clinic.card.code, "Quiet river")
    with pytest.raises(BadInput, match="no such card"):
        naming.meant(clinic.vault, typed, NOW)


def test_a_name_that_two_cards_share_is_refused(clinic):
    for card in clinic.cards[:2]:
        people.rename(clinic.vault, card.code, "Quiet river")
    with pytest.raises(BadInput, match="Several cards"):
        naming.meant(clinic.vault, "Quiet river", NOW)


def test_linking_by_name_links_both_ways(clinic):
    first, second = clinic.cards[:2]
    people.rename(clinic.vault, second.code, "Quiet river")
    assert naming.link(clinic.vault, first.code, "quiet river", NOW).card == second
    assert [other.card for other in people.linked_to(clinic.vault, second.code)] == [first.code]


@pytest.mark.parametrize(
    ("typed", "numbers"), [("3", [3]), ("#3", [3]), ("3, 5-7", [3, 5, 6, 7]), ("5–6", [5, 6]), (" 1 ,2, ", [1, 2])]
)
def test_numbers_are_read_one_by_one_and_as_ranges(clinic, typed, numbers):
    assert naming.numbers(clinic.vault, typed) == numbers


@pytest.mark.parametrize("typed", ["", ",", "three", "7-5", "0", "-3", "1-99999999", "12-13"])
def test_numbers_that_are_none_are_refused(clinic, typed):
    with pytest.raises(BadInput):
        naming.numbers(clinic.vault, typed)


def test_a_card_of_another_therapist_is_not_found_by_its_number(clinic):
    with clinic.database.write() as connection:
        other = practice.register_therapist(connection, "Sam Example", b"s" * 32, b"t" * 32, NOW)
        (strange,) = cards.register(connection, cards.Order(other, "en", "https://s.example", "card", 1), NOW)
    with pytest.raises(BadInput, match=f"no card number {strange.number}"):
        naming.hand_out(clinic.vault, str(strange.number), "", NOW)
    assert cards.find_number(clinic.database, strange.number).state == "printed"


def test_handing_out_notes_the_card_and_its_name(clinic):
    card = clinic.printed[0]
    person = naming.hand_out(clinic.vault, str(card.number), "  Quiet   river ", NOW)
    assert (person.card.state, person.name) == ("handed_out", "Quiet river")


def test_handing_out_without_a_name_keeps_the_one_there_is(clinic):
    people.rename(clinic.vault, clinic.card.code, "Quiet river")
    assert naming.hand_out(clinic.vault, str(clinic.card.number), " ", NOW).name == "Quiet river"


@pytest.mark.parametrize("before", ["", "Quiet river"])
def test_a_card_that_somebody_has_takes_no_other_name_by_a_slip_of_the_number(clinic, before):
    people.rename(clinic.vault, clinic.card.code, before)
    with pytest.raises(BadInput, match="handed out before"):
        naming.hand_out(clinic.vault, str(clinic.card.number), "Tall pine", NOW)
    assert clinic.vault.holder(clinic.card.code).alias == before


def test_handing_out_twice_with_the_same_name_changes_nothing(clinic):
    number = str(clinic.printed[0].number)
    first = naming.hand_out(clinic.vault, number, "Quiet river", NOW)
    assert naming.hand_out(clinic.vault, number, " Quiet  river", NOW) == first


def test_one_card_at_a_time_is_handed_out_and_no_blocked_one(clinic):
    first, second = (card.number for card in clinic.printed)
    with pytest.raises(BadInput, match="one number"):
        naming.hand_out(clinic.vault, f"{first}-{second}", "", NOW)
    cards.block(clinic.database, [first])
    with pytest.raises(CardBlocked, match=f"Card number {first} is blocked") as refused:
        naming.hand_out(clinic.vault, str(first), "", NOW)
    # Staff are the practice: nobody sends them there.
    assert "practice" not in refused.value.sentence

"""One draft on several cards is one asking, and askings have one order, whatever order they are read in."""

from __future__ import annotations

from itertools import permutations

import pytest

from core.asking import together
from tests.core.clinic import later
from tests.core.test_answers import CARD, START
from tests.core.test_asking import past

CARDS = (CARD, "00000000", "11111111")


def asked(draft, card, answer="yes"):
    return past(answer, 0, draft=draft, card=card)


def test_one_draft_is_one_asking_however_its_cards_lie_among_others():
    one, other = ([asked(draft, card) for card in CARDS] for draft in ("One draft.", "Another draft."))
    for history in permutations([*one[:2], *other[:2]]):
        assert {each.asked.request.draft for each in together(history)} == {"One draft.", "Another draft."}
        assert len(together(history)) == 2


@pytest.mark.parametrize("answers", list(permutations(["yes", None, "no"])), ids=str)
def test_of_one_draft_on_several_cards_the_most_protective_answer_counts(answers):
    history = [asked("One draft.", card, answer) for card, answer in zip(CARDS, answers, strict=True)]
    assert [one.answer for one in together(history)] == ["no"]


def test_which_of_two_equal_answers_is_told_does_not_depend_on_the_order():
    history = [asked("One draft.", card) for card in CARDS]
    assert {together(each)[0].asked.request_id for each in permutations(history)} == {
        min(one.asked.request_id for one in history)
    }


def test_drafts_asked_about_in_one_second_have_one_order():
    history = [asked(f"Draft {number}.", CARD) for number in range(6)]
    ids = [one.asked.request_id for one in together(history)]
    assert ids == sorted(ids)
    older = past("yes", 1, draft="Older.", now=later())
    assert older.asked.request.issued_at < START
    assert together([*history, older])[0] == older

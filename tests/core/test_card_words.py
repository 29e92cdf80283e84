"""Check words on a card: no therapist's keys, at set-up or when they are renewed, have words that would hurt there."""

from __future__ import annotations

import pytest

from core import card_words, seal
from core.keys import SealingKey, SigningKey, TherapistKeys, for_cards
from core.text import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_word_that_is_kept_away_could_have_come(language):
    met = set()
    for number in range(6000):
        met |= set(seal.check_words(number.to_bytes(32), bytes(32), language))
    assert len(met) == 2048
    assert met >= card_words.UNFIT[language]


def test_new_keys_have_words_for_a_card_in_every_language():
    for _ in range(40):
        keys = TherapistKeys.new()
        for language in LANGUAGES:
            assert card_words.UNFIT[language].isdisjoint(keys.words(language))


def test_keys_with_such_a_word_are_known():
    signing = SigningKey(bytes(range(32)))
    drawn = [SealingKey.new().public for _ in range(200)]
    hurt = [one for one in drawn if "cáncer" in seal.check_words(one, signing.public, "es")]
    unfit = [one for one in drawn if not card_words.fit(one, signing.public)]
    assert set(hurt) <= set(unfit)
    # About four of ten have one in one of the two languages.
    assert 20 < len(unfit) < 160
    assert card_words.fit(for_cards(signing.public).public, signing.public)


def test_each_language_says_which_words_hurt():
    assert set(card_words.UNFIT) == set(LANGUAGES)

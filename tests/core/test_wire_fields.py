"""Single fields of the 240 bytes: what a token without a signature may not carry, and what a refusal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core import wire
from core.errors import Malformed
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CHANNELS = dict.fromkeys(TAXONOMY.channel_ids, "never")


def unsigned(**changes):
    choices = Preferences(channels=CHANNELS, understood=changes.get("understood", False), issued_at=NOW)
    body = wire.Body(wire.Choices(choices), "K7QM2XPF", NOW, None, 1, bytes(8), "en", signed=False)
    return wire.encode(replace(body, **changes))


@pytest.mark.parametrize("flag", ["understood", "guardian", "paper"])
@pytest.mark.parametrize("place", [128, 159, 160, 175, 176, 239], ids=lambda place: f"byte {place}")
def test_no_other_flag_lets_a_token_without_a_signature_carry_a_key(flag, place):
    data = bytearray(unsigned(**{flag: True}))
    assert wire.decode(bytes(data), NOW)
    data[place] = 1
    with pytest.raises(Malformed, match="carries a key"):
        wire.decode(bytes(data), NOW)


@pytest.mark.parametrize("place", [14, 45])
def test_not_even_a_part_of_a_sealing_key_goes_without_a_signature(place):
    data = bytearray(unsigned())
    data[34 + place] = 1
    with pytest.raises(Malformed, match="carries a key"):
        wire.decode(bytes(data), NOW)


def test_a_choice_that_breaks_a_rule_is_refused_in_the_words_of_that_rule():
    data = bytearray(unsigned())
    data[34 + 11] = 5
    with pytest.raises(Malformed) as refused:
        wire.decode(bytes(data), NOW)
    assert refused.value.details == {"problem": "gap_months must be 6, 3 or 0"}


def test_of_several_broken_rules_the_first_is_told():
    data = bytearray(unsigned())
    data[34 + 5] = TAXONOMY.treatment_codes["disguised"]
    data[34 + 11] = 5
    with pytest.raises(Malformed) as refused:
        wire.decode(bytes(data), NOW)
    assert refused.value.details == {"problem": "promotion has a choice that is not offered there"}


@pytest.mark.parametrize("language", [b"e\n", b"e1", b"EN", b"\0\0", b"e "])
def test_a_language_is_two_small_letters(language):
    data = bytearray(unsigned())
    data[32:34] = language
    with pytest.raises(Malformed, match="language"):
        wire.decode(bytes(data), NOW)


def test_a_yes_of_twelve_months_says_so_in_its_bytes():
    ends = add_months(NOW, 12)
    choices = Preferences(channels=CHANNELS | {"video": "ask"}, issued_at=NOW, expires_at=ends)
    body = wire.Body(wire.Choices(choices), "K7QM2XPF", NOW, ends, 1, bytes(8), "en", signed=False)
    assert wire.encode(body)[34 + 12] == 12

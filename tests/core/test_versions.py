"""Which notices a yes still rests on: changed words void it unless the change was marked as minor."""

from __future__ import annotations

from datetime import date

from core import knowing
from core.model.circumstances import Circumstances
from core.text import notice_hash
from core.text.versions import counts, still_counts
from tests.core.clinic import NOW, later
from tests.core.story import Client

OLD, OLDER, OLDEST, NOW_SHOWN = (bytes([n]) * 8 for n in range(1, 5))


def shown(*versions):
    return [{"notice": notice.hex(), "then": then} for notice, then in versions]


def test_the_words_shown_today_count_in_every_language():
    for language in ("en", "es", "xx"):
        assert still_counts(notice_hash(language), language)


def test_words_that_nobody_listed_were_changed_in_a_major_way():
    assert not still_counts(OLD, "en")
    assert not counts(OLD, NOW_SHOWN, [])


def test_a_yes_outlives_minor_changes_and_no_major_one():
    history = shown((OLDEST, "major"), (OLDER, "minor"), (OLD, "minor"))
    assert counts(OLD, NOW_SHOWN, history)
    assert counts(OLDER, NOW_SHOWN, history)
    assert not counts(OLDEST, NOW_SHOWN, history)


def test_words_that_came_back_count_from_their_last_showing():
    history = shown((OLD, "major"), (OLDER, "major"), (OLD, "minor"))
    assert counts(OLD, NOW_SHOWN, history)
    assert not counts(OLDER, NOW_SHOWN, history)


def test_a_yes_to_other_words_has_lapsed_and_a_no_has_not(clinic, monkeypatch):
    yes, no = Client(clinic, clinic.cards[0]), Client(clinic, clinic.cards[1])
    yes.chooses(treatment="ask")
    no.chooses(treatment="never")
    monkeypatch.setattr("core.text.versions.notice_hash", lambda _language: NOW_SHOWN)
    assert knowing.person_of(clinic.vault, yes.card.code, NOW).lapsed
    assert not knowing.person_of(clinic.vault, no.card.code, NOW).lapsed


def test_a_minor_of_age_and_someone_who_died_have_lapsed(clinic):
    client = Client(clinic, clinic.card)
    client.chooses()
    assert not knowing.person_of(clinic.vault, client.card.code, NOW).lapsed
    for about, at, lapsed in (
        ({"majority_on": date(2026, 12, 1)}, later(days=8, hours=-1), False),
        # The day has begun where the clock is furthest ahead.
        ({"majority_on": date(2026, 12, 1)}, later(days=8), True),
        ({"died": True}, NOW, True),
    ):
        knowing.note_circumstances(clinic.vault, client.card.code, Circumstances(**about))
        assert knowing.person_of(clinic.vault, client.card.code, at).lapsed == lapsed

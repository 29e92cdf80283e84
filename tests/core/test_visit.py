"""A client at one browser: a change after a save is sent, another card ends the first, a stop begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import visit
from core.drafts import Draft
from core.keys import ClientKeys
from core.portal import Portal
from core.settings import Settings
from tests.core.clinic import NOW, Clinic

BROWSER = "one browser"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    made = Portal(Settings(data=tmp_path), b"test")
    yield made
    made.database.close()


@pytest.fixture
def saved(clinic: Clinic) -> Draft:
    """A draft of nevers that was saved."""
    return visit.save(clinic.outbox, Draft(clinic.card.code, way="no"), clinic.card, clinic.therapist, NOW)


@pytest.mark.parametrize(
    "answers",
    [
        {"way": "each", "channels": {"video": "ask"}, "term_months": 3},
        {"way": "same", "same": "ask"},  # not finished: the term is missing
        {"way": None},
    ],
)
def test_a_draft_that_differs_from_what_was_saved_is_not_saved_any_more(saved: Draft, answers: dict) -> None:
    changed = visit.going_on(replace(saved, **answers))
    assert changed.saved is None
    assert changed.keys == saved.keys


@pytest.mark.parametrize("answers", [{}, {"mark": "A."}, {"way": "same", "same": "never"}])
def test_a_draft_that_says_the_same_in_other_words_stays_saved(saved: Draft, answers: dict) -> None:
    assert visit.going_on(replace(saved, **answers)).saved == saved.saved


def test_an_unsaved_draft_goes_on_as_it_is() -> None:
    draft = Draft("K7QM2XPF", way="no")
    assert visit.going_on(draft) is draft


def test_scanning_another_card_closes_what_was_open_for_the_first(portal: Portal, saved: Draft) -> None:
    visit.scan(portal, BROWSER, saved.card)
    portal.drafts.put(BROWSER, saved)
    portal.personal.put(BROWSER, bytes(16))
    visit.scan(portal, BROWSER, saved.card)
    assert portal.drafts.get(BROWSER) == saved
    visit.scan(portal, BROWSER, "K7QM2XPF")
    assert portal.drafts.get(BROWSER) is None
    assert portal.personal.get(BROWSER) is None
    assert portal.cards.get(BROWSER) == "K7QM2XPF"


def test_another_card_in_one_browser_leaves_every_other_browser_alone(portal: Portal, saved: Draft) -> None:
    visit.scan(portal, "another browser", saved.card)
    portal.drafts.put("another browser", saved)
    visit.scan(portal, BROWSER, "K7QM2XPF")
    assert portal.drafts.get("another browser") == saved


def test_after_a_stop_choosing_begins_anew_under_the_same_keys(portal: Portal, saved: Draft) -> None:
    portal.drafts.put(BROWSER, saved)
    visit.after_stop(portal, BROWSER, saved.card)
    assert portal.drafts.get(BROWSER) == Draft(saved.card, keys=saved.keys)


def test_a_stop_on_one_card_leaves_the_draft_of_another_alone(portal: Portal) -> None:
    draft = Draft("K7QM2XPF", way="no", keys=ClientKeys.new())
    portal.drafts.put(BROWSER, draft)
    visit.after_stop(portal, BROWSER, "00000000")
    assert portal.drafts.get(BROWSER) == draft


def test_choosing_again_after_a_stop_is_sent_again_and_follows_it(clinic: Clinic, saved: Draft) -> None:
    """The same choices as before a stop are news after it."""
    keys = saved.keys
    assert keys is not None
    stopped = clinic.stop(NOW, keys)
    anew = replace(Draft(saved.card, keys=keys), way="no")
    again = visit.save(clinic.outbox, anew, clinic.card, clinic.therapist, NOW)
    assert again.saved is not None
    assert again.saved.token.body.issued_at > stopped.token.body.issued_at
    assert again.saved.token.body.previous == stopped.token.digest[:16]


def test_a_windows_mark_tells_cards_and_browsers_apart_and_names_neither(portal: Portal) -> None:
    mark = visit.window_mark(portal, BROWSER, "K7QM2XPF")
    assert mark == visit.window_mark(portal, BROWSER, "K7QM2XPF")
    assert mark != visit.window_mark(portal, BROWSER, "K7QM2XPG")
    assert mark != visit.window_mark(portal, "another browser", "K7QM2XPF")
    assert "K7QM" not in mark

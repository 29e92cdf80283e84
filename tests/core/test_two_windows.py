"""Two windows of one browser: the same draft saved in both at the same moment is one token under one set of keys."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from core import importing, saving, visit
from core.drafts import Draft
from core.errors import StoreUnavailable
from core.portal import Portal
from core.settings import Settings
from tests.core.clinic import NOW, SECRET, Clinic, later

BROWSER = "one browser"
WINDOWS = 6


@pytest.fixture
def portal(clinic: Clinic) -> Iterator[Portal]:
    made = Portal(Settings(database_url=clinic.address), SECRET)
    yield made
    made.database.close()


def chosen(portal: Portal, clinic: Clinic, **answers: object) -> Draft:
    """What each window found when it began: the browser's unsaved draft."""
    draft = Draft(clinic.card.code, way="same", same="ask", term_months=6)
    portal.drafts.put(BROWSER, replace(draft, **answers))
    return portal.drafts.get(BROWSER)


def save(portal: Portal, clinic: Clinic, draft: Draft, at=NOW) -> Draft:
    return visit.save_here(portal, BROWSER, draft, clinic.card, clinic.therapist, at)


def at_once(act, things) -> list:
    """Do it for each thing in a thread of its own, all beginning at the same moment."""
    begin = Barrier(len(things), timeout=30)

    def one(thing):
        begin.wait()
        return act(thing)

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(one, things))


def sent(clinic: Clinic) -> list:
    return importing.look_at_mailbox(clinic.vault, later())


def test_all_windows_send_one_token(portal: Portal, clinic: Clinic) -> None:
    draft = chosen(portal, clinic)
    saved = at_once(lambda one: save(portal, clinic, one), [draft] * WINDOWS)
    assert len({one.saved.acknowledgement for one in saved}) == 1
    assert len(sent(clinic)) == 1
    assert portal.drafts.get(BROWSER).saved == saved[0].saved


def test_a_window_that_keeps_what_it_began_with_does_not_undo_the_save(portal: Portal, clinic: Clinic) -> None:
    """Its run began before the other window saved, and comes to Save after it."""
    began_with = chosen(portal, clinic)
    first = save(portal, clinic, began_with)
    visit.keep(portal, BROWSER, replace(began_with, mark="A."))
    assert portal.drafts.get(BROWSER).saved == first.saved
    assert save(portal, clinic, replace(began_with, mark="A.")).saved == first.saved
    assert len(sent(clinic)) == 1


def test_windows_that_say_different_things_follow_one_another_under_one_set_of_keys(
    portal: Portal, clinic: Clinic
) -> None:
    draft = chosen(portal, clinic)
    terms = [replace(draft, term_months=months) for months in (3, 6, 12)]
    saved = at_once(lambda one: save(portal, clinic, one), terms)
    assert len({one.keys.seed for one in saved}) == 1
    assert len({one.saved.token.body.issued_at for one in saved}) == len(terms)
    assert len(sent(clinic)) == len(terms)


def test_the_same_choices_saved_again_on_purpose_are_sent_again(portal: Portal, clinic: Clinic) -> None:
    first = save(portal, clinic, chosen(portal, clinic))
    visit.keep(portal, BROWSER, visit.change_again(first))
    again = save(portal, clinic, portal.drafts.get(BROWSER))
    assert again.saved.acknowledgement != first.saved.acknowledgement
    assert again.saved.token.body.previous == first.saved.token.digest[:16]


def test_the_same_choices_after_a_stop_are_sent_again(portal: Portal, clinic: Clinic) -> None:
    first = save(portal, clinic, chosen(portal, clinic))
    visit.after_stop(portal, BROWSER, clinic.card.code)
    anew = replace(portal.drafts.get(BROWSER), way="same", same="ask", term_months=6)
    visit.keep(portal, BROWSER, anew)
    again = save(portal, clinic, anew)
    assert again.saved.acknowledgement != first.saved.acknowledgement
    assert again.keys == first.keys


def test_after_a_failure_any_window_sends_what_was_prepared(portal: Portal, clinic: Clinic) -> None:
    draft = chosen(portal, clinic)
    with clinic.refusing("INSERT ON parcel"):
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                save(portal, clinic, draft)
    prepared = portal.drafts.get(BROWSER)
    assert prepared.letter is not None
    saved = at_once(lambda one: save(portal, clinic, one), [draft, prepared])
    assert {one.saved.acknowledgement for one in saved} == {prepared.letter.token.acknowledgement}
    assert len(sent(clinic)) == 1


def test_another_browser_has_keys_of_its_own(portal: Portal, clinic: Clinic) -> None:
    draft = chosen(portal, clinic)
    first = save(portal, clinic, draft)
    second = visit.save_here(portal, "another browser", draft, clinic.card, clinic.therapist, NOW)
    assert second.keys != first.keys


def test_what_was_saved_for_a_browser_that_left_is_not_kept_for_it(portal: Portal, clinic: Clinic) -> None:
    draft = chosen(portal, clinic)
    portal.forget_browser(BROWSER)
    saved = save(portal, clinic, draft)
    assert portal.drafts.get(BROWSER) is None
    assert saving.own_record(portal.database, saved.keys, NOW)

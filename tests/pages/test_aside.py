"""A parcel that cannot be read is set aside with one tap, listed folded, and taken back with another."""

from __future__ import annotations

import secrets

import pytest

from core import parcel, people
from core.portal import clock
from core.store import mailbox
from tests.pages.conftest import shown


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def throw_in(practised):
    with practised.portal.database.write() as connection:
        recipient = parcel.recipient_of(practised.therapist.sealing_public)
        return mailbox.post(connection, recipient, secrets.token_bytes(4096), clock())


def test_one_that_cannot_be_read_is_set_aside_and_taken_back(at_work, page):
    parcel_id = throw_in(at_work)
    at = page("inbox")
    assert "It may have been a no." in shown(at)
    at.button(key=f"aside-{parcel_id}").click().run()
    said = shown(at)
    assert "It is kept" in said
    assert "Set aside: 1" in said
    assert people.unopened(at_work.vault) == 0
    at.button(key=f"back-{parcel_id}").click().run()
    assert people.unopened(at_work.vault) == 1
    assert "It may have been a no." in shown(at)


def test_it_does_not_keep_the_others_from_being_read(at_work, page):
    throw_in(at_work)
    at_work.save(at_work.cards[0], channels={"video": "ask"})
    at = page("inbox")
    assert len([one for one in at.button if one.key.startswith("aside-")]) == 1
    assert [one for one in at.button if one.key.startswith("confirm-mailbox")]


def test_a_second_tap_in_another_window_changes_nothing(at_work, page):
    parcel_id = throw_in(at_work)
    one, other = page("inbox"), page("inbox")
    for window in (one, other):
        window.button(key=f"aside-{parcel_id}").click().run()
        assert not window.error
    assert people.unopened(at_work.vault) == 0

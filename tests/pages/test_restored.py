"""A therapist after a restore from a backup: the list says why, one card asks, and importing again counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import importing
from core.keys import ClientKeys
from core.portal import clock
from core.store import restorations
from tests.pages.conftest import shown


def take_in(practised, saved, at):
    importing.keep(practised.vault, importing.preview(practised.vault, saved.token.text, clock()), at, compared=True)


@pytest.fixture
def restored(practised):
    """A practice whose one client's choices were there before the restore."""
    practised.unlock()
    saved = practised.save(practised.cards[0], ClientKeys.new(), channels={"video": "ask"})
    before = clock() - timedelta(minutes=5)
    importing.keep(
        practised.vault, importing.preview(practised.vault, saved.token.text, clock()), before, compared=True
    )
    with practised.portal.database.write() as connection:
        restorations.note(connection, before + timedelta(minutes=1))
    practised.sent = saved
    return practised


def on_hold(practised):
    return importing.standing(practised.vault, practised.cards[0].code).on_hold


def opened(page, practised):
    return page("people").button(key=f"open-{practised.cards[0].number}").click().run()


def test_the_card_says_why_it_waits_and_one_tap_confirms_it(restored, page):
    at = opened(page, restored)
    assert "The records were restored from a backup" in shown(at)
    assert any(restored.sent.acknowledgement in element.value for element in at.get("html"))
    assert on_hold(restored)
    at.button(key="still-holds").click().run()
    assert "These choices count again." in shown(at)
    assert not on_hold(restored)
    assert "still-holds" not in [button.key for button in at.button]


def test_the_same_token_imported_again_counts(restored, page):
    at = page("inbox")
    at.text_area(key="pasted").set_value(restored.sent.token.text)
    at.button(key="look").click().run()
    # It lies in the mailbox too: either way is enough.
    keep = [button for button in at.button if button.key.startswith("keep-")]
    keep[-1].click().run()
    assert not at.exception
    assert not on_hold(restored)


def test_a_practice_that_was_never_restored_is_not_asked(practised, page):
    practised.unlock()
    saved = practised.save(practised.cards[0], ClientKeys.new(), channels={"video": "ask"})
    importing.keep(
        practised.vault, importing.preview(practised.vault, saved.token.text, clock()), clock(), compared=True
    )
    assert "still-holds" not in [button.key for button in opened(page, practised).button]

"""The cards page after the portal was started again: of each job all cards are there or none, and that is said."""

from __future__ import annotations

from threading import Event
from time import sleep

import pytest

from core import batches
from core.portal import clock
from core.printing import Press
from core.store import card_batches, cards
from core.store.cards import Order
from core.text import Words
from tests.pages.conftest import BASE, shown

WORDS = Words()


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def orders(practised, count):
    return [Order(practised.therapist.id, "en", BASE, "card", count)]


def started_again(practised):
    """What a new process has: the database and the folder, and no job."""
    portal = practised.portal
    portal.press = Press(portal.database, portal.settings.data / "printing", clock)


def count(practised):
    return sum(cards.counts(practised.portal.database, practised.therapist.id).values())


def test_sheets_that_were_gone_before_they_were_saved_can_be_made_again(at_work, page):
    before = count(at_work)
    job = at_work.portal.press.start("somebody", orders(at_work, 2))
    for _ in range(3000):
        if job.is_over:
            break
        sleep(0.01)
    assert job.state == "ready"
    started_again(at_work)
    at = page("cards")
    assert count(at_work) == before + 2
    assert not at.warning
    assert "download" not in [button.key for button in at.get("download_button")]
    assert "a file that was gone before you saved it" in shown(at)
    batch = card_batches.latest(at_work.portal.database)[0]
    assert (batch.first, batch.last) == (job.made.first, job.made.last)
    assert batches.again(at_work.portal.database, batch, 1).startswith(b"%PDF")


def test_a_job_that_waited_its_turn_made_nothing_and_said_so_before(at_work, page, monkeypatch):
    go_on, before = Event(), count(at_work)
    make = batches.make
    monkeypatch.setattr(batches, "make", lambda *given: go_on.wait(30) and make(*given))
    first = at_work.portal.press.start("somebody", orders(at_work, 2))
    owner = at_work.therapist.id
    second = at_work.portal.press.start(owner, orders(at_work, 3))
    at = page("cards")
    assert second.state == "waiting"
    assert [one.proto.text for one in at.get("progress")] == [WORDS("cards.waiting")]
    assert "If the portal stops before that, none of them are made." in WORDS("cards.waiting")
    # What a portal that is killed now would leave.
    assert count(at_work) == before
    assert card_batches.unfinished(at_work.portal.database) == []
    first.stop()
    second.stop()
    go_on.set()
    for _ in range(3000):
        if first.is_over and second.is_over:
            break
        sleep(0.01)
    started_again(at_work)
    at = page("cards")
    assert not at.warning
    assert "make" in [button.key for button in at.button]
    assert count(at_work) == before
    assert card_batches.unfinished(at_work.portal.database) == []

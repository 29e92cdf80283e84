"""A clock that was set back: a draft can be kept, its verdict waits, and the one sentence says why."""

from __future__ import annotations

import pytest

from core import drafting, knowing, posting
from core.errors import ClockBehind
from core.store import audit
from tests.core.clinic import NOW, later
from tests.core.story import about, draft, publish


@pytest.fixture
def seen_later(clinic, free):
    """Something was entered two days later, and the newest entry after it is of an earlier day."""
    with clinic.database.write() as connection:
        audit.append(connection, "backup", later(days=2))
    with clinic.database.write() as connection:
        audit.append(connection, "backup", later(days=1))


def test_nothing_is_allowed_before_the_newest_moment_the_record_knows(clinic, free, seen_later):
    post = about((free.card.code, "2026-05-01"))
    for at in (NOW, later(days=1), later(days=2, seconds=-1)):
        with pytest.raises(ClockBehind):
            knowing.judge(clinic.vault, post, at)
    assert knowing.judge(clinic.vault, post, later(days=2)).answer == "allowed"


def test_what_is_not_allowed_is_said_whatever_the_clock(clinic, free, seen_later):
    post = about((free.card.code, "2026-05-01"), topics=["family"])
    assert knowing.judge(clinic.vault, post, NOW).answer == "no"
    assert knowing.judge(clinic.vault, about(form="invented"), NOW).answer == "out_of_scope"


def test_a_draft_is_kept_and_judged_and_posted_once_the_clock_is_right(clinic, free, seen_later):
    piece = draft(clinic, about((free.card.code, "2026-05-01")))
    assert piece.draft.judged is None
    for act in (drafting.judged, drafting.look_again):
        with pytest.raises(ClockBehind):
            act(clinic.vault, NOW)
    with pytest.raises(ClockBehind):
        publish(clinic, piece, NOW)
    assert posting.published(clinic.vault) == []
    [(_, verdict)] = drafting.look_again(clinic.vault, later(days=2))
    assert verdict.answer == "allowed"
    publish(clinic, piece, later(days=2))
    assert len(posting.published(clinic.vault)) == 1

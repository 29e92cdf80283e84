"""A clock that was set back, as a therapist sees it."""

from __future__ import annotations

from datetime import timedelta

from core.errors import ClockBehind
from core.portal import clock
from core.store import audit
from tests.pages.test_may_i_post import at_work, say, three, verdict, whose

__all__ = ["at_work", "three"]


def test_while_the_clock_is_behind_one_sentence_stands_in_the_place_of_the_answer(three, page):
    at = whose(say(page("may_i_post")), three, 0, 1, 2)
    assert verdict(at) == "Allowed, after these steps"
    with three.portal.database.write() as connection:
        audit.append(connection, "backup", clock() + timedelta(days=1))
    at.run()
    assert [error.value for error in at.error] == [ClockBehind().sentence]
    assert not at.get("html") or not any('class="verdict' in one.value for one in at.get("html"))

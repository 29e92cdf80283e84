"""A practice at work, and one where a changed story may go out."""

from __future__ import annotations

import pytest

from core import people
from core.keys import ClientKeys
from tests.pages.posts.noted import FREE, take_in


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


@pytest.fixture
def free(at_work):
    """One client who lets a changed story out."""
    take_in(at_work, 0, ClientKeys.new(), **FREE)
    people.rename(at_work.vault, at_work.cards[0].code, "Quiet *river*")
    return at_work

"""Whatever the portal let somebody post, a reviewer's script finds permitted: two readings of one set of rules."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import review
from core.errors import SaysoError
from core.store import audit
from tests.core.clinic import found, later
from tests.core.recorded import checked
from tests.core.story import Client, about, ask, draft, publish

DAY = "2026-05-01"


def reviewed(clinic, tmp_path, at):
    """Whether the script finds everything permitted that was posted."""
    document = json.loads(json.dumps(review.make(clinic.vault, at)))
    return checked(document, tmp_path) == 0


def posts(clinic):
    return clinic.rows("SELECT count(*) FROM audit WHERE kind = 'post'")[0][0]


def test_a_story_asked_for_and_one_allowed_and_one_invented(clinic, tmp_path):
    asked, free = Client(clinic, clinic.cards[0]), Client(clinic, clinic.cards[1])
    asked.chooses()
    free.chooses(treatment="disguised", may_recognise_self=True)
    piece = draft(clinic, about((asked.card.code, DAY)))
    ask(clinic, piece, asked)
    asked.answers("yes", later(days=1))
    publish(clinic, draft(clinic, about((free.card.code, DAY)), "Another story."), later(days=2))
    publish(clinic, piece, later(days=8))
    invented = draft(clinic, about(form="invented"), "Nobody's story.")
    publish(clinic, invented, later(days=9), steps_done=("deidentify", "attest_invented"))
    asked.undoes(later(days=10))
    assert posts(clinic) == 3
    assert reviewed(clinic, tmp_path, later(days=11))


def test_a_composite_of_three_with_a_yes_from_one(clinic, tmp_path):
    clients = [Client(clinic, clinic.cards[number]) for number in range(3)]
    clients[0].chooses()
    for client in clients[1:]:
        client.chooses(treatment="composite")
    piece = draft(clinic, about(*((client.card.code, DAY) for client in clients), form="composite"))
    ask(clinic, piece, clients[0])
    clients[0].answers("yes", later(days=1))
    publish(clinic, piece, later(days=8))
    assert posts(clinic) == 1
    assert reviewed(clinic, tmp_path, later(days=9))


def test_two_people_in_one_story(clinic, tmp_path):
    couple = [Client(clinic, clinic.cards[number]) for number in range(2)]
    for client in couple:
        client.chooses(treatment="disguised", may_recognise_self=True)
    post = about(([client.card.code for client in couple], DAY))
    publish(clinic, draft(clinic, post), later(days=1))
    assert posts(clinic) == 1
    assert reviewed(clinic, tmp_path, later(days=2))


ACTIONS = {
    "choose ask": lambda one, at: one.client.chooses(at),
    "choose disguised": lambda one, at: one.client.chooses(at, treatment="disguised", may_recognise_self=True),
    "choose never": lambda one, at: one.client.chooses(at, treatment="never"),
    "another key": lambda one, at: one.stranger.chooses(at),
    "stop": lambda one, at: one.client.stops(at),
    "stop by card": lambda one, at: one.client.stops(at, signed=False),
    "ask": lambda one, at: ask(one.clinic, one.piece, one.client, at),
    "yes": lambda one, at: one.client.answers("yes", at),
    "no by card": lambda one, at: one.client.answers("no", at, signed=False),
    "undo": lambda one, at: one.client.undoes(at, signed=False),
    "publish": lambda one, at: publish(one.clinic, one.piece, at),
    "publish another": lambda one, at: publish(one.clinic, one.another(at), at),
}


class Walk:
    """One client, one draft, and whatever happens to them."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.client, self.stranger = Client(clinic, clinic.card), Client(clinic, clinic.card)
        self.client.chooses()
        self.piece = draft(clinic, about((clinic.card.code, DAY)))

    def another(self, at):
        return draft(self.clinic, about((self.clinic.card.code, DAY)), f"A story told on {at}.", at)

    def take(self, steps):
        days = 0.0
        for action, wait in steps:
            days += wait
            # What may not be done is refused; a step that makes no sense now is none.
            with suppress(SaysoError, ValueError):
                ACTIONS[action](self, later(days=days))
        return later(days=days + 1)


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from([0.5, 1, 4, 8])), max_size=9))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happened_what_could_be_posted_was_permitted(practice_file, tmp_path_factory, steps):
    original, therapist, recovery_code = practice_file
    folder = tmp_path_factory.mktemp("walk")
    shutil.copy(original, folder / "clinic.sqlite3")
    clinic = found(folder / "clinic.sqlite3", therapist, recovery_code)
    try:
        end = Walk(clinic).take([("ask", 0.5), ("yes", 1), *steps, ("publish", 8), ("publish another", 0.5)])
        assert reviewed(clinic, folder, end)
        assert audit.check(clinic.database).ok
    finally:
        clinic.database.close()


@pytest.mark.parametrize("action", ["choose disguised", "publish"])
def test_a_walk_does_come_to_a_post(clinic, tmp_path, action):
    end = Walk(clinic).take([("ask", 0.5), ("yes", 1), (action, 8), ("publish", 1)])
    assert posts(clinic) == 1
    assert reviewed(clinic, tmp_path, end)

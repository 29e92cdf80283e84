"""A noted place that was wrong is set right: told again, entered, and what was noted first stays in the record."""

from __future__ import annotations

import pytest

from core import posting
from core.errors import BadInput, NoSuchDraft
from core.model.posted import Place
from core.store import audit
from tests.core.clinic import NOW, later
from tests.core.story import about, draft, publish

WRONG, RIGHT = "https://example.org/wrong", "https://example.org/right"


@pytest.fixture
def done(clinic, free):
    piece = draft(clinic, about((free.card.code, "2026-05-01")))
    return publish(clinic, piece, NOW, Place(channel="post", control="own", address=WRONG))


def said(clinic, kind):
    """What the entries of one kind say, oldest first."""
    with clinic.database.read() as connection:
        told = [facts for entry, facts in audit.opened(connection, clinic.vault) if entry.kind == kind]
    return [{fact.name: fact.value for fact in facts} for facts in told]


def test_a_wrong_address_is_set_right_and_the_client_reads_the_right_one(clinic, free, done):
    after = posting.correct(clinic.vault, done.id, 0, "own", f" {RIGHT} ", later(days=1))
    assert posting.published(clinic.vault) == [after]
    [post] = free.letters(later(days=1)).posts
    assert [place.address for place in post.posted.places] == [RIGHT]
    assert post.posted.at == NOW  # when it was posted, not when that was set right
    assert said(clinic, "correction") == [{"post": done.posted.entry, "address": RIGHT}]
    assert [one["address"] for one in said(clinic, "post")] == [WRONG]


def test_what_was_said_of_taking_it_down_goes_with_the_right_address(clinic, free, done):
    posting.mark(clinic.vault, done.id, 0, "done", later(days=1))
    posting.correct(clinic.vault, done.id, 0, "own", RIGHT, later(days=2))
    [post] = free.letters(later(days=2)).posts
    assert [(place.address, place.state) for place in post.taken_down.places] == [(RIGHT, "done")]


def test_a_place_that_nobody_can_take_back_was_not_taken_down(clinic, free, done):
    posting.mark(clinic.vault, done.id, 0, "done", later(days=1))
    after = posting.correct(clinic.vault, done.id, 0, "lasting", WRONG, later(days=2))
    assert after.posted.places[0].state == "to_do"
    assert free.letters(later(days=2)).posts[0].posted.lasting


def test_setting_right_what_is_right_tells_nobody_anything(clinic, done):
    before = clinic.rows("SELECT count(*) FROM parcel"), len(said(clinic, "correction"))
    assert posting.correct(clinic.vault, done.id, 0, "own", WRONG, later(days=1)) == done
    assert (clinic.rows("SELECT count(*) FROM parcel"), len(said(clinic, "correction"))) == before


def test_only_a_place_of_a_noted_post_is_set_right(clinic, free, done):
    with pytest.raises(BadInput):
        posting.correct(clinic.vault, done.id, 1, "own", RIGHT, NOW)
    with pytest.raises(BadInput):
        posting.correct(clinic.vault, done.id, 0, "own", "x" * 501, NOW)
    other = draft(clinic, about((free.card.code, "2026-05-01")), "Not posted.")
    with pytest.raises(BadInput):
        posting.correct(clinic.vault, other.id, 0, "own", RIGHT, NOW)
    with pytest.raises(NoSuchDraft):
        posting.correct(clinic.vault, "0" * 16, 0, "own", RIGHT, NOW)

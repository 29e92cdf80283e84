"""Taking down: what ends a post, by when each place is to come down, and what the client is told of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import knowing, posting
from core.answering import ends_soon
from core.errors import BadInput, MayNotPost
from core.model.circumstances import Circumstances
from core.model.posted import Place
from core.take_downs import ends_ahead, take_downs
from tests.core.clinic import NOW, later
from tests.core.story import Client, about, ask, draft, publish

OWN = Place(channel="post", control="own", address="https://example.org/1")
OTHERS = Place(channel="post", control="others", address="https://example.com/guest")
BOOK = Place(channel="post", control="lasting", address="a newsletter on paper")


@pytest.fixture
def granted(clinic, client):
    """A draft with a yes that has cooled off on day 8."""
    piece = draft(clinic, about((client.card.code, "2026-05-01")))
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    return piece


@pytest.fixture
def standing(clinic, free):
    """A draft that a standing document permits."""
    return draft(clinic, about((free.card.code, "2026-05-01")), "Another story, changed.")


def open_tasks(clinic, at):
    return [task for task in take_downs(clinic.vault, at) if not task.place.is_over]


def why(clinic, at):
    return [(task.reasons[0].reason, task.due) for task in open_tasks(clinic, at)]


def test_nothing_is_to_come_down_while_everything_stands(clinic, granted):
    publish(clinic, granted, later(days=8))
    assert take_downs(clinic.vault, later(days=100)) == []


def test_a_stop_puts_each_place_on_the_list_with_its_deadline(clinic, free, standing):
    publish(clinic, standing, NOW, OWN, OTHERS, BOOK)
    free.stops(later(days=10))
    at = later(days=10)
    assert why(clinic, at) == [
        ("withdrawn", at + timedelta(hours=48)),
        ("withdrawn", at + timedelta(days=7)),
        ("withdrawn", at + timedelta(days=7)),
    ]
    assert not any(task.may_renew for task in take_downs(clinic.vault, at))


@pytest.mark.parametrize("signed", [True, False])
def test_a_stop_from_the_card_alone_takes_down_too(clinic, free, standing, signed):
    publish(clinic, standing, NOW)
    free.stops(later(days=10), signed=signed)
    assert [reason for reason, _ in why(clinic, later(days=10))] == ["withdrawn"]


def test_new_choices_after_a_stop_do_not_put_it_back_up(clinic, free, standing):
    publish(clinic, standing, NOW)
    free.stops(later(days=10))
    free.chooses(later(days=11), treatment="disguised", may_recognise_self=True)
    assert [reason for reason, _ in why(clinic, later(days=11))] == ["withdrawn"]


def test_a_stop_from_before_the_document_it_rests_on_takes_nothing_down(clinic, free):
    free.stops(later(days=1))
    free.chooses(later(days=2), treatment="disguised", may_recognise_self=True)
    piece = draft(clinic, about((free.card.code, "2026-05-01")))
    publish(clinic, piece, later(days=3))
    assert take_downs(clinic.vault, later(days=3)) == []


def test_the_clock_of_a_withdrawal_starts_when_it_was_imported(clinic, client, granted):
    publish(clinic, granted, later(days=8))
    client.undoes(later(days=10), import_at=later(days=20))
    assert why(clinic, later(days=20)) == [("withdrawn", later(days=22))]


@pytest.mark.parametrize("answer", ["no", "not_now", "no_never_ask", "yes_if_changed"])
def test_a_later_answer_takes_a_yes_back_and_the_post_down(clinic, client, granted, answer):
    publish(clinic, granted, later(days=8))
    client.answers(answer, later(days=9), signed=False)
    assert [reason for reason, _ in why(clinic, later(days=9))] == ["withdrawn"]


def test_one_post_is_taken_back_by_its_hash_where_nobody_was_asked(clinic, free, standing):
    done = publish(clinic, standing, NOW)
    other = draft(clinic, about((free.card.code, "2026-05-02")), "A second story.")
    publish(clinic, other, NOW)
    free.undoes(later(days=1), bytes.fromhex(done.draft.content_hash))
    assert [task.piece.id for task in open_tasks(clinic, later(days=1))] == [done.id]
    with pytest.raises(MayNotPost):
        publish(clinic, draft_again(clinic, done), later(days=1))


def draft_again(clinic, done):
    """The very same draft, salt and all, as if it had never been posted."""
    with clinic.database.write() as connection:
        again = done.model_copy(update={"posted": None})
        posting.posts.keep(connection, clinic.vault, again)
    return again


def test_the_end_of_a_yes_is_as_a_withdrawal(clinic, client, granted):
    publish(clinic, granted, later(days=8))
    end = knowing.person_of(clinic.vault, client.card.code, NOW).grants[0].expires_at
    assert why(clinic, end - timedelta(seconds=1)) == []
    assert why(clinic, end) == [("grant_ended", end + timedelta(hours=48))]


def test_the_day_the_therapist_set_counts_too(clinic, standing):
    publish(clinic, standing, NOW, take_down_on=date(2027, 1, 1))
    assert why(clinic, later(days=38)) == []
    [(reason, _)] = why(clinic, later(days=40))
    assert reason == "take_down_day"


def test_a_document_that_runs_out_is_to_be_renewed_or_taken_down_in_thirty_days(clinic, free, standing):
    publish(clinic, standing, NOW)
    end = knowing.person_of(clinic.vault, free.card.code, NOW).preferences.expires_at
    assert why(clinic, end - timedelta(seconds=1)) == []
    assert why(clinic, end) == [("document_ended", end + timedelta(days=30))]
    assert [task.may_renew for task in open_tasks(clinic, end)] == [True]
    free.chooses(end + timedelta(days=1), treatment="disguised", may_recognise_self=True)
    assert why(clinic, end + timedelta(days=1)) == []


def test_narrower_choices_list_what_they_would_no_longer_permit(clinic, free, standing):
    publish(clinic, standing, NOW)
    free.chooses(later(days=5), treatment="disguised", may_recognise_self=True, note="be kind")
    assert why(clinic, later(days=5)) == []
    free.chooses(later(days=6), treatment="never")
    assert why(clinic, later(days=6)) == [("document_ended", later(days=36))]


def test_a_hold_takes_nothing_down(clinic, free, standing):
    publish(clinic, standing, NOW)
    stranger = Client(clinic, free.card)
    clinic.save(stranger.keys, later(days=1), free.card)
    free.arrives(later(days=1))
    assert knowing.person_of(clinic.vault, free.card.code, later(days=1)).hold
    assert why(clinic, later(days=1)) == []


def causes(clinic, at):
    return [task.reasons[0].cause for task in open_tasks(clinic, at)]


def test_the_list_knows_what_ended_a_document(clinic, free, standing, monkeypatch):
    publish(clinic, standing, NOW)
    end = knowing.person_of(clinic.vault, free.card.code, NOW).preferences.expires_at
    assert causes(clinic, end) == ["ran_out"]
    # The words of the notice change after it was agreed to.
    monkeypatch.setattr("core.standing.still_counts", lambda *_: False)
    assert causes(clinic, later(days=1)) == ["new_words"]
    assert why(clinic, later(days=1)) == [("document_ended", None)]
    monkeypatch.undo()
    free.chooses(later(days=6), treatment="never")
    assert causes(clinic, later(days=6)) == ["changed"]
    for about_them, cause in (({"majority_on": date(2026, 12, 1)}, "of_age"), ({"died": True}, "died")):
        with clinic.database.write() as connection:
            clinic.vault.change_holder(connection, free.card.code, about=Circumstances(**about_them))
        assert causes(clinic, later(days=20)) == [cause]


@pytest.mark.parametrize("circumstances", [{"died": True}, {"majority_on": date(2026, 12, 1)}])
def test_death_and_majority_end_what_was_permitted(clinic, free, standing, circumstances):
    publish(clinic, standing, NOW)
    with clinic.database.write() as connection:
        clinic.vault.change_holder(connection, free.card.code, about=Circumstances(**circumstances))
    [(reason, due)] = why(clinic, later(days=20))
    assert reason == "document_ended"
    assert due == (None if "died" in circumstances else datetime(2026, 12, 31, tzinfo=UTC))


def test_how_far_it_is_reaches_the_client_and_never_runs_ahead(clinic, client, granted):
    done = publish(clinic, granted, later(days=8), OWN, OTHERS)
    client.undoes(later(days=9))
    assert client.letters(later(days=9)).posts[0].taken_down is None
    for index, state, at in ((0, "done", later(days=10)), (1, "asked", later(days=10, hours=1))):
        posting.mark(clinic.vault, done.id, index, state, at)
    [post] = client.letters(later(days=10, hours=1)).posts
    assert [place.state for place in post.taken_down.places] == ["done", "asked"]
    assert [task.place.state for task in open_tasks(clinic, later(days=11))] == ["asked"]
    posting.mark(clinic.vault, done.id, 1, "done", later(days=12))
    assert open_tasks(clinic, later(days=12)) == []
    assert len(take_downs(clinic.vault, later(days=12))) == 2
    assert not posting.published(clinic.vault)[0].posted.is_up


def test_what_nobody_can_take_back_is_never_called_done(clinic, standing):
    done = publish(clinic, standing, NOW, BOOK)
    with pytest.raises(BadInput):
        posting.mark(clinic.vault, done.id, 0, "done", later(days=1))
    marked = posting.mark(clinic.vault, done.id, 0, "cannot_be_undone", later(days=1))
    assert marked.posted.places[0].state == "cannot_be_undone"


def test_what_is_ones_own_can_always_be_taken_down(clinic, standing):
    done = publish(clinic, standing, NOW)
    assert done.posted.places[0].control == "own"
    with pytest.raises(BadInput):
        posting.mark(clinic.vault, done.id, 0, "cannot_be_undone", later(days=1))


def test_marking_it_the_same_again_tells_nobody_anything(clinic, free, standing):
    done = publish(clinic, standing, NOW)
    posting.mark(clinic.vault, done.id, 0, "done", later(days=1))
    before = clinic.rows("SELECT count(*) FROM parcel")
    posting.mark(clinic.vault, done.id, 0, "done", later(days=2))
    assert clinic.rows("SELECT count(*) FROM parcel") == before


@pytest.mark.parametrize("index", [-1, 1])
def test_a_place_that_is_not_there_is_not_marked(clinic, standing, index):
    done = publish(clinic, standing, NOW)
    with pytest.raises(BadInput):
        posting.mark(clinic.vault, done.id, index, "done", NOW)


def test_what_ends_in_the_next_thirty_days_is_shown_ahead_to_both(clinic, client, granted):
    done = publish(clinic, granted, later(days=8))
    assert ends_ahead(clinic.vault, later(days=100)) == []
    ahead = ends_ahead(clinic.vault, later(days=130))
    assert [(piece.id, why) for piece, why, *_ in ahead] == [(done.id, "grant_ended"), (done.id, "take_down_day")]
    letters = client.letters(later(days=130))
    assert [what for what, _ in ends_soon(client.record(), letters, later(days=130))] == [done.id]
    assert [what for what, _ in ends_soon(client.record(), letters, later(days=151))] == ["choices"]

"""What a client's own page knows: what may still be said, how far each word is, and what a post rests on."""

from __future__ import annotations

import pytest

from core import posting, received
from core.keys import ClientKeys
from core.received import ANSWERS
from tests.core.clinic import NOW, later
from tests.core.story import Client, about, ask, draft, publish


@pytest.fixture
def client(clinic):
    one = Client(clinic, clinic.card)
    one.chooses()
    return one


@pytest.fixture
def piece(clinic, client):
    return draft(clinic, about((client.card.code, "2026-05-01")))


@pytest.fixture
def asked(clinic, client, piece):
    return ask(clinic, piece, client)


def question(client, at=NOW):
    return client.letters(at).questions[0]


def test_once_answered_only_what_is_stricter_can_still_be_said(client, asked):
    assert question(client).may_say(NOW) == ANSWERS
    stricter = ("yes", "yes_if_changed", "not_now", "no", "no_never_ask")
    for number, (answer, left) in enumerate(zip(stricter, (4, 3, 2, 1, 0), strict=True)):
        at = later(hours=number + 1)
        client.answers(answer, at)
        given = question(client, at)
        assert (given.answered, given.answered_at, given.state(at)) == (answer, at, answer)
        assert len(given.may_say(at)) == left
        assert answer not in given.may_say(at)


def test_after_its_day_silence_leaves_only_a_no(client, asked):
    at = later(days=30)
    assert question(client, at).state(at) == "silence"
    assert question(client, at).may_say(at) == ("no", "no_never_ask")


def test_a_yes_waits_seven_days_and_a_stop_after_it_takes_it_back(client, asked):
    client.answers("yes", later(hours=1))
    assert question(client, later(hours=2)).ready_at == later(days=7, hours=1)
    client.stops(later(days=1))
    given = question(client, later(days=1))
    assert (given.state(later(days=1)), given.can_be_taken_back(later(days=1))) == ("taken_back", False)


def test_each_word_is_seen_when_its_own_letter_says_so(client, asked):
    client.answers("not_now", later(hours=1), import_at=False)
    client.answers("no", later(hours=2), import_at=False)
    assert question(client, later(hours=2)).progress == "sent"
    assert client.letters(later(hours=2)).progress(client.record(later(hours=2))) == "seen"
    client.arrives(later(hours=3))
    client.undoes(later(hours=4), import_at=False)
    assert question(client, later(hours=4)).progress == "seen"


@pytest.mark.parametrize("against", ["undo", "no", "stop"])
def test_a_post_knows_how_far_the_word_against_it_is(clinic, client, piece, asked, against):
    client.answers("yes", later(hours=1))
    publish(clinic, piece, later(days=9))
    (post,) = client.letters(later(days=9)).posts
    assert (post.taken_back, post.can_be_taken_back, post.reference) == (None, True, asked.request_id)
    at = later(days=10)
    if against == "undo":
        client.undoes(at, import_at=False)
    elif against == "no":
        client.answers("no", at, import_at=False)
    else:
        clinic.stop(at, client.keys, client.card)
    assert [one.taken_back for one in client.letters(at).posts] == ["sent"]
    client.arrives(later(days=11))
    (post,) = client.letters(later(days=11)).posts
    assert (post.taken_back, post.can_be_taken_back) == ("seen", False)


def test_what_is_down_does_not_end_soon_any_more(clinic, client, piece, asked):
    client.answers("yes", later(hours=1))
    posted = publish(clinic, piece, later(days=9))
    soon = later(days=130)
    assert posted.id in dict(received.ends_soon(client.record(soon), client.letters(soon), soon))
    posting.mark(clinic.vault, posted.id, 0, "done", later(days=120))
    assert posted.id not in dict(received.ends_soon(client.record(soon), client.letters(soon), soon))


def test_an_answer_without_choices_on_record_ends_nothing(clinic, client, asked):
    clinic.change_rows("DELETE FROM parcel WHERE standing")
    client.answers("yes", later(hours=1))
    soon = later(days=130)
    assert client.record(soon).body.kind == "answer"
    assert received.ends_soon(client.record(soon), client.letters(soon), soon) == []


def test_whose_key_is_not_confirmed_reads_that_their_token_arrived_and_nothing_else(clinic, client, piece, asked):
    client.answers("yes", later(hours=1))
    posted = publish(clinic, piece, later(days=9))
    other = Client(clinic, client.card, ClientKeys.new())
    mine = clinic.save(other.keys, later(days=10), client.card).token.digest.hex()
    client.arrives(later(days=10))
    posting.mark(clinic.vault, posted.id, 0, "done", later(days=11))
    assert other.letters(later(days=11)) == received.Received((), (), frozenset({mine}))
    theirs = client.letters(later(days=11))
    assert [one.is_over for one in theirs.posts] == [True]
    assert mine not in theirs.seen


def test_what_nobody_signed_is_told_to_the_confirmed_key(clinic, client):
    unsigned = clinic.stop(later(days=1), card=client.card).token.digest.hex()
    client.arrives(later(days=1))
    assert unsigned in client.letters(later(days=1)).seen

"""What a client's own page knows: what may still be said, how far each word is, and what a post rests on."""

from __future__ import annotations

import pytest

from core import answering, knowing, posting, received, requests
from core.errors import BadInput
from core.keys import ClientKeys
from core.received import ANSWERS
from tests.core.clinic import NOW, later
from tests.core.story import Client, about, ask, draft, publish


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


def no_by_card(client, at, import_at=None):
    """Let somebody say no to whatever is open, with the card alone."""
    return client._sent(answering.write_no_to_whatever_is_open(client.card, client.clinic.therapist, at), at, import_at)


def test_a_no_with_the_card_closes_the_question_for_who_has_the_code_once_it_was_opened(clinic, client, asked):
    at = later(days=1)
    saved = no_by_card(client, at, import_at=False)
    assert question(client, at).is_open(at)
    client.arrives(at)
    closed = question(client, at)
    assert (closed.answered, closed.no_by_card, closed.state(at)) == (None, "seen", "no")
    assert not closed.is_open(at)
    assert closed.may_say(at) == ("no_never_ask",)
    assert saved.token.digest.hex() in client.letters(at).seen
    with pytest.raises(BadInput):
        client.answers("yes", later(days=2))


def test_who_knows_of_a_no_with_the_card_need_not_wait_until_it_was_opened(clinic, client, asked):
    at = later(days=1)
    token = no_by_card(client, at, import_at=False).token
    args = clinic.database, client.card, clinic.therapist, client.keys, client.record(at)
    [found] = received.received(*args, token).questions
    assert (found.no_by_card, found.state(at)) == ("sent", "no")


def test_a_no_with_the_card_before_the_question_or_after_its_day_closes_nothing(clinic, client, piece):
    early = no_by_card(client, later(hours=-1)).token
    ask(clinic, piece, client)
    assert question(client).is_open(NOW)
    args = clinic.database, client.card, clinic.therapist, client.keys, client.record()
    assert received.received(*args, early).questions == client.letters().questions
    no_by_card(client, later(days=30))
    late = question(client, later(days=30))
    assert (late.no_by_card, late.state(later(days=30))) == (None, "silence")


def test_no_to_everything_under_another_key_answers_no_question_on_either_side(clinic, client, asked):
    clinic.save(ClientKeys.new(), later(days=1), client.card)
    client.arrives(later(days=1))
    assert question(client, later(days=1)).is_open(later(days=1))
    [outcome] = requests.outcomes(clinic.vault, client.card.code, later(days=1))
    assert outcome.answer is None
    assert knowing.person_of(clinic.vault, client.card.code, later(days=1)).hold


def test_a_no_with_the_card_after_a_yes_takes_back_the_post_too(clinic, client, piece, asked):
    client.answers("yes", later(hours=1))
    publish(clinic, piece, later(days=9))
    no_by_card(client, later(days=10))
    letters = client.letters(later(days=10))
    assert not letters.questions[0].can_be_taken_back(later(days=10))
    assert [(one.taken_back, one.can_be_taken_back) for one in letters.posts] == [("seen", False)]


def test_a_damaged_question_keeps_no_no_from_being_imported(clinic, client, asked):
    clinic.change_rows("UPDATE request SET sealed = ?", bytes(100))
    saved = no_by_card(client, later(days=1))
    assert saved.token.digest.hex() in client.letters(later(days=1)).seen


def test_what_nobody_signed_is_told_to_the_confirmed_key(clinic, client):
    unsigned = clinic.stop(later(days=1), card=client.card).token.digest.hex()
    client.arrives(later(days=1))
    assert unsigned in client.letters(later(days=1)).seen

"""A process that is killed at any write of an import, a question, an answer, a post or a take-down: all of it or none.

Each test names what is written, so that a write that is added is a place to be killed at too.
"""

from __future__ import annotations

from functools import partial

import pytest

from core import drafting, importing, parcel, posting, requests, saving
from core.answering import Reply, write_answer, write_undo
from core.model.posted import Place
from core.store import mailbox
from core.store.limits import Limits
from tests.core.clinic import SECRET, later
from tests.core.killing import COMMIT, dies_everywhere
from tests.core.story import STEPS, TERMS, Client, about, ask, check, draft, publish


@pytest.fixture
def piece(clinic, client):
    return draft(clinic, about((client.card.code, "2026-05-01")))


def keeping(look, at, *, compared=False):
    """The one transaction of an import."""
    return partial(importing._keep, look=look, now=at, compared=compared, not_handed_out_is_fine=True)


def sending(letter):
    """The one transaction of whatever a client sends."""
    return lambda vault: saving.send(
        saving.Outbox(vault.database, Limits(vault.database, SECRET), mailbox_on=True), letter
    )


def test_first_choices_are_sent_and_kept_for_the_client_or_neither(clinic):
    newcomer = Client(clinic, clinic.cards[1])
    letter = clinic.write(newcomer.keys, card=newcomer.card, post="ask")
    written = dies_everywhere(clinic, sending(letter))
    assert set(written) == {"tally", "parcel", COMMIT}
    assert newcomer.record().body.content.preferences.channels["post"] == "ask"
    assert len(importing.look_at_mailbox(clinic.vault, later())) == 1


def test_first_choices_are_imported_confirmed_and_their_card_handed_out_or_nothing_of_it(clinic):
    newcomer = Client(clinic, clinic.printed[0])
    clinic.save(newcomer.keys, card=newcomer.card, post="ask")
    [waiting] = importing.look_at_mailbox(clinic.vault, later())
    written = dies_everywhere(clinic, keeping(waiting.preview, later(), compared=True))
    assert set(written) == {"record", "card", "parcel", "audit", "holder", COMMIT}
    assert written.count("audit") == 2  # that it came, and that its key was confirmed
    assert clinic.stands(newcomer.card).permits_something(later())
    assert importing.look_at_mailbox(clinic.vault, later()) == []


def test_of_many_tokens_kept_together_all_are_or_none(clinic):
    letters = [Client(clinic, card).keys for card in clinic.cards[:2]]
    for keys, card in zip(letters, clinic.cards, strict=False):
        clinic.save(keys, card=card, post="ask")
    looks = [one.preview for one in importing.look_at_mailbox(clinic.vault, later())]
    written = dies_everywhere(clinic, lambda vault: importing._keep_together(vault, looks, later(), fine=True))
    assert set(written) == {"record", "card", "parcel", "audit", COMMIT}
    assert (written.count("record"), written.count("audit")) == (2, 2)
    assert importing.look_at_mailbox(clinic.vault, later()) == []


def test_a_stop_from_the_card_alone_is_imported_or_waits_on(clinic, client):
    clinic.stop(later(days=1), card=client.card)
    [waiting] = importing.look_at_mailbox(clinic.vault, later(days=1))
    written = dies_everywhere(clinic, keeping(waiting.preview, later(days=1)))
    assert set(written) == {"record", "card", "parcel", "audit", COMMIT}
    assert clinic.stands(client.card).on_hold


def test_a_question_is_sent_and_noted_or_neither(clinic, client, piece):
    written = dies_everywhere(clinic, lambda vault: requests.ask(vault, piece.id, client.card.code, TERMS, later()))
    assert set(written) == {"parcel", "request", "audit", COMMIT}
    assert len(client.letters().questions) == 1


def test_an_answer_is_sent_and_kept_for_the_client_or_neither(clinic, client, piece):
    ask(clinic, piece, client)
    [question] = client.letters().questions
    at, last = later(days=1), client.record()
    letter = write_answer(
        client.card, clinic.therapist, question, Reply("yes", "want"), at, keys=client.keys, last=last
    )
    written = dies_everywhere(clinic, sending(letter))
    assert set(written) == {"tally", "parcel", COMMIT}
    assert client.letters(at).questions[0].answered == "yes"


def test_an_imported_answer_counts_and_is_seen_or_neither(clinic, client, piece):
    ask(clinic, piece, client)
    answer = client.answers("yes", later(days=1), import_at=False)
    at = later(days=2)
    [waiting] = importing.look_at_mailbox(clinic.vault, at)
    written = dies_everywhere(clinic, keeping(waiting.preview, at))
    assert set(written) == {"record", "card", "parcel", "audit", COMMIT}
    assert written.count("parcel") == 2  # theirs is opened, and they are told so
    assert requests.outcomes(clinic.vault, client.card.code, at)[0].answer == "yes"
    assert answer.token.digest.hex() in client.letters(at).seen


def test_a_yes_is_taken_back_for_the_client_and_the_therapist_or_for_neither(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    at = later(days=2)
    [question] = client.letters(at).questions
    letter = write_undo(
        client.card, clinic.therapist, question.request_id, at, keys=client.keys, last=client.record(at)
    )
    written = dies_everywhere(clinic, sending(letter))
    assert set(written) == {"tally", "parcel", COMMIT}
    [waiting] = importing.look_at_mailbox(clinic.vault, at)
    dies_everywhere(clinic, keeping(waiting.preview, at))
    assert requests.outcomes(clinic.vault, client.card.code, at)[0].answer == "taken_back"


def test_a_post_is_noted_told_and_recorded_or_nothing_of_it(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    done = later(days=8)
    check(clinic, piece, done)
    places = (Place(channel="post", control="own"),)
    written = dies_everywhere(clinic, lambda vault: posting.record(vault, piece.id, places, done, steps_done=STEPS))
    assert set(written) == {"post", "audit", "parcel", COMMIT}
    assert written.count("audit") == 2  # the verdict, and the post that rests on it
    assert len(client.letters(done).posts) == 1
    assert len(posting.published(clinic.vault)) == 1


def test_a_take_down_is_marked_told_and_recorded_or_nothing_of_it(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    publish(clinic, piece, later(days=8))
    written = dies_everywhere(clinic, lambda vault: posting.mark(vault, piece.id, 0, "done", later(days=9)))
    assert set(written) == {"post", "audit", "parcel", COMMIT}
    assert client.letters(later(days=9)).posts[0].taken_down.places[0].state == "done"


def test_an_address_is_set_right_told_and_recorded_or_nothing_of_it(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    publish(clinic, piece, later(days=8))
    at = later(days=9)
    written = dies_everywhere(clinic, lambda vault: posting.correct(vault, piece.id, 0, "own", "page 12", at))
    assert set(written) == {"post", "audit", "parcel", COMMIT}
    assert client.letters(at).posts[0].posted.places[0].address == "page 12"


def test_a_changed_answer_is_flagged_and_recorded_or_neither(clinic, client, piece):
    client.stops(later(days=1))
    written = dies_everywhere(clinic, lambda vault: drafting.look_again(vault, later(days=1)))
    assert set(written) == {"post", "audit", COMMIT}
    assert drafting.drafts(clinic.vault)[0].draft.seen.answer == "ask"


def test_a_parcel_is_set_aside_and_recorded_or_neither(clinic, client):
    with clinic.database.write() as connection:
        recipient = parcel.recipient_of(clinic.therapist.sealing_public)
        unread = mailbox.post(connection, recipient, bytes(4096), later())
    written = dies_everywhere(clinic, lambda vault: importing.set_aside(vault, unread, later()))
    assert set(written) == {"parcel", "audit", COMMIT}
    assert [one.id for one in importing.put_aside(clinic.vault)] == [unread]

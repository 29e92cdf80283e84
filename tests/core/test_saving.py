"""A client's save: sealed, sent once, kept for the client, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core import parcel, saving, token, visit
from core.drafts import Draft
from core.errors import BadInput, StoreUnavailable, WrongClientCode
from core.keys import ClientKeys
from core.parcel import Parcel
from core.store import mailbox
from core.store.database import Database
from core.text import notice_hash
from tests.core.clinic import NOW, busy, document, later

NEVER = Draft("", way="no")


@pytest.fixture
def keys():
    return ClientKeys.new()


def parcels(clinic):
    """What waits for the therapist, opened."""
    waiting = mailbox.waiting(clinic.database, parcel.recipient_of(clinic.therapist.sealing_public))
    return [parcel.unpack(one.sealed, clinic.vault.keys.sealing.private).payload for one in waiting]


def own_records(clinic):
    return clinic.rows("SELECT count(*) FROM parcel WHERE standing")[0][0]


def failing(clinic):
    """Let every save fail, after the first of its two parcels was written."""
    return clinic.refusing("INSERT ON parcel", "NEW.standing")


# --- what is sent -------------------------------------------------------------------------------


def test_a_save_sends_the_token_and_keeps_it_for_the_client(clinic, keys):
    saved = clinic.save(keys, post="ask", note="not the dog")
    assert saved.sent
    assert parcels(clinic) == [saved.token.envelope]
    record = saving.own_record(clinic.database, keys, NOW)
    assert (record.body, record.digest) == (saved.token.body, saved.token.digest)
    assert saved.acknowledgement == token.acknowledgement(saved.token.envelope)


def test_the_token_says_what_the_client_chose_and_which_words_they_saw(clinic, keys):
    body = clinic.save(keys, post="composite", topics=("work",)).token.body
    assert body.content.preferences == document(post="composite", topics=("work",))
    assert (body.card, body.signed, body.understood) == (clinic.card.code, True, True)
    assert (body.notice, body.language) == (notice_hash("en"), "en")
    assert body.client_key == keys.signing_public


def test_each_save_goes_on_from_the_one_before(clinic, keys):
    first = clinic.save(keys, post="ask")
    second = clinic.save(keys, at=later(hours=1))
    stop = clinic.stop(at=later(hours=2), keys=keys)
    assert second.token.body.sequence == first.token.body.sequence + 1
    assert second.token.body.previous == first.token.digest[:16]
    assert stop.token.body.sequence == first.token.body.sequence + 2
    assert stop.token.body.previous == second.token.digest[:16]
    assert own_records(clinic) == 1
    assert saving.own_record(clinic.database, keys, NOW).digest == stop.token.digest


def test_without_an_own_record_the_sequence_goes_on_from_the_time(clinic, keys):
    assert clinic.save(keys).token.body.sequence == int(NOW.timestamp())


def test_a_second_thought_in_the_same_second_is_later_than_the_first(clinic, keys):
    clinic.save(keys, post="ask")
    last = saving.own_record(clinic.database, keys, NOW)
    assert saving.next_moment(last, NOW) == later(seconds=1)
    assert clinic.stop(at=NOW, keys=keys).token.body.issued_at == later(seconds=1)


def test_anyone_can_stop_without_a_key(clinic):
    stop = clinic.stop()
    assert not stop.token.body.signed
    assert parcels(clinic) == [stop.token.envelope]
    assert own_records(clinic) == 0


def test_no_to_everything_is_signed_and_does_not_run_out(clinic, keys):
    saved = saving.save_choices(clinic.outbox, clinic.card, clinic.therapist, saving.nevers(NOW), keys=keys)
    body = saved.token.body
    assert set(body.content.preferences.channels.values()) == {"never"}
    assert (body.signed, body.expires_at) == (True, None)


def test_a_guardian_is_named_as_one(clinic, keys):
    letter = saving.write_choices(clinic.card, clinic.therapist, document(post="ask"), keys=keys, guardian=True)
    assert letter.token.body.guardian


# --- the client's own record --------------------------------------------------------------------


def test_a_code_that_nobody_saved_with_finds_no_record(clinic):
    assert saving.own_record(clinic.database, ClientKeys.new(), NOW) is None


def test_a_personal_code_belongs_to_one_card(clinic, keys):
    clinic.save(keys)
    record = saving.own_record(clinic.database, keys, NOW)
    saving.check_card(record, clinic.card)
    with pytest.raises(WrongClientCode):
        saving.check_card(record, clinic.cards[1])


def test_what_is_not_the_clients_own_is_as_good_as_missing(clinic, keys):
    foreign = clinic.save(ClientKeys.new()).token
    recipient = parcel.recipient_of(keys.sealing_public)
    for planted in (
        parcel.pack(Parcel("own_record", b"too short"), keys.sealing_public),
        parcel.pack(Parcel("token", foreign.envelope), keys.sealing_public),
        saving.sealed_record(foreign, keys),
        bytes(4096),
    ):
        with clinic.database.write() as connection:
            mailbox.post(connection, recipient, planted, NOW)
    assert saving.own_record(clinic.database, keys, NOW) is None


# --- the mailbox's limits -----------------------------------------------------------------------


def test_past_twenty_parcels_a_day_the_token_goes_out_by_hand(clinic, keys):
    sent = [clinic.save(keys, at=later(minutes=n)).sent for n in range(22)]
    assert sent == [True] * 20 + [False] * 2
    assert len(parcels(clinic)) == 20
    assert clinic.save(keys, at=later(days=1)).sent


def test_one_cards_limit_is_not_anothers(clinic, keys):
    for n in range(20):
        clinic.save(keys, at=later(minutes=n))
    assert clinic.save(ClientKeys.new(), card=clinic.cards[1]).sent


def test_past_the_limit_a_client_still_reads_back_what_they_chose_last(clinic, keys):
    for n in range(21):
        clinic.save(keys, at=later(minutes=n))
    last = clinic.save(keys, at=later(minutes=30), post="ask")
    assert not last.sent
    assert saving.own_record(clinic.database, keys, NOW).digest == last.token.digest


def test_a_card_that_sends_and_sends_with_new_keys_does_not_fill_the_disk(clinic):
    for _ in range(25):
        clinic.save(ClientKeys.new())
    assert own_records(clinic) == 20


def test_savers_at_the_same_moment_do_not_slip_past_the_limit(clinic):
    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(lambda _: clinic.stop().sent, range(30)))
    assert sent.count(True) == len(parcels(clinic)) == 20


def test_where_the_practice_takes_no_parcels_the_token_goes_out_by_hand(clinic, keys):
    clinic.without_mailbox()
    saved = clinic.save(keys, post="ask")
    assert not saved.sent
    assert parcels(clinic) == []
    assert saving.own_record(clinic.database, keys, NOW).digest == saved.token.digest


# --- when the records cannot be reached ---------------------------------------------------------


def test_a_save_that_fails_half_way_leaves_nothing_half_sent(clinic, keys):
    with failing(clinic), pytest.raises(StoreUnavailable):
        clinic.save(keys)
    assert parcels(clinic) == []
    assert clinic.outbox.limits.tries_left("parcel", clinic.card.code, NOW) == 20


def test_a_save_while_the_records_are_locked_says_so_and_sends_nothing(clinic, keys):
    impatient = replace(clinic.outbox, database=Database(clinic.database.url, wait=0.1))
    letter = clinic.write(keys)
    with busy(clinic.database), pytest.raises(StoreUnavailable):
        saving.send(impatient, letter)
    impatient.database.close()
    assert parcels(clinic) == []


def test_a_letter_that_is_sent_again_arrives_once(clinic, keys):
    letter = clinic.write(keys, post="ask")
    first, again = saving.send(clinic.outbox, letter), saving.send(clinic.outbox, letter)
    assert first == again
    assert parcels(clinic) == [letter.token.envelope]
    assert clinic.outbox.limits.tries_left("parcel", clinic.card.code, NOW) == 19


def test_a_draft_that_was_sent_without_anybody_knowing_is_sent_once(clinic):
    draft = replace(NEVER, card=clinic.card.code)
    ready = visit.prepare(clinic.outbox, draft, clinic.card, clinic.therapist, NOW)
    saving.send(clinic.outbox, ready.letter)  # kept, but the answer was lost
    saved = visit.save(clinic.outbox, ready, clinic.card, clinic.therapist, later(minutes=5)).saved
    assert parcels(clinic) == [saved.token.envelope]


def test_a_draft_that_failed_is_sent_with_the_same_token_later(clinic):
    ready = visit.prepare(clinic.outbox, replace(NEVER, card=clinic.card.code), clinic.card, clinic.therapist, NOW)
    with failing(clinic), pytest.raises(StoreUnavailable):
        visit.save(clinic.outbox, ready, clinic.card, clinic.therapist, NOW)
    done = visit.save(clinic.outbox, ready, clinic.card, clinic.therapist, later(minutes=1))
    assert parcels(clinic) == [ready.letter.token.envelope]
    assert done.letter is None
    assert visit.save(clinic.outbox, done, clinic.card, clinic.therapist, NOW) is done


def test_what_was_changed_after_a_failure_is_what_is_sent_and_it_supersedes(clinic):
    draft = replace(NEVER, card=clinic.card.code)
    ready = visit.prepare(clinic.outbox, draft, clinic.card, clinic.therapist, NOW)
    saving.send(clinic.outbox, ready.letter)  # kept, but the answer was lost
    changed = replace(ready, way="same", same="ask", term_months=3)
    saved = visit.save(clinic.outbox, changed, clinic.card, clinic.therapist, later(minutes=5)).saved
    assert saved.token.body.content.preferences.channels["post"] == "ask"
    assert saved.token.body.client_key == ready.letter.token.body.client_key
    assert saved.token.body.previous == ready.letter.token.digest[:16]


def test_an_unfinished_draft_is_not_sent(clinic):
    with pytest.raises(BadInput):
        visit.save(clinic.outbox, Draft(clinic.card.code), clinic.card, clinic.therapist, NOW)
    assert parcels(clinic) == []


def test_a_letter_and_a_save_show_no_key_when_they_are_printed(clinic, keys):
    shown = repr(clinic.write(keys)) + repr(clinic.save(keys))
    assert repr(keys.seed) not in shown

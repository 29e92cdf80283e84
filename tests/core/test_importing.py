"""Importing: looked at first, kept whole or not at all, and the same however often and in whatever order."""

from __future__ import annotations

import signal
from dataclasses import replace
from itertools import permutations

import pytest

from core import card as codes
from core import importing, parcel, token, wire
from core.changes import Change
from core.errors import (
    AlreadyImported,
    CannotBeOpened,
    CopyingError,
    NotAToken,
    NotHandedOut,
    OtherCard,
    OtherTherapist,
    StoreUnavailable,
)
from core.keys import ClientKeys, TherapistKeys
from core.parcel import Parcel
from core.store import cards, mailbox, practice
from core.store.practice import find_therapist
from tests.core import others
from tests.core.clinic import NOW, later


@pytest.fixture
def keys():
    return ClientKeys.new()


def inbox(clinic, at=NOW):
    return importing.look_at_mailbox(clinic.vault, at)


def waiting(clinic):
    return mailbox.count_waiting(clinic.database, parcel.recipient_of(clinic.therapist.sealing_public))


def everything(clinic):
    """Every row that an import could touch."""
    tables = ("record", "holder", "parcel", "card")
    return [clinic.rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables]  # noqa: S608 - listed names


# --- looking ------------------------------------------------------------------------------------


def test_a_look_says_who_what_changed_and_whether_the_key_waits(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask", note="not the dog"), compared=True)
    look = importing.preview(clinic.vault, clinic.save(keys, later(days=1), post="composite").token.text, later(days=1))
    assert (look.card, look.handed_out, look.confirms, look.older_than_held) == (clinic.card, True, None, False)
    assert look.changes == (Change("channels.post", "ask", "composite"), Change("note", "not the dog", ""))
    assert look.before.in_force != look.after.in_force


def test_the_first_token_of_a_card_changes_everything_and_waits_for_a_comparison(clinic, keys):
    look = importing.preview(clinic.vault, clinic.save(keys, post="ask").token.text, NOW)
    assert look.confirms == keys.signing_public
    assert {change.before for change in look.changes} == {None}


def test_a_stop_changes_no_single_choice(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"), compared=True)
    look = importing.preview(clinic.vault, clinic.stop(later(hours=1), keys).token.text, later(hours=1))
    assert look.changes == ()
    assert look.after.withdrawn


def test_looking_writes_nothing(clinic, keys):
    saved = clinic.save(keys, post="ask")
    before = everything(clinic)
    importing.preview(clinic.vault, saved.token.text, NOW)
    inbox(clinic)
    importing.look_at_many(clinic.vault, [saved.token.text, "nonsense"], NOW)
    assert everything(clinic) == before


def test_a_token_for_another_therapist_is_refused(clinic, keys):
    other = TherapistKeys.new()
    stranger = replace(clinic.therapist, sealing_public=other.sealing.public)
    letter = clinic.write(keys)
    sealed = token.issue(replace(letter.token.body, signature=bytes(64)), stranger.sealing_public, keys)
    with pytest.raises(OtherTherapist):
        importing.preview(clinic.vault, sealed.text, NOW)


def test_a_token_from_a_card_that_is_not_ours_is_refused(clinic, keys):
    other = TherapistKeys.new()
    with clinic.database.write() as connection:
        stranger = practice.register_therapist(connection, "Sam", other.sealing.public, other.signing.public, NOW)
        order = cards.Order(stranger, "en", "https://sayso.example.org", "card", 1)
        [theirs] = cards.register(connection, order, NOW)
    for card in (theirs, replace(theirs, code=codes.draw())):
        with pytest.raises(OtherCard):
            importing.preview(clinic.vault, clinic.write(keys, card=card).token.text, NOW)


@pytest.mark.parametrize(("text", "refusal"), [("", NotAToken), ("hello", NotAToken), ("SAYSO1:00", CopyingError)])
def test_what_is_no_token_gets_its_own_sentence(clinic, text, refusal):
    with pytest.raises(refusal):
        importing.preview(clinic.vault, text, NOW)


# --- keeping ------------------------------------------------------------------------------------


def test_a_first_key_holds_until_it_is_compared(clinic, keys):
    assert clinic.take_in(clinic.save(keys, post="ask")).on_hold
    assert importing.confirm_key(clinic.vault, clinic.card.code, keys.signing_public, NOW).permits_something(NOW)


def test_a_comparison_at_the_import_confirms_at_once(clinic, keys):
    assert clinic.take_in(clinic.save(keys, post="ask"), compared=True).permits_something(NOW)
    assert clinic.vault.holder(clinic.card.code).confirmed_at == NOW


def test_confirming_a_key_that_does_not_wait_changes_nothing(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"), compared=True)
    clinic.stop(later(hours=1))
    before = everything(clinic)
    importing.confirm_key(clinic.vault, clinic.card.code, ClientKeys.new().signing_public, NOW)
    importing.confirm_key(clinic.vault, clinic.card.code, bytes(32), NOW)
    assert everything(clinic) == before


def test_a_lost_code_is_mended_by_comparing_again(clinic, keys):
    clinic.take_in(clinic.save(keys, post="disguised"), compared=True)
    new = ClientKeys.new()
    standing = clinic.take_in(clinic.save(new, later(days=1), post="ask"), later(days=1))
    assert standing.on_hold
    standing = importing.confirm_key(clinic.vault, clinic.card.code, new.signing_public, later(days=1))
    assert [one.body.client_key for one in standing.in_force] == [new.signing_public]
    assert not standing.on_hold


def test_an_older_token_is_history_only(clinic, keys):
    old, new = clinic.save(keys, post="disguised"), clinic.save(keys, later(days=1))
    clinic.take_in(new, later(days=1), compared=True)
    look = importing.preview(clinic.vault, old.token.text, later(days=1))
    assert look.older_than_held
    standing = importing.keep(clinic.vault, look, later(days=1))
    assert [one.digest for one in standing.in_force] == [new.token.digest]
    assert not standing.permits_something(later(days=1))
    assert len(clinic.vault.records()) == 2


def test_stop_and_then_the_old_yes_is_still_stopped(clinic, keys):
    yes = clinic.save(keys, post="ask")
    stop = clinic.stop(later(hours=1), keys)
    clinic.take_in(stop, later(hours=2), compared=True)
    assert clinic.take_in(yes, later(hours=3)).withdrawn


def test_the_order_of_imports_does_not_matter(clinic, practice_file, tmp_path, keys):
    saved = [
        clinic.save(keys, post="ask"),
        clinic.save(keys, later(hours=1), post="composite"),
        clinic.stop(later(hours=2)),
        clinic.save(ClientKeys.new(), later(hours=3), post="disguised"),
    ]
    seen = set()
    for order in permutations(saved):
        for one in order:
            clinic.take_in(one, later(hours=4))
        standing = importing.confirm_key(clinic.vault, clinic.card.code, keys.signing_public, later(hours=4))
        seen.add((tuple(one.digest for one in standing.in_force), tuple(hold.reason for hold in standing.holds)))
        clinic.change_rows("DELETE FROM record")
        clinic.change_rows("DELETE FROM holder")
    assert len(seen) == 1


def test_importing_twice_changes_nothing(clinic, keys):
    saved = clinic.save(keys, post="ask")
    look = importing.preview(clinic.vault, saved.token.text, NOW)
    importing.keep(clinic.vault, look, NOW, compared=True)
    before = everything(clinic)
    with pytest.raises(AlreadyImported):
        importing.preview(clinic.vault, saved.token.text, later(days=1))
    with pytest.raises(AlreadyImported):
        importing.keep(clinic.vault, look, later(days=1))
    assert everything(clinic) == before


# --- cards that nobody handed out ---------------------------------------------------------------


def test_a_card_that_was_not_handed_out_asks_first(clinic, keys):
    card = clinic.printed[0]
    look = importing.preview(clinic.vault, clinic.save(keys, card=card, post="ask").token.text, NOW)
    before = everything(clinic)
    with pytest.raises(NotHandedOut) as asked:
        importing.keep(clinic.vault, look, NOW, compared=True)
    assert asked.value.details == {"number": card.number}
    assert everything(clinic) == before


def test_waving_it_through_notes_the_hand_out_so_that_the_card_does_not_end(clinic, keys):
    card = clinic.printed[0]
    look = importing.preview(clinic.vault, clinic.save(keys, card=card, post="ask").token.text, NOW)
    importing.keep(clinic.vault, look, NOW, not_handed_out_is_fine=True)
    assert cards.find(clinic.database, card.code).state == "handed_out"
    assert cards.usable(clinic.database, card.code, later(days=3650)).ends_at is None


def test_a_blocked_card_stays_blocked(clinic, keys):
    card = clinic.printed[0]
    saved = clinic.save(keys, card=card)
    cards.block(clinic.database, [card.number])
    look = importing.preview(clinic.vault, saved.token.text, NOW)
    importing.keep(clinic.vault, look, NOW, not_handed_out_is_fine=True)
    assert cards.find(clinic.database, card.code).state == "blocked"


# --- the mailbox --------------------------------------------------------------------------------


def test_a_parcel_is_delivered_by_its_import_and_not_before(clinic, keys):
    clinic.save(keys, post="ask")
    [outcome] = inbox(clinic)
    assert waiting(clinic) == 1
    importing.keep(clinic.vault, outcome.preview, NOW)
    assert waiting(clinic) == 0


def test_a_parcel_whose_token_came_by_hand_has_done_its_work(clinic, keys):
    saved = clinic.save(keys, post="ask")
    [outcome] = inbox(clinic)
    clinic.take_in(saved)
    with pytest.raises(AlreadyImported):
        importing.keep(clinic.vault, outcome.preview, NOW)
    assert waiting(clinic) == 0


def test_a_parcel_looked_at_after_its_token_came_by_hand_is_delivered_too(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"))
    [outcome] = inbox(clinic)
    assert isinstance(outcome.refusal, AlreadyImported)
    assert waiting(clinic) == 0


@pytest.mark.parametrize("payload", [b"", b"nonsense", bytes(302)])
def test_a_parcel_with_nonsense_in_it_does_not_stop_the_rest(clinic, keys, payload):
    sealing = clinic.therapist.sealing_public
    with clinic.database.write() as connection:
        mailbox.post(connection, parcel.recipient_of(sealing), parcel.pack(Parcel("token", payload), sealing), NOW)
        mailbox.post(connection, parcel.recipient_of(sealing), bytes(4096), NOW)
    clinic.save(keys, later(minutes=1), post="ask")
    outcomes = inbox(clinic, later(minutes=1))
    assert [outcome.preview is not None for outcome in outcomes].count(True) == 1
    assert CannotBeOpened in {type(outcome.refusal) for outcome in outcomes}


def test_importing_lets_parcels_whose_time_is_over_go(clinic, keys):
    clinic.save(keys, post="ask")
    [outcome] = inbox(clinic)
    importing.keep(clinic.vault, outcome.preview, NOW)
    clinic.save(keys, later(days=31), post="composite")
    importing.keep_many(clinic.vault, [one.preview for one in inbox(clinic, later(days=31))], later(days=31))
    recipient = parcel.recipient_of(clinic.therapist.sealing_public).hex()
    filed = [owner.hex() for (owner,) in clinic.rows("SELECT recipient FROM parcel")]
    assert filed.count(recipient) == 1


# --- a hundred at once --------------------------------------------------------------------------


def test_a_hundred_tokens_go_in_in_one_go_and_one_bad_one_does_not_stop_the_rest(clinic):
    with clinic.database.write() as connection:
        order = cards.Order(clinic.therapist.id, "en", "https://sayso.example.org", "card", 100)
        made = cards.register(connection, order, NOW)
    texts = []
    for card in made:
        cards.hand_out(clinic.database, card.number, NOW)
        texts.append(clinic.write(ClientKeys.new(), card=card, post="ask").token.text)
    bad = texts[41]
    texts[41] = bad[:-1] + ("0" if bad[-1] != "0" else "1")
    steps = []
    seen = importing.look_at_many(
        clinic.vault, importing.tokens_in("\n".join(texts)), NOW, lambda done, total: steps.append((done, total))
    )
    assert steps == [(n, 100) for n in range(1, 101)]
    assert [(one.position, type(one.refusal)) for one in seen if one.refusal] == [(42, CopyingError)]
    kept = importing.keep_many(clinic.vault, [one.preview for one in seen if one.preview], NOW)
    assert [one.refusal for one in kept] == [None] * 99
    assert len(clinic.vault.records()) == 99


def test_of_one_token_twice_in_a_file_the_second_is_refused(clinic, keys):
    text = clinic.save(keys, post="ask").token.text
    looks = [one.preview for one in importing.look_at_many(clinic.vault, [text, text], NOW)]
    first, second = importing.keep_many(clinic.vault, looks, NOW)
    assert first.refusal is None
    assert isinstance(second.refusal, AlreadyImported)


def test_in_a_hundred_those_of_cards_not_handed_out_are_left_for_a_question(clinic, keys):
    texts = [clinic.save(ClientKeys.new(), card=card).token.text for card in (clinic.card, clinic.printed[0])]
    looks = [one.preview for one in importing.look_at_many(clinic.vault, texts, NOW)]
    assert [type(one.refusal) for one in importing.keep_many(clinic.vault, looks, NOW)] == [type(None), NotHandedOut]
    again = importing.keep_many(clinic.vault, looks[1:], NOW, not_handed_out_is_fine=True)
    assert [one.refusal for one in again] == [None]


@pytest.mark.parametrize("between", ["\n", " ", "", "\r\n\r\n\t"])
def test_tokens_are_found_whatever_space_lies_between(clinic, keys, between):
    texts = [clinic.write(keys, later(hours=n)).token.text for n in range(3)]
    found = importing.tokens_in(between.join(texts))
    assert [token.envelope_of(one) for one in found] == [token.envelope_of(one) for one in texts]


def test_a_text_without_a_token_comes_back_whole_to_get_its_refusal():
    assert importing.tokens_in("no token here") == ["no token here"]


# --- crashes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("behind", [" Thanks, Ann!", "\nsent from my phone", "  0", "--\n> see you on 3 May"])
def test_what_a_person_wrote_behind_a_token_is_no_part_of_it(clinic, behind):
    text = clinic.save(ClientKeys.new()).token.text
    broken = "\n".join(text[start : start + 60] for start in range(0, len(text), 60))
    for sent in (text, broken):
        (found,) = importing.tokens_in("Here it is: " + sent + behind)
        assert importing.preview(clinic.vault, found, NOW).card == clinic.card


def test_an_import_that_fails_at_its_last_statement_leaves_nothing(clinic, keys):
    clinic.save(keys, card=clinic.printed[0], post="ask")
    [outcome] = inbox(clinic)
    before = everything(clinic)
    with clinic.refusing("UPDATE ON parcel"), pytest.raises(StoreUnavailable):
        importing.keep(clinic.vault, outcome.preview, NOW, compared=True, not_handed_out_is_fine=True)
    assert everything(clinic) == before
    importing.keep(clinic.vault, outcome.preview, NOW, compared=True, not_handed_out_is_fine=True)
    assert waiting(clinic) == 0


#: Imports what waits, and is killed at the statement of the number given: ADDRESS THERAPIST CODE NUMBER.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event
from core import importing
from core.store.database import Database
from core.store.vaults import recover_vault
address, therapist, code, number = sys.argv[1:]
database = Database(address)
vault = recover_vault(database, therapist, code)
now = datetime(2026, 11, 22, 11, tzinfo=UTC)
[seen] = importing.look_at_mailbox(vault, now)
count = 0
@event.listens_for(database.engine, "after_cursor_execute")
def kill(connection, cursor, statement, *rest):
    global count
    if not statement.startswith(("SELECT", "BEGIN", "SET", "SAVEPOINT", "RELEASE")):
        count += 1
        if count == int(number):
            os.kill(os.getpid(), signal.SIGKILL)
importing.keep(vault, seen.preview, now, compared=True, not_handed_out_is_fine=True)
"""


@pytest.mark.parametrize("statement", [1, 2, 3, 4])
def test_an_import_killed_between_two_statements_leaves_nothing_and_can_be_done_again(clinic, keys, statement):
    clinic.save(keys, card=clinic.printed[0], post="ask")
    before = everything(clinic)
    words = [clinic.address, clinic.therapist.id, clinic.recovery_code, statement]
    assert others.run(KILLED, *words) == -signal.SIGKILL
    assert everything(clinic) == before
    [outcome] = inbox(clinic, later(hours=2))
    standing = importing.keep(clinic.vault, outcome.preview, later(hours=2), compared=True, not_handed_out_is_fine=True)
    assert standing.permits_something(later(hours=2))


def test_what_is_imported_is_what_was_sent(clinic, keys):
    saved = clinic.save(keys, post="disguised", topics=("family",), may_recognise_self=True)
    clinic.take_in(saved, compared=True)
    [kept] = clinic.vault.records(clinic.card.code)
    assert kept.token.envelope == saved.token.envelope
    assert isinstance(kept.token.body.content, wire.Choices)
    assert find_therapist(clinic.database, clinic.therapist.id) == clinic.therapist

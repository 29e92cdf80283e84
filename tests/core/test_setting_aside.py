"""A parcel that will never be read: kept, told in the record, and no longer in the way of an answer."""

from __future__ import annotations

import secrets
from hashlib import sha256

import pytest

from core import importing, knowing, parcel, people
from core.errors import BadInput, InboxFirst
from core.keys import ClientKeys
from core.parcel import Parcel
from core.store import audit, mailbox
from tests.core.clinic import NOW, later
from tests.core.story import Client, about


def filed(clinic, sealed):
    with clinic.database.write() as connection:
        return mailbox.post(connection, parcel.recipient_of(clinic.therapist.sealing_public), sealed, NOW)


def noise():
    """What somebody who only knows the address of a mailbox can throw into it."""
    return secrets.token_bytes(4096)


def no_token(clinic):
    """A parcel that opens, with something in it that is no token."""
    return parcel.pack(Parcel("token", b"hello"), clinic.therapist.sealing_public)


@pytest.fixture
def unread(clinic):
    return filed(clinic, noise())


@pytest.fixture
def post(clinic):
    """A post that its one person's standing choices allow."""
    free = Client(clinic, clinic.cards[1])
    free.chooses(treatment="disguised", may_recognise_self=True)
    return about((free.card.code, "2026-05-01"))


def entered(clinic):
    with clinic.database.read() as connection:
        told = [facts for entry, facts in audit.opened(connection, clinic.vault) if entry.kind == "set_aside"]
    return [{fact.name: fact.value for fact in facts} for facts in told]


def test_a_parcel_that_never_opens_holds_up_every_answer_until_it_is_set_aside(clinic, post):
    unread = filed(clinic, noise())
    with pytest.raises(InboxFirst):
        knowing.judge(clinic.vault, post, NOW)
    importing.set_aside(clinic.vault, unread, NOW)
    assert people.unopened(clinic.vault) == 0
    assert knowing.judge(clinic.vault, post, NOW).answer == "allowed"


def test_it_is_kept_listed_and_can_be_taken_back(clinic, unread):
    importing.set_aside(clinic.vault, unread, NOW)
    assert [one.id for one in importing.put_aside(clinic.vault)] == [unread]
    assert importing.look_at_mailbox(clinic.vault, NOW) == []
    importing.put_back(clinic.vault, unread, later(days=1))
    assert importing.put_aside(clinic.vault) == []
    assert people.unopened(clinic.vault) == 1


def test_both_are_entries_of_the_record_with_the_parcel_s_hash_and_only_once(clinic):
    sealed = noise()
    unread = filed(clinic, sealed)
    for step in (importing.set_aside, importing.set_aside, importing.put_back, importing.put_back):
        step(clinic.vault, unread, NOW)
    digest = sha256(sealed).hexdigest()
    assert entered(clinic) == [{"parcel": digest, "state": "aside"}, {"parcel": digest, "state": "back"}]
    assert audit.check(clinic.database).ok


@pytest.mark.parametrize("sealed", [lambda _: noise(), no_token])
def test_what_can_never_be_read_says_so(clinic, sealed):
    parcel_id = filed(clinic, sealed(clinic))
    [outcome] = importing.look_at_mailbox(clinic.vault, NOW)
    assert (outcome.parcel_id, outcome.can_be_set_aside) == (parcel_id, True)


def test_what_can_be_read_is_never_set_aside_as_it_may_say_no(clinic):
    clinic.save(ClientKeys.new(), post="never")
    [outcome] = importing.look_at_mailbox(clinic.vault, NOW)
    assert not outcome.can_be_set_aside
    with pytest.raises(BadInput):
        importing.set_aside(clinic.vault, outcome.parcel_id, NOW)
    assert people.unopened(clinic.vault) == 1


def test_what_a_newer_version_may_read_is_not_set_aside(clinic):
    token = clinic.write(ClientKeys.new(), post="never").token
    newer = bytes([2]) + token.envelope[1:-4]
    newer += sha256(newer).digest()[:4]
    filed(clinic, parcel.pack(Parcel("token", newer), clinic.therapist.sealing_public))
    [outcome] = importing.look_at_mailbox(clinic.vault, NOW)
    assert outcome.refusal.id == "newer_version"
    with pytest.raises(BadInput):
        importing.set_aside(clinic.vault, outcome.parcel_id, NOW)


def test_another_s_mailbox_is_out_of_reach(clinic):
    with clinic.database.write() as connection:
        other = mailbox.post(connection, b"\1" * 32, noise(), NOW)
    importing.set_aside(clinic.vault, other, NOW)
    assert clinic.rows("SELECT set_aside_at FROM parcel") == [(None,)]


def test_what_was_brought_by_hand_is_no_parcel(clinic):
    [outcome] = importing.look_at_many(clinic.vault, ["hello"], NOW)
    assert not outcome.can_be_set_aside


def test_it_ends_with_its_time_like_every_parcel(clinic, unread):
    importing.set_aside(clinic.vault, unread, NOW)
    assert mailbox.clear_ended(clinic.database, later(days=399)) == 0
    assert mailbox.clear_ended(clinic.database, later(days=401)) == 1

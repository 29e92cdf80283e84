"""Sealed parcels: filed, waiting, delivered, ended."""

from __future__ import annotations

import pytest

from core.store import mailbox
from tests.core.clinic import NOW, later

THERAPIST, CLIENT = bytes(32), bytes([1]) * 32


def post(database, recipient=THERAPIST, at=NOW, **options):
    with database.write() as connection:
        return mailbox.post(connection, recipient, b"sealed", at, **options)


def deliver(database, parcel_id, at):
    with database.write() as connection:
        mailbox.deliver(connection, parcel_id, at)


def test_parcels_wait_oldest_first_and_only_for_their_recipient(database):
    second, first = post(database, at=later(days=2)), post(database, at=later(days=1))
    post(database, CLIENT)
    assert [one.id for one in mailbox.waiting(database, THERAPIST)] == [first, second]
    assert mailbox.count_waiting(database, THERAPIST) == 2


def test_a_delivered_parcel_waits_no_more(database):
    deliver(database, post(database), NOW)
    assert mailbox.waiting(database, THERAPIST) == []
    assert mailbox.count_waiting(database, THERAPIST) == 0


def test_a_delivered_parcel_ends_after_thirty_days(database):
    deliver(database, post(database), later(days=1))
    assert mailbox.clear_ended(database, later(days=31)) == 0
    assert mailbox.clear_ended(database, later(days=31, seconds=1)) == 1


def test_delivering_again_does_not_prolong_it(database):
    parcel_id = post(database)
    deliver(database, parcel_id, NOW)
    deliver(database, parcel_id, later(days=29))
    assert mailbox.clear_ended(database, later(days=31)) == 1


def test_an_undelivered_parcel_ends_after_four_hundred_days(database):
    post(database)
    assert mailbox.clear_ended(database, later(days=400)) == 0
    assert mailbox.clear_ended(database, later(days=400, seconds=1)) == 1


def test_a_clients_own_record_has_no_end_and_there_is_one(database):
    for day in range(3):
        with database.write() as connection:
            mailbox.replace_standing(connection, CLIENT, bytes([day]), later(days=day))
    assert mailbox.clear_ended(database, later(days=36500)) == 0
    assert [one.sealed for one in mailbox.waiting(database, CLIENT)] == [b"\x02"]


def test_replacing_a_clients_own_record_leaves_other_parcels(database):
    post(database, CLIENT)
    with database.write() as connection:
        mailbox.replace_standing(connection, CLIENT, b"own", NOW)
        mailbox.replace_standing(connection, CLIENT, b"own", NOW)
    assert len(mailbox.waiting(database, CLIENT)) == 2


@pytest.mark.parametrize("known", [True, False])
def test_a_parcel_can_be_asked_for_by_the_id_it_was_filed_under(database, known):
    if known:
        post(database, parcel_id="0123456789abcdef")
    with database.read() as connection:
        assert mailbox.is_filed(connection, "0123456789abcdef") is known

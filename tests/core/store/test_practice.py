"""Set-up, the keys under the passphrase, and what clients see of a practice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.demo import start_demo
from core.errors import (
    AlreadySetUp,
    BadInput,
    StoreUnavailable,
    VaultDamaged,
    VaultLocked,
    WrongPassphrase,
    WrongRecoveryCode,
)
from core.keys import ClientKeys, TherapistKeys
from core.store import cards, practice, recovery
from core.store.cards import Order
from core.store.practice import SetUp
from core.store.vaults import open_vault, recover_vault
from tests.core.clinic import NOW, PASSPHRASE

ANSWERS = SetUp("Willow", "Robin", ("@willow", "  ", " @robin "), "twelve letters")


def test_set_up_makes_a_practice_a_therapist_and_a_vault_that_both_ways_open(database):
    therapist, code = practice.set_up(database, ANSWERS, NOW)
    assert practice.find_practice(database).name == "Willow"
    assert practice.list_therapists(database) == [therapist]
    assert therapist.accounts == ("@willow", "@robin")
    assert practice.list_vaults(database) == [therapist]
    by_passphrase = open_vault(database, therapist.id, "twelve letters")
    assert by_passphrase.keys == recover_vault(database, therapist.id, code).keys
    assert by_passphrase.keys.sealing.public == therapist.sealing_public
    assert by_passphrase.keys.signing.public == therapist.signing_public


def test_what_belongs_to_a_practice_is_kept_with_it_or_neither_is(database):
    def cards_and_a_full_disk(connection, therapist_id):
        cards.register(connection, Order(therapist_id, "en", "https://sayso.example.org", "card", 5), NOW)
        raise StoreUnavailable

    with pytest.raises(StoreUnavailable):
        practice.set_up(database, ANSWERS, NOW, cards_and_a_full_disk)
    assert practice.find_practice(database) is None
    assert practice.list_therapists(database) == []
    assert len(start_demo(database, "https://sayso.example.org", NOW).cards) == 5


@pytest.mark.parametrize(
    ("accounts", "said"),
    [(tuple(f"@{n}" for n in range(21)), "at most 20 accounts"), (("@" + "a" * 100,), "at most 100 letters")],
)
def test_accounts_that_no_client_would_read_are_refused(database, clinic, accounts, said):
    with pytest.raises(BadInput, match=said):
        practice.set_up(database, replace(ANSWERS, accounts=accounts), NOW)
    with pytest.raises(BadInput, match=said):
        practice.change_accounts(clinic.database, clinic.therapist.id, accounts, NOW)
    assert practice.find_therapist(clinic.database, clinic.therapist.id) == clinic.therapist


def test_twenty_accounts_are_fine_and_each_counts_once(clinic):
    accounts = tuple(f"@{n:02}" + "a" * 97 for n in range(20))
    practice.change_accounts(clinic.database, clinic.therapist.id, (*accounts, accounts[0] + " "), NOW)
    assert practice.find_therapist(clinic.database, clinic.therapist.id).accounts == accounts


def test_before_set_up_there_is_no_practice(database):
    assert practice.find_practice(database) is None
    assert practice.list_therapists(database) == []


def test_a_portal_is_set_up_once(clinic):
    with pytest.raises(AlreadySetUp):
        practice.set_up(clinic.database, ANSWERS, NOW)
    assert practice.list_therapists(clinic.database) == [clinic.therapist]


def test_of_two_set_ups_at_once_one_wins(database):
    def attempt(name):
        try:
            return practice.set_up(database, replace(ANSWERS, practice=name), NOW)[0].id
        except AlreadySetUp:
            return None

    with ThreadPoolExecutor(2) as threads:
        made = [one for one in threads.map(attempt, ["One", "Two"]) if one]
    assert [therapist.id for therapist in practice.list_therapists(database)] == made


@pytest.mark.parametrize(
    "wrong",
    [
        {"practice": " "},
        {"therapist": ""},
        {"practice": "x" * 201},
        {"passphrase": "eleven char"},
        {"passphrase": "short       "},
    ],
)
def test_set_up_says_what_is_missing_and_makes_nothing(database, wrong):
    with pytest.raises(BadInput):
        practice.set_up(database, replace(ANSWERS, **wrong), NOW)
    assert practice.find_practice(database) is None


def test_a_wrong_passphrase_or_recovery_code_does_not_open(clinic):
    with pytest.raises(WrongPassphrase):
        open_vault(clinic.database, clinic.therapist.id, PASSPHRASE + "!")
    with pytest.raises(WrongRecoveryCode):
        recover_vault(clinic.database, clinic.therapist.id, ClientKeys.new().code)


def test_a_new_passphrase_takes_the_place_of_the_old_and_writes_no_record_again(clinic):
    clinic.take_in(clinic.save(ClientKeys.new(), post="ask"), compared=True)
    before = clinic.rows("SELECT * FROM record") + clinic.rows("SELECT * FROM holder")
    keys_before = clinic.rows("SELECT sealed_keys, wrapped_for_recovery FROM therapist")
    practice.change_passphrase(clinic.database, clinic.therapist.id, clinic.vault.data_key, "another passphrase", NOW)
    with pytest.raises(WrongPassphrase):
        open_vault(clinic.database, clinic.therapist.id, PASSPHRASE)
    opened = open_vault(clinic.database, clinic.therapist.id, "another passphrase")
    assert len(opened.records()) == 1
    assert clinic.rows("SELECT * FROM record") + clinic.rows("SELECT * FROM holder") == before
    assert clinic.rows("SELECT sealed_keys, wrapped_for_recovery FROM therapist") == keys_before
    assert recover_vault(clinic.database, clinic.therapist.id, clinic.recovery_code).keys == opened.keys


def test_a_new_recovery_sheet_ends_the_one_before(clinic):
    code = recovery.renew(clinic.database, clinic.therapist.id, clinic.vault.data_key, NOW)
    assert recover_vault(clinic.database, clinic.therapist.id, code).keys == clinic.vault.keys
    with pytest.raises(WrongRecoveryCode):
        recover_vault(clinic.database, clinic.therapist.id, clinic.recovery_code)


def test_keys_that_were_changed_behind_our_back_do_not_open(clinic):
    clinic.change_rows("UPDATE therapist SET sealed_keys = ?", bytes(200))
    with pytest.raises(VaultDamaged):
        recover_vault(clinic.database, clinic.therapist.id, clinic.recovery_code)


def test_a_therapist_registered_by_key_has_no_vault_and_is_made_once(clinic):
    keys = TherapistKeys.new()
    with clinic.database.write() as connection:
        made = [
            practice.register_therapist(connection, "Sam", keys.sealing.public, keys.signing.public, NOW)
            for _ in range(2)
        ]
    assert made[0] == made[1]
    assert practice.find_therapist(clinic.database, made[0]) not in practice.list_vaults(clinic.database)
    with pytest.raises(VaultLocked):
        open_vault(clinic.database, made[0], PASSPHRASE)


def test_nobody_is_found_under_an_unknown_id(clinic):
    with pytest.raises(LookupError):
        practice.find_therapist(clinic.database, "0" * 16)
    with pytest.raises(VaultLocked):
        open_vault(clinic.database, "0" * 16, PASSPHRASE)


def test_what_a_practice_changes_is_what_clients_see(clinic):
    practice.change_address(clinic.database, "https://sayso.example.org")
    practice.switch_mailbox(clinic.database, NOW, on=False)
    practice.change_accounts(clinic.database, clinic.therapist.id, (" @new ", ""), NOW)
    found = practice.find_practice(clinic.database)
    assert (found.public_url, found.mailbox) == ("https://sayso.example.org", False)
    assert practice.find_therapist(clinic.database, clinic.therapist.id).accounts == ("@new",)


def test_a_vault_shows_no_key_when_it_is_printed(clinic):
    shown = repr(clinic.vault)
    assert clinic.vault.data_key.raw.hex() not in shown
    assert repr(clinic.vault.keys.sealing.private) not in shown


def test_cards_of_one_therapist_are_not_anothers(clinic):
    keys = TherapistKeys.new()
    with clinic.database.write() as connection:
        other = practice.register_therapist(connection, "Sam", keys.sealing.public, keys.signing.public, NOW)
        cards.register(connection, cards.Order(other, "en", "https://sayso.example.org", "card", 1), NOW)
    assert len(cards.of_therapist(clinic.database, other)) == 1
    assert len(cards.of_therapist(clinic.database, clinic.therapist.id)) == 12

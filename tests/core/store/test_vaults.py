"""An open vault on real tables: each row opens in its own place and nowhere else."""

from __future__ import annotations

import pytest

from core.errors import AlreadyImported, VaultDamaged
from core.keys import ClientKeys, TherapistKeys
from core.store import at_hand
from core.store.vaults import Vault
from core.vault import DataKey
from tests.core.clinic import NOW, later


@pytest.fixture
def full(clinic):
    """Two cards with one token and an alias each."""
    for card in clinic.cards[:2]:
        clinic.take_in(clinic.save(ClientKeys.new(), card=card, post="ask"), compared=True)
    return clinic


def opens(vault):
    """Open everything there is."""
    return vault.records(), vault.holders()


def test_what_was_kept_is_read_back(clinic):
    saved = clinic.save(ClientKeys.new(), post="composite", note="not the dog")
    clinic.take_in(saved, later(hours=1))
    [kept] = clinic.vault.records(clinic.card.code)
    assert kept.token == saved.token
    assert kept.imported_at == later(hours=1)


def test_which_cards_were_imported_from_is_told_without_opening_a_row(full):
    full.take_in(full.save(ClientKeys.new(), later(days=1), card=full.card, post="never"), later(days=1))
    full.change_rows("UPDATE record SET sealed = ?", b"not to be opened")
    assert full.vault.imported_from() == {full.vault.card_index(card.code) for card in full.cards[:2]}


@pytest.mark.parametrize("table", ["record", "holder"])
def test_a_row_moved_to_another_row_does_not_open(full, table):
    (one, _), (other, sealed) = full.rows(f"SELECT id, sealed FROM {table}")  # noqa: S608 - a listed name
    full.change_rows(f"UPDATE {table} SET sealed = ? WHERE id = ?", sealed, one)  # noqa: S608
    assert other != one
    with pytest.raises(VaultDamaged):
        opens(full.vault)


@pytest.mark.parametrize("table", ["record", "holder"])
def test_a_row_with_another_key_version_does_not_open(full, table):
    full.change_rows(f"UPDATE {table} SET key_version = 2")  # noqa: S608
    with pytest.raises(VaultDamaged):
        opens(full.vault)


@pytest.mark.parametrize("table", ["record", "holder"])
def test_a_row_moved_to_another_therapist_does_not_open(full, table):
    keys = TherapistKeys.new()
    full.change_rows(
        "INSERT INTO therapist (id, name, accounts, sealing_public, signing_public, created_at)"
        " VALUES ('other', 'Sam', '[]', ?, ?, 0)",
        keys.sealing.public,
        keys.signing.public,
    )
    full.change_rows(f"UPDATE {table} SET therapist_id = 'other'")  # noqa: S608
    for data_key in (full.vault.data_key, DataKey.new()):
        with pytest.raises(VaultDamaged):
            opens(Vault(full.database, "other", keys, data_key))


@pytest.mark.parametrize("table", ["record", "holder"])
def test_a_row_filed_under_another_card_is_not_taken_for_that_cards(full, table):
    one, other = (full.vault.card_index(card.code) for card in full.cards[:2])
    full.change_rows(f"DELETE FROM {table} WHERE card_index = ?", one)  # noqa: S608
    full.change_rows(f"UPDATE {table} SET card_index = ? WHERE card_index = ?", one, other)  # noqa: S608
    look = full.vault.records if table == "record" else full.vault.holder
    with pytest.raises(VaultDamaged):
        look(full.card.code)


@pytest.mark.parametrize("table", ["record", "holder"])
def test_a_row_with_one_byte_changed_does_not_open(full, table):
    (row, sealed), *_ = full.rows(f"SELECT id, sealed FROM {table}")  # noqa: S608
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    full.change_rows(f"UPDATE {table} SET sealed = ? WHERE id = ?", changed, row)  # noqa: S608
    with pytest.raises(VaultDamaged):
        opens(full.vault)


def test_keeping_a_token_twice_writes_it_once(clinic):
    token = clinic.save(ClientKeys.new()).token
    with clinic.database.write() as connection:
        clinic.vault.keep(connection, [token], NOW)
        with pytest.raises(AlreadyImported):
            clinic.vault.keep(connection, [token], NOW)
    assert len(clinic.vault.records()) == 1
    with clinic.database.read() as connection:
        assert at_hand.read(connection, clinic.vault, [clinic.card.code], [token]).has(token)


def test_another_vault_sees_nothing_of_this_one(full):
    stranger = Vault(full.database, "other", TherapistKeys.new(), DataKey.new())
    assert opens(stranger) == ([], {})


def test_what_is_known_of_a_holder_changes_piece_by_piece(clinic):
    code = clinic.card.code
    with clinic.database.write() as connection:
        clinic.vault.change_holder(connection, code, alias="R")
        clinic.vault.change_holder(connection, code, confirmed_key=bytes(32), confirmed_at=NOW)
    known = clinic.vault.holder(code)
    assert (known.alias, known.confirmed_key, known.confirmed_at) == ("R", bytes(32), NOW)
    assert clinic.vault.holders() == {code: known}
    assert clinic.vault.holder(clinic.cards[1].code).confirmed_key is None

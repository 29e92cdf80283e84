"""Many tokens kept in one transaction: each is kept whole, or refused with its own sentence."""

from __future__ import annotations

from core import importing, parcel
from core.errors import VaultDamaged
from core.keys import ClientKeys
from core.parcel import Parcel
from core.store import audit, mailbox
from tests.core.clinic import later


def test_of_many_one_that_goes_wrong_half_way_leaves_nothing_and_the_rest_are_kept(clinic):
    clients = [ClientKeys.new() for _ in range(3)]
    for client, card in zip(clients, clinic.cards, strict=False):
        clinic.take_in(clinic.write(client, card=card, post="ask").token.text)
    sent = [
        clinic.write(client, later(hours=1), card, post="never")
        for client, card in zip(clients, clinic.cards, strict=False)
    ]
    looks = [
        one.preview for one in importing.look_at_many(clinic.vault, [one.token.text for one in sent], later(days=1))
    ]
    spoilt = clinic.vault.card_index(clinic.cards[1].code)
    before = clinic.rows("SELECT count(*) FROM audit"), len(clinic.rows("SELECT id FROM record"))
    clinic.change_rows("UPDATE record SET sealed = ? WHERE card_index = ?", b"spoilt", spoilt)
    kept = importing.keep_many(clinic.vault, looks, later(days=1))
    assert [type(one.refusal) for one in kept] == [type(None), VaultDamaged, type(None)]
    assert [one.position for one in kept] == [1, 2, 3]
    assert clinic.rows("SELECT count(*) FROM audit") == [(before[0][0][0] + 2,)]
    assert len(clinic.rows("SELECT id FROM record")) == before[1] + 2
    assert audit.check(clinic.database).ok


def test_of_two_tokens_of_one_card_kept_together_the_second_sees_the_first(clinic):
    keys = ClientKeys.new()
    texts = [clinic.write(keys, later(hours=n), post="ask").token.text for n in range(2)]
    looks = [one.preview for one in importing.look_at_many(clinic.vault, texts, later(days=1))]
    importing.keep_many(clinic.vault, looks, later(days=1))
    assert len(clinic.vault.records(clinic.card.code)) == 2
    assert audit.check(clinic.database).ok


def test_a_damaged_row_keeps_only_its_own_card_from_being_looked_at(clinic):
    clients = [ClientKeys.new() for _ in range(3)]
    for client, card in zip(clients, clinic.cards, strict=False):
        clinic.take_in(clinic.write(client, card=card, post="ask").token.text)
    newer = [
        clinic.write(client, later(hours=1), card).token.text
        for client, card in zip(clients, clinic.cards, strict=False)
    ]
    spoilt = clinic.vault.card_index(clinic.cards[1].code)
    clinic.change_rows("UPDATE record SET sealed = ? WHERE card_index = ?", b"spoilt", spoilt)
    seen = importing.look_at_many(clinic.vault, newer, later(days=1))
    assert [type(one.refusal) for one in seen] == [type(None), VaultDamaged, type(None)]


def test_a_token_that_lies_in_the_inbox_twice_is_kept_once_and_both_parcels_have_done_their_work(clinic):
    token = clinic.save(ClientKeys.new(), post="ask").token
    sealing = clinic.therapist.sealing_public
    with clinic.database.write() as connection:
        again = parcel.pack(Parcel("token", token.envelope), sealing)
        mailbox.post(connection, parcel.recipient_of(sealing), again, later())
    looks = [one.preview for one in importing.look_at_mailbox(clinic.vault, later(hours=1))]
    kept = importing.keep_many(clinic.vault, looks, later(hours=1))
    assert sorted(type(one.refusal).__name__ for one in kept) == ["AlreadyImported", "NoneType"]
    assert importing.look_at_mailbox(clinic.vault, later(hours=2)) == []
    assert len(clinic.vault.records()) == 1


def test_each_client_is_told_and_each_import_is_an_entry_of_its_own_in_their_order(clinic):
    texts = [clinic.write(ClientKeys.new(), card=card, post="ask").token.text for card in clinic.cards[:3]]
    looks = [one.preview for one in importing.look_at_many(clinic.vault, texts, later())]
    importing.keep_many(clinic.vault, looks, later())
    with clinic.database.read() as connection:
        told = [
            fact.value for _, facts in audit.opened(connection, clinic.vault) for fact in facts if fact.name == "token"
        ]
    assert told == [look.token.digest.hex() for look in looks]
    assert len(clinic.rows("SELECT id FROM parcel")) == 3
    assert audit.check(clinic.database).ok

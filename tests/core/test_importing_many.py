"""Many tokens kept in one transaction: each is kept whole, or refused with its own sentence."""

from __future__ import annotations

from core import importing
from core.errors import VaultDamaged
from core.keys import ClientKeys
from core.store import audit
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

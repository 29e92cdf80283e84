"""A new sealing key: old cards keep theirs and still arrive, new ones use it; and a recovery sheet that was tried."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pypdfium2
import pytest

from core import batches, hand_over, importing, people, saving, seal, signing_in, staff
from core.errors import (
    HasLeft,
    InboxFirst,
    OtherTherapist,
    StubBlocked,
    VaultLocked,
    WrongPassphrase,
    WrongRecoveryCode,
)
from core.keys import ClientKeys, SealingKey
from core.portal import Portal
from core.settings import Settings
from core.store import attendance, audit, cards, practice, recovery, rotation
from core.store.vaults import open_vault, recover_vault
from tests.core.clinic import NOW, PASSPHRASE, SECRET, later

HERE, BROWSER = "203.0.113.7", "one browser"


@pytest.fixture
def renewed(clinic):
    """The clinic after its key was renewed, its vault opened anew."""
    rotation.renew_key(clinic.vault, SealingKey.new(), NOW)
    clinic.before, clinic.vault = clinic.vault, open_vault(clinic.database, clinic.therapist.id, PASSPHRASE)
    return clinic


def new_card(clinic):
    with clinic.database.write() as connection:
        order = cards.Order(clinic.therapist.id, "en", "https://sayso.example.org", "card", 1)
        [made] = cards.register(connection, order, NOW)
    return cards.hand_out(clinic.database, made.number, NOW)


def seen_by_clients(clinic, card):
    return practice.of_card(clinic.database, cards.find(clinic.database, card.code))


def says_no(clinic, card, at=NOW):
    therapist = seen_by_clients(clinic, card)
    return saving.save_choices(clinic.outbox, card, therapist, saving.nevers(at), keys=ClientKeys.new())


def test_the_signing_key_stays_and_signs_the_new_one(renewed):
    keys, before = renewed.vault.keys, renewed.before.keys
    assert keys.signing.public == before.signing.public
    assert keys.sealing.public != before.sealing.public
    assert keys.former == (before.sealing,)
    [(public, signature)] = renewed.rows("SELECT sealing_public, key_signature FROM therapist")
    assert bytes(public) == keys.sealing.public
    assert rotation.is_signed_key(bytes(public), keys.signing.public, bytes(signature))
    assert not rotation.is_signed_key(before.sealing.public, keys.signing.public, bytes(signature))
    assert not rotation.is_signed_key(bytes(public), ClientKeys.new().signing_public, bytes(signature))


def test_a_printed_card_keeps_its_words_and_a_new_one_has_others(renewed):
    words = renewed.before.keys.words()
    old, new = seen_by_clients(renewed, renewed.card), seen_by_clients(renewed, new_card(renewed))
    assert seal.check_words(old.sealing_public, old.signing_public) == words
    assert seal.check_words(new.sealing_public, new.signing_public) == renewed.vault.keys.words() != words


def test_what_comes_from_old_and_new_cards_is_opened(renewed):
    fresh = new_card(renewed)
    old, new = says_no(renewed, renewed.card), says_no(renewed, fresh, later(minutes=1))
    assert old.token.envelope[2:10] != new.token.envelope[2:10]
    assert people.unopened(renewed.vault) == 2
    looks = importing.look_at_mailbox(renewed.vault, later(hours=1))
    assert [one.preview.card.code for one in looks] == [renewed.card.code, fresh.code]
    importing.keep_many(renewed.vault, [one.preview for one in looks], later(hours=1))
    assert people.unopened(renewed.vault) == 0
    # By hand too.
    by_hand = saving.write_stop(renewed.card, seen_by_clients(renewed, renewed.card), later(hours=2))
    assert importing.preview(renewed.vault, by_hand.token.text, later(hours=2)).after.on_hold
    # The vault as it was before has not the new key.
    late = saving.write_stop(fresh, seen_by_clients(renewed, fresh), later(hours=2))
    with pytest.raises(OtherTherapist):
        importing.preview(renewed.before, late.token.text, later(hours=2))


def test_what_was_set_aside_for_an_old_key_is_put_back(renewed):
    saved = says_no(renewed, renewed.card)
    renewed.change_rows("UPDATE parcel SET sealed = ? WHERE NOT standing", b"no parcel at all")
    [broken] = importing.look_at_mailbox(renewed.vault, NOW)
    assert broken.can_be_set_aside
    importing.set_aside(renewed.vault, broken.parcel_id, NOW)
    assert [one.id for one in importing.put_aside(renewed.vault)] == [broken.parcel_id]
    importing.put_back(renewed.vault, broken.parcel_id, NOW)
    assert people.unopened(renewed.vault) == 1
    assert saved.sent


def test_it_is_renewed_again_and_again(renewed):
    second = new_card(renewed)
    rotation.renew_key(renewed.vault, SealingKey.new(), later(days=1))
    renewed.vault = open_vault(renewed.database, renewed.therapist.id, PASSPHRASE)
    third = new_card(renewed)
    for number, card in enumerate((renewed.card, second, third)):
        says_no(renewed, card, later(days=2, minutes=number))
    looks = importing.look_at_mailbox(renewed.vault, later(days=3))
    assert [one.preview.card.code for one in looks] == [renewed.card.code, second.code, third.code]
    [waits] = attendance.unread(renewed.database)
    assert (waits.count, waits.oldest) == (3, later(days=2))


def test_a_vault_from_before_renews_nothing(renewed):
    with pytest.raises(VaultLocked):
        rotation.renew_key(renewed.before, SealingKey.new(), NOW)
    assert practice.find_therapist(renewed.database, renewed.therapist.id).sealing_public == (
        renewed.vault.keys.sealing.public
    )


def test_it_is_all_or_nothing(clinic):
    with clinic.refusing("INSERT ON audit"), pytest.raises(Exception, match="records"):
        rotation.renew_key(clinic.vault, SealingKey.new(), NOW)
    assert open_vault(clinic.database, clinic.therapist.id, PASSPHRASE).keys == clinic.vault.keys
    assert cards.find(clinic.database, clinic.card.code).sealing_public is None


def test_the_sheet_opens_a_renewed_vault_and_the_record_tells_the_new_key(renewed):
    opened = recover_vault(renewed.database, renewed.therapist.id, renewed.recovery_code)
    assert opened.keys == renewed.vault.keys
    with renewed.database.read() as connection:
        told = [facts for entry, facts in audit.opened(connection, opened) if entry.kind == "key_change"]
    assert [{fact.name: fact.value for fact in facts}["sealing_public"] for facts in told] == [
        opened.keys.sealing.public.hex()
    ]


def test_unread_mail_to_an_old_key_keeps_somebody_from_leaving(renewed):
    made = practice.new_therapist("Kim Sample", (), "four other words here", NOW)
    with renewed.database.write() as connection:
        practice.add_therapist(connection, made, NOW)
    says_no(renewed, renewed.card)
    with pytest.raises(InboxFirst):
        hand_over.leave(renewed.vault, made.id, NOW)


def test_a_card_that_went_to_a_colleague_uses_their_key(renewed):
    made = practice.new_therapist("Kim Sample", (), "four other words here", NOW)
    with renewed.database.write() as connection:
        practice.add_therapist(connection, made, NOW)
    hand_over.leave(renewed.vault, made.id, NOW)
    assert seen_by_clients(renewed, renewed.card).sealing_public == made.keys.sealing.public


def words_on(pdf):
    return " ".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())


def test_a_card_printed_again_has_the_new_key_and_its_words(renewed):
    old = says_no(renewed, renewed.card)
    pdf = batches.one_again(renewed.database, renewed.card.number, "card")
    for word in renewed.vault.keys.words():
        assert word in words_on(pdf)
    assert seen_by_clients(renewed, renewed.card).sealing_public == renewed.vault.keys.sealing.public
    assert seen_by_clients(renewed, renewed.cards[1]).sealing_public == renewed.before.keys.sealing.public
    new = says_no(renewed, cards.find(renewed.database, renewed.card.code), later(minutes=1))
    looks = importing.look_at_mailbox(renewed.vault, later(hours=1))
    assert [one.preview.token.digest for one in looks] == [old.token.digest, new.token.digest]


def test_no_card_is_printed_for_who_has_left(renewed):
    made = practice.new_therapist("Kim Sample", (), "four other words here", NOW)
    with renewed.database.write() as connection:
        practice.add_therapist(connection, made, NOW)
    hand_over.leave(renewed.vault, made.id, NOW)
    order = cards.Order(renewed.therapist.id, "en", "https://sayso.example.org", "card", 1)
    with pytest.raises(HasLeft):
        batches.check(renewed.database, [order], (0.0, 0.0))
    with pytest.raises(StubBlocked):
        batches.one_again(renewed.database, renewed.card.number, "card")


# --- at the door --------------------------------------------------------------------------------


@pytest.fixture
def portal(practice_file, tmp_path) -> Iterator[Portal]:
    (tmp_path / "data").mkdir()
    shutil.copy(practice_file[0], tmp_path / "data" / "sayso.sqlite3")
    made = Portal(Settings(data=tmp_path / "data"), SECRET)
    for browser in (BROWSER, "another"):
        made.vaults.put(browser, recover_vault(made.database, *_sheet(practice_file)))
    yield made
    made.database.close()


def _sheet(practice_file):
    return practice_file[1].id, practice_file[2]


def test_other_browsers_unlock_again_after_a_new_key(portal):
    signing_in.renew_key(portal, BROWSER, PASSPHRASE, HERE, NOW)
    assert staff.vault_here(portal, "another") is None
    assert len(staff.vault_here(portal, BROWSER).keys.all_sealing) == 2


def test_a_new_key_asks_for_the_passphrase(portal):
    before = portal.vaults.get(BROWSER)
    with pytest.raises(WrongPassphrase):
        signing_in.renew_key(portal, BROWSER, "not this one", HERE, NOW)
    assert portal.vaults.get(BROWSER) == before
    with pytest.raises(VaultLocked):
        signing_in.renew_key(portal, "a stranger", PASSPHRASE, HERE, NOW)


def test_a_sheet_is_tried_by_typing_it(portal, practice_file):
    vault, (therapist_id, code) = portal.vaults.get(BROWSER), _sheet(practice_file)
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    for typed in (wrong, "", "💥"):
        with pytest.raises(WrongRecoveryCode):
            signing_in.try_sheet(portal, vault, typed, HERE, NOW)
    assert not recovery.was_tried(portal.database, therapist_id)
    signing_in.try_sheet(portal, vault, f" {code.lower()} ", HERE, NOW)
    assert recovery.was_tried(portal.database, therapist_id)
    # A new sheet was not tried yet.
    signing_in.renew_recovery(portal, vault, PASSPHRASE, HERE, NOW)
    assert not recovery.was_tried(portal.database, therapist_id)

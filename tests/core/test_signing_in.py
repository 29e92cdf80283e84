"""Staff at the door: who gets in, what is counted, and what a refusal leaves unchanged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pypdfium2
import pytest

from core import signing_in
from core.errors import (
    AlreadySetUp,
    BadInput,
    PassphrasesDiffer,
    TooManyTries,
    WrongPassphrase,
    WrongRecoveryCode,
    WrongSetupCode,
)
from core.portal import Portal
from core.settings import Settings
from core.signing_in import NewPassphrase
from core.store import practice
from core.store.practice import SetUp
from core.store.vaults import recover_vault
from tests.core.clinic import NOW, PASSPHRASE, SECRET, later

HERE = "203.0.113.7"
BROWSER = "one browser"
NEW = NewPassphrase("another four words", "another four words")


@pytest.fixture
def portal(practice_file, tmp_path) -> Iterator[Portal]:
    (tmp_path / "data").mkdir()
    shutil.copy(practice_file[0], tmp_path / "data" / "sayso.sqlite3")
    made = Portal(Settings(data=tmp_path / "data"), SECRET)
    yield made
    made.database.close()


@pytest.fixture
def therapist(practice_file):
    return practice_file[1]


@pytest.fixture
def sheet(practice_file):
    return practice_file[2]


@pytest.fixture
def empty(empty_file, tmp_path) -> Iterator[Portal]:
    (tmp_path / "data").mkdir()
    shutil.copy(empty_file, tmp_path / "data" / "sayso.sqlite3")
    made = Portal(Settings(data=tmp_path / "data"), SECRET)
    yield made
    made.database.close()


def _wrong(portal, therapist, address=HERE, now=NOW):
    with pytest.raises(WrongPassphrase):
        signing_in.unlock(portal, BROWSER, therapist.id, "not this one", address, now)


def test_the_passphrase_opens_the_vault_for_this_browser_alone(portal, therapist):
    signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, HERE, NOW)
    vault = portal.vaults.get(BROWSER)
    assert vault is not None
    assert vault.therapist_id == therapist.id
    assert portal.vaults.get("another") is None


def test_one_address_waits_after_five_wrong_tries_and_others_do_not(portal, therapist):
    for _ in range(5):
        _wrong(portal, therapist)
    with pytest.raises(TooManyTries):
        signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, HERE, NOW)
    signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, "198.51.100.2", NOW)


def test_the_wait_ends(portal, therapist):
    for _ in range(5):
        _wrong(portal, therapist)
    signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, HERE, later(minutes=15))


def test_many_addresses_together_are_held_up_as_well(portal, therapist):
    for _ in range(30):
        portal.limits.note("unlock_anywhere", therapist.id, NOW)
    with pytest.raises(TooManyTries):
        signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, HERE, NOW)


def test_each_wrong_try_counts_for_the_therapist_wherever_it_comes_from(portal, therapist):
    for number in range(3):
        _wrong(portal, therapist, f"198.51.100.{number}")
    assert portal.limits.tries_left("unlock_anywhere", therapist.id, NOW) == 27


def test_right_ones_are_not_counted(portal, therapist):
    for _ in range(6):
        signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, HERE, NOW)


def test_the_sheet_opens_the_vault_and_the_new_passphrase_takes_the_place_of_the_old(portal, therapist, sheet):
    signing_in.recover(portal, BROWSER, therapist.id, sheet, NEW, HERE, NOW)
    assert portal.vaults.get(BROWSER) is not None
    signing_in.unlock(portal, BROWSER, therapist.id, NEW.first, HERE, NOW)
    with pytest.raises(WrongPassphrase):
        practice.unlock(portal.database, therapist.id, PASSPHRASE)


def test_wrong_recovery_codes_are_counted_like_wrong_passphrases(portal, therapist, sheet):
    for _ in range(5):
        with pytest.raises(WrongRecoveryCode):
            signing_in.recover(portal, BROWSER, therapist.id, "0000", NEW, HERE, NOW)
    with pytest.raises(TooManyTries):
        signing_in.recover(portal, BROWSER, therapist.id, sheet, NEW, HERE, NOW)
    with pytest.raises(TooManyTries):
        signing_in.unlock(portal, BROWSER, therapist.id, PASSPHRASE, HERE, NOW)


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewPassphrase("another four words", "another five words"), PassphrasesDiffer),
        (NewPassphrase("short", "short"), BadInput),
        (NewPassphrase(" " * 20, " " * 20), BadInput),
    ],
)
def test_a_new_passphrase_that_will_not_do_changes_nothing_and_counts_nothing(portal, therapist, sheet, new, error):
    with pytest.raises(error):
        signing_in.recover(portal, BROWSER, therapist.id, sheet, new, HERE, NOW)
    assert portal.limits.tries_left("unlock", HERE, NOW) == 5
    assert portal.vaults.get(BROWSER) is None
    practice.unlock(portal.database, therapist.id, PASSPHRASE)


def test_a_passphrase_is_changed_only_by_who_knows_it(portal, therapist, sheet):
    vault = recover_vault(portal.database, therapist.id, sheet)
    with pytest.raises(WrongPassphrase):
        signing_in.change_passphrase(portal, vault, "not this one", NEW, HERE, NOW)
    signing_in.change_passphrase(portal, vault, PASSPHRASE, NEW, HERE, NOW)
    practice.unlock(portal.database, therapist.id, NEW.first)
    recover_vault(portal.database, therapist.id, sheet)


def test_a_new_sheet_ends_the_old_one_and_asks_for_the_passphrase(portal, therapist, sheet):
    vault = recover_vault(portal.database, therapist.id, sheet)
    with pytest.raises(WrongPassphrase):
        signing_in.renew_recovery(portal, vault, "not this one", HERE, NOW)
    new = signing_in.renew_recovery(portal, vault, PASSPHRASE, HERE, NOW)
    assert recover_vault(portal.database, therapist.id, new).keys.words() == vault.keys.words()
    with pytest.raises(WrongRecoveryCode):
        recover_vault(portal.database, therapist.id, sheet)
    practice.unlock(portal.database, therapist.id, PASSPHRASE)


def test_the_sheet_to_print_carries_the_code_the_words_and_the_practice(portal, therapist, sheet):
    document = pypdfium2.PdfDocument(signing_in.recovery_sheet(portal, therapist.id, sheet, NOW))
    text = document[0].get_textpage().get_text_bounded()
    vault = recover_vault(portal.database, therapist.id, sheet)
    for said in (sheet, " ".join(vault.keys.words()), therapist.name, "Willow Street Practice"):
        assert said in " ".join(text.split())


def test_the_set_up_code_lets_one_browser_set_up(empty):
    with pytest.raises(WrongSetupCode):
        signing_in.give_setup_code(empty, BROWSER, "0000-0000-0000", HERE, NOW)
    assert empty.may_set_up.get(BROWSER) is None
    signing_in.give_setup_code(empty, BROWSER, empty.setup_code.lower(), HERE, NOW)
    assert empty.may_set_up.get(BROWSER)
    assert empty.may_set_up.get("another") is None


def test_set_up_codes_can_not_be_tried_on_and_on(empty):
    for _ in range(5):
        with pytest.raises(WrongSetupCode):
            signing_in.give_setup_code(empty, BROWSER, "0000-0000-0000", HERE, NOW)
    with pytest.raises(TooManyTries):
        signing_in.give_setup_code(empty, BROWSER, empty.setup_code, HERE, NOW)


def test_setting_up_leaves_the_vault_open_and_happens_once(empty):
    answers = SetUp("Willow Street Practice", "Robin Example", (), PASSPHRASE)
    therapist, code = signing_in.set_up(empty, BROWSER, answers, NOW)
    vault = empty.vaults.get(BROWSER)
    assert vault is not None
    assert vault.keys.words() == recover_vault(empty.database, therapist.id, code).keys.words()
    with pytest.raises(AlreadySetUp):
        signing_in.set_up(empty, "another", answers, NOW)
    assert empty.vaults.get("another") is None


def test_nothing_secret_shows_where_a_passphrase_is_printed():
    assert "four words" not in repr(NEW)

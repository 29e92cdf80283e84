"""Staff at the door: the set-up code, the passphrase, the recovery sheet. Wrong tries are counted.

Tries are counted for the visitor's ``address`` and for the therapist, across processes. An open
vault lies on the portal's shelf under the browser's binding and ends by itself when it is idle.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core import keys, seal
from core.errors import PassphrasesDiffer, VaultLocked
from core.paper import recovery_sheet as recovery_pdf
from core.paper.recovery_sheet import RecoverySheet
from core.portal import Portal
from core.store import practice, recovery, rotation
from core.store.limits import Purpose, network
from core.store.practice import SetUp, Therapist
from core.store.vaults import Vault, open_vault, recover_vault


@dataclass(frozen=True, slots=True)
class NewPassphrase:
    """A passphrase as it was typed, twice."""

    first: str = field(repr=False)
    again: str = field(repr=False)

    def checked(self) -> str:
        """Return it. Raises ``PassphrasesDiffer``, or ``BadInput`` where it is too short."""
        practice.check_passphrase(self.first)
        if self.first != self.again:
            raise PassphrasesDiffer
        return self.first


def give_setup_code(portal: Portal, binding: str, typed: str, address: str, now: datetime) -> None:
    """Let a browser set the portal up. Raises ``WrongSetupCode`` or ``TooManyTries``."""
    with portal.limits.attempt([("setup", network(address))], now):
        portal.check_setup_code(typed)
    portal.may_set_up.put(binding, True)  # noqa: FBT003 - what a shelf keeps


def set_up(portal: Portal, binding: str, answers: SetUp, now: datetime) -> tuple[Therapist, str]:
    """Set the practice up, leave its vault open for this browser, and return the therapist and recovery code.

    Raises ``AlreadySetUp`` or ``BadInput``.
    """
    therapist, code = practice.set_up(portal.database, answers, now)
    portal.may_set_up.forget(binding)
    portal.vaults.put(binding, recover_vault(portal.database, therapist.id, code))
    return therapist, code


def recovery_sheet(portal: Portal, therapist_id: str, code: str, now: datetime, language: str = "en") -> bytes:
    """Return the sheet to print, as a PDF, with the check words of the keys it saves, in a language."""
    therapist = practice.find_therapist(portal.database, therapist_id)
    kept = practice.find_practice(portal.database)
    words = seal.check_words(therapist.sealing_public, therapist.signing_public, language)
    sheet = RecoverySheet(kept.name if kept else "", therapist.name, now.date(), words, code, language)
    return recovery_pdf.pdf(sheet)


def unlock(portal: Portal, binding: str, therapist_id: str, passphrase: str, address: str, now: datetime) -> None:
    """Open the vault for this browser. Raises ``WrongPassphrase`` or ``TooManyTries``."""
    with portal.limits.attempt(_tries(therapist_id, address), now):
        vault = open_vault(portal.database, therapist_id, passphrase)
    portal.look_for_an_old_copy(now)
    portal.offices.forget(binding)
    portal.vaults.put(binding, vault)


def recover(
    portal: Portal, binding: str, therapist_id: str, code: str, new: NewPassphrase, address: str, now: datetime
) -> None:
    """Open the vault with the printed sheet and give it a new passphrase.

    Raises ``WrongRecoveryCode``, ``TooManyTries``, ``PassphrasesDiffer`` or ``BadInput``.
    """
    passphrase = new.checked()
    with portal.limits.attempt(_tries(therapist_id, address), now):
        vault = recover_vault(portal.database, therapist_id, code)
    portal.look_for_an_old_copy(now)
    practice.change_passphrase(portal.database, therapist_id, vault.data_key, passphrase, now)
    portal.offices.forget(binding)
    portal.vaults.put(binding, vault)


def change_passphrase(portal: Portal, vault: Vault, old: str, new: NewPassphrase, address: str, now: datetime) -> None:
    """Give an open vault a new passphrase. Raises what ``recover`` raises, and ``WrongPassphrase``."""
    passphrase = new.checked()
    prove(portal, vault, old, address, now)
    practice.change_passphrase(portal.database, vault.therapist_id, vault.data_key, passphrase, now)


def renew_recovery(portal: Portal, vault: Vault, passphrase: str, address: str, now: datetime) -> str:
    """Return a new recovery code; the sheet before it ends. Raises ``WrongPassphrase`` or ``TooManyTries``."""
    prove(portal, vault, passphrase, address, now)
    return recovery.renew(portal.database, vault.therapist_id, vault.data_key, now)


def renew_key(portal: Portal, binding: str, passphrase: str, address: str, now: datetime) -> None:
    """Give the vault this browser has open a new sealing key; other browsers unlock again.

    Raises ``VaultLocked``, ``WrongPassphrase`` or ``TooManyTries``.
    """
    vault = portal.vaults.get(binding)
    if vault is None:
        raise VaultLocked
    prove(portal, vault, passphrase, address, now)
    portal.vaults.put(binding, rotation.renew_key(vault, keys.for_cards(vault.keys.signing.public), now))


def try_sheet(portal: Portal, vault: Vault, code: str, address: str, now: datetime) -> None:
    """Note that the recovery sheet was tried and opens this vault. Raises ``WrongRecoveryCode`` or ``TooManyTries``."""
    with portal.limits.attempt(_tries(vault.therapist_id, address), now):
        practice.unlock_with_recovery(portal.database, vault.therapist_id, code)
    recovery.note_tried(portal.database, vault.therapist_id, now)


def prove(portal: Portal, vault: Vault, passphrase: str, address: str, now: datetime) -> None:
    """Check that who sits before an open vault knows its passphrase."""
    with portal.limits.attempt(_tries(vault.therapist_id, address), now):
        practice.unlock(portal.database, vault.therapist_id, passphrase)


def _tries(therapist_id: str, address: str) -> list[tuple[Purpose, str]]:
    return [("unlock", network(address)), ("unlock_anywhere", therapist_id)]

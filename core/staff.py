"""People at a practice: taking up an invitation, the office's sign-in, and who is still let in.

Wrong codes and passphrases are counted for the visitor's ``address`` and for the login, across processes.
The office has no keys: it prints and hands out cards, and sees how much waits unread and how long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.errors import BadInput, StubBlocked
from core.portal import Portal
from core.signing_in import NewPassphrase
from core.store import attendance, cards, practice
from core.store import staff as logins
from core.store.cards import Card
from core.store.database import Database
from core.store.limits import Purpose, network
from core.store.practice import Therapist
from core.store.staff import Invitation, Office
from core.store.vaults import Vault, recover_vault


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody types who takes an invitation up. ``accounts``: a therapist's; the office has none."""

    code: str = field(repr=False)
    name: str
    new: NewPassphrase = field(repr=False)
    accounts: tuple[str, ...] = ()


def invited(portal: Portal, typed: str, address: str, now: datetime) -> Invitation:
    """Return the invitation with this code. Raises ``WrongInvitation`` or ``TooManyTries``."""
    with portal.limits.attempt([("invitation", network(address))], now):
        return logins.find_invitation(portal.database, typed, now)


def join_as_therapist(
    portal: Portal, binding: str, typed: Joining, address: str, now: datetime
) -> tuple[Therapist, str]:
    """Take an invitation up: keys and a vault of one's own, open for this browser. Returns the recovery code too.

    Raises ``WrongInvitation``, ``TooManyTries``, ``PassphrasesDiffer`` or ``BadInput``, and nobody has joined then.
    """
    invitation = invited(portal, typed.code, address, now)
    made = practice.new_therapist(typed.name, typed.accounts, typed.new.checked(), now)
    with portal.database.write() as connection:
        logins.take_up(connection, invitation.id, "therapist", now)
        practice.add_therapist(connection, made, now)
    portal.offices.forget(binding)
    portal.vaults.put(binding, recover_vault(portal.database, made.id, made.recovery_code))
    return practice.find_therapist(portal.database, made.id), made.recovery_code


def join_as_office(portal: Portal, binding: str, typed: Joining, address: str, now: datetime) -> Office:
    """Take an invitation up as somebody in the office, and sign in. Raises what ``join_as_therapist`` raises."""
    invitation = invited(portal, typed.code, address, now)
    made = logins.new_office(typed.name, typed.new.checked())
    with portal.database.write() as connection:
        logins.take_up(connection, invitation.id, "office", now)
        logins.add_office(connection, made, now)
    _let_in(portal, binding, made[0])
    return made[0]


def sign_in_office(portal: Portal, binding: str, name: str, passphrase: str, address: str, now: datetime) -> Office:
    """Sign somebody of the office in for this browser. Raises ``WrongLogin`` or ``TooManyTries``."""
    with portal.limits.attempt(_tries(name, address), now):
        found = logins.sign_in(portal.database, name, passphrase)
    _let_in(portal, binding, found)
    return found


def change_office_passphrase(
    portal: Portal, office: Office, old: str, new: NewPassphrase, address: str, now: datetime
) -> None:
    """Give a login a new passphrase. Raises ``WrongLogin``, ``TooManyTries``, ``PassphrasesDiffer`` or ``BadInput``."""
    passphrase = new.checked()
    with portal.limits.attempt(_tries(office.name, address), now):
        logins.sign_in(portal.database, office.name, old)
    logins.change_office_passphrase(portal.database, office.id, passphrase)


def office_here(portal: Portal, binding: str, *, touch: bool = True) -> Office | None:
    """Return who of the office is signed in here; None also where the login was removed since, or lay idle."""
    office_id = portal.offices.get(binding, touch=touch)
    found = logins.find_office(portal.database, office_id) if office_id else None
    if office_id and found is None:
        portal.offices.forget(binding)
    return found


def vault_here(portal: Portal, binding: str, *, touch: bool = True) -> Vault | None:
    """Return the vault this browser has open; None also where its therapist left since, or it lay idle.

    One that lacks a key made since in another browser is closed too: it would not see what comes in.
    """
    vault = portal.vaults.get(binding, touch=touch)
    if vault is not None and not attendance.has_key(portal.database, vault.therapist_id, vault.keys.sealing.public):
        portal.vaults.forget(binding)
        return None
    return vault


@dataclass(frozen=True, kw_only=True)
class Counter:
    """Somebody who prints and hands out cards: a therapist for themselves, or the office for all at work here.

    ``therapist_ids``: whose cards. ``vault``: the therapist's, open. ``office``: who it is where there is no vault.
    """

    database: Database
    therapist_ids: tuple[str, ...]
    vault: Vault | None
    office: Office | None

    @property
    def id(self) -> str:
        """Whose work it is: the therapist's id, or the login's."""
        return self.vault.therapist_id if self.vault else self.office.id if self.office else ""


def counter(portal: Portal, binding: str) -> Counter | None:
    """Return who may print and hand out cards in this browser, or None where nobody is signed in."""
    vault = vault_here(portal, binding)
    if vault is not None:
        return Counter(database=portal.database, therapist_ids=(vault.therapist_id,), vault=vault, office=None)
    office = office_here(portal, binding)
    if office is None:
        return None
    everybody = tuple(one.id for one in practice.list_vaults(portal.database))
    return Counter(database=portal.database, therapist_ids=everybody, vault=None, office=office)


def hand_out(database: Database, therapist_ids: tuple[str, ...], typed: str, now: datetime) -> Card:
    """Note that a card was handed out, by the number on its stub. Nobody's name is noted with it.

    ``therapist_ids``: whose cards may be handed out here. Raises ``BadInput``, ``CardUnknown`` or ``StubBlocked``.
    """
    bare = typed.strip().removeprefix("#")
    if not (bare.isascii() and bare.isdecimal() and len(bare) < len(str(2**31))):
        raise BadInput(problem="Type the number on the stub, such as 7.")
    found = cards.find_number(database, int(bare))
    if found.therapist_id not in therapist_ids:
        raise StubBlocked(number=found.number)
    if found.state == "handed_out" and not found.only_no:
        raise BadInput(problem=f"Card number {found.number} was handed out before. Check the number on the stub.")
    return cards.hand_out(database, found.number, now)


def _let_in(portal: Portal, binding: str, office: Office) -> None:
    portal.vaults.forget(binding)
    portal.recovery.forget(binding)
    portal.offices.put(binding, office.id)


def _tries(name: str, address: str) -> list[tuple[Purpose, str]]:
    login = " ".join(name.split()).casefold()
    return [("unlock", network(address)), ("unlock_anywhere", f"office/{login}")]

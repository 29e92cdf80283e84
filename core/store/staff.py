"""Invitations and the office's logins. No key and nothing of a client is kept here.

An invitation's code is 60 random bits, kept only as SHA-256: who reads the table cannot take one up.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core import vault
from core.crockford import encode_number, grouped, tidy
from core.errors import BadInput, WrongInvitation, WrongLogin
from core.model.dates import from_unix, to_unix
from core.store.database import Database, new_id
from core.store.practice import check_name, check_passphrase
from core.store.schema import invitation, office, therapist

Role = Literal["therapist", "office"]
#: An invitation that nobody took up ends after this. This project's own figure.
INVITED_FOR = timedelta(days=7)
MOST_OPEN = 50
_BITS, _SYMBOLS = 60, 12
#: What a wrong name is checked against, so that it takes as long as a wrong passphrase.
_NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Invitation:
    """One that is open. ``invited_by``: a therapist's name."""

    id: str
    role: Role
    invited_by: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Office:
    """Somebody who prints and hands out cards, and has no keys."""

    id: str
    name: str


def invite(database: Database, role: Role, invited_by: str, now: datetime) -> str:
    """Make an invitation and return its code, which is shown once. Raises ``BadInput`` for too many open ones.

    ``invited_by``: the id of the therapist whose vault is open.
    """
    code = encode_number(secrets.randbits(_BITS), _SYMBOLS)
    row = {
        "id": new_id(),
        "role": role,
        "code_hash": _hash(code),
        "invited_by": invited_by,
        "created_at": to_unix(now),
        "ends_at": to_unix(now + INVITED_FOR),
    }
    with database.write() as connection:
        connection.execute(delete(invitation).where(invitation.c.ends_at <= to_unix(now)))
        if (connection.scalar(select(func.count()).select_from(invitation)) or 0) >= MOST_OPEN:
            raise BadInput(problem=f"There are {MOST_OPEN} open invitations. Take one back first.")
        connection.execute(insert(invitation).values(row))
    return grouped(code)


def open_invitations(database: Database, now: datetime) -> list[Invitation]:
    """Return the invitations that can be taken up, those that end first at the top."""
    query = (
        select(invitation.c.id, invitation.c.role, therapist.c.name, invitation.c.ends_at)
        .join(therapist, therapist.c.id == invitation.c.invited_by)
        .where(invitation.c.ends_at > to_unix(now))
        .order_by(invitation.c.ends_at, invitation.c.id)
    )
    with database.read() as connection:
        return [_invitation(row) for row in connection.execute(query).all()]


def revoke(database: Database, invitation_id: str) -> None:
    """Take an invitation back. Doing it twice changes nothing."""
    with database.write() as connection:
        connection.execute(delete(invitation).where(invitation.c.id == invitation_id))


def find_invitation(database: Database, typed: str, now: datetime) -> Invitation:
    """Return the open invitation with this code. Raises ``WrongInvitation``."""
    query = (
        select(invitation.c.id, invitation.c.role, therapist.c.name, invitation.c.ends_at)
        .join(therapist, therapist.c.id == invitation.c.invited_by)
        .where(invitation.c.code_hash == _hash(tidy(typed)), invitation.c.ends_at > to_unix(now))
    )
    with database.read() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise WrongInvitation
    return _invitation(row)


def take_up(connection: Connection, invitation_id: str, role: Role, now: datetime) -> None:
    """End an invitation in the transaction of who joins. Of two at the same moment one gets ``WrongInvitation``."""
    ended = delete(invitation).where(
        invitation.c.id == invitation_id, invitation.c.role == role, invitation.c.ends_at > to_unix(now)
    )
    if not connection.execute(ended).rowcount:
        raise WrongInvitation


def new_office(name: str, passphrase: str) -> tuple[Office, bytes]:
    """Return a login for the office and how its passphrase is kept, not written yet. Raises ``BadInput``."""
    check_passphrase(passphrase)
    made = Office(new_id(), check_name(name))
    return made, vault.keep_passphrase(passphrase, made.id)


def add_office(connection: Connection, new: tuple[Office, bytes], now: datetime) -> None:
    """Write a login in the caller's transaction. Raises ``BadInput`` where somebody has this name."""
    made, kept = new
    if _named(connection, made.name) is not None:
        raise BadInput(problem="Somebody in the office has this name already. Add a second name or a letter.")
    row = {"id": made.id, "name": made.name, "passphrase": kept, "created_at": to_unix(now)}
    connection.execute(insert(office).values(row))


def list_office(database: Database) -> list[Office]:
    """Return everybody in the office, by name."""
    with database.read() as connection:
        rows = connection.execute(select(office.c.id, office.c.name).order_by(office.c.name, office.c.id)).all()
    return [Office(*row) for row in rows]


def find_office(database: Database, office_id: str) -> Office | None:
    """Return one login, or None where it was removed."""
    with database.read() as connection:
        row = connection.execute(select(office.c.id, office.c.name).where(office.c.id == office_id)).first()
    return None if row is None else Office(*row)


def sign_in(database: Database, name: str, passphrase: str) -> Office:
    """Return who has this name and passphrase. Raises ``WrongLogin``, whichever of them is wrong."""
    with database.read() as connection:
        row = _named(connection, name)
    if row is None:
        # As long as for a name that is there, so that nobody can tell which names are.
        vault.keep_passphrase(passphrase, _NOBODY)
        raise WrongLogin
    if not vault.is_passphrase(row.passphrase, passphrase, row.id):
        raise WrongLogin
    return Office(row.id, row.name)


def change_office_passphrase(database: Database, office_id: str, passphrase: str) -> None:
    """Keep a new passphrase for a login. Raises ``BadInput``."""
    check_passphrase(passphrase)
    kept = vault.keep_passphrase(passphrase, office_id)
    with database.write() as connection:
        connection.execute(update(office).where(office.c.id == office_id).values(passphrase=kept))


def remove_office(database: Database, office_id: str) -> None:
    """Remove a login; it counts no more from its next tap on. Doing it twice changes nothing."""
    with database.write() as connection:
        connection.execute(delete(office).where(office.c.id == office_id))


def _named(connection: Connection, name: str) -> Row[Any] | None:
    wanted = " ".join(name.split()).casefold().encode()
    rows = connection.execute(select(office)).all()
    return next((row for row in rows if hmac.compare_digest(str(row.name).casefold().encode(), wanted)), None)


def _invitation(row: Row[Any, Any, Any, Any]) -> Invitation:
    return Invitation(row.id, row.role, row.name, from_unix(row.ends_at))


def _hash(code: str) -> bytes:
    return sha256(b"sayso/v1/invitation" + code.encode()).digest()

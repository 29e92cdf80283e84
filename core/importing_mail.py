"""The inbox: parcels that wait for a vault, looked at, and those that never open set aside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection

from core import entries, parcel, people, token
from core.errors import AlreadyImported, BadInput, CannotBeOpened, StoreUnavailable
from core.importing_looks import Outcome, Progress, in_silence, look_at
from core.store import audit, mailbox
from core.store.vaults import Vault
from core.token import Token


def mail(vault: Vault) -> list[mailbox.Waiting]:
    """Return every parcel that waits for this vault, to whichever of its keys it is sealed, oldest first."""
    found = [one for key in people.recipients(vault) for one in mailbox.waiting(vault.database, key)]
    return sorted(found, key=lambda one: (one.posted_at, one.id))


def look_at_mailbox(vault: Vault, now: datetime, progress: Progress = in_silence) -> list[Outcome]:
    """Preview every parcel that waits for this vault."""
    return _look(vault, mail(vault), now, progress)


def _look(
    vault: Vault, waiting: Sequence[mailbox.Waiting], now: datetime, progress: Progress = in_silence
) -> list[Outcome]:
    seen = look_at(vault, [partial(_token_in, vault, one, now) for one in waiting], progress)
    outcomes = [_of_parcel(outcome, one.id) for outcome, one in zip(seen, waiting, strict=True)]
    # Their tokens came in before, by hand perhaps: these parcels have done their work.
    done = [str(one.parcel_id) for one in outcomes if isinstance(one.refusal, AlreadyImported)]
    if done:
        # Where that cannot be noted now, the next look notes it.
        with suppress(StoreUnavailable), vault.database.write() as connection:
            mailbox.deliver_many(connection, done, now)
    return outcomes


def _of_parcel(outcome: Outcome, parcel_id: str) -> Outcome:
    look = replace(outcome.preview, parcel_id=parcel_id) if outcome.preview else None
    return replace(outcome, preview=look, parcel_id=parcel_id)


def _token_in(vault: Vault, waiting: mailbox.Waiting, now: datetime) -> Token:
    opened = _opened(vault, waiting.sealed)
    return token.read(token.text_of(opened.payload), vault.keys.all_sealing, now)


def _opened(vault: Vault, sealed: bytes) -> parcel.Parcel:
    for key in vault.keys.all_sealing:
        with suppress(parcel.NotAParcel):
            return parcel.unpack(sealed, key.private)
    raise CannotBeOpened


def set_aside(vault: Vault, parcel_id: str, now: datetime) -> None:
    """Wait for a parcel no more that will never be read, and keep it. Setting it aside twice changes nothing.

    Raises ``BadInput`` for one that can be read, or may be by a newer version: it may say no.
    """
    waiting = mail(vault)
    found = next((one for one in waiting if one.id == parcel_id), None)
    if found is None:
        return
    [outcome] = _look(vault, [found], now)
    if not outcome.can_be_set_aside:
        raise BadInput(problem="This one may still be read, and it may say no. Look at it first.")
    with vault.database.write() as connection:
        if mailbox.set_aside(connection, found.id, now):
            said = entries.set_aside(sha256(found.sealed).digest(), "aside")
            audit.append(connection, "set_aside", now, vault, said)


def put_back(vault: Vault, parcel_id: str, now: datetime) -> None:
    """Wait for a parcel again that was set aside."""
    with vault.database.write() as connection:
        found = next((one for one in _put_aside(connection, vault) if one.id == parcel_id), None)
        if found is not None and mailbox.put_back(connection, found.id):
            said = entries.set_aside(sha256(found.sealed).digest(), "back")
            audit.append(connection, "set_aside", now, vault, said)


def put_aside(vault: Vault) -> list[mailbox.Waiting]:
    """Return the parcels that were set aside, oldest first."""
    with vault.database.read() as connection:
        return _put_aside(connection, vault)


def _put_aside(connection: Connection, vault: Vault) -> list[mailbox.Waiting]:
    return [one for key in people.recipients(vault) for one in mailbox.put_aside(connection, key)]

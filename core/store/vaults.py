"""An open vault: one therapist's keys and rows, in memory until it locks."""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from core import wire
from core.errors import AlreadyImported, VaultDamaged
from core.keys import TherapistKeys
from core.model.circumstances import Circumstances
from core.model.dates import from_unix, to_unix
from core.standing import Held
from core.store import practice
from core.store.database import Database, new_id
from core.store.schema import holder, record
from core.token import ENVELOPE, Token
from core.vault import KEY_VERSION, DataKey, Place

_RECORD = struct.Struct(f">I{ENVELOPE}s{wire.BODY}s")  # imported_at, envelope, body


@dataclass(frozen=True, slots=True)
class Record:
    """An imported token."""

    token: Token
    imported_at: datetime

    @property
    def held(self) -> Held:
        """The token as ``core.standing`` judges it."""
        return Held(self.token.body, self.token.digest)


@dataclass(frozen=True, slots=True)
class Holder:
    """What the therapist knows of a card's holder.

    ``person``: cards with the same value belong to one person. ``together``: the codes of all of these, its own
    too; None in a row of before they were kept with each. ``confirmed_key``: the client key whose
    acknowledgement code was compared (32 bytes), or None. ``about``: what else restricts.
    """

    card: str
    alias: str = ""
    person: str = ""
    confirmed_key: bytes | None = None
    confirmed_at: datetime | None = None
    about: Circumstances = field(default_factory=Circumstances)
    together: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Vault:
    """One therapist's open vault. Everything read through it is checked to be in its place."""

    database: Database
    therapist_id: str
    keys: TherapistKeys = field(repr=False)
    data_key: DataKey = field(repr=False)

    def card_index(self, code: str) -> bytes:
        """The blind index of a card code."""
        return self.data_key.blind_index("card", code)

    def records(self, code: str | None = None) -> list[Record]:
        """Return imported tokens. Raises ``VaultDamaged``.

        Of one card, every rule is checked again. Of all, for a list, they are as they were checked on import.
        """
        query = select(record).where(record.c.therapist_id == self.therapist_id)
        if code is not None:
            query = query.where(record.c.card_index == self.card_index(code))
        with self.database.read() as connection:
            rows = connection.execute(query).all()
        found = [self.open_record(row, checked_again=code is not None) for row in rows]
        if code is not None and any(one.token.body.card != code for one in found):
            raise VaultDamaged  # filed under another card's index
        return found

    def imported_from(self) -> frozenset[bytes]:
        """Return the blind index of each card that something was imported from. Opens nothing."""
        query = select(record.c.card_index).distinct().where(record.c.therapist_id == self.therapist_id)
        with self.database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def keep(self, connection: Connection, tokens: Sequence[Token], now: datetime) -> None:
        """Write tokens that were read and checked, all at once.

        Raises ``AlreadyImported`` where one of them is here, and writes none then.
        """
        if not tokens:
            return
        try:
            with connection.begin_nested():
                connection.execute(insert(record), [self._row(token, now) for token in tokens])
        except IntegrityError:
            raise AlreadyImported from None

    def _row(self, token: Token, now: datetime) -> dict[str, object]:
        row_id = new_id()
        plain = _RECORD.pack(to_unix(now), token.envelope, wire.encode_decoded(token.body))
        return {
            "id": row_id,
            "therapist_id": self.therapist_id,
            "card_index": self.card_index(token.body.card),
            "envelope_index": self.envelope_index(token),
            "sealed": self.data_key.seal(plain, self._place("record", row_id, KEY_VERSION)),
            "key_version": KEY_VERSION,
        }

    def holders(self) -> dict[str, Holder]:
        """Return what is known of each card's holder, by card code."""
        query = select(holder).where(holder.c.therapist_id == self.therapist_id)
        with self.database.read() as connection:
            found = [self.open_holder(row) for row in connection.execute(query).all()]
        return {one.card: one for one in found}

    def holders_of(self, codes: Collection[str]) -> dict[str, Holder]:
        """Return what is known of these cards' holders, by card code; none for a card of which nothing is."""
        indexes = {self.card_index(code): code for code in codes}
        query = select(holder).where(holder.c.therapist_id == self.therapist_id, holder.c.card_index.in_(indexes))
        with self.database.read() as connection:
            found = {indexes[row.card_index]: self.open_holder(row) for row in connection.execute(query).all()}
        if any(one.card != code for code, one in found.items()):
            raise VaultDamaged  # filed under another card's index
        return found

    def holder(self, code: str) -> Holder:
        """Return what is known of one card's holder; an empty one where nothing is."""
        with self.database.read() as connection:
            return self._find_holder(connection, code)[1]

    def change_holder(self, connection: Connection, code: str, **changes: object) -> Holder:
        """Change what is known of a card's holder, in the caller's transaction."""
        row_id, before = self._find_holder(connection, code)
        after = replace(before, **changes)  # type: ignore[arg-type]
        if row_id is None:
            row_id = new_id()
            connection.execute(
                insert(holder).values(
                    id=row_id,
                    therapist_id=self.therapist_id,
                    card_index=self.card_index(code),
                    sealed=self._sealed_holder(after, row_id),
                    key_version=KEY_VERSION,
                )
            )
        else:
            connection.execute(
                update(holder)
                .where(holder.c.id == row_id)
                .values(sealed=self._sealed_holder(after, row_id), key_version=KEY_VERSION)
            )
        return after

    def _find_holder(self, connection: Connection, code: str) -> tuple[str | None, Holder]:
        query = select(holder).where(
            holder.c.therapist_id == self.therapist_id, holder.c.card_index == self.card_index(code)
        )
        row = connection.execute(query).first()
        if row is None:
            return None, Holder(code)
        known = self.open_holder(row)
        if known.card != code:
            raise VaultDamaged  # filed under another card's index
        return row.id, known

    def open_record(self, row: Row[*tuple[Any, ...]], *, checked_again: bool) -> Record:
        """Return the imported token in a row; ``checked_again``: by every rule. Raises ``VaultDamaged``."""
        imported_at, envelope, body = _RECORD.unpack(
            self.data_key.open(row.sealed, self._place("record", row.id, row.key_version))
        )
        when = from_unix(imported_at)
        return Record(Token(envelope, wire.decode(body, when) if checked_again else wire.decode_kept(body)), when)

    def open_holder(self, row: Row[*tuple[Any, ...]]) -> Holder:
        """Return what a row of a holder says. Raises ``VaultDamaged``."""
        known = json.loads(self.data_key.open(row.sealed, self._place("holder", row.id, row.key_version)).decode())
        key, at = known["confirmed_key"], known["confirmed_at"]
        return Holder(
            card=known["card"],
            alias=known["alias"],
            person=known["person"],
            confirmed_key=None if key is None else bytes.fromhex(key),
            confirmed_at=None if at is None else from_unix(at),
            about=_about(known),
            together=tuple(known["together"]) if known.get("together") is not None else None,
        )

    def _sealed_holder(self, known: Holder, row_id: str) -> bytes:
        plain = {
            "card": known.card,
            "alias": known.alias,
            "person": known.person,
            "confirmed_key": known.confirmed_key.hex() if known.confirmed_key else None,
            "confirmed_at": to_unix(known.confirmed_at) if known.confirmed_at else None,
            "about": known.about.model_dump(mode="json"),
            "together": known.together,
        }
        return self.data_key.seal(json.dumps(plain).encode(), self._place("holder", row_id, KEY_VERSION))

    def envelope_index(self, token: Token) -> bytes:
        """The blind index of a token."""
        return self.data_key.blind_index("envelope", token.envelope)

    def _place(self, table: str, row_id: str, key_version: int) -> Place:
        return Place(table, row_id, self.therapist_id, key_version)


_NOTHING_ELSE = Circumstances()
_NOTHING_SAID = _NOTHING_ELSE.model_dump(mode="json")


def _about(known: dict[str, Any]) -> Circumstances:
    # Rows from before there were circumstances have none, and most people have none at all.
    said = known.get("about", _NOTHING_SAID)
    return _NOTHING_ELSE if said == _NOTHING_SAID else Circumstances.model_validate(said)


def open_vault(database: Database, therapist_id: str, passphrase: str) -> Vault:
    """Open a vault with the passphrase. Raises ``WrongPassphrase``."""
    data_key, keys = practice.unlock(database, therapist_id, passphrase)
    return Vault(database, therapist_id, keys, data_key)


def recover_vault(database: Database, therapist_id: str, code: str) -> Vault:
    """Open a vault with the printed recovery sheet. Raises ``WrongRecoveryCode``."""
    data_key, keys = practice.unlock_with_recovery(database, therapist_id, code)
    return Vault(database, therapist_id, keys, data_key)

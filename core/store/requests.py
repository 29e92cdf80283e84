"""Requests a therapist sent, as sealed rows: the JSON bytes just as they were signed, and what they were about."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from core.answers import Asked
from core.errors import VaultDamaged
from core.model import request as requests
from core.store.database import new_id
from core.store.schema import request
from core.store.vaults import Vault
from core.vault import KEY_VERSION, Place


def keep(connection: Connection, vault: Vault, asked: Asked, data: bytes) -> None:
    """Write one request in the caller's transaction. ``data``: its JSON bytes as signed."""
    row_id = new_id()
    plain = {"json": b64encode(data).decode(), "sessions": [day.isoformat() for day in asked.sessions]}
    connection.execute(
        insert(request).values(
            id=row_id,
            therapist_id=vault.therapist_id,
            card_index=vault.card_index(asked.request.card),
            request_index=vault.data_key.blind_index("request", asked.request_id),
            sealed=vault.data_key.seal(json.dumps(plain).encode(), _place(vault, row_id, KEY_VERSION)),
            key_version=KEY_VERSION,
        )
    )


def of_card(vault: Vault, code: str) -> list[Asked]:
    """Return the requests to one card, oldest first. Raises ``VaultDamaged``."""
    return of_cards(vault, [code])[code]


def of_cards(vault: Vault, codes: Collection[str]) -> dict[str, list[Asked]]:
    """Return the requests to each of these cards, oldest first, read in one go. Raises ``VaultDamaged``."""
    indexes = {vault.card_index(code): code for code in codes}
    query = select(request).where(request.c.therapist_id == vault.therapist_id, request.c.card_index.in_(indexes))
    with vault.database.read() as connection:
        rows = connection.execute(query).all()
    found = dict[str, list[Asked]]((code, []) for code in codes)
    for row, one in ((row, _asked(vault, row)) for row in rows):
        if one.request.card != indexes[row.card_index]:
            raise VaultDamaged  # filed under another card's index
        found[one.request.card].append(one)
    return {code: sorted(asked, key=_age) for code, asked in found.items()}


def every(vault: Vault) -> list[Asked]:
    """Return every request of this vault, oldest first. Raises ``VaultDamaged``."""
    return _found(vault)


def find(vault: Vault, request_id: bytes) -> Asked | None:
    """Return the request with this id (32 bytes), or None."""
    index = vault.data_key.blind_index("request", request_id)
    return next(iter(_found(vault, request.c.request_index == index)), None)


def _found(vault: Vault, *conditions: ColumnElement[bool]) -> list[Asked]:
    query = select(request).where(request.c.therapist_id == vault.therapist_id, *conditions)
    with vault.database.read() as connection:
        rows = connection.execute(query).all()
    return sorted((_asked(vault, row) for row in rows), key=_age)


def _age(asked: Asked) -> tuple[datetime, bytes]:
    return asked.request.issued_at, asked.request_id


def _asked(vault: Vault, row: Row[tuple[object, ...]]) -> Asked:
    known = json.loads(vault.data_key.open(row.sealed, _place(vault, row.id, row.key_version)))
    data = b64decode(known["json"])
    sessions = tuple(date.fromisoformat(day) for day in known["sessions"])
    return Asked(requests.parse(data), requests.request_id(data), sessions)


def _place(vault: Vault, row_id: str, key_version: int) -> Place:
    return Place("request", row_id, vault.therapist_id, key_version)

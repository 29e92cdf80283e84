"""Letting a client know: a signed letter in their mailbox, in the same transaction as what it tells of.

That a token arrived is told to the key that signed it, confirmed or not; all else, to the confirmed key alone.
Who has no such key, or a practice that takes no parcels, is told by hand instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from core import letter, wire
from core.errors import BadInput
from core.model import notice
from core.model.notice import Notice, Seen
from core.parcel import recipient_of
from core.standing import Held
from core.store import mailbox
from core.store.schema import practice
from core.store.vaults import Vault
from core.token import Token


def client_sealing_key(tokens: Iterable[Held], client_key: bytes | None) -> bytes | None:
    """Return the key (32 bytes) that opens letters to whom signs with ``client_key``, or None.

    It stands in each signed preferences token; all of one client key name the same.
    """
    own = [held.body for held in tokens if held.body.signed and held.body.client_key == client_key]
    newest = max((body for body in own if body.kind == "preferences"), key=lambda body: body.issued_at, default=None)
    content = newest.content if newest else None
    return content.client_sealing_key if isinstance(content, wire.Choices) else None


def reaches(vault: Vault, code: str) -> bytes | None:
    """Return the sealing key of a card's confirmed client, or None where none is confirmed."""
    key = vault.holder(code).confirmed_key
    return client_sealing_key((record.held for record in vault.records(code)), key) if key else None


def tell(connection: Connection, vault: Vault, recipient: bytes | None, told: Notice, now: datetime) -> bool:
    """File a notice for a client in the caller's transaction. Returns whether it went out."""
    try:
        return send(connection, vault, recipient, (notice.kind_of(told), told.to_bytes()), now)
    except BadInput:
        # A key to which nothing can be sealed must not keep a no from being imported.
        return False


def send(
    connection: Connection, vault: Vault, recipient: bytes | None, content: tuple[letter.Kind, bytes], now: datetime
) -> bool:
    """File a letter of any kind in the caller's transaction. Returns whether it went out.

    Raises ``BadInput`` where it is too long, or the recipient's key is none.
    """
    if recipient is None or not takes_parcels(connection):
        return False
    sealed = letter.in_parcel(*content, vault.keys.signing, recipient)
    mailbox.post(connection, recipient_of(recipient), sealed, now)
    return True


def takes_parcels(connection: Connection) -> bool:
    """Whether the practice has its mailbox on."""
    return connection.scalar(select(practice.c.mailbox)) is not False


def seen_letter(
    vault: Vault,
    token: Token,
    known: Iterable[Held],
    confirmed_key: bytes | None,
    now: datetime,
    closed: Iterable[bytes] = (),
) -> tuple[bytes, bytes] | None:
    """Return the letter that a client's token arrived, for whom and sealed, or None where it can reach nobody.

    It goes to the key that signed the token, else to the confirmed one. ``known``: what came from the card before.
    ``closed``: the ids of the questions that it answers without a signature.
    """
    body = token.body
    signer = body.client_key if body.signed else confirmed_key
    recipient = client_sealing_key([*known, Held(body, token.digest)], signer) if signer else None
    if recipient is None:
        return None
    told = Seen(card=body.card, at=now, token=token.digest.hex(), closed=tuple(one.hex() for one in closed))
    try:
        return recipient_of(recipient), letter.in_parcel("seen", told.to_bytes(), vault.keys.signing, recipient)
    except BadInput:
        # A key to which nothing can be sealed must not keep a no from being imported.
        return None

"""Drafts and posts, as sealed rows. A row is written anew when its draft changes and when it is posted."""

from __future__ import annotations

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import AlreadyKept, NoSuchDraft
from core.model.posted import Piece
from core.store.schema import post, therapist
from core.store.vaults import Vault
from core.vault import KEY_VERSION, Place


def keep(connection: Connection, vault: Vault, piece: Piece) -> None:
    """Write a piece in the caller's transaction, in the place of the one with the same id.

    Raises ``AlreadyKept`` where another piece has the same exact draft.
    """
    values = {
        "content_index": vault.data_key.blind_index("content", piece.draft.content_hash),
        "sealed": vault.data_key.seal(piece.model_dump_json().encode(), _place(vault, piece.id, KEY_VERSION)),
        "key_version": KEY_VERSION,
    }
    own = (post.c.id == piece.id, post.c.therapist_id == vault.therapist_id)
    try:
        with connection.begin_nested():
            if not connection.execute(update(post).where(*own).values(values)).rowcount:
                connection.execute(insert(post).values(id=piece.id, therapist_id=vault.therapist_id, **values))
    except IntegrityError:
        raise AlreadyKept from None


def forget(connection: Connection, vault: Vault, piece_id: str) -> None:
    """Delete a piece in the caller's transaction."""
    connection.execute(delete(post).where(post.c.id == piece_id, post.c.therapist_id == vault.therapist_id))


def every(vault: Vault) -> list[Piece]:
    """Return every draft and post, newest first. Raises ``VaultDamaged``."""
    with vault.database.read() as connection:
        rows = connection.execute(select(post).where(post.c.therapist_id == vault.therapist_id)).all()
    return sorted((_piece(vault, row) for row in rows), key=lambda one: (one.draft.saved_at, one.id), reverse=True)


def find(connection: Connection, vault: Vault, piece_id: str) -> Piece:
    """Return one piece as it stands in this transaction. Raises ``NoSuchDraft``."""
    piece = find_any(connection, vault, piece_id)
    if piece is None:
        raise NoSuchDraft
    return piece


def find_any(connection: Connection, vault: Vault, piece_id: str) -> Piece | None:
    """Return one piece as it stands in this transaction, or None."""
    query = select(post).where(post.c.id == piece_id, post.c.therapist_id == vault.therapist_id)
    row = connection.execute(query).first()
    return None if row is None else _piece(vault, row)


def have_to_itself(connection: Connection, vault: Vault) -> None:
    """Let this transaction be the only one that asks or posts for this vault until it ends.

    On SQLite a writer has the database to itself already; elsewhere this waits for the therapist's row.
    """
    connection.execute(select(therapist.c.id).where(therapist.c.id == vault.therapist_id).with_for_update())


def _piece(vault: Vault, row: Row[tuple[object, ...]]) -> Piece:
    return Piece.model_validate_json(vault.data_key.open(row.sealed, _place(vault, row.id, row.key_version)))


def _place(vault: Vault, row_id: str, key_version: int) -> Place:
    return Place("post", row_id, vault.therapist_id, key_version)

"""A therapist's drafts: kept sealed, judged again whenever the vault opens, and never changed behind a yes."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection

from core import entries, knowing
from core.errors import AlreadyKept, ClockBehind, InboxFirst
from core.model.post import Post
from core.model.posted import Draft, Judged, Piece
from core.model.request import SALT, content_hash, tidy_text
from core.model.verdict import Verdict
from core.store import audit, posts
from core.store.database import new_id
from core.store.vaults import Holder, Vault


@dataclass(frozen=True, slots=True)
class Writing:
    """What a therapist typed. ``post.content_hash`` plays no part here. ``file``: instead of a text."""

    post: Post
    account: str
    text: str = field(repr=False, default="")
    translation: str = field(repr=False, default="")
    title: str = field(repr=False, default="")
    checklist: dict[str, Any] = field(repr=False, default_factory=dict)
    file: bytes | None = field(repr=False, default=None)


def save(
    vault: Vault,
    writing: Writing,
    now: datetime,
    piece_id: str | None = None,
    draw: Callable[[int], bytes] = secrets.token_bytes,
) -> Piece:
    """Keep a draft, new or in the place of ``piece_id``, and return it with the hash of its exact words.

    The salt is drawn once a draft: while the words, the account and who is in it stay, every yes stays; one
    changed letter is another draft. Its verdict of this moment goes into the record; where the inbox has to be opened
    first there is none yet. Raises ``AlreadyKept`` for one that was posted, ``NoSuchDraft``, and ``BadInput`` for a
    session that has not been yet.
    """
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        before = posts.find(connection, vault, piece_id) if piece_id else None
        if before is not None and before.posted is not None:
            raise AlreadyKept
        piece = Piece(id=piece_id or new_id(), draft=_draft(writing, before.draft if before else None, now, draw))
        verdict = None
        # A clock that is behind keeps nobody from keeping a draft: it has no verdict until the clock is right.
        with suppress(ClockBehind):
            verdict = _judged(vault, piece, now)
        if verdict is None:
            posts.keep(connection, vault, piece)
            return piece
        return _enter(connection, vault, piece, Judged.of(verdict), None, now)


def forget(vault: Vault, piece_id: str) -> None:
    """Delete a draft. Raises ``AlreadyKept`` for one that was posted: that is kept six years; ``NoSuchDraft``."""
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        if posts.find(connection, vault, piece_id).posted is not None:
            raise AlreadyKept
        posts.forget(connection, vault, piece_id)


def drafts(vault: Vault) -> list[Piece]:
    """Return what is not posted yet, newest first."""
    return [piece for piece in posts.every(vault) if piece.posted is None]


def judged(vault: Vault, now: datetime) -> list[tuple[Piece, Verdict | None]]:
    """Return every draft with its verdict of this moment; None where the inbox has to be opened first."""
    kept = drafts(vault)
    holders = vault.holders() if kept else {}
    return [(piece, _judged(vault, piece, now, holders)) for piece in kept]


def look_again(vault: Vault, now: datetime) -> list[tuple[Piece, Verdict | None]]:
    """Judge every draft anew, as ``judged`` does, and note what changed: ``draft.seen`` says so until it was seen.

    Each verdict that differs from the one in the record is entered there, once. Where the inbox has to be opened
    first nothing is noted. Raises ``BadInput`` where the clock says that a session has not been yet, ``ClockBehind``.
    """
    now = now.replace(microsecond=0)
    found = judged(vault, now)
    changed = [(piece, Judged.of(verdict)) for piece, verdict in found if verdict is not None]
    changed = [(piece, new) for piece, new in changed if piece.draft.judged != new]
    if not changed:
        return found
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        after = {piece.id: _note_change(connection, vault, piece, new, now) for piece, new in changed}
    return [(after.get(piece.id, piece), verdict) for piece, verdict in found]


def note_seen(vault: Vault, piece_id: str) -> None:
    """Note that the therapist has seen the answer to a draft as it is now. Raises ``NoSuchDraft``."""
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        piece = posts.find(connection, vault, piece_id)
        if piece.draft.seen is not None:
            posts.keep(connection, vault, _with(piece, seen=None))


def _note_change(connection: Connection, vault: Vault, judged_as: Piece, new: Judged, now: datetime) -> Piece:
    piece = posts.find_any(connection, vault, judged_as.id)
    # Meanwhile it may have been dropped, posted, kept anew, or looked at by another page.
    if piece is None or piece.posted or piece.draft.post != judged_as.draft.post or piece.draft.judged == new:
        return piece or judged_as
    last_seen = piece.draft.seen or piece.draft.judged
    seen = None if last_seen is None or last_seen.reads_like(new) else last_seen
    return _enter(connection, vault, piece, new, seen, now)


def _enter(
    connection: Connection, vault: Vault, piece: Piece, new: Judged, seen: Judged | None, now: datetime
) -> Piece:
    kept = _with(piece, judged=new, seen=seen)
    posts.keep(connection, vault, kept)
    said = entries.judged(knowing.entered(vault, piece.draft.post), new.verdict)
    audit.append(connection, "verdict", now, vault, said)
    return kept


def _with(piece: Piece, **changes: object) -> Piece:
    return piece.model_copy(update={"draft": piece.draft.model_copy(update=changes)})


def _judged(vault: Vault, piece: Piece, now: datetime, holders: Mapping[str, Holder] | None = None) -> Verdict | None:
    try:
        return knowing.judge(vault, piece.draft.post, now, holders)
    except InboxFirst:
        return None


def _draft(writing: Writing, before: Draft | None, now: datetime, draw: Callable[[int], bytes]) -> Draft:
    text, translation = tidy_text(writing.text), tidy_text(writing.translation) or None
    same = before is not None and _tells_the_same(writing, before, text, translation)
    salt = before.salt if before is not None and same else draw(SALT)
    exact = _hash(writing, salt, text, translation)
    return Draft(
        salt=salt,
        text=text,
        translation=translation,
        post=Post.model_validate(writing.post.model_dump() | {"content_hash": exact}),
        account=writing.account,
        title=writing.title,
        checklist=writing.checklist,
        saved_at=now.replace(microsecond=0),
    )


def _tells_the_same(writing: Writing, before: Draft, text: str, translation: str | None) -> bool:
    # A question names the account too, and says whether others are in it: a yes is to all of that.
    if writing.account != before.account or writing.post.people != before.post.people:
        return False
    return _hash(writing, before.salt, text, translation) == before.content_hash


def _hash(writing: Writing, salt: bytes, text: str, translation: str | None) -> str:
    if writing.file is not None:
        return sha256(salt + writing.file).hexdigest()
    return content_hash(salt, text, translation)

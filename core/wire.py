"""The 240-byte body of a token, to bytes and back. No crypto here.

Every byte not named is zero, every field is checked, and for each accepted body
``encode(decode(body)) == body``. Layout: docs/token-format.md.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from core import card
from core.errors import Malformed, NewerVersion
from core.model.body import Answer, AnswerChoice, Body, Choices, Kind, Scope, Withdrawal
from core.model.dates import from_unix, to_unix
from core.wire_content import (
    Content,
    check,
    decode_answer,
    decode_choices,
    decode_withdrawal,
    encode_answer,
    encode_choices,
    encode_withdrawal,
    unread_choices,
)

__all__ = [
    "BODY",
    "CLOCK_LEEWAY",
    "SIGNED_PART",
    "Answer",
    "AnswerChoice",
    "Body",
    "Choices",
    "Kind",
    "Scope",
    "Withdrawal",
    "decode",
    "decode_kept",
    "encode",
    "encode_decoded",
    "is_signed",
    "signature_parts",
]

BODY = 240
SIGNED_PART = 176
TAXONOMY_VERSION = 1
CLOCK_LEEWAY = timedelta(hours=24)

_KINDS: dict[Kind, int] = {"preferences": 1, "answer": 2, "withdrawal": 3}
_SIGNED, _UNDERSTOOD, _GUARDIAN, _PAPER = 1, 2, 4, 8
_LAYOUT = struct.Struct(">BBHIII8s8s2s94s32s16s64s")


class _Fields(NamedTuple):
    """The fields of ``_LAYOUT``, by name."""

    kind: int
    flags: int
    taxonomy: int
    issued_at: int
    expires_at: int
    sequence: int
    card: bytes
    notice: bytes
    language: bytes
    content: bytes
    client_key: bytes
    previous: bytes
    signature: bytes


def encode(body: Body) -> bytes:
    """Return the 240 bytes of ``body``. Raises ``Malformed`` for one that would not be read back the same."""
    try:
        data = encode_decoded(body)
    except (struct.error, UnicodeEncodeError):
        raise Malformed(problem="a field does not fit its place") from None
    # struct cuts bytes that are too long and pads those too short; reading back catches both.
    check(decode(data, body.issued_at) == body, "its parts do not fit together")
    return data


def encode_decoded(body: Body) -> bytes:
    """Return the 240 bytes of a body that ``decode`` returned: those it was read from, so they need no second look."""
    return _LAYOUT.pack(*_fields(body))


def is_signed(body: bytes) -> bool:
    """Whether a 240-byte body claims a signature; nothing else of it is believed yet."""
    return bool(body[1] & _SIGNED)


def signature_parts(body: bytes) -> tuple[bytes, bytes, bytes]:
    """Return ``(signed part (176), client key (32), signature (64))`` of a 240-byte body."""
    return body[:SIGNED_PART], body[128:160], body[SIGNED_PART:]


def decode(data: bytes, now: datetime) -> Body:
    """Return the body that 240 bytes spell. Raises ``Malformed`` or ``NewerVersion``."""
    check(len(data) == BODY, "its length is wrong")
    fields = _Fields(*_LAYOUT.unpack(data))
    if fields.taxonomy > TAXONOMY_VERSION:
        raise NewerVersion
    _check_fields(fields, now)
    body = _body(fields, decode_choices)
    _check_kind(body)
    return body


def decode_kept(data: bytes) -> Body:
    """Return the body in 240 bytes that ``decode`` took once and that nobody can have changed since.

    For a list of very many: the rules of its head are not looked at again, those of the choices only with them.
    """
    return _body(_Fields(*_LAYOUT.unpack(data)), unread_choices)


def _body(fields: _Fields, choices: Callable[..., Choices]) -> Body:
    issued_at = from_unix(fields.issued_at)
    expires_at = from_unix(fields.expires_at) if fields.expires_at else None
    return Body(
        content=_decode_content(fields, choices, issued_at, expires_at),
        card=fields.card.decode("ascii"),
        issued_at=issued_at,
        expires_at=expires_at,
        sequence=fields.sequence,
        notice=fields.notice,
        language=fields.language.decode("ascii"),
        signed=bool(fields.flags & _SIGNED),
        understood=bool(fields.flags & _UNDERSTOOD),
        guardian=bool(fields.flags & _GUARDIAN),
        paper=bool(fields.flags & _PAPER),
        client_key=fields.client_key,
        previous=fields.previous,
        signature=fields.signature,
    )


def _fields(body: Body) -> _Fields:
    return _Fields(
        kind=_KINDS[body.kind],
        flags=_flags(body),
        taxonomy=TAXONOMY_VERSION,
        issued_at=to_unix(body.issued_at),
        expires_at=0 if body.expires_at is None else to_unix(body.expires_at),
        sequence=body.sequence,
        card=body.card.encode("ascii"),
        notice=body.notice,
        language=body.language.encode("ascii"),
        content=_encode_content(body.content),
        client_key=body.client_key,
        previous=body.previous,
        signature=body.signature,
    )


def _flags(body: Body) -> int:
    return _SIGNED * body.signed | _UNDERSTOOD * body.understood | _GUARDIAN * body.guardian | _PAPER * body.paper


def _encode_content(content: Content) -> bytes:
    if isinstance(content, Choices):
        return encode_choices(content)
    return encode_answer(content) if isinstance(content, Answer) else encode_withdrawal(content)


def _decode_content(
    fields: _Fields, choices: Callable[..., Choices], issued_at: datetime, expires_at: datetime | None
) -> Content:
    if fields.kind == _KINDS["preferences"]:
        understood = bool(fields.flags & _UNDERSTOOD)
        return choices(fields.content, understood=understood, issued_at=issued_at, expires_at=expires_at)
    return (decode_answer if fields.kind == _KINDS["answer"] else decode_withdrawal)(fields.content)


def _check_fields(fields: _Fields, now: datetime) -> None:
    flags = fields.flags
    check(fields.kind in _KINDS.values(), "its kind is unknown")
    check(fields.taxonomy == TAXONOMY_VERSION, "its taxonomy is unknown")
    check(not flags & ~(_SIGNED | _UNDERSTOOD | _GUARDIAN | _PAPER), "it has an unknown flag")
    check(not (flags & _SIGNED and flags & _PAPER), "paper cannot be signed")
    check(from_unix(fields.issued_at) - CLOCK_LEEWAY <= now, "it is dated more than a day ahead")
    check(fields.sequence > 0, "its sequence is zero")
    check(fields.card.isascii() and card.is_valid(fields.card.decode("ascii")), "its card code is wrong")
    check(re.fullmatch(rb"[a-z]{2}", fields.language), "its language is unknown")
    keys = fields.client_key + fields.previous + fields.signature
    check(flags & _SIGNED or not any(keys), "an unsigned token carries a key")


def _check_kind(body: Body) -> None:
    content = body.content
    if isinstance(content, Choices):
        check(body.signed or not any(content.client_sealing_key), "an unsigned token carries a key")
        mixed_or_changed = not {"composite", "disguised"}.isdisjoint(content.preferences.channels.values())
        check(not (body.guardian and mixed_or_changed), "a guardian can choose only never and ask")
    elif isinstance(content, Answer):
        check(body.signed or content.answer != "yes", "a yes must be signed")
        check((content.answer == "yes") == (body.expires_at is not None), "its end date does not fit its answer")
    else:
        check(body.expires_at is None, "a withdrawal has no end date")

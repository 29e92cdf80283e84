"""The preference token: issue one, read one. Wire, seal and text come together here.

Checks run in the frozen order of docs/token-format.md; each refusal is its own error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from core import crockford, seal, wire
from core.errors import (
    BadSignature,
    CannotBeOpened,
    CopyingError,
    NewerVersion,
    NotAToken,
    OtherTherapist,
)
from core.keys import ClientKeys, SealingKey, is_signed_by

VERSION = 1
PREFIX = "SAYSO1:"
ENVELOPE = 302
SYMBOLS = 484
TEXT = len(PREFIX) + SYMBOLS
PREFIX_PATTERN = re.compile(PREFIX, re.IGNORECASE | re.ASCII)

_HEAD = 10
_CHECKSUM = 4
_TOKEN_INFO = b"sayso/v1/token"
_BODY_INFO = b"sayso/v1/body"


@dataclass(frozen=True, slots=True)
class Token:
    """A sealed token. ``envelope``: 302 bytes; ``body``: what was sealed into it."""

    envelope: bytes
    body: wire.Body

    @property
    def text(self) -> str:
        """The 491 characters that go into a QR code or a file."""
        return text_of(self.envelope)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the envelope (32 bytes); its first 16 are the next token's ``previous``."""
        return sha256(self.envelope).digest()

    @property
    def acknowledgement(self) -> str:
        """The code both sides compare: 10 symbols in two groups."""
        return acknowledgement(self.envelope)


def text_of(envelope: bytes) -> str:
    """Return the 491 characters of a sealed envelope."""
    return PREFIX + crockford.encode(envelope)


def acknowledgement(envelope: bytes) -> str:
    """Return the first 50 bits of SHA-256(envelope) as ``XXXXX-XXXXX``."""
    number = int.from_bytes(sha256(envelope).digest()[:7]) >> 6
    return crockford.grouped(crockford.encode_number(number, 10), 5)


def issue(body: wire.Body, recipient: bytes, client: ClientKeys | None = None) -> Token:
    """Sign ``body`` with ``client``'s key where it is to be signed, and seal it.

    ``recipient``: the therapist's raw X25519 public key. Raises ``Malformed`` for a body that
    breaks a rule, so that nothing unreadable is ever handed out.
    """
    head = bytes([VERSION, seal.SUITE]) + seal.key_id(recipient)
    if body.signed:
        if client is None:
            raise ValueError("a signed token needs the client's keys")
        body = _signed(body, head, client)
    sealed = seal.seal(wire.encode(body), recipient, _TOKEN_INFO + head)
    content = head + sealed
    return Token(content + sha256(content).digest()[:_CHECKSUM], body)


def _signed(body: wire.Body, head: bytes, client: ClientKeys) -> wire.Body:
    content = body.content
    if isinstance(content, wire.Choices):
        content = replace(content, client_sealing_key=client.sealing_public)
    body = replace(body, content=content, client_key=client.signing_public)
    signed_part = wire.signature_parts(wire.encode(body))[0]
    return replace(body, signature=client.sign(_BODY_INFO + head + signed_part))


def envelope_of(text: str) -> bytes:
    """Return the 302 bytes a text spells, whole and uncorrupted.

    Raises ``NotAToken``, ``CopyingError`` or ``NewerVersion``.
    """
    found = PREFIX_PATTERN.match("".join(text.split()).replace("-", ""))
    if not found:
        raise NotAToken
    try:
        envelope = crockford.decode(found.string[found.end() :])
    except crockford.ForeignCharacter:
        raise NotAToken from None
    except crockford.PadBits:
        raise CopyingError from None
    checksum = sha256(envelope[:-_CHECKSUM]).digest()[:_CHECKSUM]
    if len(envelope) != ENVELOPE or envelope[-_CHECKSUM:] != checksum:
        raise CopyingError
    if envelope[0] != VERSION or envelope[1] != seal.SUITE:
        raise NewerVersion
    return envelope


def read(text: str, keys: Iterable[SealingKey], now: datetime) -> Token:
    """Open and check the token in ``text`` with whichever of ``keys`` it names.

    Raises the first refusal that applies, in the order of the format.
    """
    envelope = envelope_of(text)
    head = envelope[:_HEAD]
    data = _unsealed(envelope, [key for key in keys if key.key_id == head[2:]])
    if wire.is_signed(data):
        _check_signature(data, head)
    return Token(envelope, wire.decode(data, now))


def _unsealed(envelope: bytes, keys: list[SealingKey]) -> bytes:
    if not keys:
        raise OtherTherapist
    for key in keys:
        try:
            return key.open(envelope[_HEAD:-_CHECKSUM], _TOKEN_INFO + envelope[:_HEAD])
        except seal.DoesNotOpen:
            continue
    raise CannotBeOpened


def _check_signature(data: bytes, head: bytes) -> None:
    signed_part, key, signature = wire.signature_parts(data)
    if not is_signed_by(key, signature, _BODY_INFO + head + signed_part):
        raise BadSignature

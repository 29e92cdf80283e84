"""A question about one exact draft, as it is signed and sent: its fields, its hash, its bytes.

Source: spec, "Request" (docs/requests.md). The bytes are hashed and signed as received and never
written anew: ``request_id`` is over bytes, not over what they mean.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Annotated, Self
from unicodedata import normalize

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from core.model.dates import iso
from core.model.person import Moment
from core.model.post import Channels, Day
from core.model.taxonomy import PROMOTION
from core.model.version import VersionOne

SALT = 32
_CARD = re.compile(r"[0-9A-HJKMNP-TV-Z]{8}")


class NotARequest(ValueError):
    """The bytes are no request: not JSON, a field missing, unknown or out of its bounds."""


def tidy_text(text: str) -> str:
    """Return a draft in the one form that is hashed: NFC, lines ended by LF."""
    return normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def content_hash(salt: bytes, draft: str, translation: str | None) -> str:
    """Return the hex SHA-256 of salt ‖ draft ‖ translation (UTF-8; nothing where there is none)."""
    return sha256(salt + draft.encode() + (translation or "").encode()).hexdigest()


def request_id(data: bytes) -> bytes:
    """Return what names a request: SHA-256 (32 bytes) of its JSON bytes as received."""
    return sha256(data).digest()


def end_of(day: date) -> datetime:
    """Return the first moment after a UTC day."""
    return start_of(day) + timedelta(days=1)


def start_of(day: date) -> datetime:
    """Return the first moment of a UTC day."""
    return datetime.combine(day, time.min, UTC)


def _is_tidy(text: str) -> str:
    if text != tidy_text(text):
        raise ValueError("must be NFC with lines ended by LF")
    return text


def _salt(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        raw = b64decode(value, validate=True)
    except (NotBase64, ValueError):
        raise ValueError("must be base64") from None
    if len(raw) != SALT or b64encode(raw).decode() != value:
        raise ValueError("must be 32 bytes in base64")
    return raw


def _matches(pattern: re.Pattern[str]) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError("has the wrong form")
        return text

    return AfterValidator(check)


Text = Annotated[str, Field(min_length=1), AfterValidator(_is_tidy)]
Whole = Annotated[Moment, AfterValidator(lambda moment: moment.astimezone(UTC).replace(microsecond=0))]
Flag = Annotated[bool, Field(strict=True)]


class Request(BaseModel):
    """One question to one card. Immutable; raises pydantic's ``ValidationError`` for a broken rule.

    ``salt``: 32 bytes, drawn once a draft. ``changed``, ``kept``: what differs from what happened, and what
    stayed true, a line each. ``others_included``: whether other people's stories are in it too.
    ``answer_by``: the last UTC day on which a yes can be given. ``content_hash``: hex.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: VersionOne = 1
    card: Annotated[str, _matches(_CARD)]
    issued_at: Annotated[Whole, PlainSerializer(iso)]
    salt: Annotated[bytes, BeforeValidator(_salt), PlainSerializer(lambda raw: b64encode(raw).decode())]
    draft: Text
    translation: Text | None = None
    channels: Annotated[Channels, Field(min_length=1)]
    account: Text
    audience: Text
    paid: Flag
    changed: tuple[Text, ...] = ()
    kept: tuple[Text, ...] = ()
    others_included: Flag
    comments_off: Flag
    remix_off: Flag
    post_on: Day
    take_down_on: Day
    answer_by: Day
    content_hash: Annotated[str, _matches(re.compile(r"[0-9a-f]{64}"))]

    @model_validator(mode="after")
    def _hash_fits(self) -> Self:
        if self.content_hash != content_hash(self.salt, self.draft, self.translation):
            raise ValueError("content_hash is not that of the draft")
        return self

    @property
    def all_channels(self) -> tuple[str, ...]:
        """Every place a yes is given for; money makes it promotion too."""
        return (*self.channels, PROMOTION) if self.paid and PROMOTION not in self.channels else self.channels

    @property
    def closes_at(self) -> datetime:
        """The first moment at which a yes comes too late."""
        return end_of(self.answer_by)

    def to_bytes(self) -> bytes:
        """Return new JSON bytes. Only who asks calls this; who is asked keeps the bytes that came."""
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()


def parse(data: bytes) -> Request:
    """Return the request that JSON bytes spell. Raises ``NotARequest``, which names no value."""
    try:
        return Request.model_validate(json.loads(data.decode(), object_pairs_hook=_no_twins))
    except (ValidationError, ValueError, RecursionError):
        raise NotARequest from None


def _no_twins(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    # Readers differ on which of two equal names counts: the client might be shown the other one.
    listed = list(pairs)
    found = dict(listed)
    if len(found) != len(listed):
        raise NotARequest
    return found

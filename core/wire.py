"""The 240-byte body of a token, to bytes and back. No crypto here.

Every byte not named is zero, every field is checked, and for each accepted body
``encode(decode(body)) == body``. Layout: docs/token-format.md.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pydantic import ValidationError

from core import card
from core.errors import Malformed, NewerVersion
from core.model.dates import add_months, from_unix, to_unix
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY

BODY = 240
SIGNED_PART = 176
TAXONOMY_VERSION = 1
CLOCK_LEEWAY = timedelta(hours=24)

Kind = Literal["preferences", "answer", "withdrawal"]
AnswerChoice = Literal["no", "no_never_ask", "not_now", "yes_if_changed", "yes"]
Scope = Literal["everything", "one_post"]

_KINDS: dict[int, Kind] = {1: "preferences", 2: "answer", 3: "withdrawal"}
_ANSWERS: dict[int, AnswerChoice] = {
    1: "no",
    2: "no_never_ask",
    3: "not_now",
    4: "yes_if_changed",
    5: "yes",
}
_SCOPES: dict[int, Scope] = {1: "everything", 2: "one_post"}

_SIGNED, _UNDERSTOOD, _GUARDIAN, _PAPER = 1, 2, 4, 8
_HEAD = struct.Struct(">BBHIII8s8s2s94s32s16s64s")
_CHOICES = struct.Struct(">6BBHBBBBB32sB47s")
_ANSWER = struct.Struct(">32sBBB59s")
_WITHDRAWAL = struct.Struct(">B32s61s")
_NOBODY = bytes(32)


@dataclass(frozen=True, slots=True)
class Choices:
    """Kind 1: a preferences document and the key its own record is sealed to (zero if unsigned)."""

    preferences: Preferences
    client_sealing_key: bytes = _NOBODY


@dataclass(frozen=True, slots=True)
class Answer:
    """Kind 2: one answer to one request (``request_id``: 32 bytes)."""

    request_id: bytes
    answer: AnswerChoice
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Kind 3: stop everything, or take back one post. ``reference``: 32 bytes or zero."""

    scope: Scope
    reference: bytes = _NOBODY


@dataclass(frozen=True, slots=True)
class Body:
    """What a token says. ``client_key`` (32), ``previous`` (16), ``signature`` (64): zero if unsigned."""

    content: Choices | Answer | Withdrawal
    card: str
    issued_at: datetime
    expires_at: datetime | None
    sequence: int
    notice: bytes
    language: str
    signed: bool
    understood: bool = False
    guardian: bool = False
    paper: bool = False
    client_key: bytes = _NOBODY
    previous: bytes = bytes(16)
    signature: bytes = bytes(64)

    @property
    def kind(self) -> Kind:
        """Which of the three kinds of token this is."""
        if isinstance(self.content, Choices):
            return "preferences"
        return "answer" if isinstance(self.content, Answer) else "withdrawal"


def encode(body: Body) -> bytes:
    """Return the 240 bytes of ``body``. Raises ``Malformed`` for one that could not be read back."""
    number = {kind: code for code, kind in _KINDS.items()}[body.kind]
    flags = _SIGNED * body.signed | _UNDERSTOOD * body.understood | _GUARDIAN * body.guardian | _PAPER * body.paper
    try:
        data = _HEAD.pack(
            number,
            flags,
            TAXONOMY_VERSION,
            to_unix(body.issued_at),
            0 if body.expires_at is None else to_unix(body.expires_at),
            body.sequence,
            body.card.encode("ascii"),
            body.notice,
            body.language.encode("ascii"),
            _encode_content(body.content),
            body.client_key,
            body.previous,
            body.signature,
        )
    except (struct.error, UnicodeEncodeError):
        raise Malformed(problem="a field does not fit its place") from None
    decode(data, body.issued_at)
    return data


def is_signed(body: bytes) -> bool:
    """Whether a 240-byte body claims a signature; nothing else of it is believed yet."""
    return bool(body[1] & _SIGNED)


def signature_parts(body: bytes) -> tuple[bytes, bytes, bytes]:
    """Return ``(signed part (176), client key (32), signature (64))`` of a 240-byte body."""
    return body[:SIGNED_PART], body[128:160], body[SIGNED_PART:]


def decode(data: bytes, now: datetime) -> Body:
    """Return the body that 240 bytes spell. Raises ``Malformed`` or ``NewerVersion``."""
    (kind, flags, taxonomy, issued, expires, sequence, code, notice, language, content, key, previous, signature) = (
        _HEAD.unpack(data)
    )
    if taxonomy > TAXONOMY_VERSION:
        raise NewerVersion
    issued_at = from_unix(issued)
    _check_head(kind, flags, taxonomy, sequence, code, language)
    _check(issued_at <= now + CLOCK_LEEWAY, "it is dated more than a day ahead")
    _check(flags & _SIGNED or not any(key + previous + signature), "an unsigned token carries a key")
    body = Body(
        content=_decode_content(kind, flags, content, issued_at, expires),
        card=code.decode("ascii"),
        issued_at=issued_at,
        expires_at=from_unix(expires) if expires else None,
        sequence=sequence,
        notice=notice,
        language=language.decode("ascii"),
        signed=bool(flags & _SIGNED),
        understood=bool(flags & _UNDERSTOOD),
        guardian=bool(flags & _GUARDIAN),
        paper=bool(flags & _PAPER),
        client_key=key,
        previous=previous,
        signature=signature,
    )
    _check_kind(body)
    return body


def _check(condition: object, problem: str) -> None:
    if not condition:
        raise Malformed(problem=problem)


def _check_head(kind: int, flags: int, taxonomy: int, sequence: int, code: bytes, language: bytes) -> None:
    _check(kind in _KINDS, "its kind is unknown")
    _check(taxonomy == TAXONOMY_VERSION, "its taxonomy is unknown")
    _check(not flags & ~(_SIGNED | _UNDERSTOOD | _GUARDIAN | _PAPER), "it has an unknown flag")
    _check(not (flags & _SIGNED and flags & _PAPER), "paper cannot be signed")
    _check(sequence > 0, "its sequence is zero")
    _check(code.isascii() and card.is_valid(code.decode("ascii")), "its card code is wrong")
    _check(re.fullmatch(rb"[a-z]{2}", language), "its language is unknown")


def _check_kind(body: Body) -> None:
    content = body.content
    if isinstance(content, Choices):
        _check(body.signed or content.client_sealing_key == _NOBODY, "an unsigned token carries a key")
        _check(
            not (body.guardian and {"composite", "disguised"} & set(content.preferences.channels.values())),
            "a guardian can choose only never and ask",
        )
    elif isinstance(content, Answer):
        _check(body.signed or content.answer != "yes", "a yes must be signed")
        _check((content.answer == "yes") == (body.expires_at is not None), "its end date does not fit its answer")
    else:
        _check(body.expires_at is None, "a withdrawal has no end date")


def _encode_content(content: Choices | Answer | Withdrawal) -> bytes:
    if isinstance(content, Choices):
        return _encode_choices(content)
    if isinstance(content, Answer):
        number = {answer: code for code, answer in _ANSWERS.items()}[content.answer]
        note = content.note.encode("utf-8")
        return _ANSWER.pack(content.request_id, number, 0, len(note), _fitted(note, 59))
    number = {scope: code for code, scope in _SCOPES.items()}[content.scope]
    return _WITHDRAWAL.pack(number, content.reference, bytes(61))


def _encode_choices(content: Choices) -> bytes:
    choices = content.preferences
    note = choices.note.encode("utf-8")
    return _CHOICES.pack(
        *(TAXONOMY.treatment_codes[choices.channels[channel]] for channel in TAXONOMY.channel_ids),
        _bits(choices.materials, TAXONOMY.material_ids),
        _bits(choices.topics, TAXONOMY.topic_ids),
        choices.may_recognise_self,
        TAXONOMY.therapy_codes[choices.therapy],
        choices.gap_months,
        choices.term_months,
        0,
        content.client_sealing_key,
        len(note),
        _fitted(note, 47),
    )


def _decode_content(
    kind: int, flags: int, data: bytes, issued_at: datetime, expires: int
) -> Choices | Answer | Withdrawal:
    if kind == 1:
        return _decode_choices(data, flags, issued_at, expires)
    if kind == 2:
        request_id, answer, zero, length, note = _ANSWER.unpack(data)
        _check(not zero, "a byte that must be zero is not")
        _check(answer in _ANSWERS, "its answer is unknown")
        return Answer(request_id, _ANSWERS[answer], _text(note, length))
    scope, reference, zeros = _WITHDRAWAL.unpack(data)
    _check(scope in _SCOPES, "its scope is unknown")
    _check(not any(zeros), "a byte that must be zero is not")
    return Withdrawal(_SCOPES[scope], reference)


def _decode_choices(data: bytes, flags: int, issued_at: datetime, expires: int) -> Choices:
    fields = _CHOICES.unpack(data)
    materials, topics, recognise, therapy, gap, term, zero, key, length, note = fields[6:]
    treatments = {code: term_id for term_id, code in TAXONOMY.treatment_codes.items()}
    therapies = {code: term_id for term_id, code in TAXONOMY.therapy_codes.items()}
    _check(not zero, "a byte that must be zero is not")
    _check(all(code in treatments for code in fields[:6]), "a choice is unknown")
    _check(recognise in (0, 1) and therapy in therapies, "a choice is unknown")
    _check(term in (0, *TAXONOMY.term_months), "its term is unknown")
    expires_at = add_months(issued_at, term) if term else None
    _check(expires == (to_unix(expires_at) if expires_at else 0), "its end date does not fit its term")
    try:
        preferences = Preferences.model_validate(
            {
                "channels": {
                    channel: treatments[code] for channel, code in zip(TAXONOMY.channel_ids, fields[:6], strict=True)
                },
                "materials": _ticked(materials, TAXONOMY.material_ids),
                "topics": _ticked(topics, TAXONOMY.topic_ids),
                "note": _text(note, length),
                "may_recognise_self": bool(recognise),
                "therapy": therapies[therapy],
                "gap_months": gap,
                "understood": bool(flags & _UNDERSTOOD),
                "issued_at": issued_at,
                "expires_at": expires_at,
            }
        )
    except ValidationError as refused:
        # The first message only, and never the value: a choice must not reach a log.
        raise Malformed(problem=refused.errors()[0]["msg"].removeprefix("Value error, ")) from None
    return Choices(preferences, key)


def _bits(ticked: tuple[str, ...], known: tuple[str, ...]) -> int:
    return sum(1 << known.index(term) for term in ticked)


def _ticked(bits: int, known: tuple[str, ...]) -> tuple[str, ...]:
    _check(bits < 1 << len(known), "a tick is unknown")
    return tuple(term for bit, term in enumerate(known) if bits >> bit & 1)


def _fitted(text: bytes, size: int) -> bytes:
    _check(len(text) <= size, "a note is too long")
    return text.ljust(size, b"\0")


def _text(field: bytes, length: int) -> str:
    _check(length <= len(field), "a length is past its field")
    _check(not any(field[length:]), "a byte that must be zero is not")
    try:
        return field[:length].decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(problem="a note is not readable text") from None

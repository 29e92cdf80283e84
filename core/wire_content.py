"""The 94 bytes of a body that differ by kind, to bytes and back. Layout: docs/token-format.md."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

from pydantic import ValidationError

from core.errors import Malformed
from core.model.body import Answer, AnswerChoice, Choices, Scope, Withdrawal
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import NOTE_BYTES, TAXONOMY

Content = Choices | Answer | Withdrawal

_CHOICES = struct.Struct(f">6BBHBBBBB32sB{NOTE_BYTES}s")
_ANSWER = struct.Struct(">32sBBB59s")
_WITHDRAWAL = struct.Struct(">B32s61s")

_ANSWERS: dict[int, AnswerChoice] = {1: "no", 2: "no_never_ask", 3: "not_now", 4: "yes_if_changed", 5: "yes"}
_SCOPES: dict[int, Scope] = {1: "everything", 2: "one_post"}
_ANSWER_CODES = {answer: code for code, answer in _ANSWERS.items()}
_SCOPE_CODES = {scope: code for code, scope in _SCOPES.items()}
_TREATMENTS = {code: treatment for treatment, code in TAXONOMY.treatment_codes.items()}
_THERAPIES = {code: choice for choice, code in TAXONOMY.therapy_codes.items()}


def check(condition: object, problem: str) -> None:
    """Raise ``Malformed`` unless ``condition`` holds. ``problem`` names the rule, never a value."""
    if not condition:
        raise Malformed(problem=problem)


def encode_choices(content: Choices) -> bytes:
    """Return the 94 bytes of a preferences document. Raises ``Malformed``."""
    choices = content.preferences
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
        *_note(choices.note),
    )


def encode_answer(content: Answer) -> bytes:
    """Return the 94 bytes of an answer. Raises ``Malformed``."""
    check(content.answer in _ANSWER_CODES, "its answer is unknown")
    return _ANSWER.pack(content.request_id, _ANSWER_CODES[content.answer], 0, *_note(content.note))


def encode_withdrawal(content: Withdrawal) -> bytes:
    """Return the 94 bytes of a withdrawal. Raises ``Malformed``."""
    check(content.scope in _SCOPE_CODES, "its scope is unknown")
    return _WITHDRAWAL.pack(_SCOPE_CODES[content.scope], content.reference, b"")


def decode_choices(data: bytes, *, understood: bool, issued_at: datetime, expires_at: datetime | None) -> Choices:
    """Return the preferences document that 94 bytes and their head spell. Raises ``Malformed``."""
    fields = _CHOICES.unpack(data)
    codes = fields[:6]
    materials, topics, recognise, therapy, gap, term, zero, key, length, note = fields[6:]
    check(not zero, "a byte that must be zero is not")
    check(all(code in _TREATMENTS for code in codes), "a choice is unknown")
    check(recognise in {0, 1} and therapy in _THERAPIES, "a choice is unknown")
    check(expires_at == (add_months(issued_at, term) if term else None), "its end date does not fit its term")
    document = {
        "channels": {channel: _TREATMENTS[code] for channel, code in zip(TAXONOMY.channel_ids, codes, strict=True)},
        "materials": _ticked(materials, TAXONOMY.material_ids),
        "topics": _ticked(topics, TAXONOMY.topic_ids),
        "note": _text(note, length),
        "may_recognise_self": bool(recognise),
        "therapy": _THERAPIES[therapy],
        "gap_months": gap,
        "understood": understood,
        "issued_at": issued_at,
        "expires_at": expires_at,
    }
    return Choices(_valid(document), key)


class UnreadChoices(Choices):
    """Choices that were taken before, in whole and checked: decoded, and checked again, when somebody looks.

    A list of very many looks at a handful. Equal to what ``decode_choices`` returns.
    """

    __slots__ = ("_read",)
    _read: Callable[[], Choices]

    def __init__(self, read: Callable[[], Choices]) -> None:
        object.__setattr__(self, "_read", read)

    @property
    def preferences(self) -> Preferences:
        """The preferences. Raises ``Malformed``."""
        return self._read().preferences

    @property
    def client_sealing_key(self) -> bytes:
        """The key their own record is sealed to."""
        return self._read().client_sealing_key

    def __eq__(self, other: object) -> bool:
        # Where the other is unread too, Python asks it in its turn.
        return self._read() == other

    __hash__ = Choices.__hash__


def unread_choices(data: bytes, *, understood: bool, issued_at: datetime, expires_at: datetime | None) -> Choices:
    """Return what ``decode_choices`` does, to be decoded only where somebody looks."""
    return UnreadChoices(
        partial(decode_choices, data, understood=understood, issued_at=issued_at, expires_at=expires_at)
    )


def decode_answer(data: bytes) -> Answer:
    """Return the answer that 94 bytes spell. Raises ``Malformed``."""
    request_id, answer, zero, length, note = _ANSWER.unpack(data)
    check(not zero, "a byte that must be zero is not")
    check(answer in _ANSWERS, "its answer is unknown")
    return Answer(request_id, _ANSWERS[answer], _text(note, length))


def decode_withdrawal(data: bytes) -> Withdrawal:
    """Return the withdrawal that 94 bytes spell. Raises ``Malformed``."""
    scope, reference, zeros = _WITHDRAWAL.unpack(data)
    check(scope in _SCOPES, "its scope is unknown")
    check(not any(zeros), "a byte that must be zero is not")
    return Withdrawal(_SCOPES[scope], reference)


def _valid(document: dict[str, object]) -> Preferences:
    try:
        return Preferences.model_validate(document)
    except ValidationError as refused:
        # The rule's own sentence and never the value: a choice must not reach a log.
        raise Malformed(problem=refused.errors()[0]["msg"].removeprefix("Value error, ")) from None


def _bits(ticked: tuple[str, ...], known: tuple[str, ...]) -> int:
    return sum(1 << known.index(term) for term in ticked)


@cache
def _ticked(bits: int, known: tuple[str, ...]) -> tuple[str, ...]:
    check(bits < 1 << len(known), "a tick is unknown")
    return tuple(term for bit, term in enumerate(known) if bits >> bit & 1)


def _note(text: str) -> tuple[int, bytes]:
    # One that is too long is noticed when it is read back: its length is past its field.
    note = text.encode()
    return len(note), note


def _text(field: bytes, length: int) -> str:
    check(length <= len(field), "a length is past its field")
    check(not any(field[length:]), "a byte that must be zero is not")
    try:
        return field[:length].decode()
    except UnicodeDecodeError:
        raise Malformed(problem="a note is not readable text") from None

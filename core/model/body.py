"""What a token says, as records: choices, an answer, or a withdrawal, and the head they share.

Bytes are raw, times are aware UTC in whole seconds. Layout on the wire: docs/token-format.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.model.preferences import Preferences

Kind = Literal["preferences", "answer", "withdrawal"]
AnswerChoice = Literal["no", "no_never_ask", "not_now", "yes_if_changed", "yes"]
Scope = Literal["everything", "one_post"]

#: Stands where a 32-byte key or reference is absent.
NOBODY = bytes(32)


@dataclass(frozen=True, slots=True)
class Choices:
    """Kind 1: a preferences document and the key its own record is sealed to (zero if unsigned)."""

    preferences: Preferences
    client_sealing_key: bytes = NOBODY


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
    reference: bytes = NOBODY


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
    client_key: bytes = NOBODY
    previous: bytes = bytes(16)
    signature: bytes = bytes(64)

    @property
    def kind(self) -> Kind:
        """Which of the three kinds of token this is."""
        if isinstance(self.content, Choices):
            return "preferences"
        return "answer" if isinstance(self.content, Answer) else "withdrawal"

"""What the command line accepts, checked as it is read. No message repeats a value: it may be a key."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from core import card
from core.errors import BadInput, CardUnknown
from core.model.dates import FIRST_YEAR, LAST_YEAR

_LARGEST_SEQUENCE = 2**32 - 1


class Parser(ArgumentParser):
    """argparse whose failures are ``BadInput`` and never show what was typed."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**{"allow_abbrev": False, **settings})  # type: ignore[arg-type]

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Namespace | None = None
    ) -> tuple[Namespace, list[str]]:
        """Take the word after an option as its value whatever it begins with: one key in 64 begins with a hyphen."""
        valued = {option for action in self._actions if action.nargs is None for option in action.option_strings}
        words = list(args or ())
        joined = []
        while words:
            word = words.pop(0)
            joined.append(f"{word}={words.pop(0)}" if word in valued and words else word)
        return super().parse_known_args(joined, namespace)

    def error(self, message: str) -> NoReturn:
        """Raise ``BadInput`` with the part of argparse's message that is ours."""
        required = message.startswith("the following arguments are required")
        about_one = message.startswith("argument ") and "'" not in message
        if required or about_one:
            raise BadInput(problem=f"{message.removeprefix('argument ')}.".replace("the following", "The following"))
        raise BadInput(problem="Part of this command line is not known. Add --help to see what is.")


def moment(text: str) -> datetime:
    """Read an ISO 8601 time with its zone. Raises ``ArgumentTypeError``."""
    wrong = ArgumentTypeError("write the time as 2026-11-22T10:00:00Z")
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if read.tzinfo is None or not FIRST_YEAR <= read.year < LAST_YEAR:
        raise wrong
    return read.astimezone(UTC)


def hex_bytes(size: int) -> Callable[[str], bytes]:
    """Return a reader of exactly ``size`` bytes in hex."""

    def read(text: str) -> bytes:
        if not re.fullmatch(rf"[0-9a-fA-F]{{{2 * size}}}", text):
            raise ArgumentTypeError(f"{2 * size} hex digits are needed")
        return bytes.fromhex(text)

    return read


def sequence(text: str) -> int:
    """Read a sequence, from 1. Raises ``ArgumentTypeError``."""
    number = int(text) if re.fullmatch(r"[0-9]{1,10}", text) else 0
    if not 1 <= number <= _LARGEST_SEQUENCE:
        raise ArgumentTypeError(f"a whole number from 1 to {_LARGEST_SEQUENCE} is needed")
    return number


def card_code(text: str) -> str:
    """Read a card code as a person types it. Raises ``ArgumentTypeError``."""
    try:
        return card.parse(text)
    except CardUnknown:
        raise ArgumentTypeError("this is not a card code; check each letter") from None


def public_key(text: str) -> bytes:
    """Read a raw 32-byte key in unpadded base64url. Raises ``ArgumentTypeError``."""
    try:
        return key_from_text(text)
    except ValueError:
        raise ArgumentTypeError("32 bytes in base64url without padding are needed") from None


def key_text(key: bytes) -> str:
    """Return raw bytes in unpadded base64url."""
    return urlsafe_b64encode(key).rstrip(b"=").decode()


def key_from_text(text: str) -> bytes:
    """Return the 32 bytes that ``key_text`` wrote. Raises ``ValueError`` for any other text."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{43}", text):
        raise ValueError("not 43 characters of base64url")
    key = urlsafe_b64decode(text + "=")
    if key_text(key) != text:
        raise ValueError("the last bits are not zero")
    return key

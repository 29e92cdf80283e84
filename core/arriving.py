"""Tokens as they arrive by hand: in a file, or in a picture of a QR code."""

from __future__ import annotations

import codecs

from core import importing, qr
from core.errors import FileTooLarge

LARGEST_FILE = 1024 * 1024
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def tokens_in_file(data: bytes) -> list[str]:
    """Return the tokens in a text file, however its editor saved it. Raises ``FileTooLarge``."""
    if len(data) > LARGEST_FILE:
        raise FileTooLarge
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), "utf-8")
    # A token is plain ASCII: what is not becomes a sign that no token has, and is refused as such.
    return importing.tokens_in(data.decode(encoding, "replace"))


def tokens_in_picture(picture: bytes) -> list[str]:
    """Return what the QR codes in a picture say. Raises a ``PictureProblem``."""
    return [token for text in qr.read(picture) for token in importing.tokens_in(text)]

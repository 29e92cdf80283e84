"""Card codes: seven random symbols and a check character, never sequential."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from core import crockford
from core.errors import CardUnknown

LENGTH = 8
#: The code in an address as it stands on a card: ``https://sayso.example.org/C/K7QM2XPF``.
_ADDRESS = re.compile(r"/c/([^/?#]+)", re.IGNORECASE)


def draw(randbelow: Callable[[int], int] = secrets.randbelow) -> str:
    """Return a new card code of 8 symbols, redrawn while its check falls outside the alphabet."""
    while True:
        number = randbelow(32**7)
        check = crockford.check_symbol(number)
        if check in crockford.ALPHABET:
            return crockford.encode_number(number, 7) + check


def is_valid(code: str) -> bool:
    """Whether ``code`` is exactly a canonical card code: 8 upper-case symbols, check right."""
    if len(code) != LENGTH or any(symbol not in crockford.ALPHABET for symbol in code):
        return False
    return crockford.check_symbol(crockford.decode_number(code[:7])) == code[7]


def parse(typed: str) -> str:
    """Return the canonical code a person meant, alone or in the card's whole address.

    Raises ``CardUnknown`` for a typing error.
    """
    address = _ADDRESS.search(typed)
    code = crockford.tidy(address[1] if address else typed)
    if not is_valid(code):
        raise CardUnknown
    return code


def shown(code: str) -> str:
    """Return ``code`` as it is printed: ``K7QM-2XPF``."""
    return crockford.grouped(code)


def address(base: str, code: str) -> str:
    """Return what the card's QR says: the address in upper case, so that it fits alphanumeric mode."""
    return f"{base.rstrip('/')}/C/{code}".upper()

"""Crockford base 32: the one alphabet for tokens, codes and acknowledgements.

Reading is forgiving where a person may slip (lower case, ``O`` for 0, ``I`` and ``L`` for 1,
white space, hyphens) and strict where a machine could (pad bits must be zero).
Source: docs/token-format.md.
"""

from __future__ import annotations

from base64 import b32encode
from string import ascii_lowercase, ascii_uppercase, digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_ALPHABET = ALPHABET + "*~$=U"

_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_RFC4648 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_FROM_RFC4648 = bytes.maketrans(_RFC4648, ALPHABET.encode())
# Built from ASCII alone: str.upper() would turn foreign letters, such as a dotless i, into ours.
_TIDY = str.maketrans(ascii_lowercase + "OIL", ascii_uppercase.translate(str.maketrans("OIL", "011")) + "011", "-")
# Whatever a person may type for a symbol, to Python's own base-32 digit; all else to "?".
_BASE_32 = (digits + ascii_uppercase)[:32]
_TO_BASE_32 = bytes(
    ord(_BASE_32[_VALUES[symbol]]) if (symbol := chr(byte).translate(_TIDY)) in _VALUES else ord("?")
    for byte in range(256)
)


class ForeignCharacter(ValueError):
    """A character outside the alphabet."""


class PadBits(ValueError):
    """The unused last bits are not zero, or the length fits no whole number of bytes."""


class WrongCheck(ValueError):
    """The code has another length, or its check symbol does not fit."""


def tidy(text: str) -> str:
    """Return ``text`` upper-cased, without white space and hyphens, look-alikes replaced."""
    return "".join(text.split()).translate(_TIDY)


def encode(data: bytes) -> str:
    """Return ``data`` as Crockford, most significant bit first, padded with zero bits."""
    return b32encode(data).rstrip(b"=").translate(_FROM_RFC4648).decode()


def decode(text: str) -> bytes:
    """Return the bytes of ``text``. Raises ``ForeignCharacter`` or ``PadBits``."""
    try:
        digits_32 = "".join(text.split()).encode("ascii").translate(_TO_BASE_32, b"-")
    except UnicodeEncodeError:
        raise ForeignCharacter from None
    if b"?" in digits_32:
        raise ForeignCharacter
    size, spare = divmod(len(digits_32) * 5, 8)
    number = int(digits_32 or b"0", 32)
    # With five spare bits or more there is a whole symbol too many.
    if spare >= 5 or number & ((1 << spare) - 1):
        raise PadBits
    return (number >> spare).to_bytes(size)


def encode_number(number: int, length: int) -> str:
    """Return ``number`` as ``length`` symbols, leading zeros kept."""
    return "".join(ALPHABET[number >> 5 * i & 31] for i in reversed(range(length)))


def decode_number(symbols: str) -> int:
    """Return the number that tidied ``symbols`` spell. Raises ``ForeignCharacter``."""
    number = 0
    for symbol in symbols:
        if symbol not in _VALUES:
            raise ForeignCharacter
        number = number << 5 | _VALUES[symbol]
    return number


def check_symbol(number: int) -> str:
    """Return Crockford's mod-37 check symbol of ``number``."""
    return CHECK_ALPHABET[number % 37]


def secret_code(secret: bytes) -> str:
    """Return 16 bytes as a code to write down: 26 symbols, a check symbol, in groups of four."""
    number = int.from_bytes(secret)
    return grouped(encode_number(number, 26) + check_symbol(number))


def read_secret_code(typed: str) -> bytes:
    """Return the 16 bytes of a typed code. Raises ``ForeignCharacter`` or ``WrongCheck``."""
    code = tidy(typed)
    number = decode_number(code[:-1])
    if len(code) != 27 or number >> 128 or check_symbol(number) != code[-1]:
        raise WrongCheck
    return number.to_bytes(16)


def grouped(text: str, size: int = 4, separator: str = "-") -> str:
    """Return ``text`` cut into groups of ``size`` for reading aloud."""
    return separator.join(text[i : i + size] for i in range(0, len(text), size))

"""Suite 1: sealing to a key, key ids and check words. Knows no format.

HPKE (RFC 9180) base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, empty associated
data, by the ``cryptography`` package. No algorithm is negotiated.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from core.errors import BadInput

SUITE = 1
#: How much longer the sealed bytes are: encapsulated key (32) and tag (16).
OVERHEAD = 48

_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
#: Languages whose check words come from BIP-39's own list; the others get English words.
_WORD_LISTS = {"en": "english", "es": "spanish"}


class DoesNotOpen(ValueError):
    """The bytes were not sealed to this key under this purpose, or were changed."""


def seal(plaintext: bytes, recipient: bytes, info: bytes) -> bytes:
    """Return encapsulated key (32) ‖ ciphertext ‖ tag (16). ``recipient``: raw X25519 public key.

    Raises ``BadInput`` for a key of low order (all zeros, say), which would keep nothing secret.
    """
    try:
        return _HPKE.encrypt(plaintext, X25519PublicKey.from_public_bytes(recipient), info=info)
    except ValueError:
        raise BadInput(problem="Nothing can be sealed to this key. Check that it is copied whole.") from None


def open_sealed(sealed: bytes, private_key: bytes | X25519PrivateKey, info: bytes) -> bytes:
    """Return the plaintext. ``private_key``: X25519, raw or loaded. Raises ``DoesNotOpen``."""
    key = X25519PrivateKey.from_private_bytes(private_key) if isinstance(private_key, bytes) else private_key
    try:
        return _HPKE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError):
        raise DoesNotOpen from None


def key_id(sealing_public_key: bytes) -> bytes:
    """Return the 8 bytes that select a key among several. Not a proof of anything."""
    return sha256(bytes([SUITE]) + sealing_public_key).digest()[:8]


def check_words(sealing_public_key: bytes, signing_public_key: bytes, language: str = "en") -> tuple[str, ...]:
    """Return the four words that tell a swapped key, from the first 44 bits of a hash."""
    digest = sha256(b"sayso/v1/words" + bytes([SUITE]) + sealing_public_key + signing_public_key).digest()
    bits = int.from_bytes(digest[:6]) >> 4
    words = _word_list(_WORD_LISTS.get(language, "english"))
    return tuple(words[bits >> 11 * i & 0x7FF] for i in (3, 2, 1, 0))


@cache
def _word_list(name: str) -> tuple[str, ...]:
    from mnemonic import Mnemonic  # only a sheet and a first look need the list

    # BIP-39 stores accents decomposed; people and fonts want them composed.
    return tuple(normalize("NFC", word) for word in Mnemonic(name).wordlist)

"""The client's keys from one seed, the therapist's two key pairs, and the codes people keep."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core import card_words, crockford, seal
from core.errors import WrongClientCode

SEED = 16


# The y coordinates of the eight points of small order on Ed25519: under such a key, signatures of nobody pass.
_FIELD = 2**255 - 19
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER = frozenset({0, 1, _FIELD - 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT})


def is_signed_by(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether ``signature`` (64) is that of the Ed25519 key ``public`` (32), a key of small order being nobody's."""
    if (int.from_bytes(public, "little") & (2**255 - 1)) % _FIELD in _SMALL_ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class SealingKey:
    """An X25519 pair. ``private``: 32 raw bytes, never shown in a repr."""

    private: bytes = field(repr=False)

    @classmethod
    def new(cls) -> SealingKey:
        """Draw a pair."""
        return cls(secrets.token_bytes(32))

    @cached_property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    @cached_property
    def key_id(self) -> bytes:
        """The 8 bytes by which a token names this key."""
        return seal.key_id(self.public)

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Return the plaintext sealed to this key. Raises ``seal.DoesNotOpen``."""
        return seal.open_sealed(sealed, self._key, info)

    @cached_property
    def _key(self) -> X25519PrivateKey:
        # Kept: deriving it anew for each token costs as much as opening one.
        return X25519PrivateKey.from_private_bytes(self.private)


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 pair. ``private``: 32 raw bytes, the seed, never shown in a repr."""

    private: bytes = field(repr=False)

    @cached_property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        return self._key.sign(message)

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.private)


def for_cards(signing_public: bytes) -> SealingKey:
    """Draw a pair whose check words, beside this raw signing key, can stand on a card (`core.card_words`)."""
    while not card_words.fit((drawn := SealingKey.new()).public, signing_public):
        pass
    return drawn


@dataclass(frozen=True)
class TherapistKeys:
    """A therapist's two pairs: one opens tokens, one signs requests and key changes.

    ``former``: sealing pairs from before; cards that were printed with them still use them.
    """

    sealing: SealingKey
    signing: SigningKey
    former: tuple[SealingKey, ...] = ()

    @property
    def all_sealing(self) -> tuple[SealingKey, ...]:
        """Every pair that may open a token, the newest first."""
        return (self.sealing, *self.former)

    @classmethod
    def new(cls) -> TherapistKeys:
        """Draw both pairs."""
        signing = SigningKey(secrets.token_bytes(32))
        return cls(for_cards(signing.public), signing)

    def words(self, language: str = "en") -> tuple[str, ...]:
        """Return the four check words of this therapist's cards."""
        return self.all_words(language)[0]

    def all_words(self, language: str = "en") -> list[tuple[str, ...]]:
        """Return the check words of new cards, then those of cards printed with a key from before."""
        return [seal.check_words(one.public, self.signing.public, language) for one in self.all_sealing]


@dataclass(frozen=True)
class ClientKeys:
    """A client's keys, all from one 16-byte seed that only the client keeps, never shown in a repr."""

    seed: bytes = field(repr=False)

    @classmethod
    def new(cls) -> ClientKeys:
        """Draw a seed."""
        return cls(secrets.token_bytes(SEED))

    @classmethod
    def from_code(cls, typed: str) -> ClientKeys:
        """Read the client code a person typed. Raises ``WrongClientCode``."""
        try:
            return cls(crockford.read_secret_code(typed))
        except ValueError:
            raise WrongClientCode from None

    @property
    def code(self) -> str:
        """The client code: 26 symbols (two leading zero bits) and a check symbol, in groups."""
        return crockford.secret_code(self.seed)

    @property
    def signing_public(self) -> bytes:
        """The raw Ed25519 public key, 32 bytes."""
        return self._signing.public

    @property
    def sealing_public(self) -> bytes:
        """The raw X25519 public key, 32 bytes."""
        return self.sealing.public

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        return self._signing.sign(message)

    @cached_property
    def sealing(self) -> SealingKey:
        """The pair to which the client's own record is sealed."""
        return SealingKey(self._derive(b"seal"))

    @cached_property
    def _signing(self) -> SigningKey:
        return SigningKey(self._derive(b"sign"))

    def _derive(self, purpose: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, salt=b"sayso/v1/client", info=purpose).derive(self.seed)

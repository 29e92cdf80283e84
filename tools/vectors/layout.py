"""A token laid out by hand: each field's place, and how body, signature, envelope and text follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tools.vectors import hpke

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNED, UNDERSTOOD, GUARDIAN, PAPER = 1, 2, 4, 8

#: Name → (offset, size). Names in front of a point belong to one kind.
FIELDS = {
    "kind": (0, 1),
    "flags": (1, 1),
    "taxonomy": (2, 2),
    "issued_at": (4, 4),
    "expires_at": (8, 4),
    "sequence": (12, 4),
    "card": (16, 8),
    "notice": (24, 8),
    "language": (32, 2),
    "video": (34, 1),
    "post": (35, 1),
    "audio": (36, 1),
    "print": (37, 1),
    "teaching": (38, 1),
    "promotion": (39, 1),
    "materials": (40, 1),
    "topics": (41, 2),
    "may_recognise_self": (43, 1),
    "therapy": (44, 1),
    "gap_months": (45, 1),
    "term_months": (46, 1),
    "choices.zero": (47, 1),
    "client_sealing_key": (48, 32),
    "choices.length": (80, 1),
    "choices.note": (81, 47),
    "request_id": (34, 32),
    "answer": (66, 1),
    "answer.zero": (67, 1),
    "answer.length": (68, 1),
    "answer.note": (69, 59),
    "scope": (34, 1),
    "reference": (35, 32),
    "withdrawal.zero": (67, 61),
    "client_key": (128, 32),
    "previous": (160, 16),
    "signature": (176, 64),
}

Fields = Mapping[str, int | bytes]


def drawn(name: str, size: int = 32) -> bytes:
    """Return bytes that look random and are the same each time."""
    return sha256(b"sayso vectors " + name.encode()).digest()[:size]


@dataclass(frozen=True)
class Client:
    """A client's keys from their 16-byte seed."""

    seed: bytes

    def derived(self, purpose: str) -> bytes:
        """Return the private key for ``sign`` (Ed25519 seed) or ``seal`` (X25519)."""
        return HKDF(hashes.SHA256(), 32, salt=b"sayso/v1/client", info=purpose.encode()).derive(self.seed)

    @property
    def signing(self) -> Ed25519PrivateKey:
        """The key that signs."""
        return Ed25519PrivateKey.from_private_bytes(self.derived("sign"))

    @property
    def signing_public(self) -> bytes:
        """Its public half, raw."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public(self) -> bytes:
        """The public half of the key that the client's own record is sealed to, raw."""
        return public_of(self.derived("seal"))


def public_of(private: bytes) -> bytes:
    """Return the raw X25519 public key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def body(fields: Fields) -> bytes:
    """Return 240 bytes with each field in its place and zero everywhere else."""
    data = bytearray(240)
    put(data, fields)
    return bytes(data)


def put(data: bytearray, fields: Fields) -> None:
    """Write fields into a body, from the left of each field."""
    for name, value in fields.items():
        offset, size = FIELDS[name]
        written = value.to_bytes(size) if isinstance(value, int) else value
        data[offset : offset + len(written)] = written


def head(recipient: bytes) -> bytes:
    """Return the first ten bytes of an envelope."""
    return b"\x01\x01" + sha256(b"\x01" + recipient).digest()[:8]


def signed(data: bytes, recipient: bytes, client: Client) -> bytes:
    """Return the body with the client's signature in its place."""
    return data[:176] + client.signing.sign(b"sayso/v1/body" + head(recipient) + data[:176])


def envelope(data: bytes, recipient: bytes, ephemeral: bytes) -> bytes:
    """Return the 302 bytes that seal a body."""
    start = head(recipient)
    return closed(start + hpke.seal(data, recipient, b"sayso/v1/token" + start, ephemeral))


def closed(content: bytes) -> bytes:
    """Return 298 bytes with their check bytes behind them."""
    return content + sha256(content).digest()[:4]


def crockford(data: bytes) -> str:
    """Return bytes as Crockford symbols, the last one padded with zero bits."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(SYMBOLS[int(bits[i : i + 5], 2)] for i in range(0, len(bits), 5))


def text(sealed: bytes) -> str:
    """Return the text of an envelope."""
    return "SAYSO1:" + crockford(sealed)


def acknowledgement(sealed: bytes) -> str:
    """Return the code both sides compare."""
    code = crockford(sha256(sealed).digest())
    return f"{code[:5]}-{code[5:10]}"

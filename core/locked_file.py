"""A file locked under a passphrase or to a public key, written and read in pieces. Knows no content.

Pieces are sealed by AES-256-GCM as a stream (the STREAM construction): each has its number in its nonce and the
last one says that it is the last, so that no piece can be changed, left out, moved or cut off unnoticed.
Layout, byte by byte: docs/backup.md.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core import seal, vault
from core.errors import BackupDamaged, BackupLocked, WrongPassphrase
from core.keys import SealingKey

MAGIC = b"SAYSO-BACKUP-1\n"
#: Bytes in a piece before it is sealed; sealing adds 16.
PIECE = 64 * 1024
_TAG = 16
_KEY = 32
_PASSPHRASE, _PUBLIC_KEY = 1, 2
_INFO = b"sayso/v1/backup"


class Lock(Protocol):
    """What a file is locked with."""

    @property
    def kind(self) -> int:
        """How it is locked."""

    def lock(self, file_key: bytes) -> bytes:
        """Return the file's key (32 bytes), locked."""


class Opener(Protocol):
    """What opens a file."""

    @property
    def kind(self) -> int:
        """What it can open."""

    def open(self, locked: bytes) -> bytes:
        """Return the file's key. Raises ``BackupLocked``."""


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Locks and opens, stretched by Argon2id like a vault's passphrase."""

    text: str = field(repr=False)
    kind: int = _PASSPHRASE

    def lock(self, file_key: bytes) -> bytes:
        """Return the file's key, locked."""
        return vault.wrap(file_key, self.text, "backup")

    def open(self, locked: bytes) -> bytes:
        """Return the file's key. Raises ``BackupLocked``."""
        try:
            return vault.unwrap(locked, self.text, "backup")
        except WrongPassphrase:
            raise BackupLocked from None


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Locks so that only the other half opens: what makes backups need not be able to read them. 32 bytes, X25519."""

    public: bytes
    kind: int = _PUBLIC_KEY

    def lock(self, file_key: bytes) -> bytes:
        """Return the file's key, locked. Raises ``BadInput`` for a key that keeps nothing secret."""
        return seal.seal(file_key, self.public, _INFO)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """Opens what was locked to its public half."""

    key: SealingKey = field(repr=False)
    kind: int = _PUBLIC_KEY

    def open(self, locked: bytes) -> bytes:
        """Return the file's key. Raises ``BackupLocked``."""
        try:
            return seal.open_sealed(locked, self.key.private, _INFO)
        except seal.DoesNotOpen:
            raise BackupLocked from None


class Writer:
    """Locks what it is given into a file. Nothing is whole before ``finish``."""

    def __init__(self, file: BinaryIO, lock: Lock) -> None:
        self.file_key = secrets.token_bytes(_KEY)
        locked = lock.lock(self.file_key)
        header = MAGIC + bytes([lock.kind]) + len(locked).to_bytes(2) + locked
        file.write(header)
        self._file, self._cipher = file, _cipher(self.file_key, header)
        self._held, self._number = bytearray(), 0

    def write(self, data: bytes) -> None:
        """Add some bytes."""
        self._held += data
        while len(self._held) > PIECE:
            self._seal(self._held[:PIECE], last=False)
            del self._held[:PIECE]

    def finish(self) -> None:
        """Seal what is left, as the last piece."""
        self._seal(self._held, last=True)

    def _seal(self, piece: bytes | bytearray, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), bytes(piece), None))
        self._number += 1


def pieces(file: BinaryIO, opener: Opener) -> Iterator[bytes]:
    """Yield what was locked, piece by piece; each is proved before it is given out.

    That it was all of it is known only at the end. Raises ``BackupDamaged`` and ``BackupLocked``.
    """
    start = file.read(len(MAGIC) + 3)
    if len(start) < len(MAGIC) + 3 or not start.startswith(MAGIC):
        raise BackupDamaged
    locked = file.read(int.from_bytes(start[-2:]))
    if start[len(MAGIC)] != opener.kind:
        raise BackupLocked
    yield from _opened(file, _cipher(opener.open(locked), start + locked))


def lines(file: BinaryIO, opener: Opener) -> Iterator[bytes]:
    """Yield what was locked, line by line, without their ends. Raises what ``pieces`` raises."""
    held = b""
    for piece in pieces(file, opener):
        *whole, held = (held + piece).split(b"\n")
        yield from whole
    if held:
        raise BackupDamaged


def _opened(file: BinaryIO, cipher: AESGCM) -> Iterator[bytes]:
    number, sealed = 0, file.read(PIECE + _TAG)
    while True:
        following = file.read(PIECE + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, None)
        except (InvalidTag, ValueError):
            raise BackupDamaged from None
        if not following:
            return
        number, sealed = number + 1, following


def _cipher(file_key: bytes, header: bytes) -> AESGCM:
    # The header is part of the key: one changed byte of it opens nothing.
    info = _INFO + sha256(header).digest()
    return AESGCM(HKDF(hashes.SHA256(), _KEY, salt=None, info=info).derive(file_key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])

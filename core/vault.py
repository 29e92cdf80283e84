"""The vault at rest, as pure crypto: a passphrase wraps a data key, the data key seals rows.

Passphrase → Argon2id → AES-256-GCM around a random 32-byte data key. A second wrap under the
recovery code makes the printed sheet work. Every row has its own HKDF subkey and is bound by its
associated data to its table, row, therapist, schema and key version, so a moved row does not open.
Source of the parameters: docs/token-format.md, "The vault".
"""

from __future__ import annotations

import hmac
import secrets
import struct
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core import crockford
from core.errors import VaultDamaged, WrongPassphrase, WrongRecoveryCode

KEY = 32
NONCE = 12
SCHEMA_VERSION = 1
KEY_VERSION = 1
#: Passphrases shorter than this are refused at set-up (characters).
SHORTEST_PASSPHRASE = 12

_COST = struct.Struct(">BBIB16s")  # version, iterations, memory in KiB, lanes, salt
_COST_VERSION = 1
# Stored parameters are data: bounded below so that nobody can weaken a wrap, above so that
# reading one cannot exhaust the machine.
_BOUNDS = ((3, 10), (64 * 1024, 256 * 1024), (1, 8))
_ITERATIONS, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4
# OpenSSL takes the threads for the lanes from one pool: two derivations at the same time wait for
# each other for ever (docs/decisions/one-argon2-at-a-time.md).
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed row belongs. It opens nowhere else."""

    table: str
    row: str
    therapist: str
    key_version: int = KEY_VERSION

    @property
    def associated_data(self) -> bytes:
        """The place as bytes, each part with its length, so that no two places look alike."""
        owner = _framed(self.therapist, str(SCHEMA_VERSION), str(self.key_version))
        row = self.row.encode()
        return _framed(self.table) + len(row).to_bytes(2) + row + owner


@lru_cache(maxsize=256)
def _framed(*parts: str) -> bytes:
    # The same for every row of a table; a list of ten thousand rows asks for it ten thousand times.
    return b"".join(len(part.encode()).to_bytes(2) + part.encode() for part in parts)


def wrap(data_key: bytes, passphrase: str, therapist: str) -> bytes:
    """Return the data key (32 bytes) locked under a passphrase: cost ‖ nonce ‖ ciphertext."""
    cost = _COST.pack(_COST_VERSION, _ITERATIONS, _MEMORY_KIB, _LANES, secrets.token_bytes(16))
    return cost + _lock(_stretched(passphrase, cost), data_key, _wrap_data(cost, therapist))


def unwrap(wrapped: bytes, passphrase: str, therapist: str) -> bytes:
    """Return the data key. Raises ``WrongPassphrase``, also where the wrap was tampered with."""
    cost, locked = wrapped[: _COST.size], wrapped[_COST.size :]
    try:
        return _unlock(_stretched(passphrase, cost), locked, _wrap_data(cost, therapist))
    except (InvalidTag, ValueError, struct.error):
        raise WrongPassphrase from None


def _stretched(passphrase: str, cost: bytes) -> bytes:
    version, iterations, memory, lanes, salt = _COST.unpack(cost)
    values = (iterations, memory, lanes)
    if version != _COST_VERSION or not all(
        low <= value <= high for value, (low, high) in zip(values, _BOUNDS, strict=True)
    ):
        raise ValueError("cost out of bounds")
    kdf = Argon2id(salt=salt, length=KEY, iterations=iterations, lanes=lanes, memory_cost=memory)
    with _ONE_AT_A_TIME:
        return kdf.derive(normalize("NFKC", passphrase).encode())


def keep_passphrase(passphrase: str, owner: str) -> bytes:
    """Return what tells a passphrase again and opens nothing: cost ‖ nonce ‖ a sealed nothing."""
    cost = _COST.pack(_COST_VERSION, _ITERATIONS, _MEMORY_KIB, _LANES, secrets.token_bytes(16))
    return cost + _lock(_stretched(passphrase, cost), b"", b"sayso/v1/login" + cost + owner.encode())


def is_passphrase(kept: bytes, passphrase: str, owner: str) -> bool:
    """Whether this is the passphrase that was kept."""
    cost, locked = kept[: _COST.size], kept[_COST.size :]
    try:
        _unlock(_stretched(passphrase, cost), locked, b"sayso/v1/login" + cost + owner.encode())
    except (InvalidTag, ValueError, struct.error):
        return False
    return True


def _wrap_data(cost: bytes, therapist: str) -> bytes:
    return b"sayso/v1/wrap" + cost + therapist.encode()


def new_recovery_code() -> str:
    """Draw the 128-bit code of a recovery sheet."""
    return crockford.secret_code(secrets.token_bytes(16))


def wrap_for_recovery(data_key: bytes, code: str, therapist: str) -> bytes:
    """Return the data key locked under a recovery code: nonce ‖ ciphertext."""
    return _lock(_recovery_key(code), data_key, b"sayso/v1/recovery" + therapist.encode())


def unwrap_with_recovery(wrapped: bytes, code: str, therapist: str) -> bytes:
    """Return the data key. Raises ``WrongRecoveryCode``."""
    try:
        return _unlock(_recovery_key(code), wrapped, b"sayso/v1/recovery" + therapist.encode())
    except (InvalidTag, ValueError):
        raise WrongRecoveryCode from None


def _recovery_key(code: str) -> bytes:
    # 128 random bits need no stretching.
    return _derived(crockford.read_secret_code(code), b"sayso/v1/recovery")


class DataKey:
    """An open vault's key. Seals rows and makes blind indexes; never leaves memory."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        # On the instance, so that locking the vault drops the subkeys too.
        self._subkeys: dict[str, bytes] = {}
        self._expanders: dict[str, HMAC] = {}

    @classmethod
    def new(cls) -> DataKey:
        """Draw a data key."""
        return cls(secrets.token_bytes(KEY))

    @property
    def raw(self) -> bytes:
        """The 32 bytes, for wrapping."""
        return self._key

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        """Return nonce (12) ‖ ciphertext ‖ tag (16) of one row."""
        return _lock(self._row_key(place), plaintext, place.associated_data)

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return one row's plaintext. Raises ``VaultDamaged`` for a moved or changed row."""
        try:
            return _unlock(self._row_key(place), sealed, place.associated_data)
        except (InvalidTag, ValueError):
            raise VaultDamaged from None

    def blind_index(self, purpose: str, value: bytes | str) -> bytes:
        """Return the 32 bytes under which a value is looked up without being readable."""
        raw = value.encode() if isinstance(value, str) else value
        return hmac.digest(self._subkey("index/" + purpose), raw, "sha256")

    def _row_key(self, place: Place) -> bytes:
        # HKDF-Expand in one block: the table key is already uniform, and a copy of the keyed hash
        # costs a sixth of making it anew.
        expand = self._expander(place.table).copy()
        expand.update(b"row/" + place.row.encode() + b"\x01")
        return expand.finalize()

    def _expander(self, table: str) -> HMAC:
        if table not in self._expanders:
            self._expanders[table] = HMAC(self._subkey("table/" + table), hashes.SHA256())
        return self._expanders[table]

    def _subkey(self, purpose: str) -> bytes:
        if purpose not in self._subkeys:
            self._subkeys[purpose] = _derived(self._key, b"sayso/v1/vault/" + purpose.encode())
        return self._subkeys[purpose]


def _derived(key: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY, salt=None, info=info).derive(key)


def _lock(key: bytes, plaintext: bytes, associated: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, associated)


def _unlock(key: bytes, locked: bytes, associated: bytes) -> bytes:
    return AESGCM(key).decrypt(locked[:NONCE], locked[NONCE:], associated)

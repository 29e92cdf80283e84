"""HPKE (RFC 9180) from its parts, so that the ephemeral key can be given and a vector comes out the same twice.

For vectors only: the portal seals with the ``cryptography`` package's own HPKE.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

_KEM = b"KEM" + (0x0020).to_bytes(2)
AES_256_GCM, CHACHA20_POLY1305 = 2, 3
_CIPHERS = {AES_256_GCM: AESGCM, CHACHA20_POLY1305: ChaCha20Poly1305}


def _extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + key, sha256)


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    # One block of HMAC-SHA256 is enough: nothing here is longer than 32 bytes.
    message = length.to_bytes(2) + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, message + b"\x01", sha256)[:length]


def seal(
    plaintext: bytes, recipient: bytes, info: bytes, ephemeral: bytes, *, aad: bytes = b"", aead: int = AES_256_GCM
) -> bytes:
    """Return ``enc ‖ ciphertext ‖ tag`` in base mode. ``recipient``: raw public, ``ephemeral``: raw private X25519."""
    private = X25519PrivateKey.from_private_bytes(ephemeral)
    enc = private.public_key().public_bytes_raw()
    shared = private.exchange(X25519PublicKey.from_public_bytes(recipient))
    secret = _extract(_KEM, b"", b"eae_prk", shared)
    secret = _expand(_KEM, secret, b"shared_secret", enc + recipient, 32)

    suite = b"HPKE" + (0x0020).to_bytes(2) + (0x0001).to_bytes(2) + aead.to_bytes(2)
    context = b"\x00" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    secret = _extract(suite, secret, b"secret", b"")
    key = _expand(suite, secret, b"key", context, 32)
    nonce = _expand(suite, secret, b"base_nonce", context, 12)
    return enc + _CIPHERS[aead](key).encrypt(nonce, plaintext, aad)

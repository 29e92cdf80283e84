"""How fast a token is read, against the bare HPKE opening and Ed25519 check of `cryptography`, in one run.

    python -m bench.tokens [COUNT]

Prints the best of several rounds of each and the ratio of the two: 1 would mean that text, layout,
rules and records cost nothing. (Not ``bench/token.py``: run by its path it would hide Python's own ``token``.)
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from core import token, wire
from core.keys import ClientKeys, SealingKey
from core.model.dates import add_months
from core.model.preferences import Preferences

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROUNDS = 7
THERAPIST = SealingKey(b"\x05" * 32)


def example() -> token.Token:
    """Return a signed token with something in every field."""
    choices = Preferences(
        channels={
            "video": "ask",
            "post": "composite",
            "audio": "never",
            "print": "ask",
            "teaching": "disguised",
            "promotion": "never",
        },
        materials=("lesson", "story"),
        topics=("work",),
        note="not the thing at my old job",
        understood=True,
        issued_at=NOW,
        expires_at=add_months(NOW, 6),
    )
    content = wire.Choices(choices)
    body = wire.Body(content, "K7QM2XPF", NOW, choices.expires_at, 1, bytes(8), "en", signed=True, understood=True)
    return token.issue(body, THERAPIST.public, ClientKeys(b"\x07" * 16))


def bare(sent: token.Token) -> Callable[[], object]:
    """Return only the crypto of one reading, keys loaded before."""
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    private = X25519PrivateKey.from_private_bytes(THERAPIST.private)
    public = Ed25519PublicKey.from_public_bytes(sent.body.client_key)
    head, sealed = sent.envelope[:10], sent.envelope[10:-4]

    def run() -> None:
        data = suite.decrypt(sealed, private, info=b"sayso/v1/token" + head)
        public.verify(data[176:], b"sayso/v1/body" + head + data[:176])

    return run


def best(work: Callable[[], object], count: int) -> float:
    """Return the microseconds of one ``work`` in the best of some rounds of ``count``."""

    def timed() -> float:
        start = perf_counter()
        for _ in range(count):
            work()
        return (perf_counter() - start) / count * 1e6

    return min(timed() for _ in range(ROUNDS))


def main(count: int) -> None:
    """Measure and print."""
    sent = example()
    text = sent.text
    floor = best(bare(sent), count)
    whole = best(lambda: token.read(text, [THERAPIST], NOW), count)
    print(f"bare HPKE opening and signature check  {floor:6.0f} µs")
    print(f"a token read, from text to record      {whole:6.0f} µs   {1e6 / whole:,.0f} a second")
    print(f"ratio                                  {floor / whole:6.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)

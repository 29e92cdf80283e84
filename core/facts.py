"""What an entry of the record says: named facts, each under its own salt. Pure.

The entry carries one commitment to all of them (32 bytes), which tells nothing. Later any single fact
can be shown with its salt, and whoever holds the commitment sees that it was meant all along, while
the facts beside it stay hidden behind their hashes. Layout: docs/audit.md, "Facts".
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

SALT = 16
_FACT = b"sayso/v1/fact"
_FACTS = b"sayso/v1/facts"
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_size = struct.Struct(">I").pack


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. ``text``: its value as JSON; it is hashed as it stands here and never written anew."""

    name: str
    text: str
    salt: bytes

    @property
    def value(self) -> object:
        """What the text says."""
        return json.loads(self.text)

    @property
    def leaf(self) -> bytes:
        """The 32 bytes that stand for it while it is hidden."""
        salt, name, text = self.salt, self.name.encode(), self.text.encode()
        counted = (_size(len(salt)), salt, _size(len(name)), name, _size(len(text)), text)
        return sha256(_FACT + b"".join(counted)).digest()


def salted(values: Mapping[str, object], draw: Callable[[int], bytes] = secrets.token_bytes) -> tuple[Fact, ...]:
    """Return each value as a fact. ``draw``: makes that many random bytes."""
    salts = draw(SALT * len(values))
    return tuple(
        Fact(name, _JSON.encode(value), salts[SALT * at : SALT * (at + 1)])
        for at, (name, value) in enumerate(values.items())
    )


def commitment(leaves: Iterable[bytes]) -> bytes:
    """Return the 32 bytes that bind facts, given their leaves in any order."""
    return sha256(_FACTS + b"".join(sorted(leaves))).digest()


#: What an entry without facts carries.
NOTHING = commitment(())


def pack(facts: Iterable[Fact]) -> bytes:
    """Return facts with their salts as bytes to be sealed."""
    return json.dumps([[fact.salt.hex(), fact.name, fact.text] for fact in facts]).encode()


def unpack(plain: bytes) -> tuple[Fact, ...]:
    """Return the facts that ``pack`` wrote."""
    return tuple(Fact(name, text, bytes.fromhex(salt)) for salt, name, text in json.loads(plain))

"""The record of what happened, as a chain of hashes. Pure: how entries follow each other, and what breaks them.

Each entry's hash covers the one before it, so a change anywhere shows from there on. Whoever can write
the database can also write a whole new chain; what shows that is a signed head kept outside. Layout,
and what it does not prove: docs/audit.md.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, get_args

from core.head import GENESIS, Head
from core.keys import SigningKey

Kind = Literal[
    "set_up",
    "import",
    "confirm",
    "circumstances",
    "link",
    "verdict",
    "request",
    "answer",
    "post",
    "correction",
    "take_down",
    "set_aside",
    "export",
    "key_change",
    "passphrase_change",
    "hand_over",
    "accounts",
    "part_2_on",
    "part_2_off",
    "mailbox_on",
    "mailbox_off",
    "backup",
    "restore",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Switches of the whole practice: the kind says all there is to say, so that each of its therapists can read it.
SWITCHES: tuple[Kind, ...] = ("part_2_on", "part_2_off", "mailbox_on", "mailbox_off")
FaultName = Literal[
    "changed", "broken_link", "missing", "out_of_order", "truncated", "other_head", "head_signature", "head_signer"
]

DIGEST = 32
_ENTRY = b"sayso/v1/entry"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``at``: Unix seconds. ``therapist``: an id, or empty. ``detail``: SHA-256 of the sealed facts.

    ``commitment``, ``detail``, ``previous`` and ``hash`` are 32 bytes each.
    """

    sequence: int
    at: int
    therapist: str
    kind: str
    commitment: bytes
    detail: bytes
    previous: bytes
    hash: bytes = b""

    def expected_hash(self) -> bytes:
        """Return the hash these fields make; nothing where they are no fields of an entry."""
        digests = (self.commitment, self.detail, self.previous)
        names = (self.therapist.encode(), self.kind.encode())
        try:
            numbers = struct.pack(">qq", self.sequence, self.at)
        except struct.error:
            return b""
        if any(len(digest) != DIGEST for digest in digests):
            return b""
        counted = b"".join(struct.pack(">I", len(name)) + name for name in names)
        return sha256(_ENTRY + numbers + counted + b"".join(digests)).digest()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the number of the entry where it shows; 0 where it is about the head itself."""

    sequence: int
    fault: FaultName


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. ``entries``: how many there are. ``last``: the newest, None in an empty record."""

    entries: int
    last: Entry | None
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether the record holds together."""
        return not self.faults


def follow(last: Entry | None, at: int, therapist: str, kind: Kind, commitment: bytes, detail: bytes) -> Entry:
    """Return the entry that comes after ``last``."""
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    entry = Entry(sequence, at, therapist, kind, commitment, detail, previous)
    return replace(entry, hash=entry.expected_hash())


def sign(last: Entry | None, therapist: str, key: SigningKey, at: int) -> Head:
    """Return the signed head of a chain that ends with ``last``."""
    sequence, digest = (last.sequence, last.hash) if last else (0, GENESIS)
    head = Head(sequence, at, therapist, digest, key.public)
    return replace(head, signature=key.sign(head.signed_bytes()))


def verify(entries: Iterable[Entry], head: Head | None = None, signers: Collection[bytes] | None = None) -> Report:
    """Check a record from its first entry to its last, in the order given.

    ``head``: one kept outside. ``signers``: the signing keys that count; None where any does.
    """
    faults: list[Fault] = []
    last, count, at_head = None, 0, None
    for entry in entries:
        faults += _faults_between(last, entry)
        last, count = entry, count + 1
        if head and entry.sequence == head.sequence:
            at_head = entry
    if head:
        faults += _faults_against(head, at_head, last, signers)
    return Report(count, last, tuple(faults))


def _faults_between(last: Entry | None, entry: Entry) -> Iterator[Fault]:
    number, link = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    if entry.sequence > number:
        yield Fault(number, "missing")
    elif entry.sequence < number:
        yield Fault(entry.sequence, "out_of_order")
    elif entry.previous != link:
        yield Fault(entry.sequence, "broken_link")
    if not entry.hash or entry.hash != entry.expected_hash():
        yield Fault(entry.sequence, "changed")


def _faults_against(
    head: Head, at_head: Entry | None, last: Entry | None, signers: Collection[bytes] | None
) -> Iterator[Fault]:
    if not head.is_signed:
        yield Fault(0, "head_signature")
    elif signers is not None and head.key not in signers:
        yield Fault(0, "head_signer")
    end = last.sequence if last else 0
    if end < head.sequence:
        yield Fault(end + 1, "truncated")
    elif (at_head.hash if at_head else GENESIS) != head.hash:
        yield Fault(head.sequence, "other_head")

"""The signed head of the record: what is kept outside the database, as JSON and as a line to print. Pure."""

from __future__ import annotations

import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime

from core import crockford
from core.errors import BadInput
from core.keys import is_signed_by
from core.model.dates import from_unix, iso, to_unix

#: Stands before the first entry: the hash of an empty record.
GENESIS = bytes(32)
PREFIX = "SAYSO-HEAD-1"
_HEAD = b"sayso/v1/head"
_PARTS = struct.Struct(">32s32s64s")  # hash, key, signature


@dataclass(frozen=True, slots=True)
class Head:
    """Where the record stood at a moment, signed by a therapist.

    ``at``: when it was signed, Unix seconds. ``hash`` (32 bytes): of entry ``sequence``. ``key``: the
    therapist's Ed25519 public key (32 bytes). ``signature``: 64 bytes.
    """

    sequence: int
    at: int
    therapist: str
    hash: bytes
    key: bytes
    signature: bytes = b""

    def signed_bytes(self) -> bytes:
        """Return what the signature is over."""
        therapist = self.therapist.encode()
        return _HEAD + struct.pack(">qqI", self.sequence, self.at, len(therapist)) + therapist + self.hash

    @property
    def is_signed(self) -> bool:
        """Whether the signature is that of the key in it."""
        return is_signed_by(self.key, self.signature, self.signed_bytes())

    def as_json(self) -> dict[str, object]:
        """Return it as the document that other programs read."""
        return {
            "version": 1,
            "sequence": self.sequence,
            "at": iso(from_unix(self.at)),
            "therapist": self.therapist,
            "hash": self.hash.hex(),
            "signing_public_key": urlsafe_b64encode(self.key).rstrip(b"=").decode(),
            "signature": urlsafe_b64encode(self.signature).rstrip(b"=").decode(),
        }

    @property
    def line(self) -> str:
        """The same on one line to print: capitals, digits and hyphens, in groups to read aloud."""
        parts = _PARTS.pack(self.hash, self.key, self.signature)
        return " ".join(
            [
                PREFIX,
                str(self.sequence),
                iso(from_unix(self.at)),
                self.therapist.upper(),
                crockford.grouped(crockford.encode(parts)),
            ]
        )


def read_head(text: str) -> Head:
    """Return the head that ``as_json`` or ``line`` wrote. Raises ``BadInput``."""
    try:
        return _from_line(text) if text.split()[:1] == [PREFIX] else _from_json(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, NotBase64, struct.error, OverflowError):
        raise BadInput(problem="This is no head of a record. Take the whole line or file that was kept.") from None


def _from_line(text: str) -> Head:
    _, sequence, at, therapist, *groups = text.split()
    digest, key, signature = _PARTS.unpack(crockford.decode("".join(groups)))
    return Head(int(sequence), _unix(at), therapist.lower(), digest, key, signature)


def _from_json(text: str) -> Head:
    said = json.loads(text)
    key, signature = (urlsafe_b64decode(said[name] + "==") for name in ("signing_public_key", "signature"))
    digest = bytes.fromhex(said["hash"])
    if said["version"] != 1 or type(said["sequence"]) is not int or not isinstance(said["therapist"], str):
        raise ValueError("no head of this version")
    if (len(digest), len(key), len(signature)) != (32, 32, 64):
        raise ValueError("a part has another length")
    return Head(said["sequence"], _unix(said["at"]), said["therapist"], digest, key, signature)


def _unix(text: str) -> int:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return to_unix(moment)

"""Check a review of the record without Sayso: python verify_review.py REVIEW.json [--head FILE …] [--key KEY].

Needs Python 3.11 and the package `cryptography`, nothing else. It computes every hash again, checks the
signature of the head, opens what is shown, and asks of each post: was there, before it, a verdict that
allowed it and, from each person in it, a live document that permits it and, where asked, a live yes?
What a good answer does not prove is told in docs/audit.md.

Prints a table and a last line that begins with "ok" or "fault". Exits 0 or 2.
"""

from __future__ import annotations

import argparse
import base64
import json
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

COOLING_OFF = timedelta(days=7)
CLOCK_LEEWAY = timedelta(hours=24)
ZEROS = "0" * 64
PERSONAL = {"import", "answer", "confirm", "request"}


class Fault(Exception):
    """Something that does not hold, in one sentence."""


@dataclass
class Entry:
    """One entry of the chain, and what is shown of it."""

    number: int
    at: int
    therapist: str
    kind: str
    commitment: str
    detail: str
    hash: str
    shown: dict[str, Any] = field(default_factory=dict)

    def say(self, name: str) -> Any:
        """Return one fact. Raises ``Fault`` where it is not shown."""
        if name not in self.shown:
            raise Fault(f"entry {self.number} does not show {name}")
        return self.shown[name]


@dataclass
class Review:
    """What was read, checked as far as the chain goes."""

    entries: list[Entry]
    head: dict[str, Any]
    key: bytes
    faults: list[str]

    def own(self, *kinds: str, before: int = sys.maxsize) -> Iterator[Entry]:
        """Yield the reviewed therapist's entries of these kinds that come before a number."""
        for entry in self.entries:
            if entry.kind in kinds and entry.therapist == self.head["therapist"] and entry.number < before:
                yield entry


# --- the chain -------------------------------------------------------------------------------


def _chained(lines: list[list[Any]]) -> tuple[list[Entry], list[str]]:
    entries, faults, previous = [], [], bytes(32)
    for number, line in enumerate(lines, 1):
        entry = Entry(*line)
        if entry.number != number:
            faults.append(f"entry {number} is missing or out of order")
        previous = _entry_hash(entry, previous)
        if previous.hex() != entry.hash:
            faults.append(f"entry {entry.number} was changed, or follows another than it did")
            previous = bytes.fromhex(entry.hash)
        entries.append(entry)
    return entries, faults


def _entry_hash(entry: Entry, previous: bytes) -> bytes:
    digests = [bytes.fromhex(entry.commitment), bytes.fromhex(entry.detail), previous]
    if any(len(digest) != 32 for digest in digests):
        raise Fault(f"entry {entry.number} holds a digest of another length")
    return sha256(
        b"sayso/v1/entry"
        + struct.pack(">qq", entry.number, entry.at)
        + _counted(entry.therapist.encode())
        + _counted(entry.kind.encode())
        + b"".join(digests)
    ).digest()


def _counted(part: bytes) -> bytes:
    return struct.pack(">I", len(part)) + part


def _head_faults(entries: list[Entry], head: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a signed head, or with the chain beside it."""
    number, digest, therapist = head["sequence"], bytes.fromhex(head["hash"]), head["therapist"].encode()
    name = f"the head at entry {number}"
    if head["version"] != 1:
        yield f"{name} is of another version"
    signed = b"sayso/v1/head" + struct.pack(">qq", number, _seconds(head["at"])) + _counted(therapist) + digest
    try:
        key = Ed25519PublicKey.from_public_bytes(_from_base64(head["signing_public_key"]))
        key.verify(_from_base64(head["signature"]), signed)
    except (InvalidSignature, ValueError):
        yield f"the signature on {name} is broken"
    if number > len(entries):
        yield f"the chain ends at entry {len(entries)}, before {name}"
    elif number and entries[number - 1].hash != digest.hex():
        yield f"entry {number} is not the one in {name}"


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def _seconds(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp())


# --- what is shown ---------------------------------------------------------------------------


def _show(review: Review, facts: dict[str, Any]) -> None:
    """Open the facts of each entry; note where they are not those the entry was bound to."""
    for entry in review.entries:
        opening = facts.get(str(entry.number), {"shown": [], "hidden": []})
        leaves = [bytes.fromhex(leaf) for leaf in opening["hidden"]]
        leaves += [_leaf_of(bytes.fromhex(salt), name, text) for salt, name, text in opening["shown"]]
        names = [name for _, name, _ in opening["shown"]]
        is_own = entry.therapist == review.head["therapist"]
        if sha256(b"sayso/v1/facts" + b"".join(sorted(leaves))).hexdigest() != entry.commitment:
            if is_own or leaves:
                review.faults.append(f"what is shown of entry {entry.number} is not what it was bound to")
        elif len(names) != len(set(names)):
            review.faults.append(f"entry {entry.number} says one thing twice")
        else:
            entry.shown = {name: json.loads(text) for _, name, text in opening["shown"]}
            if is_own and entry.kind in PERSONAL and "subject" not in entry.shown:
                review.faults.append(f"entry {entry.number} does not show whose it is")


def _leaf_of(salt: bytes, name: str, text: str) -> bytes:
    return sha256(b"sayso/v1/fact" + _counted(salt) + _counted(name.encode()) + _counted(text.encode())).digest()


def _key_faults(review: Review, wanted: bytes) -> Iterator[str]:
    """Yield a sentence where the head's key is not the one asked for, or not the one the record itself names."""
    if review.key != wanted:
        yield "the head is signed with another key than the one given"
    named = list(review.own("set_up", "key_change"))
    if not named:
        yield "the record does not say what the therapist's signing key is"
    elif named[-1].shown.get("signing_public") != review.key.hex():
        yield "the head is not signed with the key that the record names"


# --- a post ----------------------------------------------------------------------------------


#: Since when something was permitted, and until when (Unix seconds).
Span = tuple[int, int]


def _judge(review: Review, post: Entry) -> list[Span]:
    verdict = _verdict_of(review, post)
    posted_at, basis = post.say("posted_at"), post.say("basis")
    _require(posted_at <= post.at, "it is dated after its own entry")
    _require(verdict.at <= posted_at, "the verdict came after it was posted")
    if post.say("form") == "invented":
        _require(not basis, "an invented post rests on nobody")
        return []
    _require(basis and len(basis) == verdict.say("people"), "not everyone in it is accounted for")
    people = [Person(review, post, verdict, **person) for person in basis]
    _require(len({person.subject for person in people}) == len(people), "one person is counted twice")
    return [person.permission() for person in people]


def _verdict_of(review: Review, post: Entry) -> Entry:
    number = post.say("verdict")
    found = [entry for entry in review.own("verdict", before=post.number) if entry.number == number]
    _require(found, "no verdict came before it")
    wanted = "out_of_scope" if post.say("form") == "invented" else "allowed"
    _require(found[0].say("answer") == wanted, "the verdict did not allow it")
    for name in ("content_hash", "form", "channels"):
        _require(found[0].say(name) == post.say(name), f"the verdict was about another {name}")
    return found[0]


def _require(holds: object, otherwise: str) -> None:
    if not holds:
        raise Fault(otherwise)


class Person:
    """One person of a post: everything the record had of them by then."""

    def __init__(self, review: Review, post: Entry, verdict: Entry, documents: list[str], grants: list[str]) -> None:
        self.post, self.verdict, self.documents, self.grants = post, verdict, documents, grants
        self.posted_at: int = post.say("posted_at")
        self.channels: list[str] = post.say("channels")
        by_token = {entry.shown.get("token"): entry for entry in review.own("import", "answer", before=verdict.number)}
        _require(documents, "a person's part rests on no document")
        for digest in [*documents, *grants]:
            _require(digest in by_token, "what it rests on was not imported before the verdict")
        self.subject = by_token[documents[0]].say("subject")
        self._mine = [
            entry for entry in review.own(*PERSONAL, before=post.number) if entry.say("subject") == self.subject
        ]
        self.tokens = [entry for entry in self._mine if entry.kind in {"import", "answer"}]
        confirmed = [entry.say("key") for entry in self._mine if entry.kind == "confirm"]
        _require(confirmed, "nobody had confirmed the key it rests on")
        self.key = confirmed[-1]

    def permission(self) -> Span:
        """Return since when and until when it was permitted. Raises ``Fault``."""
        in_force = self._in_force()
        found = {entry.shown.get("token") for entry in in_force}
        _require(found == set(self.documents), "it does not rest on the document that was in force")
        self._nothing_holds(in_force[0].say("issued_at"))
        parts = [self._document(entry) for entry in in_force]
        asks = any(entry.say(f"channel.{channel}") == "ask" for entry in in_force for channel in self.channels)
        if self.grants or asks:
            parts.append(self._yes(asks=asks))
        return max(since for since, _ in parts), min(until for _, until in parts)

    def _in_force(self) -> list[Entry]:
        mine = [
            entry for entry in self.tokens if entry.say("token_kind") == "preferences" and entry.say("key") == self.key
        ]
        _require(mine, "no signed choices were there")
        newest = max((entry.say("issued_at"), entry.say("number")) for entry in mine)
        return [entry for entry in mine if (entry.say("issued_at"), entry.say("number")) == newest]

    def _nothing_holds(self, lifted: int) -> None:
        for entry in self.tokens:
            if entry.say("issued_at") < lifted:
                continue
            kind, key = entry.say("token_kind"), entry.say("key")
            stops = kind == "withdrawal" and entry.say("scope") == "everything"
            _require(not stops, f"everything was stopped by entry {entry.number}")
            held = key not in {None, self.key} or (key is None and kind == "preferences")
            _require(not held, f"entry {entry.number} put it on hold")

    def _document(self, entry: Entry) -> Span:
        issued, expires = entry.say("issued_at"), entry.say("expires_at")
        _require(entry.at <= self.posted_at, "a document came in after it was posted")
        _require(issued <= self.posted_at + CLOCK_LEEWAY.total_seconds(), "a document is dated after it was posted")
        _require(expires is not None and self.posted_at < expires, "a document had run out")
        for channel in self.channels:
            treatment = entry.say(f"channel.{channel}")
            _require(treatment in {"ask", "composite", "disguised"}, f"the document does not allow {channel}")
            blended = treatment != "composite" or self.post.say("form") == "composite"
            _require(blended, f"the document allows {channel} only blended with other stories")
        return entry.at, expires

    def _yes(self, *, asks: bool) -> Span:
        _require(self.grants, "a yes to this draft was needed")
        yeses = [entry for entry in self.tokens if entry.shown.get("token") in self.grants]
        _require(len(yeses) == len(self.grants), "a yes is somebody else's")
        request = self._request(yeses[0].say("request"))
        # A yes that no place asked for may be narrower than the post.
        covers = set(self.channels) <= set(request.say("channels"))
        _require(covers or not asks, "the yes was for other places")
        for entry in yeses:
            self._counts(entry, request)
        given = [entry.say("issued_at") for entry in yeses]
        self._not_taken_back(request, min(given))
        ready = max(given) + int(COOLING_OFF.total_seconds())
        ends = min(_start_of(request.say("take_down_on")), *(entry.say("expires_at") for entry in yeses))
        _require(ready <= self.posted_at, "it was posted within seven days of the yes")
        _require(self.posted_at < ends, "the yes had run out")
        return max(ready, *(entry.at for entry in yeses)), ends

    def _request(self, name: str) -> Entry:
        found = [entry for entry in self._mine if entry.kind == "request" and entry.shown.get("request") == name]
        _require(len(found) == 1, "the yes answers no request in the record")
        same = found[0].say("content_hash") == self.post.say("content_hash")
        _require(same, "the yes was to another draft")
        return found[0]

    def _counts(self, entry: Entry, request: Entry) -> None:
        issued = entry.say("issued_at")
        _require(entry.say("answer") == "yes", "the answer was no yes")
        _require(entry.say("request") == request.say("request"), "its yeses answer different requests")
        _require(entry.say("key") == self.key, "the yes is not signed with the confirmed key")
        _require(request.number < entry.number < self.verdict.number, "request, yes and verdict are out of order")
        _require(entry.at <= self.posted_at, "the yes came in after it was posted")
        in_time = request.say("issued_at") <= issued < _start_of(request.say("answer_by")) + 86400
        _require(in_time, "the yes was not given in time")

    def _not_taken_back(self, request: Entry, since: int) -> None:
        names = {request.say("request"), request.say("content_hash")}
        window = range(request.say("issued_at"), _start_of(request.say("answer_by")) + 86400)
        for entry in self.tokens:
            issued, taken = entry.say("issued_at"), False
            if entry.kind == "answer":
                about = entry.say("request")
                closes = about == request.say("request") or (about == ZEROS and issued in window)
                taken = closes and entry.say("answer") != "yes"
            elif entry.say("token_kind") == "withdrawal":
                reference = entry.say("reference")
                everything = entry.say("scope") == "everything" or reference == ZEROS
                taken = issued >= since if everything else reference in names
            _require(not taken, f"the yes was taken back by entry {entry.number}")


def _start_of(day: str) -> int:
    return int(datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).timestamp())


# --- the whole -------------------------------------------------------------------------------


def _read(document: dict[str, Any], heads: list[dict[str, Any]], key: bytes | None) -> Review:
    """Return a review, its chain, heads and openings checked. Raises ``Fault`` for another kind of file."""
    if (document.get("format"), document.get("version")) != ("sayso-review", 1):
        raise Fault("this is not a review of version 1")
    head = document["head"]
    entries, faults = _chained(document["entries"])
    review = Review(entries, head, _from_base64(head["signing_public_key"]), faults)
    for one in (head, *heads):
        review.faults += _head_faults(entries, one)
    if head["sequence"] != len(entries):
        review.faults.append("the chain does not end at its head")
    _show(review, document["facts"])
    review.faults += _key_faults(review, key or review.key)
    return review


def _table(review: Review) -> Iterator[str]:
    row = "{:>6}  {:<17}  {:<9}  {:<24}  {:>6}  {:<17}  {:<17}  {}"
    yield row.format("entry", "posted (UTC)", "form", "places", "people", "permitted since", "permitted until", "")
    for post in review.own("post"):
        try:
            spans, said = _judge(review, post), "ok"
        except Fault as fault:
            spans, said = [], f"fault: {fault}"
            review.faults.append(f"post at entry {post.number}: {fault}")
        shown = post.shown
        since = _minute(max((since for since, _ in spans), default=None))
        until = _minute(min((until for _, until in spans), default=None))
        places = " ".join(shown.get("channels", []))
        form, people = shown.get("form", "?"), len(shown.get("basis", []))
        yield row.format(post.number, _minute(shown.get("posted_at")), form, places, people, since, until, said)


def _minute(moment: int | None) -> str:
    return "-" if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")


def main(words: list[str]) -> int:
    """Check one file. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Check a review of the record.")
    parser.add_argument("review", type=Path)
    parser.add_argument("--head", type=Path, action="append", default=[], help="a head that was kept elsewhere (JSON)")
    parser.add_argument("--key", help="the therapist's signing public key, got elsewhere (base64url)")
    given = parser.parse_args(words)
    try:
        heads = [json.loads(path.read_text("utf-8")) for path in given.head]
        key = _from_base64(given.key) if given.key else None
        review = _read(json.loads(given.review.read_text("utf-8")), heads, key)
        lines = list(_table(review))
    except (Fault, OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as failure:
        print(f"fault: this cannot be checked ({failure})")
        return 2
    print("\n".join(lines))
    return _conclude(review)


def _conclude(review: Review) -> int:
    end = len(review.entries)
    others = [entry for entry in review.entries if entry.kind == "post" and entry.therapist != review.head["therapist"]]
    if others:
        print(f"not judged: {len(others)} posts of other therapists")
    print(f"signing key: {base64.urlsafe_b64encode(review.key).rstrip(b'=').decode()}")
    for fault in review.faults:
        print(f"fault: {fault}")
    if review.faults:
        return 2
    print(f"ok: {end} entries, {len(list(review.own('post')))} posts, each permitted when it was posted")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Tokens that must open, of every kind: what each says, and the bytes that say it."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from tools.vectors.layout import GUARDIAN, PAPER, SIGNED, UNDERSTOOD, Client, Fields, drawn

CARD = "K7QM2XPF"
NOW = "2026-11-22T10:00:00Z"
CHANNELS = ("video", "post", "audio", "print", "teaching", "promotion")
TREATMENTS = {"undecided": 0, "never": 1, "composite": 2, "ask": 3, "disguised": 4}
MATERIALS = ("lesson", "story", "health", "words", "reenactment", "humor")
TOPICS = ("self_harm", "abuse", "substances", "sexuality", "family", "work", "law", "identity", "body")
ANSWERS = ("no", "no_never_ask", "not_now", "yes_if_changed", "yes")
SCOPES = ("everything", "one_post")

Document = dict[str, object]

EXAMPLE: Document = {
    "version": 1,
    "channels": dict(zip(CHANNELS, ("ask", "composite", "never", "ask", "disguised", "never"), strict=True)),
    "materials": ["lesson", "story"],
    "topics": ["work"],
    "note": "not the thing at my old job",
    "may_recognise_self": False,
    "therapy": "after",
    "gap_months": 3,
    "understood": True,
    "issued_at": NOW,
    "expires_at": "2027-05-22T10:00:00Z",
}
NEVERS: Document = EXAMPLE | {
    "channels": dict.fromkeys(CHANNELS, "never"),
    "materials": [],
    "topics": [],
    "note": "",
    "gap_months": 6,
    "understood": False,
    "expires_at": None,
}


@dataclass(frozen=True)
class Case:
    """One token that opens. ``content`` is what its kind's document says; ``term`` is in months."""

    name: str
    kind: str
    content: Document
    term: int = 0
    flags: int = SIGNED | UNDERSTOOD
    issued_at: str = NOW
    expires_at: str | None = None
    sequence: int = 1
    previous: bytes = bytes(16)
    language: str = "en"
    notice: bytes = field(default_factory=lambda: drawn("notice", 8))
    seed: bytes = field(default_factory=lambda: drawn("client", 16))

    @property
    def client(self) -> Client | None:
        """The client's keys, where the token is signed."""
        return Client(self.seed) if self.flags & SIGNED else None

    @property
    def fields(self) -> dict[str, int | bytes]:
        """Each field of the body but the signature."""
        by_kind = {"preferences": _preferences, "answer": _answer, "withdrawal": _withdrawal}
        client = self.client
        return {
            "kind": list(by_kind).index(self.kind) + 1,
            "flags": self.flags,
            "taxonomy": 1,
            "issued_at": unix(self.issued_at),
            "expires_at": unix(self.expires_at) if self.expires_at else 0,
            "sequence": self.sequence,
            "card": CARD.encode(),
            "notice": self.notice,
            "language": self.language.encode(),
            "client_key": client.signing_public if client else 0,
            "previous": self.previous,
            **by_kind[self.kind](self),
        }

    @property
    def opened(self) -> Document:
        """What a reader tells of it, but for the acknowledgement."""
        client = self.client
        key = urlsafe_b64encode(client.signing_public).rstrip(b"=").decode() if client else None
        return {
            "kind": self.kind,
            "signed": bool(self.flags & SIGNED),
            "understood": bool(self.flags & UNDERSTOOD),
            "guardian": bool(self.flags & GUARDIAN),
            "paper": bool(self.flags & PAPER),
            "card": CARD,
            "issued_at": self.issued_at,
            "expires_at": self.expires_at,
            "sequence": self.sequence,
            "previous": self.previous.hex(),
            "notice": self.notice.hex(),
            "language": self.language,
            "client_key": key,
            self.kind: self.content,
        }


def unix(moment: str) -> int:
    """Return the Unix seconds of an ISO 8601 time."""
    return int(datetime.fromisoformat(moment).timestamp())


def _preferences(case: Case) -> Fields:
    said = case.content
    note = str(said["note"]).encode()
    treatments = said["channels"]
    assert isinstance(treatments, dict)  # noqa: S101 - tells the type checker, not the reader
    return {
        **{channel: TREATMENTS[treatments[channel]] for channel in CHANNELS},
        "materials": _bits(said["materials"], MATERIALS),
        "topics": _bits(said["topics"], TOPICS),
        "may_recognise_self": int(said["may_recognise_self"] is True),
        "therapy": ("after", "during").index(str(said["therapy"])),
        "gap_months": int(str(said["gap_months"])),
        "term_months": case.term,
        "client_sealing_key": case.client.sealing_public if case.client else 0,
        "choices.length": len(note),
        "choices.note": note,
    }


def _answer(case: Case) -> Fields:
    note = str(case.content["note"]).encode()
    return {
        "request_id": bytes.fromhex(str(case.content["request_id"])),
        "answer": ANSWERS.index(str(case.content["answer"])) + 1,
        "answer.length": len(note),
        "answer.note": note,
    }


def _withdrawal(case: Case) -> Fields:
    return {
        "scope": SCOPES.index(str(case.content["scope"])) + 1,
        "reference": bytes.fromhex(str(case.content["reference"] or "00")),
    }


def _bits(ticked: object, known: tuple[str, ...]) -> int:
    assert isinstance(ticked, list)  # noqa: S101 - the same
    return sum(1 << known.index(term) for term in ticked)


# The first is the worked example of docs/token-format.md.
PREFERENCES = Case("a change of mind", "preferences", EXAMPLE, 6, expires_at="2027-05-22T10:00:00Z", sequence=2)
PREFERENCES = replace(PREFERENCES, previous=drawn("the token before", 16))
NO = Case("a no to everything, signed", "preferences", NEVERS, flags=SIGNED)
YES = Case(
    "a yes to one request",
    "answer",
    {"request_id": drawn("request").hex(), "answer": "yes", "note": ""},
    expires_at="2027-10-01T00:00:00Z",
)
STOP = Case("stop everything, signed", "withdrawal", {"scope": "everything", "reference": None}, flags=SIGNED)


def _ending(name: str, issued_at: str, term: int, expires_at: str) -> Case:
    document = EXAMPLE | {"issued_at": issued_at, "expires_at": expires_at}
    return Case(name, "preferences", document, term, issued_at=issued_at, expires_at=expires_at)


def _told(name: str, case: Case, flags: int | None = None, **changes: object) -> Case:
    flags = case.flags if flags is None else flags
    understood = {"understood": bool(flags & UNDERSTOOD)} if case.kind == "preferences" else {}
    return replace(case, name=name, flags=flags, content=case.content | changes | understood)


def _of_preferences() -> Iterator[Case]:
    first = replace(PREFERENCES, previous=bytes(16), sequence=1)
    everywhere_ask = dict.fromkeys(CHANNELS, "ask")
    yield PREFERENCES
    yield _told("a first choice", first)
    yield NO
    yield _told("a no to everything, unsigned", NO, flags=0)
    yield _told("a no to everything, after the questions", NO, flags=SIGNED | UNDERSTOOD)
    yield _told("not sure yet, everywhere", NO, channels=dict.fromkeys(CHANNELS, "undecided"))
    yield _told("ask me each time, without the questions", first, flags=SIGNED, channels=everywhere_ask)
    yield _told("a guardian's ask", first, flags=SIGNED | UNDERSTOOD | GUARDIAN, channels=everywhere_ask)
    yield _told("a guardian's no, unsigned", NO, flags=GUARDIAN)
    yield _told("choices from paper", first, flags=UNDERSTOOD | PAPER)
    yield _told("choices from paper, without the questions", first, flags=PAPER, channels=everywhere_ask)
    yield _told("choices, unsigned", first, flags=UNDERSTOOD)
    widest = {channel: "ask" if channel == "promotion" else "disguised" for channel in CHANNELS}
    ticks = {"materials": list(MATERIALS), "topics": list(TOPICS), "may_recognise_self": True, "therapy": "during"}
    yield _told("everything ticked", first, channels=widest, gap_months=0, **ticks)
    yield _told("a note of 47 bytes", first, note="x" * 47)
    yield _told("a note of 47 bytes in 23 letters", first, note="é" * 22 + "한")
    yield _told("a note kept as it was written, not composed", first, note="cafe\u0301")
    yield _told("no note", first, note="")
    for channel in CHANNELS:
        yield _told(f"ask for {channel} alone", first, channels={**dict.fromkeys(CHANNELS, "never"), channel: "ask"})
    yield replace(_told("the last sequence", first), sequence=2**32 - 1)
    yield replace(_told("shown in Spanish", first), language="es")
    yield replace(_told("words of which we know nothing", first), language="zz", notice=b"\xff" * 8)
    yield replace(_told("another client", first), seed=bytes(16))


def _of_dates() -> Iterator[Case]:
    yield _ending("six months from 31 August end on 28 February", "2026-08-31T23:59:59Z", 6, "2027-02-28T23:59:59Z")
    yield _ending("six months to a leap day", "2023-08-31T00:00:00Z", 6, "2024-02-29T00:00:00Z")
    yield _ending("a year from a leap day", "2024-02-29T12:00:00Z", 12, "2025-02-28T12:00:00Z")
    yield _ending("three months from 30 November", "2025-11-30T06:30:00Z", 3, "2026-02-28T06:30:00Z")
    yield _ending("a yes that has ended still opens", "2020-01-01T00:00:00Z", 3, "2020-04-01T00:00:00Z")
    yield _ending("dated a day ahead to the second", "2026-11-23T10:00:00Z", 12, "2027-11-23T10:00:00Z")


def _of_answers() -> Iterator[Case]:
    yield YES
    for answer in ANSWERS[:-1]:
        given = replace(_told(f"{answer}, signed", YES, answer=answer), expires_at=None)
        yield given
        yield _told(f"{answer}, unsigned", given, flags=0)
    yield replace(_told("yes, if changed so", YES, answer="yes_if_changed", note="n" * 59), expires_at=None)
    yield replace(_told("no, from paper", YES, flags=PAPER, answer="no"), expires_at=None)


def _of_withdrawals() -> Iterator[Case]:
    reference = drawn("request").hex()
    yield STOP
    yield _told("stop everything, unsigned", STOP, flags=0)
    yield _told("stop everything, from paper", STOP, flags=PAPER)
    yield _told("take back one post, signed", STOP, scope="one_post", reference=reference)
    yield _told("take back one post, unsigned", STOP, flags=0, scope="one_post", reference=reference)
    yield _told("take back one post without saying which", STOP, scope="one_post")


def cases() -> Iterator[Case]:
    """Each token that must open."""
    yield from _of_preferences()
    yield from _of_dates()
    yield from _of_answers()
    yield from _of_withdrawals()

"""What can be wrong with the 240 bytes inside: one fault each, signed and sealed as it should be otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tools.vectors.accepted import CHANNELS, NO, PREFERENCES, STOP, YES, Case, unix
from tools.vectors.layout import GUARDIAN, PAPER, SIGNED, UNDERSTOOD, Fields, drawn


@dataclass(frozen=True)
class Fault:
    """A good case with some fields changed before it is signed and sealed."""

    name: str
    case: Case
    changes: Fields
    refusal: str = "malformed"


#: Field → values that no body may hold there, by the case that is spoilt.
_HEAD_VALUES: dict[str, tuple[int | bytes, ...]] = {
    "kind": (0, 4, 255),
    "flags": tuple(SIGNED | UNDERSTOOD | bit for bit in (16, 32, 64, 128, PAPER)),
    "taxonomy": (0,),
    "sequence": (0,),
    "card": (
        b"K7QM2XPG",  # another check character
        b"K7QN2XPF",  # another symbol
        b"K7QM2PXF",  # two that changed places
        b"k7qm2xpf",
        b"K7QM2XP\x00",
        b"K7QM-2XP",
        b" K7QM2XP",
        b"K7QM2XP\xc3",
        b"O7QM2XPF",
        b"I7QM2XPF",
        b"L7QM2XPF",
        b"U7QM2XPF",
        b"0000010*",
        bytes(8),
    ),
    "language": (b"EN", b"e\x00", bytes(2), b"e1", b"\xc3\xa9", b" e", b"e\n"),
}
_CHOICE_VALUES: dict[str, tuple[int | bytes, ...]] = {
    **dict.fromkeys(CHANNELS, (5, 6, 128, 255)),
    "materials": (64, 128, 255),
    "topics": tuple(1 << bit for bit in range(9, 16)),
    "may_recognise_self": (2, 255),
    "therapy": (2, 255),
    "gap_months": (1, 2, 4, 5, 7, 12, 255),
    "term_months": (1, 2, 3, 4, 12, 24, 255),
    "choices.zero": (1, 255),
    "choices.length": (48, 255),
}


def _from_tables() -> Iterator[Fault]:
    for case, table in ((PREFERENCES, _HEAD_VALUES), (PREFERENCES, _CHOICE_VALUES)):
        for field, values in table.items():
            for value in values:
                shown = value.hex() if isinstance(value, bytes) else value
                yield Fault(f"{field} is {shown}", case, {field: value})
    for kind in (0, 4, 255):
        yield Fault(f"kind {kind} that could be a withdrawal", STOP, {"kind": kind})
    for taxonomy in (2, 255, 65535):
        yield Fault(f"taxonomy version {taxonomy}", PREFERENCES, {"taxonomy": taxonomy}, "newer_version")


def _of_notes() -> Iterator[Fault]:
    broken = {
        "a byte that never starts a letter": b"\xff",
        "a letter cut short": b"ok \xc3",
        "an overlong slash": b"\xc0\xaf",
        "half a surrogate pair": b"\xed\xa0\x80",
        "a letter past the last one": b"\xf4\x90\x80\x80",
        "Latin-1": "café".encode("latin-1"),
    }
    for case, kind in ((PREFERENCES, "choices"), (replace(YES, expires_at=None), "answer")):
        answer = {"answer": 1} if kind == "answer" else {}
        for name, note in broken.items():
            changes = {f"{kind}.length": len(note), f"{kind}.note": note.ljust(27, b"\0")}
            yield Fault(f"{case.kind}: a note with {name}", case, {**answer, **changes})
    yield Fault("a note shorter than its bytes", PREFERENCES, {"choices.length": 26})
    yield Fault("a byte behind a note", PREFERENCES, {"choices.note": PREFERENCES_NOTE + b"\x01"})
    yield Fault(
        "a byte at the very end of a note's field",
        PREFERENCES,
        {"choices.note": PREFERENCES_NOTE[:27] + b"\0" * 19 + b"!"},
    )
    yield Fault("a note without a length", PREFERENCES, {"choices.length": 0})


PREFERENCES_NOTE = str(PREFERENCES.content["note"]).encode()


def _of_choices() -> Iterator[Fault]:
    ends = unix(str(PREFERENCES.expires_at))
    yield Fault("promotion by composite", PREFERENCES, {"promotion": 2})
    yield Fault("promotion by a disguised story", PREFERENCES, {"promotion": 4})
    for name, moment in {"a second early": ends - 1, "a second late": ends + 1, "a day late": ends + 86400}.items():
        yield Fault(f"a yes that ends {name}", PREFERENCES, {"expires_at": moment})
    yield Fault("a yes that never ends", PREFERENCES, {"expires_at": 0, "term_months": 0})
    yield Fault("a yes without an end date", PREFERENCES, {"expires_at": 0})
    yield Fault("a yes with an end date and no term", PREFERENCES, {"term_months": 0})
    yield Fault("a yes that ends before it begins", PREFERENCES, {"expires_at": 1})
    for months, moment in {1: "2026-12-22", 4: "2027-03-22", 9: "2027-08-22", 24: "2028-11-22"}.items():
        changes = {"term_months": months, "expires_at": unix(f"{moment}T10:00:00Z")}
        yield Fault(f"a yes for {months} months", PREFERENCES, changes)
    yield Fault("a no with a term and an end date", NO, {"term_months": 6, "expires_at": ends})
    yield Fault("a no with a term", NO, {"term_months": 6})
    yield Fault("a no with an end date", NO, {"expires_at": ends})
    yield Fault("not sure yet, with an end date", NO, {"video": 0, "expires_at": ends})
    clipped = {"issued_at": unix("2026-08-31T10:00:00Z"), "expires_at": unix("2027-03-03T10:00:00Z")}
    yield Fault("six months from 31 August that run over into March", PREFERENCES, clipped)
    for number, treatment in ((2, "composite"), (4, "disguised")):
        for channel in CHANNELS[:-1]:
            others = dict.fromkeys(CHANNELS, 1) | {channel: number}
            yield Fault(f"{treatment} for {channel} without the questions", PREFERENCES, others | {"flags": SIGNED})
            flags = SIGNED | UNDERSTOOD | GUARDIAN
            yield Fault(f"{treatment} for {channel} by a guardian", PREFERENCES, others | {"flags": flags})


def _of_time() -> Iterator[Fault]:
    ahead = {"issued_at": unix("2026-11-23T10:00:01Z")}
    for case in (NO, YES, STOP):
        yield Fault(f"{case.kind} dated a day and a second ahead", case, ahead)
    yield Fault("dated at the end of time", STOP, {"issued_at": 2**32 - 1})


def _of_unsigned() -> Iterator[Fault]:
    for case in (NO, replace(YES, expires_at=None), STOP):
        unsigned = replace(case, flags=0)
        answer = {"answer": 1} if case.kind == "answer" else {}
        for field, size in (("client_key", 32), ("previous", 16), ("signature", 64)):
            yield Fault(f"unsigned {case.kind} with {field}", unsigned, {**answer, field: drawn("stray", size)})
            yield Fault(f"unsigned {case.kind} with one bit of {field}", unsigned, {**answer, field: 1})
    yield Fault("unsigned with the client's sealing key", replace(NO, flags=0), {"client_sealing_key": drawn("stray")})
    yield Fault("unsigned yes to a request", replace(YES, flags=UNDERSTOOD), {})
    yield Fault("paper yes to a request", replace(YES, flags=PAPER), {})


def _of_answers() -> Iterator[Fault]:
    no_end = {"expires_at": 0}
    for number in (0, 6, 128, 255):
        yield Fault(f"answer is {number}", YES, {"answer": number, **no_end})
    for number in (1, 2, 3, 4):
        yield Fault(f"answer {number} with an end date", YES, {"answer": number})
    yield Fault("a yes to a request without an end date", YES, no_end)
    yield Fault("answer: the byte behind it is not zero", YES, {"answer.zero": 1})
    yield Fault("answer: a note longer than its field", YES, {"answer.length": 60})
    yield Fault("answer: a note length of 255", YES, {"answer.length": 255})
    yield Fault("answer: a byte behind the note", YES, {"answer.note": b"\0" * 58 + b"\1"})


def _of_withdrawals() -> Iterator[Fault]:
    for number in (0, 3, 255):
        yield Fault(f"scope is {number}", STOP, {"scope": number})
    for place in (0, 30, 60):
        yield Fault(f"withdrawal: byte {67 + place} is not zero", STOP, {"withdrawal.zero": b"\0" * place + b"\1"})
    yield Fault("a withdrawal with an end date", STOP, {"expires_at": unix("2027-01-01T00:00:00Z")})


def faults() -> Iterator[Fault]:
    """Each body that must be refused."""
    yield from _from_tables()
    yield from _of_notes()
    yield from _of_choices()
    yield from _of_time()
    yield from _of_unsigned()
    yield from _of_answers()
    yield from _of_withdrawals()

"""A draft, and what became of it: where it was posted, what it rests on, and what was taken down.

Times are aware UTC; hashes and ids are hex. Source: docs/requests.md, "Posts".
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from core.model.dates import iso
from core.model.person import Moment
from core.model.post import Day, Post
from core.model.verdict import Answer, Reason, Rule, Step, Verdict

#: Who can take a place down: the therapist, somebody else in writing, or nobody (printed, said aloud).
Control = Literal["own", "others", "lasting"]
State = Literal["to_do", "asked", "done", "cannot_be_undone"]
#: What may be said of a place. What nobody can take back is never "done", and what is
#: one's own can always be taken down.
STATES: dict[Control, tuple[State, ...]] = {
    "own": ("to_do", "done"),
    "others": ("to_do", "asked", "done", "cannot_be_undone"),
    "lasting": ("to_do", "asked", "cannot_be_undone"),
}

When = Annotated[Moment, PlainSerializer(iso)]


def _from_hex(value: object) -> object:
    return bytes.fromhex(value) if isinstance(value, str) else value


Hex = Annotated[bytes, BeforeValidator(_from_hex), PlainSerializer(bytes.hex)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Judged(_Frozen):
    """A verdict as it was given on a draft. ``reasons``: pairs of a rule and a card code, empty for the whole post."""

    answer: Answer
    on: Day | None = None
    ask: tuple[str, ...] = ()
    reasons: tuple[tuple[Rule, str], ...] = ()
    steps: tuple[Step, ...] = ()

    @classmethod
    def of(cls, verdict: Verdict) -> Judged:
        """Return a verdict as it is kept."""
        reasons = tuple((reason.rule, reason.person) for reason in verdict.reasons)
        return cls(answer=verdict.answer, on=verdict.on, ask=verdict.ask, reasons=reasons, steps=verdict.steps)

    @property
    def verdict(self) -> Verdict:
        """The verdict itself."""
        reasons = tuple(Reason(rule, person) for rule, person in self.reasons)
        return Verdict(self.answer, self.on, self.ask, reasons, self.steps)

    def reads_like(self, other: Judged) -> bool:
        """Whether both ask the same of the therapist; another reason for the same no is no other answer."""
        return (self.answer, self.on, self.ask, self.steps) == (other.answer, other.on, other.ask, other.steps)


class Draft(_Frozen):
    """One exact draft and what is said of it. ``post.content_hash`` is that of ``salt``, ``text``, ``translation``.

    ``text``: empty where the draft is a file, of which only the hash is kept. ``title``: the therapist's own.
    ``checklist``: kept beside it as it was filled in. ``judged``: the last verdict on it that is in the record;
    ``seen``: the one its therapist saw last, where that one reads otherwise.
    """

    salt: Hex
    text: str
    translation: str | None = None
    post: Post
    account: str
    title: str = ""
    checklist: dict[str, Any] = Field(default_factory=dict)
    saved_at: When
    # Absent in rows from before verdicts were kept.
    judged: Judged | None = None
    seen: Judged | None = None

    @property
    def content_hash(self) -> str:
        """The hash of the exact draft, hex."""
        return self.post.content_hash or ""


class Place(_Frozen):
    """One place where it went. ``address``: of the post there, or what it is called. ``state``: None while it is up."""

    channel: str
    control: Control
    address: str = ""
    state: State | None = None
    state_at: When | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do there."""
        return self.state in {"done", "cannot_be_undone"}


class Rest(_Frozen):
    """What a post rests on for one card: its document, and a yes to this draft where one was given.

    ``documents``: SHA-256 of the envelopes in force, more than one only at a tie. ``answers``: those of the
    yes; ``request_id`` names the question.
    """

    card: str
    documents: tuple[Hex, ...]
    document_issued_at: When
    document_ends_at: When | None = None
    request_id: Hex | None = None
    answers: tuple[Hex, ...] = ()
    granted_at: When | None = None
    grant_ends_at: When | None = None


class Posted(_Frozen):
    """That a draft was posted. ``attestation``: for an invented one, the therapist's signature (64 bytes).

    ``entry``: the number of its entry in the record of what happened.
    """

    posted_at: When
    take_down_on: Day | None = None
    places: tuple[Place, ...]
    rests_on: tuple[Rest, ...] = ()
    verdict: Literal["allowed", "out_of_scope"]
    steps: tuple[str, ...] = ()
    attestation: Hex | None = None
    entry: int = 0

    @property
    def is_up(self) -> bool:
        """Whether it is still up somewhere."""
        return not all(place.is_over for place in self.places)


class Piece(_Frozen):
    """A draft and, once it is out, its posting. ``id``: a row id that says nothing."""

    id: str
    draft: Draft
    posted: Posted | None = None

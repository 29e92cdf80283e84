"""A client's choices while they are made: in memory only, immutable, one step at a time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal, get_args
from unicodedata import category, normalize

from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import PROMOTION, TAXONOMY, WITHOUT_UNDERSTANDING, YES
from core.saving import Letter, Saved
from core.store.database import new_id

#: Marks of direction: with them a note reads otherwise than it is stored.
_TURNING = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
Way = Literal["no", "same", "each"]
#: In the order they are shown.
WAYS: Final[tuple[Way, ...]] = get_args(Way)
#: The questions, in order, and the one right answer to each.
QUESTIONS: dict[str, str] = {"care": "nothing", "stop": "copies_stay", "guess": "yes", "silence": "no"}
#: After this many misses of one question a person is offered, and only never and ask can be saved.
MISSES = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """One browser's unfinished choices for one card. Anything not answered is missing, not assumed.

    ``letter``: what is about to be sent, kept so that a second try sends the same one. ``guardian``: a parent or
    guardian signs for someone under age, and only never and ask can be saved. ``on_paper``: staff filled it in from
    a paper form. ``answered``: what is picked for the four questions and not looked at yet, by the field it stands in.
    ``edition``: drawn for each new draft; two windows of one browser know by it whether theirs is the same.
    """

    card: str
    way: Way | None = None
    channels: dict[str, str] = field(default_factory=dict)
    same: str | None = None
    materials: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    term_months: int | None = None
    therapy: str | None = None
    gap_months: int | None = None
    note: str = ""
    may_recognise_self: bool = False
    right: tuple[str, ...] = ()
    misses: dict[str, int] = field(default_factory=dict)
    answered: dict[str, str] = field(default_factory=dict)
    keys: ClientKeys | None = field(default=None, repr=False)
    letter: Letter | None = field(default=None, repr=False)
    saved: Saved | None = field(default=None, repr=False)
    mark: str = ""
    guardian: bool = False
    on_paper: bool = False
    edition: str = field(default_factory=new_id, compare=False, repr=False)

    def treatments(self) -> dict[str, str]:
        """Return the treatment of every place, unanswered ones as ``undecided``."""
        if self.way == "no":
            return dict.fromkeys(TAXONOMY.channel_ids, "never")
        if self.way == "same" and self.same:
            return {channel: _same(channel, self.same) for channel in TAXONOMY.channel_ids}
        if self.way == "each":
            # Ads and success stories start folded at never: nobody is asked for a testimonial.
            start = dict.fromkeys(TAXONOMY.channel_ids, "undecided") | {PROMOTION: "never"}
            return start | self.channels
        return dict.fromkeys(TAXONOMY.channel_ids, "undecided")

    @property
    def has_yes(self) -> bool:
        """Whether any place is set to something that can end in a post."""
        return not YES.isdisjoint(self.treatments().values())

    @property
    def needs_questions(self) -> bool:
        """Whether something was chosen that takes understanding."""
        return not set(self.treatments().values()) <= WITHOUT_UNDERSTANDING

    @property
    def only_ask(self) -> bool:
        """Whether only never and ask are left to choose."""
        return self.guardian or self.offered_a_person

    @property
    def understood(self) -> bool:
        """Whether every question was answered right, none of them only after two misses."""
        return set(self.right) == set(QUESTIONS) and not self.offered_a_person

    @property
    def offered_a_person(self) -> bool:
        """Whether a question was missed so often that a person should help, and only never and ask are left."""
        return any(count >= MISSES for count in self.misses.values())

    def answer(self, question: str, answer: str) -> Draft:
        """Return the draft after one answer to one question."""
        if QUESTIONS[question] == answer:
            return replace(self, right=tuple(dict.fromkeys((*self.right, question))))
        return replace(self, misses=self.misses | {question: self.misses.get(question, 0) + 1})

    def missing(self) -> tuple[str, ...]:
        """Return what stands between this draft and a save.

        ``way``, ``same``, ``term``, ``guardian`` (more was chosen than a guardian can say), ``questions``.
        """
        gaps = {
            "way": self.way is None,
            "same": self.way == "same" and self.same is None,
            "term": self.has_yes and self.term_months is None,
            "guardian": self.guardian and self.needs_questions,
            "questions": self.needs_questions and not self.understood,
        }
        return tuple(gap for gap, open_ in gaps.items() if open_)

    def document(self, issued_at: datetime) -> Preferences:
        """Return the preferences document. Raises pydantic's ``ValidationError`` while something is missing."""
        limits = {} if not self.has_yes else self._limits()
        expires_at = add_months(issued_at, self.term_months) if self.has_yes and self.term_months else None
        return Preferences.model_validate(
            {
                "channels": self.treatments(),
                "understood": self.understood,
                "issued_at": issued_at,
                "expires_at": expires_at,
                **limits,
            }
        )

    def _limits(self) -> dict[str, object]:
        recognise = self.may_recognise_self and "disguised" in self.treatments().values()
        return {
            "materials": self.materials,
            "topics": self.topics,
            "note": self.note,
            "may_recognise_self": recognise,
            "therapy": self.therapy or "after",
            "gap_months": 6 if self.gap_months is None else self.gap_months,
        }


def tidy_note(typed: str) -> str:
    """Return a note on one line, without signs that nobody sees: controls, and marks that turn the writing around."""
    composed = normalize("NFC", typed)
    return " ".join("".join(" " if _is_unseen(one) else one for one in composed).split())


def _is_unseen(character: str) -> bool:
    # Joiners belong to letters of some scripts and to emoji; what turns or hides the writing does not.
    return category(character) in {"Cc", "Zl", "Zp"} or character in _TURNING


def _same(channel: str, treatment: str) -> str:
    # Ads and success stories take only never and ask; anything freer leaves them at never.
    if channel == PROMOTION and treatment not in TAXONOMY.treatments_for(PROMOTION):
        return "never"
    return treatment


def from_preferences(card: str, document: Preferences) -> Draft:
    """Return a draft that starts from what was chosen before. The term is asked again."""
    return Draft(
        card=card,
        way="each",
        channels=dict(document.channels),
        materials=document.materials,
        topics=document.topics,
        therapy=document.therapy,
        gap_months=document.gap_months,
        note=document.note,
        may_recognise_self=document.may_recognise_self,
    )

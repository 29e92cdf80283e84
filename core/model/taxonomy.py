"""The vocabulary of choices, read once from ``taxonomy.json``. Ids and codes never change meaning."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Treatment = Literal["never", "composite", "ask", "disguised", "undecided"]
TherapyChoice = Literal["after", "during"]

#: A treatment that lets something be posted, at once or after asking; such a document ends.
YES: frozenset[str] = frozenset({"composite", "ask", "disguised"})
#: What may be chosen without passing the questions, and by a guardian.
WITHOUT_UNDERSTANDING: frozenset[str] = frozenset({"never", "ask", "undecided"})
#: What a place where clients are advertised may be set to (no testimonials are asked for).
PROMOTION = "promotion"
NOTE_BYTES = 47


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodedTerm(_Frozen):
    """A word with a number in the token: treatments and therapy."""

    id: str
    code: int
    label: str
    hint: str = ""


class BitTerm(_Frozen):
    """A word with a bit in the token: channels, materials and topics."""

    id: str
    bit: int
    label: str
    hint: str = ""
    treatments: tuple[str, ...] | None = None
    floor: tuple[str, ...] = ()


class LockedTerm(_Frozen):
    """A use nobody can permit here."""

    id: str
    label: str


class Label(_Frozen):
    """A label with its hint."""

    label: str
    hint: str


class Taxonomy(_Frozen):
    """The whole vocabulary, version 1."""

    version: int
    treatments: tuple[CodedTerm, ...]
    channels: tuple[BitTerm, ...]
    materials: tuple[BitTerm, ...]
    locked: tuple[LockedTerm, ...]
    topics: tuple[BitTerm, ...]
    therapy: tuple[CodedTerm, ...]
    gap_months: tuple[int, ...] = Field(min_length=1)
    term_months: tuple[int, ...] = Field(min_length=1)
    recognise_self: Label

    @cached_property
    def channel_ids(self) -> tuple[str, ...]:
        """Channel ids in bit order."""
        return tuple(term.id for term in sorted(self.channels, key=lambda term: term.bit))

    @cached_property
    def material_ids(self) -> tuple[str, ...]:
        """Material ids in bit order."""
        return tuple(term.id for term in sorted(self.materials, key=lambda term: term.bit))

    @cached_property
    def topic_ids(self) -> tuple[str, ...]:
        """Topic ids in bit order."""
        return tuple(term.id for term in sorted(self.topics, key=lambda term: term.bit))

    @cached_property
    def treatment_codes(self) -> dict[str, int]:
        """Treatment id to the number in the token."""
        return {term.id: term.code for term in self.treatments}

    @cached_property
    def therapy_codes(self) -> dict[str, int]:
        """Therapy choice id to the number in the token."""
        return {term.id: term.code for term in self.therapy}

    def treatments_for(self, channel: str) -> tuple[str, ...]:
        """Return the treatments a channel may take, in the one order of options, protective first."""
        return self._treatments[channel]

    @cached_property
    def _treatments(self) -> dict[str, tuple[str, ...]]:
        order = tuple(term.id for term in self.treatments)
        return {c.id: tuple(t for t in order if t in (c.treatments or order)) for c in self.channels}


TAXONOMY = Taxonomy.model_validate_json(Path(__file__).with_name("taxonomy.json").read_text("utf-8"))

"""A preferences document: what one client allows, place by place.

The rules are spec section 1, "A preferences document" (docs/verdicts.md): all six channels present,
everything left unanswered protective, a yes that ends and a no that does not.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    field_serializer,
    field_validator,
    model_validator,
)

from core.model.dates import FIRST_YEAR, LAST_YEAR, add_months, iso, months_between
from core.model.taxonomy import (
    NOTE_BYTES,
    TAXONOMY,
    WITHOUT_UNDERSTANDING,
    YES,
    TherapyChoice,
    Treatment,
)
from core.model.version import VersionOne


class Preferences(BaseModel):
    """One client's choices. Immutable; raises pydantic's ``ValidationError`` for a broken rule."""

    # A choice must not reach a log: messages name the field and the rule, never what was given.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: VersionOne = 1
    channels: dict[str, Treatment]
    materials: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    note: str = ""
    may_recognise_self: bool = Field(default=False, strict=True)
    therapy: TherapyChoice = "after"
    gap_months: int = Field(default=6, strict=True)
    understood: bool = Field(default=False, strict=True)
    issued_at: AwareDatetime
    expires_at: AwareDatetime | None = None

    _term_months: int = PrivateAttr(default=0)

    @field_validator("channels")
    @classmethod
    def _all_six(cls, channels: dict[str, Treatment]) -> dict[str, Treatment]:
        if set(channels) != set(TAXONOMY.channel_ids):
            raise ValueError("channels must name all six places, and no other")
        for channel, treatment in channels.items():
            if treatment not in TAXONOMY.treatments_for(channel):
                raise ValueError(f"{channel} has a choice that is not offered there")
        return {channel: channels[channel] for channel in TAXONOMY.channel_ids}

    @field_validator("materials")
    @classmethod
    def _known_materials(cls, ticked: tuple[str, ...]) -> tuple[str, ...]:
        return _in_order("materials", ticked, TAXONOMY.material_ids)

    @field_validator("topics")
    @classmethod
    def _known_topics(cls, ticked: tuple[str, ...]) -> tuple[str, ...]:
        return _in_order("topics", ticked, TAXONOMY.topic_ids)

    @field_validator("note")
    @classmethod
    def _short_note(cls, note: str) -> str:
        try:
            size = len(note.encode())
        except UnicodeEncodeError:
            raise ValueError("note is not readable text") from None
        if size > NOTE_BYTES:
            raise ValueError(f"note is longer than {NOTE_BYTES} bytes")
        return note

    @field_validator("gap_months")
    @classmethod
    def _known_gap(cls, months: int) -> int:
        if months not in TAXONOMY.gap_months:
            raise ValueError("gap_months must be 6, 3 or 0")
        return months

    @field_validator("issued_at", "expires_at", mode="before")
    @classmethod
    def _no_bare_numbers(cls, moment: object) -> object:
        # Seconds or milliseconds? pydantic would guess.
        if isinstance(moment, int | float | Decimal) or (isinstance(moment, str) and "T" not in moment.upper()):
            raise ValueError("times are written as 2026-11-22T10:00:00Z")
        return moment

    @field_validator("issued_at", "expires_at")
    @classmethod
    def _whole_seconds(cls, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        if moment.microsecond:
            raise ValueError("times are whole seconds")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(f"times lie between {FIRST_YEAR} and {LAST_YEAR}")
        return moment.astimezone(UTC)

    @model_validator(mode="after")
    def _rules_across_fields(self) -> Self:
        if not self.understood and not set(self.channels.values()) <= WITHOUT_UNDERSTANDING:
            raise ValueError("without understood only never, ask and undecided are valid")
        self._term_months = _term(self.issued_at, self.expires_at, has_yes=self.has_yes)
        return self

    @field_serializer("issued_at", "expires_at")
    def _iso(self, moment: datetime | None) -> str | None:
        return None if moment is None else iso(moment)

    @property
    def has_yes(self) -> bool:
        """Whether any place is set to something that can end in a post."""
        return not YES.isdisjoint(self.channels.values())

    @property
    def term_months(self) -> int:
        """How many months the yes lasts: 3, 6 or 12; 0 where there is no yes."""
        return self._term_months

    def has_ended(self, now: datetime) -> bool:
        """Whether the yes in it has run out at ``now``."""
        return self.expires_at is not None and now >= self.expires_at


def _in_order(field: str, ticked: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    if not set(ticked) <= set(known):
        raise ValueError(f"{field} has an unknown id")
    return tuple(term for term in known if term in ticked)


def _term(issued_at: datetime, expires_at: datetime | None, *, has_yes: bool) -> int:
    if not has_yes:
        if expires_at is not None:
            raise ValueError("a document without a yes has no expires_at")
        return 0
    months = 0 if expires_at is None else months_between(issued_at, expires_at)
    if months in TAXONOMY.term_months and expires_at == add_months(issued_at, months):
        return months
    raise ValueError("a document with a yes ends 3, 6 or 12 calendar months after issued_at")

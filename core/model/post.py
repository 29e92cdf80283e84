"""A post as it is asked about: where it goes, what is in it, whose stories it rests on.

Source: spec section 2, "A post" (docs/verdicts.md). What is left out takes its protective value:
a post that does not say it is free, recorded or about nothing in particular counts as none of these.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from core.model.taxonomy import PROMOTION, TAXONOMY

Form = Literal["invented", "disguised", "composite"]
#: A composite rests on at least this many separate stories. This project's own figure.
ENOUGH_STORIES = 3
#: Nowhere on earth is the clock further ahead of UTC.
LATEST_ZONE = timedelta(hours=14)

_USES = tuple(term.id for term in TAXONOMY.locked)


def _one_of(known: tuple[str, ...]) -> AfterValidator:
    def check(given: str) -> str:
        if given not in known:
            raise ValueError("is not an id that is known here")
        return given

    return AfterValidator(check)


def _some(given: tuple[str, ...]) -> tuple[str, ...]:
    # pydantic's own least length counts only the items that are right: one fault would be told as two.
    if not given:
        raise ValueError("must not be empty")
    return given


def _in_order(known: tuple[str, ...]) -> AfterValidator:
    return AfterValidator(lambda given: tuple(term for term in known if term in given))


def _iso_day(value: object) -> object:
    # pydantic alone would take a number or a time as a day, and Python a week.
    if type(value) is date:
        return value
    wrong = ValueError("must be a day written like 2026-05-01")
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise wrong
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise wrong from None


Day = Annotated[date, BeforeValidator(_iso_day)]
CardCode = Annotated[str, Field(min_length=1)]
#: Hex: upper and lower case spell the same bytes.
ContentHash = Annotated[str, Field(min_length=1), AfterValidator(str.lower)]
Channels = Annotated[
    tuple[Annotated[str, _one_of(TAXONOMY.channel_ids)], ...],
    _in_order(TAXONOMY.channel_ids),
]
Materials = Annotated[
    tuple[Annotated[str, _one_of(TAXONOMY.material_ids)], ...],
    _in_order(TAXONOMY.material_ids),
]
Topics = Annotated[tuple[Annotated[str, _one_of(TAXONOMY.topic_ids)], ...], _in_order(TAXONOMY.topic_ids)]
Uses = Annotated[tuple[Annotated[str, _one_of(_USES)], ...], _in_order(_USES)]


def latest_session(now: datetime) -> date:
    """Return the last day that has begun anywhere at ``now``: no session can lie after it."""
    return (now.astimezone(UTC) + LATEST_ZONE).date()


class Story(BaseModel):
    """One real source. ``people``: the card codes of everyone in it, at least one.

    Validated with the context ``{"now": datetime}``, a session that has not been yet is refused too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    people: Annotated[tuple[CardCode, ...], AfterValidator(_some)]
    session_date: Day

    @field_validator("session_date")
    @classmethod
    def _has_been(cls, day: date, info: ValidationInfo) -> date:
        if info.context and day > latest_session(info.context["now"]):
            raise ValueError("must not lie in the future")
        return day


class Post(BaseModel):
    """One post. Immutable; raises pydantic's ``ValidationError`` for bad input.

    ``content_hash``: hex, of the exact final draft, None while there is none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    channels: Annotated[Channels, AfterValidator(_some)]
    form: Form
    materials: Annotated[Materials, AfterValidator(_some)]
    topics: Topics = TAXONOMY.topic_ids
    live: bool = Field(default=True, strict=True)
    paid: bool = Field(default=True, strict=True)
    uses: Uses = _USES
    content_hash: ContentHash | None = None
    stories: tuple[Story, ...] = Field(default=(), validate_default=True)

    @field_validator("stories")
    @classmethod
    def _fit_the_form(cls, stories: tuple[Story, ...], info: ValidationInfo) -> tuple[Story, ...]:
        # Absent where the form itself cannot be read.
        form = info.data.get("form")
        if form == "invented" and stories:
            raise ValueError("must be empty for an invented post")
        if form in {"disguised", "composite"} and not stories:
            raise ValueError("must not be empty unless the post is invented")
        if form == "disguised" and len(stories) > 1:
            raise ValueError("must hold just one story for a disguised post")
        return stories

    @cached_property
    def all_channels(self) -> frozenset[str]:
        """Every place it goes; money makes it promotion too."""
        return frozenset(self.channels) | ({PROMOTION} if self.paid else set())

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Everyone in it, once, in order."""
        return tuple(sorted({person for story in self.stories for person in story.people}))

    @cached_property
    def separate_stories(self) -> int:
        """How many stories remain when those that share a person, directly or through others, count as one."""
        groups: list[set[str]] = []
        for story in self.stories:
            joined = set(story.people).union(*(group for group in groups if not group.isdisjoint(story.people)))
            groups = [group for group in groups if group.isdisjoint(story.people)]
            groups.append(joined)
        return len(groups)

    @property
    def is_enough_of_a_composite(self) -> bool:
        """Whether it is a composite of enough separate stories."""
        return self.form == "composite" and self.separate_stories >= ENOUGH_STORIES

    def sessions_with(self, person: str) -> tuple[date, ...]:
        """The days of the sessions this person was in."""
        return tuple(story.session_date for story in self.stories if person in story.people)

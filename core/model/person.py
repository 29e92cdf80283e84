"""What is known of a person when a post is judged. What is left out takes its protective value.

Source: spec section 3, "What is known of a person" (docs/verdicts.md).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from core.model.post import Channels, ContentHash, Day
from core.model.preferences import Preferences


def _no_bare_numbers(moment: object) -> object:
    # Seconds or milliseconds? pydantic would guess.
    if isinstance(moment, int | float) or (isinstance(moment, str) and "T" not in moment.upper()):
        raise ValueError("must be a time written like 2026-11-22T10:00:00Z")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_no_bare_numbers)]


class Grant(BaseModel):
    """A yes to one exact draft, for some places, from ``ready_at`` until just before ``expires_at``."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    content_hash: ContentHash
    channels: Channels
    ready_at: Moment
    expires_at: Moment
    withdrawn: bool = Field(default=True, strict=True)


class Person(BaseModel):
    """One card's holder.

    ``preferences``: the document in force, or None. ``therapy_ended``: the day, or None. ``refused``:
    the content hashes answered other than yes; None where nobody said, and then any draft may be one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    preferences: Preferences | None = None
    withdrawn: bool = Field(default=True, strict=True)
    hold: bool = Field(default=True, strict=True)
    lapsed: bool = Field(default=True, strict=True)
    therapy_ended: Day | None = None
    grants: tuple[Grant, ...] = ()
    refused: tuple[ContentHash, ...] | None = None

    def refuses(self, content_hash: str | None) -> bool:
        """Whether this draft was answered other than yes. No draft (None) cannot have been."""
        return content_hash is not None and (self.refused is None or content_hash in self.refused)

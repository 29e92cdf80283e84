"""What a therapist knows of a card's holder beside their choices, and what follows from it.

Source: docs/requests.md, "Special cases". All of it only restricts, but for the day therapy ended: who waits
for that day may be used after it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from core.model.post import Day, latest_session
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY, WITHOUT_UNDERSTANDING, YES

#: Why somebody is never asked about a draft, whatever they chose.
Unasked = Literal["died", "crisis", "court_ordered", "works_here"]
#: Why a signature does not say enough where someone is under age, so that it is on hold.
Doubt = Literal["no_guardian", "signed_for", "whose_guardian", "not_as_guardian"]
#: What a practice under 42 CFR Part 2 cannot offer here: it needs a consent of its own.
PART_2_TOPIC = "substances"


def offered_topics(*, part_2: bool) -> tuple[str, ...]:
    """Return the topics that can be ticked here, in their order."""
    return tuple(topic for topic in TAXONOMY.topic_ids if not (part_2 and topic == PART_2_TOPIC))


class Circumstances(BaseModel):
    """One card's holder. ``therapy_ended``: the day. ``works_here``: employed or trained by the therapist.

    ``majority_on``: the day a minor comes of age, on the minor's card and on each guardian's.
    ``guardians``: on a minor's card, the codes of the cards that must permit too.
    ``is_guardian``: the card of a parent or guardian, on which they sign for a minor.
    ``part_2``: seen in a substance-use programme under 42 CFR Part 2.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    therapy_ended: Day | None = None
    died: bool = Field(default=False, strict=True)
    crisis: bool = Field(default=False, strict=True)
    court_ordered: bool = Field(default=False, strict=True)
    works_here: bool = Field(default=False, strict=True)
    majority_on: Day | None = None
    guardians: tuple[str, ...] = ()
    is_guardian: bool = Field(default=False, strict=True)
    part_2: bool = Field(default=False, strict=True)

    @property
    def is_minor(self) -> bool:
        """Whether this is the young person's own card."""
        return self.majority_on is not None and not self.is_guardian

    def doubts(self, *, signed_as_guardian: bool) -> tuple[Doubt, ...]:
        """Return why a document cannot count: two must permit, each on their own card, each saying who they are."""
        flags: dict[Doubt, bool] = {
            "no_guardian": self.is_minor and not self.guardians,
            "signed_for": self.is_minor and signed_as_guardian,
            "whose_guardian": signed_as_guardian and not (self.is_minor or self.is_guardian),
            "not_as_guardian": self.is_guardian and not signed_as_guardian,
        }
        return tuple(doubt for doubt, raised in flags.items() if raised)

    def unasked(self) -> tuple[Unasked, ...]:
        """Return why this person is never asked about a draft."""
        flags: dict[Unasked, bool] = {
            "died": self.died,
            "crisis": self.crisis,
            "court_ordered": self.court_ordered,
            "works_here": self.works_here,
        }
        return tuple(flag for flag, raised in flags.items() if raised)

    def has_come_of_age(self, now: datetime) -> bool:
        """Whether the day has begun anywhere: a minor's permission, and a guardian's, end with it."""
        return self.majority_on is not None and self.majority_on <= latest_session(now)

    def narrowed(self, document: Preferences) -> Preferences:
        """Return what of a document may be used: a minor can permit only never and ask; Part 2 leaves a topic out."""
        channels = dict(document.channels)
        offered = offered_topics(part_2=self.part_2)
        if self.majority_on is not None:
            channels = {place: way if way in WITHOUT_UNDERSTANDING else "undecided" for place, way in channels.items()}
        topics = tuple(topic for topic in document.topics if topic in offered)
        changes: dict[str, object] = {"channels": channels, "topics": topics}
        if YES.isdisjoint(channels.values()):
            changes["expires_at"] = None  # a document without a yes has no end
        return Preferences.model_validate(document.model_dump() | changes)

"""The therapist's check before a post goes out, as a list to tick and keep with the post.

Source: the eighteen identifiers of 45 CFR 164.514(b)(2), then the context, the three tests and the last
question of the project's own content. A tick says: I looked, for the client and for relatives, employer
and household, and this gives nobody away. Ids are kept with posts: they never change meaning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict

from core.model.person import Moment
from core.model.post import ContentHash
from core.model.version import VersionOne

GroupId = Literal["identifiers", "life", "voice", "public", "picture", "tests", "last"]

#: Catalogue keys of the words above the list: what it is for, and that it is no proof.
PURPOSE, NO_PROOF = "checklist.purpose", "checklist.no_proof"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look for."""

    id: str
    group: GroupId

    @property
    def label_key(self) -> str:
        """The catalogue key of its plain label."""
        return f"checklist.{self.id}.label"

    @property
    def hint_key(self) -> str:
        """The catalogue key of what belongs to it."""
        return f"checklist.{self.id}.hint"


_IDS: dict[GroupId, str] = {
    "identifiers": (
        "names places dates phones faxes emails ssns records plans accounts licences vehicles devices urls ips"
        " biometrics photos codes"
    ),
    "life": (
        "rare_job rare_event rare_diagnosis family_shape gender ethnicity faith school employer pets"
        " small_town near_session"
    ),
    "voice": "accent catchphrases quotes",
    "public": "news_or_court own_posts replies mosaic easy_swaps",
    "picture": "background wardrobe metadata",
    "tests": "client_would_know someone_close_would_know stranger_would_know",
    "last": "beside_me who_gains",
}
GROUPS: tuple[GroupId, ...] = tuple(_IDS)
#: Every item in the one order of the list.
ITEMS: tuple[Item, ...] = tuple(Item(name, group) for group, names in _IDS.items() for name in names.split())
_ORDER = tuple(item.id for item in ITEMS)


def items_of(group: GroupId) -> tuple[Item, ...]:
    """Return the items of one group, in order."""
    return tuple(item for item in ITEMS if item.group == group)


def group_key(group: GroupId) -> str:
    """Return the catalogue key of a group's heading."""
    return f"checklist.group_{group}.label"


def _known(ticked: tuple[str, ...]) -> tuple[str, ...]:
    if not set(ticked) <= set(_ORDER):
        raise ValueError("has an item that is not on the list")
    return tuple(item for item in _ORDER if item in ticked)


class Checklist(BaseModel):
    """What was ticked for one exact draft. Immutable; raises pydantic's ``ValidationError`` for an unknown item.

    ``content_hash``: hex, of the draft the ticks are about. ``checked_at``: aware time of the last tick.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: VersionOne = 1
    content_hash: ContentHash
    checked_at: Moment
    ticked: Annotated[tuple[str, ...], AfterValidator(_known)] = ()

    @property
    def missing(self) -> tuple[Item, ...]:
        """What is not ticked yet, in the order of the list."""
        return tuple(item for item in ITEMS if item.id not in self.ticked)

    @property
    def is_complete(self) -> bool:
        """Whether every item is ticked."""
        return not self.missing

    def covers(self, content_hash: str | None) -> bool:
        """Whether the whole list was gone through for just this draft. One changed byte needs a new check."""
        return self.is_complete and content_hash is not None and content_hash.lower() == self.content_hash

    def tick(self, item: str, now: Moment) -> Self:
        """Return the checklist with one more item ticked at ``now``."""
        return type(self)(content_hash=self.content_hash, checked_at=now, ticked=(*self.ticked, item))

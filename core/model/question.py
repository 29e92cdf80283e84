"""What a therapist said of a post so far: not a post yet, because some of it may still be unsaid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal

from core.model.request import tidy_text

Gap = Literal["form", "stories", "account", "channels", "materials", "topics", "paid", "live", "uses", "details"]


@dataclass(frozen=True, slots=True)
class Told:
    """One story as far as it is told: the card codes of everyone in it, and the day of the session."""

    people: tuple[str, ...] = ()
    session_date: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was said of a post so far. None, and an empty tuple of places or materials: not said yet.

    ``left_out_of``: the ``words`` of the draft at the moment a story was left out of it, or empty.
    ``kept_file``: the hash of the file that was kept with an open draft, or empty. ``translation``: the same words
    in the client's language, or empty.
    """

    form: str | None = None
    stories: tuple[Told, ...] = field(repr=False, default=())
    account: str | None = None
    channels: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    topics: tuple[str, ...] | None = None
    uses: tuple[str, ...] | None = None
    paid: bool | None = None
    live: bool | None = None
    text: str = field(repr=False, default="")
    translation: str = field(repr=False, default="")
    file: bytes | None = field(repr=False, default=None)
    left_out_of: str = ""
    kept_file: str = ""

    @property
    def has_draft(self) -> bool:
        """Whether there are words or a file at hand."""
        return self.file is not None or bool(self.text.strip())

    @property
    def words(self) -> str:
        """What names the words, in each language, or the file of the moment; empty where there is neither."""
        if not self.has_draft:
            return self.kept_file
        if self.file is not None:
            return sha256(self.file).hexdigest()
        return " ".join(
            sha256(one.encode()).hexdigest() for one in (tidy_text(self.text), self.exact_translation) if one
        )

    @property
    def exact_translation(self) -> str:
        """The translation in the form that is hashed; empty where there is none, and beside a file."""
        return tidy_text(self.translation) if self.file is None and self.translation.strip() else ""

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What is still to be said, in the order of the form."""
        open_points: dict[Gap, bool] = {
            "form": self.form is None,
            "stories": self.form not in {None, "invented"} and not self._stories_are_whole,
            "account": self.account is None,
            "channels": not self.channels,
            "materials": not self.materials,
            "topics": self.topics is None,
            "paid": self.paid is None,
            "live": self.live is None,
            "uses": self.uses is None,
            # Neither the words nor their translation may still tell the story.
            "details": not set(self.words.split()).isdisjoint(self.left_out_of.split()),
        }
        return tuple(gap for gap, stands in open_points.items() if stands)

    @property
    def _stories_are_whole(self) -> bool:
        return bool(self.stories) and all(story.people and story.session_date for story in self.stories)

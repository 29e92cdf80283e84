"""What every failure has: a sentence for the person who meets it, and an id for programs."""

from __future__ import annotations

from typing import ClassVar


class SaysoError(Exception):
    """Something went wrong, and nothing was changed. Try again, or ask the person who runs this portal."""

    id: ClassVar[str] = "error"

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The docstring on one line, its ``{placeholders}`` filled from the details given."""
        return " ".join((type(self).__doc__ or "").split()).format(**self.details)

    @property
    def report(self) -> dict[str, object]:
        """What programs are told beside the id."""
        return {}


class BadInput(SaysoError):
    """{problem}"""

    id = "bad_input"

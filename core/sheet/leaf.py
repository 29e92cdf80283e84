"""One sheet of cards: which card lies where, and which of how many sheets it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.sheet.face import CardFace
from core.sheet.presets import Preset


@dataclass(frozen=True)
class Leaf:
    """Cards in the order of their places; None leaves a place empty. ``sheet`` of ``sheets`` counts from 1."""

    places: tuple[CardFace | None, ...]
    sheet: int
    sheets: int

    @property
    def faces(self) -> list[CardFace]:
        """The cards that are on it."""
        return [face for face in self.places if face is not None]


def leaves(cards: Sequence[CardFace | None], preset: Preset) -> list[Leaf]:
    """Return the sheets that cards take, in order."""
    sheets = preset.sheets(len(cards))
    return [
        Leaf(tuple(cards[start : start + preset.per_sheet]), number, sheets)
        for number, start in enumerate(range(0, len(cards), preset.per_sheet), 1)
    ]

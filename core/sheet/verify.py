"""Every printed code read back from the rendered page before a sheet is offered."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import IO

from core import card, qr
from core.errors import UnreadableCode
from core.paper import render
from core.sheet.draw import Progress, no_progress
from core.sheet.face import CardFace
from core.sheet.leaf import Leaf, leaves
from core.sheet.presets import Preset

DPI = 300
_MM = DPI / 25.4


def verify_sheet(
    pdf: bytes,
    cards: Sequence[CardFace],
    preset: Preset,
    progress: Progress = no_progress,
    offset_mm: tuple[float, float] = (0.0, 0.0),
) -> None:
    """Read back the cards of ``draw_sheet``. Else as ``verify_leaves``."""
    verify_leaves(BytesIO(pdf), leaves(cards, preset), preset, progress, offset_mm)


def verify_leaves(
    pdf: IO[bytes],
    sheets: Sequence[Leaf],
    preset: Preset,
    progress: Progress = no_progress,
    offset_mm: tuple[float, float] = (0.0, 0.0),
) -> None:
    """Render each page at 300 dpi and read each card's place: it must hold that card's code and no other.

    ``pdf`` is read piece by piece, and one page is in memory at a time. A place that is left empty must hold
    no code. Raises ``UnreadableCode`` with the number of the first card that fails, and whatever ``progress`` raises.
    """
    pictures = render.pages(pdf, DPI)
    done, total = 0, sum(len(leaf.faces) for leaf in sheets)
    for leaf in sheets:
        picture = next(pictures, None)
        for face, (left, top) in zip(leaf.places, preset.places(), strict=False):
            wanted = [] if face is None else [card.address(face.base, face.code)]
            box = _box(left + offset_mm[0], top + offset_mm[1], preset)
            if picture is None or qr.seen_in(picture.crop(box)) != wanted:
                raise UnreadableCode(number=(face or leaf.faces[0]).number)
            if face is not None:
                done += 1
                progress(done, total)


def _box(left: float, top: float, preset: Preset) -> tuple[int, int, int, int]:
    width, height = preset.card
    return round(left * _MM), round(top * _MM), round((left + width) * _MM), round((top + height) * _MM)

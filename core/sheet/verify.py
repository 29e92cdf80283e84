"""Every printed code read back from the rendered page before a sheet is offered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PIL import Image

from core import card, qr
from core.errors import UnreadableCode
from core.paper import render
from core.sheet.draw import Progress, no_progress
from core.sheet.face import CardFace
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
    """Render each page at 300 dpi and read each card's place: it must hold that card's code and no other.

    One page is in memory at a time. Raises ``UnreadableCode`` with the number of the first card that fails, and
    whatever ``progress`` raises.
    """
    pictures = _cards_of(pdf, preset, offset_mm)
    for done, face in enumerate(cards, 1):
        picture = next(pictures, None)
        if picture is None or qr.seen_in(picture) != [card.address(face.base, face.code)]:
            raise UnreadableCode(number=face.number)
        progress(done, len(cards))


def _cards_of(pdf: bytes, preset: Preset, offset_mm: tuple[float, float]) -> Iterator[Image.Image]:
    for picture in render.pages(pdf, DPI):
        for left, top in preset.places():
            yield picture.crop(_box(left + offset_mm[0], top + offset_mm[1], preset))


def _box(left: float, top: float, preset: Preset) -> tuple[int, int, int, int]:
    width, height = preset.card
    return round(left * _MM), round(top * _MM), round((left + width) * _MM), round((top + height) * _MM)

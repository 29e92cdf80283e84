"""The test sheet: the outline of every card, and a ruler, to set the printer before cards are wasted."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from core.paper import fonts
from core.paper.fonts import BOLD, REGULAR
from core.sheet.presets import Preset
from core.text import Words

_RULER = 100
#: A page narrower than this gets a ruler of 50 mm.
_RULER_FITS = 120


def trial_sheet(preset: Preset, offset_mm: tuple[float, float] = (0.0, 0.0), language: str = "en") -> bytes:
    """Return one PDF page with the outlines of all cards, what to do, and a ruler. It holds no code."""
    out = BytesIO()
    fonts.register()
    width, height = preset.page
    canvas = Canvas(out, (width * mm, height * mm), pageCompression=1, invariant=1, initialFontName=REGULAR)
    canvas.setTitle(Words(language)("print.test.title"))
    canvas.translate(offset_mm[0] * mm, -offset_mm[1] * mm)
    _outlines(canvas, preset)
    _ruler(canvas, preset, _advice(canvas, preset, offset_mm, language))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def ruler_length(preset: Preset) -> int:
    """Return the length of the ruler on this preset's test sheet, in mm."""
    return _RULER if preset.page[0] >= _RULER_FITS else _RULER // 2


def _outlines(canvas: Canvas, preset: Preset) -> None:
    width, height = preset.card
    canvas.setLineWidth(0.4)
    for left, top in preset.places():
        x, y = left * mm, (preset.page[1] - top - height) * mm
        canvas.setDash()
        canvas.rect(x, y, width * mm, height * mm)
        canvas.setDash(2, 2)
        canvas.line(x, y + preset.stub * mm, x + width * mm, y + preset.stub * mm)
    canvas.setDash()


def _advice(canvas: Canvas, preset: Preset, offset_mm: tuple[float, float], language: str) -> float:
    words = Words(language)
    x, small = _inside(preset), preset.small + 1
    y: float = (preset.page[1] - preset.corner[1] - 3) * mm
    texts = [
        (words("print.test.title"), BOLD, preset.lead),
        (words("print.test.how"), REGULAR, small),
        (words("print.test.offset", x=f"{offset_mm[0]:g}", y=f"{offset_mm[1]:g}"), REGULAR, small),
        (words("print.test.ruler", length=ruler_length(preset)), REGULAR, small),
    ]
    if preset.stock:
        texts.insert(1, (words("print.test.stock", stock=", ".join(preset.stock)), REGULAR, small))
    for text, font, size in texts:
        canvas.setFont(font, size)
        for row in simpleSplit(text, font, size, (preset.card[0] - 2 * preset.edge) * mm):
            y -= size * 1.2
            canvas.drawString(x, y, row)
        y -= size * 0.3
    return y


def _ruler(canvas: Canvas, preset: Preset, top: float) -> None:
    x, y = _inside(preset), top - 6 * mm
    for tick in range(ruler_length(preset) + 1):
        tall = 4 if tick % 10 == 0 else 2.5 if tick % 5 == 0 else 1.5
        canvas.line(x + tick * mm, y, x + tick * mm, y + tall * mm)
    canvas.line(x, y, x + ruler_length(preset) * mm, y)


def _inside(preset: Preset) -> float:
    inside: float = (preset.corner[0] + preset.edge) * mm
    return inside

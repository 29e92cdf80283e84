"""A poster for the wall: what a card is for, and to ask for one. It has no code: a code is handed over in person."""

from __future__ import annotations

from io import BytesIO

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from core.paper import fonts, logos
from core.paper.document import PAGES
from core.paper.fonts import BOLD, REGULAR
from core.text import Words

_MARGIN = 18 * mm
_GREY = 0.45


def pdf(practice: str, logo: bytes = b"", page: str = "letter", language: str = "en") -> bytes:
    """Return the poster as one page. ``page``: letter or a4; ``logo``: a PNG that was prepared, or nothing."""
    fonts.register()
    out, words = BytesIO(), Words(language)
    width, height = PAGES[page]
    canvas = Canvas(out, (width, height), pageCompression=1, invariant=1, initialFontName=REGULAR)
    canvas.setTitle(words("print.poster.title"))
    canvas.setAuthor("Sayso")
    y = _rows(canvas, words("print.poster.title"), BOLD, 44, height - _MARGIN)
    y = _rows(canvas, words("print.poster.yours"), REGULAR, 23, y - 10)
    _picture(canvas, width / 2, y - 20)
    y -= 228
    for key in ("print.poster.choose", "print.poster.care", "print.poster.money"):
        y = _rows(canvas, words(key), REGULAR, 19, y - 10)
    _rows(canvas, words("print.poster.ask"), BOLD, 28, y - 18)
    _foot(canvas, fonts.printable(practice), logo)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _rows(canvas: Canvas, text: str, font: str, size: float, y: float) -> float:
    """Write a text centred below ``y``. Returns where it ends."""
    width = canvas._pagesize[0]  # noqa: SLF001 - it has no other door
    canvas.setFont(font, size)
    for row in simpleSplit(text, font, size, width - 2 * _MARGIN):
        y -= size * 1.22
        canvas.drawCentredString(width / 2, y, row)
    return y


def _picture(canvas: Canvas, middle: float, top: float) -> None:
    """A blank card with its stub, and two equal bubbles above it: one crossed, one ticked."""
    canvas.saveState()
    canvas.setLineWidth(3)
    for left, sign in ((middle - 130, "cross"), (middle + 14, "tick")):
        _bubble(canvas, left, top - 84, sign)
    canvas.roundRect(middle - 120, top - 200, 240, 92, 10)
    canvas.setDash(6, 5)
    canvas.setStrokeGray(_GREY)
    canvas.line(middle - 120, top - 182, middle + 120, top - 182)
    canvas.setDash()
    canvas.setLineWidth(6)
    canvas.setLineCap(1)
    for row, length in enumerate((190, 150, 170)):
        canvas.line(middle - 95, top - 128 - 17 * row, middle - 95 + length, top - 128 - 17 * row)
    canvas.restoreState()


def _bubble(canvas: Canvas, x: float, y: float, sign: str) -> None:
    canvas.roundRect(x, y + 14, 116, 70, 16)
    middle, level = x + 58, y + 49
    strokes = {
        "tick": [(-18, 0, -5, -14), (-5, -14, 20, 17)],
        "cross": [(-15, -15, 15, 15), (-15, 15, 15, -15)],
    }[sign]
    canvas.saveState()
    canvas.setLineWidth(6)
    canvas.setLineCap(1)
    canvas.lines([(middle + a, level + b, middle + c, level + d) for a, b, c, d in strokes])
    canvas.restoreState()


def _foot(canvas: Canvas, practice: str, logo: bytes) -> None:
    y = _MARGIN
    if practice:
        _rows(canvas, practice, REGULAR, 16, y + 16 * 1.22)
        y += 30
    if logo:
        shape, width = logos.shape(logo), canvas._pagesize[0]  # noqa: SLF001
        high = min(44.0, 200 / shape)
        logos.draw(canvas, logo, (width - high * shape) / 2, y, high * shape, high)

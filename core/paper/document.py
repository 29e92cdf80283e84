"""A document of plain sections, as a PDF of pages or as one tall picture for a phone.

Nothing on it is smaller than 14 points (Cal. Civ. Code 56.11 asks that of an authorization).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4, A6, LETTER, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from core import qr
from core.paper import fonts, render
from core.paper.fonts import BOLD, REGULAR

#: No type is smaller than this, in points.
SMALLEST = 14.0
_TYPED = 19.0
PAGES = {"letter": LETTER, "a4": A4, "slip": landscape(A6)}

_GREY = Color(0.55, 0.55, 0.55)
_MARGIN = 18 * mm
_PHONE, _PHONE_MARGIN, _PHONE_SCALE = 360.0, 24.0, 3


@dataclass(frozen=True)
class Text:
    """A paragraph of plain words."""

    text: str
    strong: bool = False


@dataclass(frozen=True)
class Pairs:
    """What is asked on the left, what was answered on the right, a line for each part of an answer."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Code:
    """A code to type, on lines of its own, large."""

    code: str


@dataclass(frozen=True)
class Qr:
    """A QR code of ``text``, ``side`` points wide with its quiet zone."""

    text: str
    side: float = 200.0


@dataclass(frozen=True)
class Boxes:
    """Empty boxes to tick, each with a label and a hint; ``columns``: so many side by side, read line by line."""

    options: tuple[tuple[str, str], ...]
    columns: int = 1


@dataclass(frozen=True)
class Blank:
    """A line to write on, with what belongs there."""

    label: str


Item = Text | Pairs | Code | Qr | Boxes | Blank


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it. Without a heading it follows on."""

    heading: str
    items: tuple[Item, ...]


def pdf(title: str, sections: Sequence[Section], page: str, foot: Callable[[int], str]) -> bytes:
    """Return the sections as a PDF. ``page``: letter, a4 or slip; ``foot``: the words under the page of a number.

    The title is all that the file says of itself: no name, no code, no date.
    """
    fonts.register()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=PAGES[page],
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 6 * mm,
        title=title,
        author="Sayso",
        initialFontName=REGULAR,
        invariant=1,
    )
    width = PAGES[page][0] - 2 * _MARGIN - 12

    def number(canvas: Canvas, sheet: SimpleDocTemplate) -> None:
        canvas.setFont(REGULAR, SMALLEST)
        canvas.drawCentredString(PAGES[page][0] / 2, _MARGIN - 2 * mm, foot(sheet.page))

    document.build(_story(title, sections, width), onFirstPage=number, onLaterPages=number)
    return out.getvalue()


def picture(title: str, sections: Sequence[Section]) -> bytes:
    """Return the same as one PNG, as wide as a phone (1080 pixels) and as tall as it needs to be."""
    fonts.register()
    width = _PHONE - 2 * _PHONE_MARGIN
    flowables = [part for whole in _story(title, sections, width) for part in _parts(whole)]
    heights = [part.wrap(width, 10**6)[1] for part in flowables]
    height = sum(heights) + 2 * _PHONE_MARGIN
    out = BytesIO()
    canvas = Canvas(out, (_PHONE, height), invariant=1, initialFontName=REGULAR)
    y = height - _PHONE_MARGIN
    for part, tall in zip(flowables, heights, strict=True):
        y -= tall
        part.drawOn(canvas, _PHONE_MARGIN, y)
    canvas.save()
    return _png(out.getvalue())


def _png(one_page: bytes) -> bytes:
    (image,) = render.pages(one_page, _PHONE_SCALE * 72)
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _parts(whole: Flowable) -> list[Flowable]:
    return list(whole._content) if isinstance(whole, KeepTogether) else [whole]  # noqa: SLF001 - it has no other door


def _story(title: str, sections: Sequence[Section], width: float) -> list[Flowable]:
    story: list[Flowable] = [_paragraph(title, BOLD, 24), Spacer(0, 8)]
    for section in sections:
        drawn = [part for item in section.items for part in (*_drawn(item, width), Spacer(0, 7))]
        heading = [Spacer(0, 9), _paragraph(section.heading, BOLD, 17), Spacer(0, 4)] if section.heading else []
        # A section goes over the page only where it is longer than one.
        story.append(KeepTogether([*heading, *drawn]))
    return story


def _drawn(item: Item, width: float) -> list[Flowable]:
    match item:
        case Text(text, strong):
            return [_paragraph(text, BOLD if strong else REGULAR, SMALLEST)]
        case Pairs(rows):
            return [_pairs(rows, width)]
        case Code(code):
            return [_paragraph(_in_groups(code, width), BOLD, _TYPED)]
        case Qr(text, side):
            return [_Square(text, side)]
        case Boxes(options, columns):
            return [_boxes(options, width, columns)]
        case Blank(label):
            return [Spacer(0, 14), _Rule(label, width)]


def _in_groups(code: str, width: float) -> str:
    lines = [""]
    for group in code.split("-"):
        longer = "-".join(filter(None, (lines[-1], group)))
        if fonts.width(longer, BOLD, _TYPED) > width:
            lines.append(group)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _paragraph(text: str, font: str, size: float) -> Paragraph:
    style = ParagraphStyle(font, fontName=font, fontSize=size, leading=size * 1.3, textColor=black)
    return Paragraph("<br/>".join(escape(fonts.printable(line)) for line in text.splitlines()), style)


def _pairs(rows: Sequence[tuple[str, str]], width: float) -> Table:
    cells = [[_paragraph(asked, REGULAR, SMALLEST), _paragraph(answer, BOLD, SMALLEST)] for asked, answer in rows]
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, _GREY), *_PADDING]
    return Table(cells, (width * 0.52, width * 0.48), style=style, hAlign="LEFT")


def _boxes(options: Sequence[tuple[str, str]], width: float, columns: int) -> Table:
    cells: list[object] = [cell for label, hint in options for cell in (_Box(), _labelled(label, hint))]
    rows = [cells[n : n + 2 * columns] for n in range(0, len(cells), 2 * columns)]
    rows[-1] += [""] * (2 * columns - len(rows[-1]))
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), *_PADDING]
    return Table(rows, [24, width / columns - 24] * columns, style=style, hAlign="LEFT")


def _labelled(label: str, hint: str) -> list[Flowable]:
    shown = [_paragraph(label, REGULAR, SMALLEST)]
    return [*shown, _paragraph(hint, REGULAR, SMALLEST)] if hint else shown


_PADDING = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ("TOPPADDING", (0, 0), (-1, -1), 3),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
]


class _Square(Flowable):  # type: ignore[misc]
    def __init__(self, text: str, side: float) -> None:
        super().__init__()
        self._modules = qr.matrix(text)
        self.width = self.height = side

    def draw(self) -> None:
        margin = self.width * qr.QUIET / (len(self._modules) + 2 * qr.QUIET)
        qr.draw(self.canv, self._modules, margin, margin, self.width - 2 * margin)


class _Box(Flowable):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.width, self.height = 15.0, 15.0

    def draw(self) -> None:
        self.canv.setLineWidth(1.2)
        self.canv.rect(0, -1, 13, 13)


class _Rule(Flowable):  # type: ignore[misc]
    def __init__(self, label: str, width: float) -> None:
        super().__init__()
        self.width, self.height = width, 22.0
        self._label = fonts.printable(label)

    def draw(self) -> None:
        self.canv.setFont(REGULAR, SMALLEST)
        self.canv.drawString(0, 4, self._label)
        start = fonts.width(self._label, REGULAR, SMALLEST) + 8
        self.canv.line(start, 2, self.width, 2)

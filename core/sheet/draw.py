"""Sheets of cards as one PDF. What all cards share is drawn once; cost grows in step with the count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import IO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from core import card, qr
from core.errors import AddressTooLong
from core.paper import fonts, logos
from core.paper.fonts import REGULAR
from core.sheet.face import CardFace, Line, Plan, plan
from core.sheet.leaf import Leaf, leaves
from core.sheet.presets import LARGEST_VERSION, SMALLEST_CODE, SMALLEST_MODULE, Preset
from core.text import Words

#: Told how many cards are done, of how many. It may raise to stop the work.
Progress = Callable[[int, int], None]

_GREY = 0.45


def no_progress(_done: int, _of: int) -> None:
    """Tell nobody."""


def draw_sheet(
    cards: Sequence[CardFace],
    preset: Preset,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    progress: Progress = no_progress,
) -> bytes:
    """Return the cards, in order, as a PDF of as many sheets as they need. Else as ``draw_leaves``."""
    out = BytesIO()
    draw_leaves(out, leaves(cards, preset), preset, offset_mm, progress)
    return out.getvalue()


def draw_leaves(
    out: IO[bytes],
    sheets: Sequence[Leaf],
    preset: Preset,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    progress: Progress = no_progress,
) -> None:
    """Write sheets as one PDF.

    ``offset_mm`` moves all of it right and down, for a printer that is off. ``progress`` is called
    after each card. Raises ``AddressTooLong`` where a code would be too fine, and whatever ``progress`` raises.
    """
    press = _Press(_canvas(out, preset, _title(sheets)), preset)
    places = tuple(preset.places())
    done, total = 0, sum(len(leaf.faces) for leaf in sheets)
    for leaf in sheets:
        press.begin_sheet(leaf, offset_mm)
        for face, place in zip(leaf.places, places, strict=False):
            if face is None:
                continue
            press.card(face, *place)
            done += 1
            progress(done, total)
        press.canvas.showPage()
    press.canvas.save()


def code_side(preset: Preset, modules: qr.Matrix) -> float:
    """Return the side in mm of a code without its margin. Raises ``AddressTooLong`` below the print rules."""
    side = preset.box * len(modules) / (len(modules) + 2 * qr.QUIET)
    small = side < SMALLEST_CODE or side / len(modules) < SMALLEST_MODULE
    if small or qr.version(modules) > LARGEST_VERSION:
        raise AddressTooLong
    return side


def _title(sheets: Sequence[Leaf]) -> str:
    """Return what the file says it is, in the language of its cards: of the first one, where they differ."""
    languages = (face.language for leaf in sheets for face in leaf.faces)
    return Words(next(languages, "en"))("print.sheet.title")


def _canvas(out: IO[bytes], preset: Preset, title: str) -> Canvas:
    fonts.register()
    width, height = preset.page
    # "invariant" keeps the clock out, so that the same cards give the same bytes.
    canvas = Canvas(out, (width * mm, height * mm), pageCompression=1, invariant=1, initialFontName=REGULAR)
    canvas.setTitle(title)
    canvas.setAuthor("Sayso")
    return canvas


class _Press:
    """A canvas that remembers, for each kind of card, its plan and its mask."""

    def __init__(self, canvas: Canvas, preset: Preset) -> None:
        self.canvas = canvas
        self.preset = preset
        self._kinds: dict[CardFace, tuple[Plan, str, int]] = {}

    def begin_sheet(self, leaf: Leaf, offset_mm: tuple[float, float]) -> None:
        """Shift the paper and say in its margin how to print it. The kinds of its cards are drawn once, ahead."""
        for face in leaf.faces:
            self._kind(face)
        self.canvas.translate(offset_mm[0] * mm, -offset_mm[1] * mm)
        self._margin(leaf)

    def card(self, face: CardFace, left: float, top: float) -> None:
        """Draw one card with its top left corner at (left, top) mm from the page's."""
        canvas = self.canvas
        where, form, mask = self._kind(face)
        modules = qr.matrix(card.address(face.base, face.code), mask)
        side = code_side(self.preset, modules) * mm
        x, y, box = where.box
        margin = (box - side) / 2
        # Operators instead of saveState and translate: those cost as much as a tenth of the card.
        canvas.addLiteral(f"q 1 0 0 1 {left * mm:.4f} {(self.preset.page[1] - top - self.preset.card[1]) * mm:.4f} cm")
        canvas.doForm(form)
        qr.draw(canvas, modules, x + margin, y + margin, side)
        write(canvas, (where.code, card.shown(face.code)), (where.number, str(face.number)))
        canvas.addLiteral("Q")

    def _kind(self, face: CardFace) -> tuple[Plan, str, int]:
        kind = face.kind
        if kind not in self._kinds:
            # All codes of a batch differ in their last eight symbols only: one look finds a good mask for all.
            mask = qr.best_mask(card.address(face.base, "0" * card.LENGTH))
            self._kinds[kind] = plan(kind, self.preset), f"kind{len(self._kinds)}", mask
            self._draw_kind(kind, *self._kinds[kind][:2])
        return self._kinds[kind]

    def _draw_kind(self, kind: CardFace, where: Plan, form: str) -> None:
        canvas = self.canvas
        width, height = (length * mm for length in self.preset.card)
        canvas.beginForm(form, 0, 0, width, height)
        write(canvas, *((line, line.text) for line in where.lines))
        if where.logo:
            logos.draw(canvas, kind.logo, *where.logo)
        canvas.setStrokeGray(_GREY)
        canvas.setLineWidth(0.4)
        canvas.setDash(2, 2)
        canvas.line(0, self.preset.stub * mm, width, self.preset.stub * mm)
        canvas.endForm()

    def _margin(self, leaf: Leaf) -> None:
        left, top = self.preset.corner
        if top < 6 or not leaf.faces:
            return
        note = self._note(leaf)
        self.canvas.setFillGray(_GREY)
        y = (self.preset.page[1] - top) * mm + 5
        write(self.canvas, (Line(left * mm, y, REGULAR, 8, note), note))
        self.canvas.setFillGray(0)

    def _note(self, leaf: Leaf) -> str:
        faces = leaf.faces
        words = Words(faces[0].language)
        if self.preset.per_sheet == 1:
            # Here the margin goes along with the card: the number stays on the stub alone.
            return words("print.sheet.scale")
        first, last = faces[0].number, faces[-1].number
        one = first == last
        numbers = (
            words("print.sheet.number", number=first) if one else words("print.sheet.numbers", first=first, last=last)
        )
        count = words("print.sheet.count", sheet=leaf.sheet, sheets=leaf.sheets)
        return " ".join((count, numbers, words("print.sheet.scale")))


def write(canvas: Canvas, *lines: tuple[Line, str]) -> None:
    """Write each text where its line says, all in one go."""
    text = canvas.beginText(*_origin(*lines[0]))
    for index, (line, words) in enumerate(lines):
        if index:
            text.setTextOrigin(*_origin(line, words))
        text.setFont(line.font, line.size, 0)
        text.textOut(words)
    canvas.drawText(text)


def _origin(line: Line, words: str) -> tuple[float, float]:
    shift = fonts.width(words, line.font, line.size) / 2 if line.anchor == "middle" else 0
    return line.x - shift, line.y

"""Sheets of cards as one PDF. What all cards share is drawn once; cost grows in step with the count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from core import card, qr
from core.errors import AddressTooLong
from core.paper import fonts
from core.paper.fonts import REGULAR
from core.sheet.face import CardFace, Line, Plan, plan
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
    """Return the cards, in order, as a PDF of as many sheets as they need.

    ``offset_mm`` moves all of it right and down, for a printer that is off. ``progress`` is called
    after each card. Raises ``AddressTooLong`` where a code would be too fine, and whatever ``progress`` raises.
    """
    out = BytesIO()
    press = _Press(_canvas(out, preset), preset)
    places = tuple(preset.places())
    for index, face in enumerate(cards):
        place = index % preset.per_sheet
        if place == 0:
            press.begin_sheet(cards, index, offset_mm)
        press.card(face, *places[place])
        if place == preset.per_sheet - 1 or index == len(cards) - 1:
            press.canvas.showPage()
        progress(index + 1, len(cards))
    press.canvas.save()
    return out.getvalue()


def code_side(preset: Preset, modules: qr.Matrix) -> float:
    """Return the side in mm of a code without its margin. Raises ``AddressTooLong`` below the print rules."""
    side = preset.box * len(modules) / (len(modules) + 2 * qr.QUIET)
    small = side < SMALLEST_CODE or side / len(modules) < SMALLEST_MODULE
    if small or qr.version(modules) > LARGEST_VERSION:
        raise AddressTooLong
    return side


def _canvas(out: BytesIO, preset: Preset) -> Canvas:
    fonts.register()
    width, height = preset.page
    # "invariant" keeps the clock out, so that the same cards give the same bytes.
    return Canvas(out, (width * mm, height * mm), pageCompression=1, invariant=1, initialFontName=REGULAR)


class _Press:
    """A canvas that remembers, for each kind of card, its plan and its mask."""

    def __init__(self, canvas: Canvas, preset: Preset) -> None:
        self.canvas = canvas
        self.preset = preset
        self._kinds: dict[CardFace, tuple[Plan, str, int]] = {}
        canvas.setTitle(Words()("print.sheet.title"))
        canvas.setAuthor("Sayso")

    def begin_sheet(self, cards: Sequence[CardFace], index: int, offset_mm: tuple[float, float]) -> None:
        """Shift the paper and say in its margin how to print it. The kinds of its cards are drawn once, ahead."""
        on_sheet = cards[index : index + self.preset.per_sheet]
        for face in on_sheet:
            self._kind(face)
        self.canvas.translate(offset_mm[0] * mm, -offset_mm[1] * mm)
        self._margin(on_sheet, index // self.preset.per_sheet + 1, self.preset.sheets(len(cards)))

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
            self._draw_kind(*self._kinds[kind][:2])
        return self._kinds[kind]

    def _draw_kind(self, where: Plan, form: str) -> None:
        canvas = self.canvas
        width, height = (length * mm for length in self.preset.card)
        canvas.beginForm(form, 0, 0, width, height)
        write(canvas, *((line, line.text) for line in where.lines))
        canvas.setStrokeGray(_GREY)
        canvas.setLineWidth(0.4)
        canvas.setDash(2, 2)
        canvas.line(0, self.preset.stub * mm, width, self.preset.stub * mm)
        canvas.endForm()

    def _margin(self, on_sheet: Sequence[CardFace], sheet: int, sheets: int) -> None:
        left, top = self.preset.corner
        if top < 6:
            return
        note = self._note(on_sheet, sheet, sheets)
        self.canvas.setFillGray(_GREY)
        y = (self.preset.page[1] - top) * mm + 5
        write(self.canvas, (Line(left * mm, y, REGULAR, 8, note), note))
        self.canvas.setFillGray(0)

    def _note(self, on_sheet: Sequence[CardFace], sheet: int, sheets: int) -> str:
        words = Words(on_sheet[0].language)
        if self.preset.per_sheet == 1:
            # Here the margin goes along with the card: the number stays on the stub alone.
            return words("print.sheet.scale")
        numbers = words("print.sheet.numbers", first=on_sheet[0].number, last=on_sheet[-1].number)
        return " ".join((words("print.sheet.scale"), numbers, words("print.sheet.count", sheet=sheet, sheets=sheets)))


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

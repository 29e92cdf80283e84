"""What stands on one card, and where: everything but the code itself is the same for a whole batch.

Positions are in points from the card's lower left corner.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit

from core.paper import fonts, logos
from core.paper.fonts import BOLD, REGULAR
from core.sheet.presets import Preset
from core.text import Words

_LEADING = 1.18
_TYPED_LEADING = 1.06
_NARROWEST_GAP, _WIDEST_GAP = 1.2, 15.0
#: Blocks may come this close, in points; closer, a row would touch the one below.
_TIGHTEST = -1.4
_SCALES = (1.0, 0.96, 0.92, 0.88, 0.84, 0.8)
_CODE = "\0"


@dataclass(frozen=True)
class CardFace:
    """One card to print. ``base``: the portal's public address; ``words``: the four check words; ``logo``: a PNG.

    No client's name and no diagnosis: there is no field for either.
    """

    code: str
    number: int
    base: str
    words: tuple[str, ...]
    language: str
    therapist: str
    practice: str
    logo: bytes = field(default=b"", repr=False)

    @property
    def kind(self) -> CardFace:
        """The same card without what is its own: equal for every card of a batch."""
        return CardFace("", 0, self.base, self.words, self.language, self.therapist, self.practice, self.logo)


@dataclass(frozen=True)
class Line:
    """One line of type: baseline (x, y) in points. ``anchor`` "middle" centres it on x."""

    x: float
    y: float
    font: str
    size: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True)
class Plan:
    """Where everything on a card goes. ``box``: lower left corner and side of the code with its quiet zone.

    ``code``: the line on which the card code is put, its text still empty. ``logo``: lower left corner, width and
    height of the practice's logo, or None.
    """

    box: tuple[float, float, float]
    lines: tuple[Line, ...]
    code: Line
    number: Line
    logo: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class _Block:
    """A few rows (text, font, size) that stay together."""

    rows: tuple[tuple[str, str, float], ...]
    leading: float = _LEADING

    @property
    def height(self) -> float:
        return sum(size * self.leading for _, _, size in self.rows)


def short_address(base: str) -> str:
    """Return what a person types: the host, with its port where there is one."""
    return urlsplit(base).netloc.lower()


def plan(kind: CardFace, preset: Preset) -> Plan:
    """Return where everything goes on a card of this kind.

    Small type gives way where room is short. Where that is not enough, the therapist's name stands without the
    practice's.
    """
    frame = _beside(preset) if preset.layout == "beside" else _below(preset)
    foot = _logo_room(frame, preset)[1] + preset.small if kind.logo and frame.anchor == "middle" else 0.0
    text = replace(frame, bottom=frame.bottom + foot, height=frame.height - foot)
    for scale in _SCALES:
        blocks = _blocks(kind, preset, frame.width, scale)
        spare = _spare(text, blocks)
        if spare >= _NARROWEST_GAP * len(blocks):
            break
    if spare < _TIGHTEST * len(blocks):
        blocks[-1] = _Block(blocks[-1].rows[:1])
        spare = _spare(text, blocks)
    lines = list(_stacked(blocks, text, spare))
    code = next(line for line in lines if line.text == _CODE)
    lines.remove(code)
    number = Line(preset.edge * mm, (preset.stub * mm - 12 * fonts.ASCENT) / 2, BOLD, 12, "")
    return Plan(frame.box, tuple(lines), code, number, _logo_place(kind, frame, lines, preset))


def _spare(frame: _Frame, blocks: list[_Block]) -> float:
    return frame.height - sum(block.height for block in blocks)


def _logo_place(
    kind: CardFace, frame: _Frame, lines: list[Line], preset: Preset
) -> tuple[float, float, float, float] | None:
    """Beside the names at the foot of the text: on the far side of it from the code, or centred below all of it."""
    if not kind.logo:
        return None
    most_wide, tall = _logo_room(frame, preset)
    wide = min(most_wide, tall * logos.shape(kind.logo))
    high = wide / logos.shape(kind.logo)
    foot = min(line.y for line in lines) - fonts.DESCENT * preset.small
    if frame.anchor == "start":
        return frame.x + frame.width - wide, max(foot, frame.bottom), wide, high
    return frame.x + (frame.width - wide) / 2, frame.bottom, wide, high


def _logo_room(frame: _Frame, preset: Preset) -> tuple[float, float]:
    """The most a logo can take, wide and high, in points: two rows of small type beside the names, four below."""
    rows = 2 if frame.anchor == "start" else 4
    return frame.width * (0.3 if frame.anchor == "start" else 0.6), preset.small * rows * _LEADING


@dataclass(frozen=True)
class _Frame:
    x: float
    bottom: float
    width: float
    height: float
    anchor: str
    box: tuple[float, float, float]


def _beside(preset: Preset) -> _Frame:
    width, height = (length * mm for length in preset.card)
    stub, box, edge = preset.stub * mm, preset.box * mm, preset.edge * mm
    slack = (height - stub - box) / 2
    code = min(slack, 1.2 * mm)
    left = code + box + 0.6 * mm
    return _Frame(
        left, stub + 2.2 * mm, width - left - edge, height - stub - 4.8 * mm, "start", (code, stub + slack, box)
    )


def _below(preset: Preset) -> _Frame:
    width, height = (length * mm for length in preset.card)
    stub, box, edge = preset.stub * mm, preset.box * mm, preset.edge * mm
    bottom = stub + edge
    return _Frame(
        edge, bottom, width - 2 * edge, height - box - bottom, "middle", ((width - box) / 2, height - box, box)
    )


def _blocks(kind: CardFace, preset: Preset, width: float, scale: float) -> list[_Block]:
    words = Words(kind.language)
    lead, small, typed = preset.lead * scale, preset.small * scale, preset.typed
    # The names make room for a logo beside them.
    names = width * 0.66 if kind.logo and preset.layout == "beside" else width
    return [
        _block(width, (words("print.card.scan"), BOLD, lead), (words("print.card.choose"), BOLD, lead)),
        _block(width, (words("print.card.type"), REGULAR, small)),
        _Block((*_address_rows(short_address(kind.base), typed, width), (_CODE, BOLD, typed)), _TYPED_LEADING),
        _block(width, (words("print.card.words"), REGULAR, small), (" ".join(kind.words), BOLD, small * 1.2)),
        _block(width, (words("print.card.never_ask"), REGULAR, small)),
        _Block(tuple((row, REGULAR, small) for row in _who(kind, small, names))),
    ]


def _who(kind: CardFace, size: float, width: float) -> list[str]:
    """The therapist and the practice, each at most one row, cut short where a name is very long."""
    names = list(filter(None, map(fonts.printable, (kind.therapist, kind.practice))))
    together = " · ".join(names)
    rows = [together] if fonts.width(together, REGULAR, size) <= width else names
    return [_cut(row, size, width) for row in rows]


def _cut(text: str, size: float, width: float) -> str:
    if fonts.width(text, REGULAR, size) <= width:
        return text
    while fonts.width(text + "…", REGULAR, size) > width:
        text = text[:-1].rstrip()
    return text + "…"


def _block(width: float, *texts: tuple[str, str, float]) -> _Block:
    return _Block(tuple((row, font, size) for text, font, size in texts for row in _balanced(text, font, size, width)))


def _balanced(text: str, font: str, size: float, width: float) -> list[str]:
    """Rows of about the same length: no last word alone on its row."""
    rows: list[str] = simpleSplit(text, font, size, width)
    while len(narrower := simpleSplit(text, font, size, width := width * 0.97)) == len(rows) > 1:
        if max(fonts.width(row, font, size) for row in narrower) > width:
            break
        rows = narrower
    return rows


def _address_rows(address: str, size: float, width: float) -> tuple[tuple[str, str, float], ...]:
    """An address is broken before a dot or hyphen, so that neither is taken for the end of a sentence or word."""
    rows: tuple[str, ...] = (address,)
    if fonts.width(address, REGULAR, size) > width:
        breaks = [found.start() for found in re.finditer(r"(?<!^)[.\-:]", address)]
        rows = min(((address[:at], address[at:]) for at in breaks), key=lambda pair: _widest(pair, size), default=rows)
    return tuple((row, REGULAR, size * min(1.0, width / _widest(rows, size))) for row in rows)


def _widest(rows: tuple[str, ...], size: float) -> float:
    return max(fonts.width(row, REGULAR, size) for row in rows)


def _stacked(blocks: list[_Block], frame: _Frame, spare: float) -> list[Line]:
    gap = min(spare / (len(blocks) - 1), _WIDEST_GAP)
    y = frame.bottom + frame.height - max(0.0, spare - gap * (len(blocks) - 1)) / 2
    x = frame.x + frame.width / 2 if frame.anchor == "middle" else frame.x
    lines = []
    for block in blocks:
        for text, font, size in block.rows:
            y -= size * block.leading
            lines.append(Line(x, y + size * (block.leading - fonts.ASCENT) / 2, font, size, text, frame.anchor))
        y -= gap
    return lines

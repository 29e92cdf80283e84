"""The kinds of sheet that can be printed, as one table. All lengths in millimetres, type in points.

The measures of the label stock are those its makers' templates give: Avery 5371 (3.5 x 2 in, no gaps) and
Avery C32011 (85 x 54 mm, 10 mm gutter).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: What a code must hold to be read by any phone: its side without margin, its modules, its version.
SMALLEST_CODE = 30.0
SMALLEST_MODULE = 0.6
LARGEST_VERSION = 6
#: Smallest type for the address and the code that are typed by hand.
TYPED = 14.0


@dataclass(frozen=True)
class Preset:
    """One kind of sheet: where its cards lie and how a card is filled.

    ``box`` is the square for the code with its quiet zone; ``stub`` the height of the strip to tear off.
    """

    name: str
    stock: tuple[str, ...]
    page: tuple[float, float]
    card: tuple[float, float]
    grid: tuple[int, int]
    corner: tuple[float, float]
    pitch: tuple[float, float]
    layout: Literal["beside", "below"]
    box: float
    stub: float
    edge: float
    lead: float
    typed: float
    small: float

    @property
    def per_sheet(self) -> int:
        """How many cards one sheet holds."""
        return self.grid[0] * self.grid[1]

    def sheets(self, cards: int) -> int:
        """How many sheets ``cards`` take."""
        return -(-cards // self.per_sheet)

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield the top left corner of each card from the page's top left, row by row."""
        for row in range(self.grid[1]):
            for column in range(self.grid[0]):
                yield self.corner[0] + column * self.pitch[0], self.corner[1] + row * self.pitch[1]


def _single(name: str, page: tuple[float, float], margin: float, **filling: float) -> Preset:
    card = (page[0] - 2 * margin, page[1] - 2 * margin)
    return Preset(name, (), page, card, (1, 1), (margin, margin), card, "below", **filling)


_PRESETS = (
    Preset(
        "letter-10up",
        ("Avery 5371", "Avery 5372", "Avery 5376", "Avery 5377", "Avery 5871"),
        page=(215.9, 279.4),
        card=(88.9, 50.8),
        grid=(2, 5),
        corner=(19.05, 12.7),
        pitch=(88.9, 50.8),
        layout="beside",
        box=41.2,
        stub=7.0,
        edge=3.0,
        lead=10.0,
        typed=14.0,
        small=7.2,
    ),
    Preset(
        "a4-10up",
        ("Avery C32011",),
        page=(210.0, 297.0),
        card=(85.0, 54.0),
        grid=(2, 5),
        corner=(15.0, 13.5),
        pitch=(95.0, 54.0),
        layout="beside",
        box=40.2,
        stub=7.5,
        edge=2.6,
        lead=9.1,
        typed=14.0,
        small=7.0,
    ),
    Preset(
        "card",
        (),
        page=(85.0, 55.0),
        card=(85.0, 55.0),
        grid=(1, 1),
        corner=(0.0, 0.0),
        pitch=(85.0, 55.0),
        layout="beside",
        box=40.2,
        stub=7.5,
        edge=2.6,
        lead=9.1,
        typed=14.0,
        small=7.0,
    ),
    _single("a6", (105.0, 148.0), 6.0, box=62.0, stub=12.0, edge=4.0, lead=13.0, typed=16.0, small=9.0),
    _single("page", (215.9, 279.4), 12.0, box=120.0, stub=18.0, edge=14.0, lead=24.0, typed=26.0, small=14.0),
    _single("page-a4", (210.0, 297.0), 12.0, box=120.0, stub=18.0, edge=14.0, lead=24.0, typed=26.0, small=14.0),
)

#: Every preset by its name.
PRESETS: dict[str, Preset] = {preset.name: preset for preset in _PRESETS}

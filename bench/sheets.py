"""How fast cards are made, against the bare `qrcode` matrix with the mask given, in one run.

    python -m bench.sheets [COUNT]

Prints cards a second of processor time for the bare matrix, for the drawn PDF and for reading every code back, and how
the drawing grows with the count.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from time import process_time

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from core import card, sheet

BASE = "https://sayso.example.org"
WORDS = ("maple", "orbit", "canvas", "thrive")


def faces(count: int) -> list[sheet.CardFace]:
    """Return ``count`` cards of one batch, the same in each run."""
    draw = random.Random(7).randrange  # noqa: S311 - cards that nobody gets
    return [
        sheet.CardFace(card.draw(draw), n, BASE, WORDS, "en", "Dana Reyes, LMFT", "Harbor Street Practice")
        for n in range(1, count + 1)
    ]


def bare(cards: list[sheet.CardFace]) -> None:
    """Only the matrix of each card, by the library itself, its mask given."""
    for face in cards:
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=2)
        code.add_data(QRData(card.address(face.base, face.code).encode(), mode=MODE_ALPHA_NUM, check_data=False))
        code.make()


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time that ``work`` takes: the best of three, so that a busy machine does not count."""
    return min(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def main(count: int) -> None:
    """Measure and print."""
    cards, preset = faces(count), sheet.PRESETS["letter-10up"]
    bare(cards[:10])
    sheet.draw_sheet(cards[:10], preset)
    matrix = count / seconds(lambda: bare(cards))
    drawn = count / seconds(lambda: sheet.draw_sheet(cards, preset))
    tenth = (count // 10) / seconds(lambda: sheet.draw_sheet(cards[: count // 10], preset))
    pdf = sheet.draw_sheet(cards, preset)
    checked = count / seconds(lambda: sheet.verify_sheet(pdf, cards, preset))
    print(f"bare matrix, mask given   {matrix:8.0f} cards/s")
    print(f"drawn as PDF              {drawn:8.0f} cards/s   ratio {drawn / matrix:.2f}")
    print(f"the same, a tenth as many {tenth:8.0f} cards/s")
    print(f"read back at 300 dpi      {checked:8.0f} cards/s")
    print(f"PDF                       {len(pdf) / count / 1000:8.2f} kB a card")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

"""How fast cards are made, against the bare `qrcode` matrix with the mask given, in one run.

    python -m bench.sheets [COUNT]          cards a second of processor time, and how drawing grows with the count
    python -m bench.sheets [COUNT] batch    one batch from the order to the sheets: seconds, and memory at its peak

The bare matrix and the drawing are measured by turns, so that a busy machine weighs on both alike.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory, TemporaryFile
from time import perf_counter, process_time

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_ALPHA_NUM, QRData

from core import batches, card, sheet
from core.keys import TherapistKeys
from core.store import practice
from core.store.cards import Order
from core.store.database import Database

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
    """Return the processor time that ``work`` takes."""
    start = process_time()
    work()
    return process_time() - start


def speeds(count: int) -> None:
    """Measure and print what a card costs: the best of five turns of each."""
    cards, preset = faces(count), sheet.PRESETS["letter-10up"]
    bare(cards[:10])
    sheet.draw_sheet(cards[:10], preset)
    turns = [
        (
            seconds(lambda: bare(cards)),
            seconds(lambda: sheet.draw_sheet(cards, preset)),
            seconds(lambda: sheet.draw_sheet(cards[: count // 10], preset)),
        )
        for _ in range(5)
    ]
    matrix, drawn, tenth = (min(turn) for turn in zip(*turns, strict=True))
    pdf = sheet.draw_sheet(cards, preset)
    checked = seconds(lambda: sheet.verify_sheet(pdf, cards, preset))
    print(f"bare matrix, mask given   {count / matrix:8.0f} cards/s")
    print(f"drawn as PDF              {count / drawn:8.0f} cards/s   ratio {matrix / drawn:.2f}")
    print(f"the same, a tenth as many {count // 10 / tenth:8.0f} cards/s")
    print(f"read back at 300 dpi      {count / checked:8.0f} cards/s")
    print(f"PDF                       {len(pdf) / count / 1000:8.2f} kB a card")


def whole_batch(count: int) -> None:
    """Make one batch as the portal does, in a database of its own, and print what it took."""
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.sqlite3")
        database.migrate()
        keys, now = TherapistKeys.new(), datetime.now(UTC)
        with database.write() as connection:
            therapist = practice.register_therapist(
                connection, "Dana Reyes, LMFT", keys.sealing.public, keys.signing.public, now
            )
        order = Order(therapist, "en", BASE, "letter-10up", count)
        # One small batch first, so that what is loaded once does not count.
        with TemporaryFile(dir=folder) as out:
            batches.make(database, [replace(order, count=10)], now, out)
        before, start, used = _peak(), perf_counter(), process_time()
        with TemporaryFile(dir=folder) as out:
            batches.make(database, [order], now, out)
            size = out.seek(0, 2)
        print(f"{count} cards: {perf_counter() - start:.1f} s, {process_time() - used:.1f} s of processor time")
        print(
            f"memory at the peak {_peak():.0f} MB, {_peak() - before:.0f} MB more than before; PDF {size / 1e6:.1f} MB"
        )
        database.close()


def _peak() -> float:
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def main(arguments: list[str]) -> None:
    """Measure what is asked for, and print it."""
    count = next((int(one) for one in arguments if one.isdecimal()), 1000)
    (whole_batch if "batch" in arguments else speeds)(count)


if __name__ == "__main__":
    main(sys.argv[1:])

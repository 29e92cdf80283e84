"""A list of cards to make: therapist, language and count on each line, typed or from a spreadsheet's CSV file.

Nothing is made until every line is right: each wrong one is named in a sentence by its number.
"""

from __future__ import annotations

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from unicodedata import normalize

from core import batches
from core.store.practice import Therapist
from core.text import LANGUAGES, Words

#: Of a file, in bytes, and of a list, in lines.
MOST_BYTES, MOST_LINES = 200_000, 1_000
_COLUMNS = 3
_SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class Line:
    """So many cards of one therapist in one language."""

    therapist_id: str
    language: str
    count: int


@dataclass
class Listed:
    """A list as read. ``faults``: a sentence for each line that is wrong; the list is good where there is none."""

    lines: list[Line] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def cards(self) -> int:
        """How many cards in all."""
        return sum(line.count for line in self.lines)


def decoded(file: bytes) -> str:
    """Return a file's text: UTF-8 or UTF-16 where it says so, else as older spreadsheets write it."""
    if file.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return file.decode("utf-16", "replace")
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        return file.decode("cp1252", "replace")


def read(text: str, therapists: Sequence[Therapist], words: Words) -> Listed:
    """Read a list. ``words``: to say what is wrong in.

    A first line with the names of the columns, in any language, is skipped.
    """
    found = Listed()
    if len(text) > MOST_BYTES:
        found.faults.append(words("cards.lines.too_many", most=f"{MOST_LINES:,}"))
        return found
    rows = [(number, row) for number, row in _rows(text) if any(row)]
    if rows and _names_columns(rows[0][1]):
        del rows[0]
    if not rows:
        found.faults.append(words("cards.lines.empty"))
    if len(rows) > MOST_LINES:
        found.faults.append(words("cards.lines.too_many", most=f"{MOST_LINES:,}"))
        return found
    names = _by_name(therapists)
    for number, row in rows:
        _take(found, number, row, names, words)
    return found


def _names_columns(row: list[str]) -> bool:
    said = ", ".join(row).casefold()
    return any(said == Words(language)("cards.lines.columns").casefold() for language in LANGUAGES)


def _take(found: Listed, number: int, row: list[str], names: dict[str, list[Therapist]], words: Words) -> None:
    wrong = _fault(row, names, words)
    if not wrong:
        line = Line(names[_plain(row[0])][0].id, row[1].casefold(), int(row[2]))
        if found.cards + line.count <= batches.MOST:
            found.lines.append(line)
            return
        wrong = words("cards.lines.most", most=f"{batches.MOST:,}")
    found.faults.append(words("cards.lines.fault", line=number, fault=wrong))


def _fault(row: list[str], names: dict[str, list[Therapist]], words: Words) -> str:
    if len(row) != _COLUMNS:
        return words("cards.lines.parts")
    name, language, count = row
    called = names.get(_plain(name), [])
    if len(called) != 1:
        return words("cards.lines.nobody") if not called else words("cards.lines.twice")
    if language.casefold() not in LANGUAGES:
        return words("cards.lines.language", languages=", ".join(LANGUAGES))
    if not (count.isascii() and count.isdecimal() and len(count) <= 5 and 1 <= int(count) <= batches.MOST):
        return words("cards.lines.count", most=f"{batches.MOST:,}")
    return ""


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line by its number, from 1. A line is a row: no name goes over two."""
    separator: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if separator is None and line.strip():
            separator = max(_SEPARATORS, key=line.count)
        yield number, _cells(line, separator or ",")


def _cells(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return [line]
    return [" ".join(cell.split()) for cell in cells]


def _by_name(therapists: Sequence[Therapist]) -> dict[str, list[Therapist]]:
    names: dict[str, list[Therapist]] = {}
    for therapist in therapists:
        names.setdefault(_plain(therapist.name), []).append(therapist)
    return names


def _plain(name: str) -> str:
    return " ".join(normalize("NFC", name).split()).casefold()

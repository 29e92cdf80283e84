"""The therapist's recovery sheet: one page that opens the vault when the passphrase is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core import plain
from core.paper import document
from core.paper.document import Code, Pairs, Qr, Section, Text
from core.text import Words


@dataclass(frozen=True)
class RecoverySheet:
    """What stands on it. ``words``: the check words of the keys it saves; ``code``: the recovery code in groups."""

    practice: str
    therapist: str
    made_on: date
    words: tuple[str, ...]
    code: str = field(repr=False)
    language: str = "en"


def pdf(sheet: RecoverySheet, page: str = "letter") -> bytes:
    """Return the sheet as a PDF of one page; ``page``: letter or a4."""
    words = Words(sheet.language)
    return document.pdf(words("print.recovery.title"), sections(sheet), page, lambda _: words("print.recovery.foot"))


def sections(sheet: RecoverySheet) -> tuple[Section, ...]:
    """Return everything on the sheet, in the order in which it is read."""
    words = Words(sheet.language)
    about = Pairs(
        (
            (words("print.recovery.therapist"), "\n".join(filter(None, (sheet.therapist, sheet.practice)))),
            (words("print.recovery.date"), plain.day(sheet.made_on, words)),
            (words("print.recovery.words"), " ".join(sheet.words)),
        )
    )
    steps = (
        words("print.recovery.use"),
        words("print.recovery.keep"),
        words("print.recovery.apart"),
        words("print.recovery.new"),
    )
    return (
        Section("", (Text(words("print.recovery.what")), about)),
        Section(words("print.recovery.code"), (Code(sheet.code), Qr(sheet.code, 150))),
        Section(words("print.recovery.how"), tuple(map(Text, steps))),
    )

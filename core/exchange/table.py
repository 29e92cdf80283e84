"""What is held as a table for people: one row a card, in plain words, as CSV. Pure.

Spreadsheets take a cell that begins like a formula for one, and do what it says: such a cell gets an
apostrophe before it. The file begins with the mark that tells a spreadsheet it is UTF-8. Form: docs/exchange.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, datetime
from io import StringIO

from core import card, plain
from core.exchange.subject import OBSTACLES, Subject
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.text import Words

#: The byte order mark: without it spreadsheets read UTF-8 as something else.
MARK = "\ufeff"
#: What makes a spreadsheet take a cell for a formula, tab, return and the wide letters of East Asia among them.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def text(subjects: Iterable[Subject], now: datetime, head: str, words: Words) -> str:
    """Return the whole file: names of columns, a row for each card, and the record's ``head`` in the last row."""
    names = _names(words)
    rows = [_row(subject, now, words) for subject in subjects]
    last = [words("exchange.head"), head, *[""] * (len(names) - 2)]
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in (names, *rows, last))
    return MARK + out.getvalue()


def safe(cell: str) -> str:
    """Return a cell so that no spreadsheet takes it for a formula: an apostrophe before what would be one."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def _names(words: Words) -> list[str]:
    return [
        words("exchange.number"),
        words("exchange.card"),
        words("exchange.standing"),
        words("exchange.since"),
        words("exchange.ends"),
        *(words(f"channel.{place}.label") for place in TAXONOMY.channel_ids),
        words("check.what"),
        words("check.topics"),
        words("check.when"),
        words("check.note"),
        words("check.recognise"),
        words("exchange.drafts"),
    ]


def _row(subject: Subject, now: datetime, words: Words) -> list[str]:
    document = subject.documents[0] if subject.documents else None
    counts = document is not None and not subject.obstacles
    since = subject.stop.at if subject.stop else document.chosen.issued_at if document else None
    return [
        str(subject.number),
        card.shown(subject.card),
        _standing(subject, words),
        _day(since),
        # What does not count is not shown, so that nobody takes it for what does.
        *(_document(document.usable, words) if document and counts else [""] * (6 + len(TAXONOMY.channel_ids))),
        "; ".join(_drafts(subject, now, words)),
    ]


def _standing(subject: Subject, words: Words) -> str:
    if not subject.documents and not subject.stop:
        return words("exchange.standing.none")
    if subject.obstacles or not subject.documents:
        reasons = [words(f"exchange.standing.{one}") for one in OBSTACLES if one in subject.obstacles]
        return "; ".join(reasons) or words("exchange.standing.hold")
    says_yes = any(document.usable.has_yes for document in subject.documents)
    return words("exchange.standing.counts" if says_yes else "exchange.standing.no")


def _document(document: Preferences, words: Words) -> list[str]:
    places = [treatment for _, treatment in plain.places(document, words)]
    if not document.has_yes:
        return ["", *places, *[""] * 5]
    return [
        _day(document.expires_at),
        *places,
        "; ".join(plain.materials(document, words)),
        "; ".join(plain.topics(document, words)) or words("limits.topics.none"),
        "; ".join(plain.timing(document, words)),
        document.note,
        _recognise(document, words),
    ]


def _recognise(document: Preferences, words: Words) -> str:
    if "disguised" not in document.channels.values():
        return ""
    return words("check.recognise.yes" if document.may_recognise_self else "check.recognise.no")


def _drafts(subject: Subject, now: datetime, words: Words) -> list[str]:
    """Return each question about a draft that still matters: open, or a yes that lives."""
    lines = []
    for question in subject.questions:
        if question.answer == "open":
            lines.append(words("exchange.draft.open", date=_day(question.asked_at)))
        elif subject.granted(question, now):
            ready, ends = _day(question.ready_at), _day(question.expires_at)
            lines.append(words("exchange.draft.yes", ready=ready, ends=ends))
    return lines


def _day(moment: datetime | date | None) -> str:
    # As every spreadsheet sorts it.
    return moment.strftime("%Y-%m-%d") if moment else ""

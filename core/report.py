"""The report of a month: what was noted, what has to come down, what lies unopened, and the record's signed head.

It leaves the database, on paper or as JSON, and names no client. It counts entries of the record and nothing
that anyone chose: no rate of yeses or of answers is worked out, and none can be read off by kind of answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from babel.dates import format_skeleton

from core import entries, people, plain, take_downs
from core.audit import KINDS, SWITCHES, Entry
from core.endings import Task
from core.errors import BadInput
from core.head import Head
from core.model.dates import add_months, from_unix, iso, to_unix
from core.model.request import start_of
from core.paper import document
from core.paper.document import Pairs, Qr, Section, Text
from core.store import audit, practice
from core.store.vaults import Vault
from core.text import Words

#: Of the head's line: how many of its groups stand on one line of paper.
_GROUPS_A_LINE = 8
_QR_SIDE = 170.0


@dataclass(frozen=True, slots=True)
class Open:
    """One place of one post that has to come down. ``post``: the number of the post's entry.

    ``due``: by when, or None where only "within 30 days" can be said. ``may_renew``: new choices would keep it up.
    """

    post: int
    posted_on: date
    place: str
    reasons: tuple[str, ...]
    due: datetime | None
    may_renew: bool


@dataclass(frozen=True, slots=True)
class Report:
    """One therapist's month. ``month``: its first day. ``counts``: their entries in it by kind, 0 for the others.

    ``switched``: each switch of the practice in that month, by whomever, with the day in UTC: it goes for everybody.
    """

    month: date
    made_at: datetime
    therapist: str
    practice: str
    counts: dict[str, int]
    switched: tuple[tuple[date, str], ...]
    open: tuple[Open, ...]
    unopened: int
    head: Head

    def as_json(self) -> dict[str, Any]:
        """Return it as the document that ``audit verify --head`` takes, too."""
        return {
            "format": "sayso-report",
            "version": 1,
            "month": self.month.strftime("%Y-%m"),
            "made_at": iso(self.made_at),
            "therapist": self.therapist,
            "practice": self.practice,
            "counts": self.counts,
            "switched": [{"on": day.isoformat(), "what": kind} for day, kind in self.switched],
            "take_downs": [_as_json(one) for one in self.open],
            "unopened": self.unopened,
            "head": self.head.as_json(),
        }


def last_month(now: datetime) -> date:
    """Return the first day of the newest month that is over, in UTC."""
    return (now.astimezone(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)


def make(vault: Vault, month: date, now: datetime) -> Report:
    """Return the report of a month, given its first day, and note in the record that it was made.

    Raises ``BadInput`` for a month that is not over, and ``VaultDamaged`` where something does not open.
    """
    now = now.replace(microsecond=0)
    if month > last_month(now):
        raise BadInput(problem="This month is not over yet. A report is made of a month that has ended.")
    open_tasks = tuple(_open(task) for task in take_downs.take_downs(vault, now) if not task.place.is_over)
    unopened = people.unopened(vault)
    kept = practice.find_practice(vault.database)
    entered = _entered(vault, month)
    with vault.database.write() as connection:
        audit.append(connection, "export", now, vault, entries.exported("report", [month.strftime("%Y-%m")]))
        head = audit.sign_head(connection, vault, vault.keys.signing, now)
    return Report(
        month=month,
        made_at=now,
        therapist=practice.find_therapist(vault.database, vault.therapist_id).name,
        practice=kept.name if kept else "",
        counts=_counted(entered, vault.therapist_id),
        switched=tuple((from_unix(entry.at).date(), entry.kind) for entry in entered if entry.kind in SWITCHES),
        open=open_tasks,
        unopened=unopened,
        head=head,
    )


def _entered(vault: Vault, month: date) -> list[Entry]:
    start, end = to_unix(start_of(month)), to_unix(start_of(add_months(month, 1)))
    with vault.database.read() as connection:
        return [entry for entry in audit.entries(connection) if start <= entry.at < end]


def _counted(entered: Iterable[Entry], therapist: str) -> dict[str, int]:
    found = Counter(entry.kind for entry in entered if entry.therapist == therapist)
    return {kind: found[kind] for kind in KINDS}


def _open(task: Task) -> Open:
    posted = task.piece.posted
    if posted is None:
        raise ValueError("only what was posted comes down")
    reasons = tuple(dict.fromkeys(ending.reason for ending in task.reasons))
    return Open(posted.entry, posted.posted_at.date(), task.place.channel, reasons, task.due, task.may_renew)


def _as_json(one: Open) -> dict[str, object]:
    return {
        "post": one.post,
        "posted_on": one.posted_on.isoformat(),
        "place": one.place,
        "reasons": list(one.reasons),
        "due": iso(one.due) if one.due else None,
    }


def pdf(report: Report, page: str = "letter", words: Words | None = None) -> bytes:
    """Return the report as a PDF; ``page``: letter or a4. ``words``: English where none are given."""
    words = words or Words()
    title = words("report.title", month=in_words(report.month, words))
    return document.pdf(title, sections(report, words), page, lambda number: words("print.page", page=number))


def in_words(month: date, words: Words) -> str:
    """Return a month in words: ``November 2026``."""
    return str(format_skeleton("yMMMM", month, locale=words.language))


def sections(report: Report, words: Words) -> tuple[Section, ...]:
    """Return everything on the report, in the order in which it is read."""
    about = Pairs(
        (
            (words("report.whose"), "\n".join(filter(None, (report.therapist, report.practice)))),
            (words("report.made"), plain.day(report.made_at, words)),
            (words("report.entries"), str(report.head.sequence)),
        )
    )
    waiting = words("report.inbox.some", count=report.unopened) if report.unopened else words("report.inbox.none")
    counted = ((kind, count) for kind, count in report.counts.items() if count and kind not in SWITCHES)
    noted = tuple((words(f"report.kind.{kind}"), str(count)) for kind, count in counted)
    counts = Pairs(noted) if noted else Text(words("report.noted.none"))
    return (
        Section("", (Text(words("report.what")), about)),
        Section(words("report.down"), (_to_take_down(report, words),)),
        Section(words("report.inbox"), (Text(waiting),)),
        Section(words("report.noted"), (Text(words("report.noted.what")), counts)),
        *_switched(report, words),
        Section(
            words("report.head"),
            (
                Text(words("report.head.what")),
                Text(in_lines(report.head.line)),
                Qr(report.head.line, _QR_SIDE),
                Text(words("report.head.check")),
                Text("python -m core audit verify --head FILE", strong=True),
            ),
        ),
    )


def _switched(report: Report, words: Words) -> tuple[Section, ...]:
    if not report.switched:
        return ()
    lines = tuple((plain.day(day, words), words(f"report.kind.{kind}")) for day, kind in report.switched)
    return (Section(words("report.switched"), (Text(words("report.switched.what")), Pairs(lines))),)


def _to_take_down(report: Report, words: Words) -> Pairs | Text:
    if not report.open:
        return Text(words("report.down.none"))
    return Pairs(tuple((_post(one, words), _until(one, report.made_at, words)) for one in report.open))


def _post(one: Open, words: Words) -> str:
    place = words(f"channel.{one.place}.label")
    return words("report.down.post", number=one.post, date=plain.day(one.posted_on, words), place=place)


def _until(one: Open, made_at: datetime, words: Words) -> str:
    if one.due is None:
        return words("report.down.soon")
    day = plain.day(one.due, words)
    if one.due <= made_at:
        return words("report.down.late", date=day)
    return words("report.down.renew", date=day) if one.may_renew else words("report.down.due", date=day)


def in_lines(line: str) -> str:
    """Return a head's line on several lines of paper, broken only where it may be: it reads the same when typed."""
    *about, code = line.split()
    groups = code.split("-")
    rows = ["-".join(groups[n : n + _GROUPS_A_LINE]) for n in range(0, len(groups), _GROUPS_A_LINE)]
    return "\n".join([" ".join(about), *rows])

"""``audit``: ``verify`` checks the record, ``head`` signs where it stands; ``review`` and ``report`` leave with it."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

from core import report, review
from core.audit import Report
from core.commands import Command, Console, files, unlocking
from core.errors import BadInput, LogBroken
from core.head import PREFIX, Head, read_head
from core.store import audit, restorations
from core.text import Words

#: A head as a line, wherever it stands in a file.
_LINE = re.compile(rf"{PREFIX} [0-9]+ [0-9TZ:-]+ [0-9A-F]+ [0-9A-Z-]+")


def _configure(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(required=True, metavar="{verify,head,review,report}")
    verify = actions.add_parser("verify", help="check every entry")
    verify.add_argument("--head", type=Path, metavar="FILE", help="a head that was kept outside the database")
    verify.set_defaults(run=_verify)
    head = actions.add_parser("head", help="sign where the record stands, to keep outside the database")
    head.add_argument("--line", action="store_true", help="as a line to print rather than JSON")
    unlocking.configure(head)
    head.set_defaults(run=_head)
    outside = actions.add_parser("review", help="what tools/verify_review.py checks, naming no client")
    unlocking.configure(outside)
    outside.set_defaults(run=_review)
    monthly = actions.add_parser("report", help="the report of a month, naming no client")
    monthly.add_argument("--month", type=_month, metavar="YYYY-MM", help="a month that is over; else the last one")
    monthly.add_argument("--pdf", type=Path, metavar="FILE", help="on paper, too; never replaced")
    unlocking.configure(monthly)
    monthly.set_defaults(run=_report)


def _verify(arguments: Namespace, console: Console) -> dict[str, object]:
    kept = _kept(arguments.head) if arguments.head else None
    # It may have to be shown to somebody as it is: nothing is noted in a record that is checked.
    database = unlocking.unmigrated()
    database.migrate()
    found = audit.check(database, kept)
    if restorations.is_old_copy(database):
        console.stderr.write(Words()("restored.old_copy.looked") + "\n")
    if not found.ok:
        raise LogBroken(first=min(fault.sequence for fault in found.faults), report=as_json(found, kept))
    return as_json(found, kept)


def _kept(path: Path) -> Head:
    """Return the head in a file: one kept by itself, or in an export, a review or a report of a month."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError):
        raise BadInput(problem="The file with the head cannot be read. Check its name.") from None
    if text.startswith(PREFIX):
        return read_head(text)
    lines = set(_LINE.findall(text))
    if len(lines) > 1:
        raise BadInput(problem="There is more than one head in this file. Take one file at a time.")
    return read_head(lines.pop() if lines else _inner(text))


def _inner(text: str) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    inner = found.get("head") if isinstance(found, dict) else None
    return json.dumps(inner) if isinstance(inner, dict) else text


def as_json(found: Report, kept: Head | None) -> dict[str, object]:
    """Return what a check found as the document that other programs read.

    ``head_compared``: whether a head from outside was held against it. Without one, a record that was cut off
    at its end or written anew as a whole looks whole.
    """
    last = found.last
    return {
        "entries": found.entries,
        "head": {"sequence": last.sequence, "hash": last.hash.hex()} if last else None,
        "ok": found.ok,
        "faults": [{"sequence": fault.sequence, "fault": fault.fault} for fault in found.faults],
        "head_compared": kept is not None,
    }


def _head(arguments: Namespace, console: Console) -> dict[str, object] | None:
    vault = unlocking.vault(arguments, console)
    with vault.database.read() as connection:
        head = audit.sign_head(connection, vault, vault.keys.signing, console.clock())
    if not arguments.line:
        return head.as_json()
    console.stdout.write(head.line + "\n")
    return None


def _review(arguments: Namespace, console: Console) -> dict[str, object]:
    return review.make(unlocking.vault(arguments, console), console.clock())


def _report(arguments: Namespace, console: Console) -> dict[str, object]:
    if arguments.pdf:
        files.check_new(arguments.pdf)
    now = console.clock()
    made = report.make(unlocking.vault(arguments, console), arguments.month or report.last_month(now), now)
    if arguments.pdf:
        files.write_new(arguments.pdf, report.pdf(made))
    return made.as_json()


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ArgumentTypeError("write the month as 2026-11") from None


COMMAND = Command("The record of what happened.", _configure)

"""``doctor``: look a deployment over and say what to fix. It changes nothing, and makes no database.

Exits 0 where all is in order and 1 where something is to be fixed.
"""

from __future__ import annotations

import os
import stat
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError
from sqlalchemy import func, select

from core.commands import Command, Console, Found
from core.errors import StoreUnavailable
from core.model.dates import from_unix
from core.settings import Settings
from core.sheet import check_base
from core.store import practice
from core.store.database import Database
from core.store.schema import parcel
from core.text import Words

#: A parcel that waits longer than this may hold a no that nobody has seen.
_LONG = timedelta(days=7)
_SHORTEST_SECRET = 32


class Finding(NamedTuple):
    """One thing that was looked at. ``say``: what to do, where it is not in order."""

    check: str
    ok: bool
    say: str = ""


def examine(settings: Settings, secret: str | None, now: datetime) -> Iterator[Finding]:
    """Look at everything in turn. ``secret``: what signs cookies, from the environment."""
    say = Words()
    yield Finding("secret", _is_secret(secret, settings.data), say("doctor.secret"))
    path = None if settings.database_url else settings.data / "sayso.sqlite3"
    yield Finding("files", path is None or all(map(_is_private, (settings.data, path))), say("doctor.files"))
    there = path is None or path.exists()
    yield Finding("database", there and _answers(settings), say("doctor.database"))
    if there and _answers(settings):
        database = Database(settings.database)
        yield from _records(database, settings, now)
        database.close()


def _records(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    say = Words()
    pending = database.pending_migrations()
    yield Finding("tables", not pending, say("doctor.tables"))
    if pending:
        return
    kept = practice.find_practice(database)
    address = settings.public_url or (kept.public_url if kept else "")
    warnings = [one for one in check_base(address) if one != "print.base.long"] if address else []
    yield Finding("practice", kept is not None, say("doctor.practice"))
    yield Finding("demo", kept is None or not kept.demo, say("doctor.demo"))
    yield Finding("address", bool(address) and not warnings, say(warnings[0] if warnings else "doctor.address"))
    at_home = not address or {"print.base.loopback", "print.base.private"} & set(warnings)
    yield Finding("face", settings.face != "all" or bool(at_home), say("doctor.face"))
    oldest, newest = _parcels(database)
    yield Finding("clock", newest is None or newest <= now + timedelta(days=1), say("doctor.clock"))
    yield Finding("inbox", oldest is None or oldest > now - _LONG, say("doctor.inbox"))


def _parcels(database: Database) -> tuple[datetime | None, datetime | None]:
    """When the oldest parcel that still waits was filed, and when the newest of all was."""
    waits = parcel.c.delivered_at.is_(None) & parcel.c.set_aside_at.is_(None) & ~parcel.c.standing
    with database.read() as connection:
        oldest = connection.scalar(select(func.min(parcel.c.posted_at)).where(waits))
        newest = connection.scalar(select(func.max(parcel.c.posted_at)))
    return tuple(None if at is None else from_unix(at) for at in (oldest, newest))  # type: ignore[return-value]


def _answers(settings: Settings) -> bool:
    try:
        database = Database(settings.database)
    except StoreUnavailable:
        return False
    up = database.is_up()
    database.close()
    return up


def _is_secret(given: str | None, data: Path) -> bool:
    if given:
        return len(given) >= _SHORTEST_SECRET
    kept = data / "cookie-secret"
    return kept.exists() and _is_private(kept) and kept.stat().st_size >= _SHORTEST_SECRET


def _is_private(path: Path) -> bool:
    return not path.exists() or not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)


def _run(_arguments: Namespace, console: Console) -> dict[str, object] | Found:
    try:
        settings = Settings()
    except ValidationError as wrong:
        # Which settings, and not what they were set to.
        names = sorted({f"SAYSO_{str(fault['loc'][0]).upper()}" for fault in wrong.errors() if fault["loc"]})
        findings = [Finding("settings", ok=False, say=Words()("doctor.settings", names=", ".join(names)))]
    else:
        findings = [Finding("settings", ok=True)]
        findings += examine(settings, os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET"), console.clock())
    checks = [{"check": one.check, "ok": one.ok} | ({} if one.ok else {"fix": one.say}) for one in findings]
    ok = all(one.ok for one in findings)
    said = {"ok": ok, "checks": checks}
    return said if ok else Found(said)


def _configure(_parser: ArgumentParser) -> None:
    """It takes no argument: what it looks at is the environment it runs in."""


COMMAND = Command("Check this deployment and say what to fix.", _configure, _run)

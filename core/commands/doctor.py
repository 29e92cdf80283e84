"""``doctor``: look a deployment over and say what to fix. It changes nothing, and makes no database.

Exits 0 where all is in order and 1 where something is to be fixed.
"""

from __future__ import annotations

import os
import shutil
import stat
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from core.commands import Command, Console, Found, doctor_records
from core.commands.doctor_records import Finding
from core.errors import StoreUnavailable
from core.settings import Settings
from core.store.database import Database
from core.store.outside import LAST_ENTRY_FILE
from core.text import Words

_SHORTEST_SECRET = 32
#: Bytes. A backup and the copy that checks it need room for a moment, too.
_LEAST_ROOM = 500_000_000


def examine(settings: Settings, secret: str | None, now: datetime) -> Iterator[Finding]:
    """Look at everything in turn. ``secret``: what signs cookies, from the environment."""
    say = Words()
    yield Finding("secret", _is_secret(secret, settings.data), say("doctor.secret"))
    path = None if settings.database_url else settings.data / "sayso.sqlite3"
    yield Finding("files", path is None or all(map(_is_private, (settings.data, path))), say("doctor.files"))
    yield Finding("room", _room(settings.data) >= _LEAST_ROOM, say("doctor.room"))
    there = path is None or path.exists()
    yield Finding("database", there and _answers(settings), say("doctor.database"))
    if there and _answers(settings):
        database = Database(settings.database, outside=settings.data / LAST_ENTRY_FILE)
        yield from doctor_records.look(database, settings, now)
        database.close()


def _room(folder: Path) -> int:
    """How many bytes are free where the data folder is, or will be."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free


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
    ok = all(one.ok for one in findings)
    said = {"ok": ok, "checks": [one.as_json() for one in findings]}
    return said if ok else Found(said)


def _configure(_parser: ArgumentParser) -> None:
    """It takes no argument: what it looks at is the environment it runs in."""


COMMAND = Command("Check this deployment and say what to fix.", _configure, _run)

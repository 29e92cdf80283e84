"""What ``doctor`` looks at in the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from core.commands import doctor_reach
from core.model.dates import from_unix, iso
from core.settings import Settings
from core.sheet import check_base
from core.store import practice, restorations, roles
from core.store.database import Database
from core.store.practice import Practice
from core.store.schema import audit, parcel
from core.store.schema import practice as practices
from core.text import Words

#: A parcel that waits longer than this may hold a no that nobody has seen.
_LONG = timedelta(days=7)
#: What can be lost when the last backup is this old is a week of work.
_BACKUP_WITHIN = timedelta(days=7)
#: Two clocks that differ by less agree well enough for what is counted in days.
_AGREES = timedelta(minutes=5)


class Finding(NamedTuple):
    """One thing that was looked at. ``say``: what to do, where it is not in order. ``until``: when it ends."""

    check: str
    ok: bool
    say: str = ""
    until: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """What is printed of it."""
        fix: dict[str, object] = {} if self.ok else {"fix": self.say}
        until = {} if self.until is None else {"until": iso(self.until)}
        return {"check": self.check, "ok": self.ok, **fix, **until}


def look(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at the records. Where the tables are of another version, at nothing else."""
    say = Words()
    pending = database.pending_migrations()
    yield Finding("tables", not pending, say("doctor.tables"))
    if pending:
        return
    kept = practice.find_practice(database)
    yield Finding("practice", kept is not None, say("doctor.practice"))
    yield Finding("demo", kept is None or not kept.demo, say("doctor.demo"))
    yield from _addresses(kept, settings, now)
    if settings.face != "client":
        yield Finding("mark", not restorations.is_old_copy(database), say("doctor.mark"))
    with database.read() as connection:
        yield from _safety(connection, settings, now)


def _addresses(kept: Practice | None, settings: Settings, now: datetime) -> Iterator[Finding]:
    say = Words()
    address = settings.public_url or (kept.public_url if kept else "")
    warnings = check_base(address) if address else []
    reach = [one for one in warnings if one in {"print.base.loopback", "print.base.private"}]
    yield Finding("address", bool(address) and not reach, say(reach[0] if reach else "doctor.address"))
    yield Finding("tls", "print.base.http" not in warnings or "print.base.loopback" in reach, say("doctor.tls"))
    if address and not reach and "print.base.http" not in warnings:
        answer = doctor_reach.look(address, now)
        yield Finding("certificate", answer.ok, answer.say, answer.until)
    yield Finding("face", settings.face != "all" or not address or bool(reach), say("doctor.face"))


def _safety(connection: Connection, settings: Settings, now: datetime) -> Iterator[Finding]:
    say, public = Words(), settings.face == "client"
    yield Finding("role", not _can_do_too_much(connection, settings), say("doctor.role"))
    yield Finding("rights", not public or not roles.missing(connection), say("doctor.rights"))
    # Only the staff face may read the record of what happened.
    yield Finding("clock", _clock_agrees(connection, now, with_record=not public), say("doctor.clock"))
    waits = parcel.c.delivered_at.is_(None) & parcel.c.set_aside_at.is_(None) & ~parcel.c.standing
    oldest = _moment(connection.scalar(select(func.min(parcel.c.posted_at)).where(waits)))
    yield Finding("inbox", oldest is None or oldest > now - _LONG, say("doctor.inbox"))
    if not public:
        yield Finding("backup", _is_backed_up(connection, now), say("doctor.backup"))


def _can_do_too_much(connection: Connection, settings: Settings) -> bool:
    """Whether the client face may do more than it has to, as signed in here or as the staff face names its role."""
    if settings.face == "client":
        return bool(roles.refused(connection)) or roles.too_strong(connection)
    return bool(settings.client_role) and roles.too_strong(connection, settings.client_role)


def _clock_agrees(connection: Connection, now: datetime, *, with_record: bool) -> bool:
    newest = [_moment(connection.scalar(select(func.max(parcel.c.posted_at))))]
    if with_record:
        newest.append(_moment(connection.scalar(select(func.max(audit.c.at)))))
    if any(at is not None and at > now + _AGREES for at in newest):
        return False
    if connection.dialect.name == "sqlite":
        return True  # it has no clock of its own
    theirs: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return abs(theirs.astimezone(UTC) - now) <= _AGREES


def _is_backed_up(connection: Connection, now: datetime) -> bool:
    last = connection.scalar(select(func.max(audit.c.at)).where(audit.c.kind == "backup"))
    begun = connection.scalar(select(func.max(practices.c.created_at)))
    since = _moment(max((at for at in (last, begun) if at is not None), default=None))
    return since is None or since > now - _BACKUP_WITHIN


def _moment(at: int | None) -> datetime | None:
    return None if at is None else from_unix(at)

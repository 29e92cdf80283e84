"""Calendar months in UTC: how long a yes lasts and how long a session must lie back."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import TypeVar

#: The years that 32 bits of Unix seconds can tell.
FIRST_YEAR, LAST_YEAR = 1970, 2106

Day = TypeVar("Day", date, datetime)


def add_months(start: Day, months: int) -> Day:
    """Return ``start`` plus whole calendar months, the day clipped to the month's end."""
    years, month0 = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month0 + 1
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))


def months_between(start: date, end: date) -> int:
    """Return how many months the calendar turns from ``start`` to ``end``, whatever the days."""
    return (end.year - start.year) * 12 + end.month - start.month


def from_unix(seconds: int) -> datetime:
    """Return the UTC time ``seconds`` after the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


def to_unix(moment: datetime) -> int:
    """Return whole seconds since the epoch. ``moment`` must carry a time zone."""
    return int(moment.timestamp())


def iso(moment: datetime) -> str:
    """Return ``2026-11-22T10:00:00Z``: UTC, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

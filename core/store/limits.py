"""Limits that hold across processes: how often something may be tried, by whom.

Who is an HMAC under the portal's secret, and counters end with their window, so the table names
nobody. The figures are this project's own.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import TooManyTries
from core.model.dates import to_unix
from core.store.database import Database
from core.store.schema import tally

Purpose = Literal["card", "unlock", "unlock_anywhere", "setup", "parcel", "personal_code"]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``count`` in a window of ``seconds``."""

    count: int
    seconds: int


LIMITS: dict[Purpose, Limit] = {
    "card": Limit(20, 600),  # wrong card codes from one address
    "unlock": Limit(5, 900),  # wrong passphrases from one address
    "unlock_anywhere": Limit(30, 900),  # wrong passphrases for one therapist
    "setup": Limit(5, 900),  # wrong set-up codes from one address
    "personal_code": Limit(20, 600),  # wrong personal codes from one address
    "parcel": Limit(20, 86_400),  # parcels of one card, by the format's mailbox rule
}


class Limits:
    """Counts tries. ``secret``: the portal's own, the same in every process."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret

    def check(self, purpose: Purpose, who: str, now: datetime) -> None:
        """Raise ``TooManyTries`` where the limit is reached; count nothing."""
        limit = LIMITS[purpose]
        bucket, start = self._bucket(purpose, who), _window(limit, now)
        with self._database.read() as connection:
            count = connection.scalar(
                select(tally.c.count).where(tally.c.bucket == bucket, tally.c.window_start == start)
            )
        if (count or 0) >= limit.count:
            raise TooManyTries(minutes=(start + limit.seconds - to_unix(now)) // 60 + 1)

    def note(self, purpose: Purpose, who: str, now: datetime) -> None:
        """Count one try, and forget the windows that are over."""
        limit = LIMITS[purpose]
        bucket, start = self._bucket(purpose, who), _window(limit, now)
        if not self._raise_count(bucket, start):
            row = {"bucket": bucket, "window_start": start, "count": 1, "ends_at": start + limit.seconds}
            try:
                with self._database.write() as connection:
                    connection.execute(delete(tally).where(tally.c.ends_at <= to_unix(now)))
                    connection.execute(tally.insert().values(row))
            except IntegrityError:  # another process was first
                self._raise_count(bucket, start)

    def tries_left(self, purpose: Purpose, who: str, now: datetime) -> int:
        """How many tries are left in this window."""
        limit = LIMITS[purpose]
        chosen = (tally.c.bucket == self._bucket(purpose, who), tally.c.window_start == _window(limit, now))
        with self._database.read() as connection:
            count = connection.scalar(select(func.coalesce(func.max(tally.c.count), 0)).where(*chosen))
        return max(0, limit.count - (count or 0))

    def _raise_count(self, bucket: bytes, start: int) -> bool:
        with self._database.write() as connection:
            result = connection.execute(
                update(tally)
                .where(tally.c.bucket == bucket, tally.c.window_start == start)
                .values(count=tally.c.count + 1)
            )
            return result.rowcount == 1

    def _bucket(self, purpose: Purpose, who: str) -> bytes:
        return hmac.digest(self._secret, f"{purpose}/{who}".encode(), "sha256")


def network(address: str) -> str:
    """Return what one visitor is counted under: the address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        return parsed.exploded[:19]
    return str(parsed)


def _window(limit: Limit, now: datetime) -> int:
    seconds = to_unix(now)
    return seconds - seconds % limit.seconds

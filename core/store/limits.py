"""Limits that hold across processes: how often something may be tried, by whom.

Who is an HMAC under the portal's secret, and counters end with their window, so the table names
nobody. The figures are this project's own.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv6Address, ip_address
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import TooManyTries
from core.model.dates import to_unix
from core.store.database import Database
from core.store.schema import tally

Purpose = Literal["card", "unlock", "unlock_anywhere", "setup", "invitation", "parcel", "personal_code"]


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
    "invitation": Limit(5, 900),  # wrong invitation codes from one address
    "personal_code": Limit(20, 600),  # wrong personal codes from one address
    "parcel": Limit(20, 86_400),  # parcels of one card, by the format's mailbox rule
}


class Limits:
    """Counts tries. ``secret``: the portal's own, the same in every process."""

    def __init__(self, database: Database, secret: bytes) -> None:
        self._database = database
        self._secret = secret

    def take(self, connection: Connection, purpose: Purpose, who: str, now: datetime) -> None:
        """Count one try in the caller's transaction. Raises ``TooManyTries``, and counts nothing then.

        Two processes that take the last one at the same moment do not both get it.
        """
        limit, this = LIMITS[purpose], self._this_window(purpose, who, now)
        fits = update(tally).where(*this, tally.c.count < limit.count).values(count=tally.c.count + 1)
        if connection.execute(fits).rowcount:
            return
        if connection.scalar(select(tally.c.count).where(*this)) is not None:
            raise _too_many(limit, now)
        self._begin_window(connection, purpose, who, now)

    @contextmanager
    def attempt(self, tries: Sequence[tuple[Purpose, str]], now: datetime) -> Iterator[None]:
        """Count a try before it is made, and take it back where it succeeds.

        Counted first, so that many tries at the same moment do not all slip in below the limit.
        Raises ``TooManyTries`` before anything is tried.
        """
        with self._database.write() as connection:
            for purpose, who in tries:
                self.take(connection, purpose, who, now)
        yield
        with self._database.write() as connection:
            for purpose, who in tries:
                one_less = update(tally).where(*self._this_window(purpose, who, now), tally.c.count > 0)
                connection.execute(one_less.values(count=tally.c.count - 1))

    def check(self, purpose: Purpose, who: str, now: datetime) -> None:
        """Raise ``TooManyTries`` where the limit is reached; count nothing."""
        if self.tries_left(purpose, who, now) == 0:
            raise _too_many(LIMITS[purpose], now)

    def note(self, purpose: Purpose, who: str, now: datetime) -> None:
        """Count one try; past the limit there is nothing more to count."""
        with suppress(TooManyTries), self._database.write() as connection:
            self.take(connection, purpose, who, now)

    def tries_left(self, purpose: Purpose, who: str, now: datetime) -> int:
        """How many tries are left in this window."""
        with self._database.read() as connection:
            count = connection.scalar(select(tally.c.count).where(*self._this_window(purpose, who, now)))
        return max(0, LIMITS[purpose].count - (count or 0))

    def _begin_window(self, connection: Connection, purpose: Purpose, who: str, now: datetime) -> None:
        limit = LIMITS[purpose]
        start = _window(limit, now)
        row = {"bucket": self._bucket(purpose, who), "window_start": start, "ends_at": start + limit.seconds}
        connection.execute(delete(tally).where(tally.c.ends_at <= to_unix(now)))
        try:
            with connection.begin_nested():
                connection.execute(tally.insert().values(row | {"count": 1}))
        except IntegrityError:  # another process was first
            self.take(connection, purpose, who, now)

    def _this_window(self, purpose: Purpose, who: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
        start = _window(LIMITS[purpose], now)
        return (tally.c.bucket == self._bucket(purpose, who), tally.c.window_start == start)

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


def _too_many(limit: Limit, now: datetime) -> TooManyTries:
    left = _window(limit, now) + limit.seconds - to_unix(now)
    return TooManyTries(minutes=-(-left // 60))

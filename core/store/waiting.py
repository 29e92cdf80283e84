"""How long the oldest parcel has waited for a therapist: a number of seconds, and nobody's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from core.model.dates import to_unix
from core.parcel import recipient_of
from core.store.database import Database
from core.store.schema import parcel, therapist


def oldest_waiting(database: Database, now: datetime) -> int:
    """Return the age, in seconds, of the oldest parcel that no therapist has opened; 0 where none waits.

    Raises ``StoreUnavailable``.
    """
    with database.read() as connection:
        recipients = [recipient_of(key) for key in connection.scalars(select(therapist.c.sealing_public))]
        waits = parcel.c.delivered_at.is_(None) & parcel.c.set_aside_at.is_(None) & ~parcel.c.standing
        query = select(func.min(parcel.c.posted_at)).where(waits, parcel.c.recipient.in_(recipients))
        oldest = connection.scalar(query)
    return 0 if oldest is None else max(0, to_unix(now) - int(oldest))

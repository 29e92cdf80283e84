"""A made-up practice with a few cards, for ``make demo``: made once, in a folder of its own."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from core.demo import PASSPHRASE, start_demo
from core.errors import AlreadySetUp
from core.settings import Settings
from core.store import cards, practice
from core.store.database import Database


def prepare(settings: Settings, base: str, now: datetime) -> str:
    """Make the demo practice where there is none, and return what to open. ``base``: the address served."""
    database = Database(settings.database)
    database.migrate()
    with suppress(AlreadySetUp):
        start_demo(database, base, now)
    therapist = practice.list_therapists(database)[0]
    card = cards.of_therapist(database, therapist.id)[0]
    database.close()
    return f"A card to try: {base}/c/{card.code}\nStaff sign in at {base}/unlock with: {PASSPHRASE}"

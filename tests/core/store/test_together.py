"""Several processes at work on one database: two that import the same inbox, one that makes cards, one for clients."""

from __future__ import annotations

from core import importing, people
from core.keys import ClientKeys
from core.store import audit, cards
from tests.core import others
from tests.core.clinic import SECRET, later

_OPENED = """
import sys
from datetime import datetime
from core import importing, saving
from core.errors import SaysoError
from core.keys import ClientKeys
from core.saving import Outbox
from core.store import cards, mailbox, practice
from core.store.database import Database
from core.store.limits import Limits
from core.store.vaults import recover_vault
address, therapist, code, secret, at, *more = sys.argv[1:]
database, now = Database(address, wait=60), datetime.fromisoformat(at)
"""
#: Looks at the whole inbox and keeps what it can. Prints how many it kept, and the other answers it got.
IMPORTS = (
    _OPENED
    + """
vault = recover_vault(database, therapist, code)
looks = [one.preview for one in importing.look_at_mailbox(vault, now) if one.preview]
kept = importing.keep_many(vault, looks, now)
print(sum(one.refusal is None for one in kept), *{one.refusal.id for one in kept if one.refusal})
"""
)
#: Makes five batches of forty cards.
CARDS = (
    _OPENED
    + """
for _ in range(5):
    with database.write() as connection:
        cards.register(connection, cards.Order(therapist, "en", "https://sayso.example.org", "card", 40), now)
"""
)
#: Says no from one card, 25 times, each time with new keys. Prints how many were taken by the mailbox.
CLIENT = (
    _OPENED
    + """
outbox = Outbox(database, Limits(database, secret.encode()), mailbox_on=True)
card, known = cards.find(database, more[0]), practice.find_therapist(database, therapist)
sent = 0
for _ in range(25):
    sent += saving.save_choices(outbox, card, known, saving.nevers(now), keys=ClientKeys.new()).sent
    mailbox.waiting(database, bytes(32))
print(sent)
"""
)


def start(clinic, program, *more):
    words = [clinic.address, clinic.therapist.id, clinic.recovery_code, SECRET.decode(), later(hours=1).isoformat()]
    return others.start(program, *words, *more)


def test_processes_that_import_print_and_save_at_once_lose_and_double_nothing(clinic):
    senders = clinic.cards[:6]
    for card in senders:
        clinic.save(ClientKeys.new(), card=card, post="ask")
    importers = [start(clinic, IMPORTS) for _ in range(2)]
    makers = [start(clinic, CARDS) for _ in range(2)]
    clients = [start(clinic, CLIENT, clinic.cards[9].code) for _ in range(2)]
    said = {one: one.communicate().split() for one in (*importers, *makers, *clients)}
    assert [one.returncode for one in said] == [0] * 6

    assert sum(int(said[one][0]) for one in importers) >= len(senders)
    assert {word for one in importers for word in said[one][1:]} <= {"already_imported"}
    numbers = [one.number for one in cards.of_therapist(clinic.database, clinic.therapist.id)]
    assert numbers == list(range(1, 12 + 2 * 5 * 40 + 1))
    assert sum(int(said[one][0]) for one in clients) == 20  # what a card may send in a day
    for outcome in importing.look_at_mailbox(clinic.vault, later(hours=2)):
        importing.keep(clinic.vault, outcome.preview, later(hours=2))
    assert len(clinic.vault.records()) == len(senders) + 20
    assert people.unopened(clinic.vault) == 0
    report = audit.check(clinic.database)
    assert (report.ok, report.entries) == (True, 1 + len(senders) + 20)

"""Noting a post from two processes at once, on either database: it is noted once, and both are told the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.model.dates import iso
from core.store import audit
from tests.core import others
from tests.core.clinic import NOW
from tests.core.story import Client, about, check, draft

#: One process that notes a draft as soon as it is told to, each with a clock and an address of its own:
#: database, therapist, recovery code, draft, time, address. It prints when it says that it was posted, and where.
WRITER = """
import sys
from datetime import datetime
from core import posting
from core.model.dates import iso
from core.model.posted import Place
from core.store.database import Database
from core.store.vaults import recover_vault
url, therapist, code, piece, at, address = sys.stdin.readline().split()
vault = recover_vault(Database(url, wait=60), therapist, code)
print("ready", flush=True)
sys.stdin.readline()
places = (Place(channel="post", control="own", address=address),)
done = posting.record(vault, piece, places, datetime.fromisoformat(at))
print(iso(done.posted.posted_at), done.posted.places[0].address, done.posted.entry)
"""


@pytest.fixture
def client(clinic):
    one = Client(clinic, clinic.cards[1])
    one.chooses(treatment="disguised", may_recognise_self=True)
    return one


@pytest.fixture
def piece(clinic, client):
    made = draft(clinic, about((client.card.code, "2026-05-01")))
    return check(clinic, made, NOW)


def noted_by(clinic, piece, count):
    """Note one draft from several processes at the same moment, and return what each was told."""
    running = [others.start(WRITER) for _ in range(count)]
    for number, process in enumerate(running):
        at, address = iso(NOW + timedelta(minutes=number)), f"https://example.org/{number}"
        known = (clinic.database.url, clinic.therapist.id, clinic.recovery_code, piece.id, at, address)
        process.stdin.write(" ".join(known) + "\n")
        process.stdin.flush()
    for process in running:
        assert process.stdout.readline() == "ready\n"
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate() for process in running]
    assert [process.returncode for process in running] == [0] * count
    return told


def test_several_processes_that_note_one_draft_note_it_once(clinic, client, piece):
    told = noted_by(clinic, piece, 3)
    assert told[0]
    assert len(set(told)) == 1
    assert clinic.rows("SELECT count(*) FROM audit WHERE kind = 'post'") == [(1,)]
    assert len(client.letters().posts) == 1
    assert audit.check(clinic.database).ok

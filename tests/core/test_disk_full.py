"""A disk that is full at any point of an import, a save, a batch or a backup: nothing half done, and one sentence.

The work runs in another process that may write no file beyond a size, a little more each time, until it fits.
"""

from __future__ import annotations

import os
import resource
import signal
from functools import partial
from io import BytesIO

import pytest

from core import backup, batches, importing, saving
from core.errors import BadInput, NoRoom, StoreUnavailable
from core.keys import ClientKeys, SealingKey
from core.locked_file import PublicKey
from core.store import audit, cards
from core.store.cards import Order
from core.store.database import Database
from core.store.limits import Limits
from core.store.vaults import recover_vault
from tests.core.clinic import SECRET, later
from tests.core.killing import kept

STEP = 24 * 1024
SENTENCES = [
    "cannot reach its records right now, so nothing was saved",
    "could not be written whole. Check how much room is left",
    "Free some space on the portal's disk",
]


def with_room(clinic, size, act):
    """Do it in another process whose files may grow to ``size`` bytes. Returns the sentence it failed with, or ``""``.

    What is already longer can still be written in its length.
    """
    clinic.database.engine.dispose()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, _told(clinic, size, act).encode())
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as told:
        said = told.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status)
    assert os.WEXITSTATUS(status) == 0
    return said


def _told(clinic, size, act):
    database = Database(clinic.address, wait=5)
    vault = recover_vault(database, clinic.therapist.id, clinic.recovery_code)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        act(vault)
    except (StoreUnavailable, NoRoom, BadInput) as problem:
        return problem.sentence
    finally:
        database.close()
    return ""


def fits_at_last(clinic, act, *, so_far=kept, ends=8 * 1024 * 1024):
    """Give it a little more room each time. After each failure everything is as before; returns the failures."""
    before, failures, size = so_far(clinic), [], STEP
    while said := with_room(clinic, size, act):
        failures.append(said)
        assert any(sentence in said for sentence in SENTENCES), said
        assert so_far(clinic) == before
        assert audit.check(clinic.database).ok
        size += STEP if size < 8 * STEP else size // 2
        assert size < ends
    assert so_far(clinic) != before
    assert audit.check(clinic.database).ok
    return failures


@pytest.mark.in_a_file
def test_an_import_is_kept_whole_or_not_at_all(clinic):
    clinic.save(ClientKeys.new(), post="ask")
    [waiting] = importing.look_at_mailbox(clinic.vault, later())
    assert fits_at_last(clinic, lambda vault: importing.keep(vault, waiting.preview, later(), compared=True))
    assert clinic.stands().permits_something(later())
    assert importing.look_at_mailbox(clinic.vault, later()) == []


@pytest.mark.in_a_file
def test_a_clients_no_is_sent_or_they_are_told(clinic):
    letter = clinic.write(ClientKeys.new())
    assert fits_at_last(
        clinic,
        lambda vault: saving.send(
            saving.Outbox(vault.database, Limits(vault.database, SECRET), mailbox_on=True), letter
        ),
    )
    assert len(importing.look_at_mailbox(clinic.vault, later())) == 1


def usable(clinic):
    """How many cards can be used; those of a batch that was never finished are blocked, and stay so."""
    found = cards.counts(clinic.database, clinic.therapist.id)
    return found["printed"] + found["handed_out"]


@pytest.mark.in_a_file
def test_of_a_batch_every_card_can_be_used_or_none(clinic):
    order = Order(clinic.therapist.id, "en", "https://sayso.example.org", "card", 40)

    def print_them(vault):
        batches.make(vault.database, [order], later(), BytesIO())

    assert fits_at_last(clinic, print_them, so_far=usable)
    assert usable(clinic) == len(clinic.cards) + len(clinic.printed) + order.count


@pytest.mark.in_a_file
def test_a_backup_is_a_whole_file_or_none(clinic, tmp_path):
    out, room = tmp_path / "backup", tmp_path / "room"
    room.mkdir(mode=0o700)
    lock = PublicKey(SealingKey(bytes(range(32))).public)

    def so_far(clinic):
        return kept(clinic), sorted(path.name for path in tmp_path.glob("*backup*")), list(room.iterdir())

    act = partial(backup.make, out=out, lock=lock, now=later(), room=room)
    assert fits_at_last(clinic, lambda vault: act(vault.database), so_far=so_far)
    assert out.exists()

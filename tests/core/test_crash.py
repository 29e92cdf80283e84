"""A process that is killed at any write of a question, an answer, a post or a take-down leaves all of it or none."""

from __future__ import annotations

import os
import signal
from hashlib import sha256

import pytest
from sqlalchemy import event

from core import importing, posting, requests, saving
from core.answering import Reply, write_answer
from core.model.posted import Place
from core.store import audit
from core.store.database import Database
from core.store.limits import Limits
from core.store.vaults import recover_vault
from tests.core.clinic import SECRET, later
from tests.core.story import STEPS, TERMS, Client, about, ask, check, draft, publish

WRITES = ("INSERT", "UPDATE", "DELETE")
TABLES = ("request", "post", "record", "holder", "parcel", "tally", "audit", "card")


@pytest.fixture
def client(clinic):
    one = Client(clinic, clinic.card)
    one.chooses()
    return one


@pytest.fixture
def piece(clinic, client):
    return draft(clinic, about((client.card.code, "2026-05-01")))


def kept(clinic):
    """Everything in the tables, as one hash a table."""
    rows = {name: clinic.rows(f"SELECT * FROM {name} ORDER BY 1") for name in TABLES}  # noqa: S608 - a listed name
    return {name: sha256(repr(found).encode()).hexdigest() for name, found in rows.items()}


def killed_at(clinic, place, act):
    """Do something in another process that is killed at its ``place``-th write. Returns whether it was."""
    clinic.database.engine.dispose()  # a connection must not be carried into another process
    child = os.fork()
    if child == 0:
        try:
            _act(clinic, place, act)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - whatever it was, this process must end here
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _act(clinic, place, act):
    database = Database(clinic.address, wait=5)
    vault = recover_vault(database, clinic.therapist.id, clinic.recovery_code)
    left = [place]

    def count(*_):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(_connection, _cursor, text, *_):
        if text.lstrip().upper().startswith(WRITES):
            count()

    event.listen(database.engine, "before_cursor_execute", statement)
    event.listen(database.engine, "commit", count)
    act(vault)


def dies_everywhere(clinic, act):
    """Kill it at each write in turn, and let it go through at last. Returns how many writes there were."""
    before, place = kept(clinic), 1
    while killed_at(clinic, place, act):
        assert kept(clinic) == before
        assert audit.check(clinic.database).ok
        place += 1
    assert kept(clinic) != before
    assert audit.check(clinic.database).ok
    return place - 1


def test_a_question_is_sent_and_noted_or_neither(clinic, client, piece):
    writes = dies_everywhere(clinic, lambda vault: requests.ask(vault, piece.id, client.card.code, TERMS, later()))
    assert writes == 4  # the letter, the question, the record's entry, the commit
    assert len(client.letters().questions) == 1


def test_an_answer_is_sent_and_kept_for_the_client_or_neither(clinic, client, piece):
    ask(clinic, piece, client)
    [question] = client.letters().questions
    at, last = later(days=1), client.record()
    letter = write_answer(
        client.card, clinic.therapist, question, Reply("yes", "want"), at, keys=client.keys, last=last
    )

    def send(vault):
        limits = Limits(vault.database, SECRET)
        saving.send(saving.Outbox(vault.database, limits, mailbox_on=True), letter)

    dies_everywhere(clinic, send)
    assert client.letters(at).questions[0].answered == "yes"


def test_an_imported_answer_counts_and_is_seen_or_neither(clinic, client, piece):
    ask(clinic, piece, client)
    answer = client.answers("yes", later(days=1), import_at=False)
    at = later(days=2)
    look = importing.preview(clinic.vault, answer.token.text, at)
    dies_everywhere(clinic, lambda vault: importing._keep(vault, look, at, compared=False, not_handed_out_is_fine=True))
    assert requests.outcomes(clinic.vault, client.card.code, at)[0].answer == "yes"
    assert answer.token.digest.hex() in client.letters(at).seen


def test_a_post_is_noted_told_and_recorded_or_nothing_of_it(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    done = later(days=8)
    check(clinic, piece, done)
    places = (Place(channel="post", control="own"),)
    dies_everywhere(clinic, lambda vault: posting.record(vault, piece.id, places, done, steps_done=STEPS))
    assert len(client.letters(done).posts) == 1
    assert len(posting.published(clinic.vault)) == 1


def test_a_take_down_is_marked_told_and_recorded_or_nothing_of_it(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    publish(clinic, piece, later(days=8))
    dies_everywhere(clinic, lambda vault: posting.mark(vault, piece.id, 0, "done", later(days=9)))
    assert client.letters(later(days=9)).posts[0].taken_down.places[0].state == "done"

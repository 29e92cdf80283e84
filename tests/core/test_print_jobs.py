"""Cards made in the background: found again, stopped, and killed, with nothing half-done left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from threading import Event
from time import sleep

import pypdfium2
import pytest

from core import batches, printing
from core.errors import AddressTooLong, StillPrinting
from core.printing import Press
from core.store import card_batches, cards
from core.store.cards import Order
from core.store.database import Database
from tests.core.clinic import NOW

BASE = "https://sayso.example.org"


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def press(clinic, tmp_path, clock):
    return Press(clinic.database, tmp_path / "printing", clock)


@pytest.fixture
def order(clinic):
    return Order(clinic.therapist.id, "en", BASE, "card", 3)


@pytest.fixture
def held(monkeypatch):
    """Drawing waits until it is let go; ``reached`` tells that it got there."""

    class Held:
        reached, let_go = Event(), Event()

    draw = batches.draw_leaves

    def waits(*given, **named):
        Held.reached.set()
        assert Held.let_go.wait(20)
        return draw(*given, **named)

    monkeypatch.setattr(batches, "draw_leaves", waits)
    yield Held
    Held.let_go.set()


def over(job):
    for _ in range(2000):
        if job.is_over and job.ended_at:
            return job
        sleep(0.01)
    raise AssertionError(job.state)


def everything(clinic):
    return sorted(clinic.rows("SELECT * FROM card")), sorted(clinic.rows("SELECT * FROM batch"))


def test_a_job_is_found_again_by_who_began_it_and_gives_its_sheets(press, clinic, order):
    press.start("one", [order])
    job = over(press.job("one"))
    assert (job.state, job.done, job.steps) == ("ready", 6, 6)
    assert len(pypdfium2.PdfDocument(job.pdf())) == 3
    assert job.pdf() == job.pdf()
    assert cards.find_number(clinic.database, job.made.last).state == "printed"
    assert press.job("another") is None


def test_the_sheets_have_no_name_that_anybody_could_open(press, order, tmp_path):
    press.start("one", [order])
    over(press.job("one"))
    assert list((tmp_path / "printing").iterdir()) == []


def test_one_person_has_one_job_at_a_time_and_others_wait_for_it(press, order, held):
    press.start("one", [order])
    assert held.reached.wait(20)
    with pytest.raises(StillPrinting):
        press.start("one", [order])
    press.start("two", [order])
    sleep(0.05)
    assert press.job("two").state == "waiting"
    held.let_go.set()
    first, second = over(press.job("one")), over(press.job("two"))
    assert (first.state, second.state) == ("ready", "ready")
    assert second.made.first == first.made.last + 1


def test_a_job_that_is_stopped_leaves_no_card(press, clinic, order, held):
    before = everything(clinic)
    press.start("one", [order])
    assert held.reached.wait(20)
    job = press.job("one")
    job.stop()
    held.let_go.set()
    assert over(job).state == "stopped"
    assert everything(clinic) == before
    assert job.pdf() == b""


def test_a_job_that_waits_is_stopped_before_it_begins(press, clinic, order, held):
    before = len(clinic.rows("SELECT code FROM card"))
    press.start("one", [order])
    assert held.reached.wait(20)
    press.start("two", [order])
    press.job("two").stop()
    held.let_go.set()
    assert over(press.job("two")).state == "stopped"
    assert over(press.job("one")).state == "ready"
    assert len(clinic.rows("SELECT code FROM card")) == before + 3


def test_what_can_not_be_printed_is_refused_at_once(press, clinic, order):
    before = everything(clinic)
    with pytest.raises(AddressTooLong):
        press.start("one", [Order(order.therapist_id, "en", f"https://{'long.' * 30}example.org", "card", 3)])
    assert press.job("one") is None
    assert everything(clinic) == before


def test_a_job_without_room_says_so_and_makes_no_card(clinic, order, tmp_path, clock):
    (tmp_path / "printing").write_text("a file stands in the way")
    before = everything(clinic)
    press = Press(clinic.database, tmp_path / "printing", clock)
    press.start("one", [order])
    job = over(press.job("one"))
    assert job.state == "failed"
    assert "Free some space" in job.problem
    assert everything(clinic) == before


def test_sheets_are_dropped_after_their_time_and_when_they_are_forgotten(press, order, clock):
    press.start("one", [order])
    job = over(press.job("one"))
    clock.now += printing.KEPT_FOR - timedelta(seconds=1)
    assert press.job("one") is job
    clock.now += timedelta(seconds=1)
    assert press.job("one") is None
    assert job.pdf() == b""
    press.start("one", [order])
    over(press.job("one"))
    press.forget("one")
    assert press.job("one") is None


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from core.printing import Press
from core.store.cards import Order
from core.store.database import Database

address, folder, therapist, step = sys.argv[1:]
press = Press(Database(address), Path(folder), lambda: datetime.now(UTC))
job = press.start("one", [Order(therapist, "en", "https://sayso.example.org", "card", 40)])
while job.done < int(step):
    sleep(0.001)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("step", [1, 39, 60])
def test_killed_in_the_middle_no_card_works_and_no_file_is_left(clinic, tmp_path, step):
    before = {row[0] for row in clinic.rows("SELECT code FROM card")}
    clinic.database.engine.dispose()
    given = [clinic.address, str(tmp_path / "printing"), clinic.therapist.id, str(step)]
    died = subprocess.run([sys.executable, "-c", KILLED, *given], env=dict(os.environ), timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL
    again = Database(clinic.address)
    (cut_off,) = card_batches.unfinished(again)
    assert (cut_off.count, cut_off.blocked) == (40, 40)
    left = [row for row in clinic.rows("SELECT code, state FROM card") if row[0] not in before]
    assert {row[1] for row in left} == {"blocked"}
    assert list((tmp_path / "printing").iterdir()) == []
    assert Press(again, tmp_path / "printing", lambda: NOW).job("one") is None
    again.close()

"""Cards made in the background: a job for each person at work, found again from any page and after a reload.

One job is at work at a time, whoever began it; the next ones wait. The sheets lie in a file without a name in
the data folder: nobody else can open it, and it is gone with the process, however that ends.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread, Timer
from typing import IO, Literal

from core import batches
from core.batches import Made
from core.errors import NoRoom, SaysoError, StillPrinting
from core.store.cards import Order
from core.store.database import Database

_LOG = logging.getLogger(__name__)
State = Literal["waiting", "working", "ready", "stopped", "failed"]
#: How long finished sheets can be saved. This project's own figure.
KEPT_FOR = timedelta(hours=1)


class _Stopped(Exception):
    """Somebody asked for the work to end."""


@dataclass
class Job:
    """One run of the press. ``done`` of ``steps``; ``made``: once it is ready; ``problem``: why it failed.

    ``count``: how many cards. ``began_at``, ``ended_at``: when.
    """

    count: int
    began_at: datetime
    state: State = "waiting"
    done: int = 0
    steps: int = 1
    made: Made | None = None
    problem: str = ""
    ended_at: datetime | None = None
    _pdf: IO[bytes] | None = field(default=None, repr=False)
    _stop: Event = field(default_factory=Event, repr=False)
    _reading: Lock = field(default_factory=Lock, repr=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.state in {"ready", "stopped", "failed"}

    def stop(self) -> None:
        """Ask for it to end. It has ended when ``is_over``; then no card is left of it, unless it was ready before."""
        self._stop.set()

    def pdf(self) -> bytes:
        """Return the sheets, or nothing once they are gone."""
        with self._reading:
            if self._pdf is None:
                return b""
            self._pdf.seek(0)
            return self._pdf.read()

    def forget(self) -> None:
        """Drop the sheets."""
        with self._reading:
            if self._pdf is not None:
                self._pdf.close()
            self._pdf = None


class Press:
    """The jobs of one portal, by who began them. ``folder``: where sheets lie while they are kept."""

    def __init__(self, database: Database, folder: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._looking = Lock()
        self._at_work = Lock()

    def start(self, owner: str, orders: Sequence[Order], offset_mm: tuple[float, float] = (0.0, 0.0)) -> Job:
        """Begin to make cards and return at once. What can not be printed is refused here, and makes nothing.

        Raises ``StillPrinting``, and what ``batches.check`` raises.
        """
        batches.check(self._database, orders, offset_mm)
        with self._looking:
            before = self._jobs.get(owner)
            if before is not None and not before.is_over:
                raise StillPrinting
            job = self._jobs[owner] = Job(sum(order.count for order in orders), self._clock())
        if before is not None:
            before.forget()
        # A daemon: a portal that is stopped does not wait for ten thousand cards, and nothing of them is left.
        Thread(target=self._run, args=(job, tuple(orders), offset_mm), name="press", daemon=True).start()
        return job

    def job(self, owner: str) -> Job | None:
        """Return the last job of somebody, as long as there is something to say of it."""
        job = self._jobs.get(owner)
        if job is not None and job.ended_at is not None and self._clock() - job.ended_at >= KEPT_FOR:
            self.forget(owner)
            return None
        return job

    def forget(self, owner: str) -> None:
        """Drop a job that is over, and its sheets."""
        with self._looking:
            job = self._jobs.get(owner)
            if job is None or not job.is_over:
                return
            del self._jobs[owner]
        job.forget()

    @property
    def is_at_work(self) -> bool:
        """Whether any job is not over."""
        return any(not job.is_over for job in list(self._jobs.values()))

    def _run(self, job: Job, orders: tuple[Order, ...], offset_mm: tuple[float, float]) -> None:
        def progress(done: int, steps: int) -> None:
            job.done, job.steps = done, steps
            if job._stop.is_set():  # noqa: SLF001 - the job's own press
                raise _Stopped

        with self._at_work:
            self._work(job, orders, offset_mm, progress)
        job.ended_at = self._clock()
        if job.state == "ready":
            gone = Timer(KEPT_FOR.total_seconds(), job.forget)
            gone.daemon = True
            gone.start()
        else:
            job.forget()

    def _work(
        self,
        job: Job,
        orders: tuple[Order, ...],
        offset_mm: tuple[float, float],
        progress: Callable[[int, int], None],
    ) -> None:
        try:
            progress(0, 1)
            job.state = "working"
            job._pdf = _nameless_file(self._folder)  # noqa: SLF001
            job.made = batches.make(self._database, orders, self._clock(), job._pdf, offset_mm, progress)  # noqa: SLF001
            job.state = "ready"
        except _Stopped:
            job.state = "stopped"
        except SaysoError as problem:
            job.problem, job.state = problem.sentence, "failed"
        except Exception as fault:  # noqa: BLE001 - a thread has nobody above it who would tell
            # Only its kind: what it says may hold a code.
            _LOG.error("A batch was not made: %s", type(fault).__name__)
            job.problem, job.state = SaysoError().sentence, "failed"


def _nameless_file(folder: Path) -> IO[bytes]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=folder)
    except OSError:
        raise NoRoom from None

"""Things kept in this process's memory under a browser's own cookie, never on disk.

Each ends by itself: so long after it was last touched, or when the shelf is full and it is the
oldest. Safe to use from several threads.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Shelf(Generic[T]):
    """A map from a browser's key to one thing. ``lifetime`` counts from the last touch."""

    def __init__(self, lifetime: timedelta, clock: Callable[[], datetime], capacity: int = 20_000) -> None:
        self._lifetime = lifetime
        self._clock = clock
        self._capacity = capacity
        self._things: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = Lock()

    def put(self, key: str, thing: T) -> None:
        """Keep ``thing`` under ``key``, and touch it."""
        with self._lock:
            self._drop_ended()
            self._things[key] = (self._clock() + self._lifetime, thing)
            self._things.move_to_end(key)
            while len(self._things) > self._capacity:
                self._things.popitem(last=False)

    def get(self, key: str, *, touch: bool = True) -> T | None:
        """Return what is kept under ``key``, or None where there is nothing or it has ended."""
        with self._lock:
            self._drop_ended()
            if key not in self._things:
                return None
            _, thing = self._things[key]
            if touch:
                self._things[key] = (self._clock() + self._lifetime, thing)
                self._things.move_to_end(key)
            return thing

    def ends_at(self, key: str) -> datetime | None:
        """Return when the thing under ``key`` ends if nobody touches it."""
        with self._lock:
            self._drop_ended()
            kept = self._things.get(key)
            return None if kept is None else kept[0]

    def forget(self, key: str) -> None:
        """Drop what is kept under ``key``, if anything."""
        with self._lock:
            self._things.pop(key, None)

    def __len__(self) -> int:
        with self._lock:
            self._drop_ended()
            return len(self._things)

    def _drop_ended(self) -> None:
        # Touching moves to the end, so the oldest ends first.
        now = self._clock()
        while self._things:
            key, (ends, _) = next(iter(self._things.items()))
            if ends > now:
                return
            del self._things[key]


class Turns:
    """Lets one thread at a time do what belongs to one key; other keys do not wait. No thread takes one twice."""

    def __init__(self) -> None:
        self._waiting: dict[str, tuple[Lock, int]] = {}
        self._lock = Lock()

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Wait until nobody else is at work for ``key``, and keep them waiting meanwhile."""
        with self._lock:
            turn, count = self._waiting.get(key, (Lock(), 0))
            self._waiting[key] = (turn, count + 1)
        try:
            with turn:
                yield
        finally:
            with self._lock:
                turn, count = self._waiting.pop(key)
                if count > 1:
                    self._waiting[key] = (turn, count - 1)

    def __len__(self) -> int:
        """How many keys somebody is at work for."""
        with self._lock:
            return len(self._waiting)

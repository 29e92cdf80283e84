"""Things in memory that end by themselves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.shelf import Shelf, Turns
from tests.core.clinic import NOW

LIFE = timedelta(minutes=10)


class Clock:
    """A clock that only a test moves."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def forward(self, **by):
        self.now += timedelta(**by)


@pytest.fixture
def clock():
    return Clock()


def test_a_thing_ends_so_long_after_it_was_last_touched(clock):
    shelf = Shelf(LIFE, clock)
    shelf.put("a", 1)
    clock.forward(minutes=9)
    assert shelf.get("a") == 1
    clock.forward(minutes=9)
    assert shelf.get("a") == 1
    clock.forward(minutes=10)
    assert shelf.get("a") is None
    assert len(shelf) == 0


def test_looking_without_touching_does_not_prolong(clock):
    shelf = Shelf(LIFE, clock)
    shelf.put("a", 1)
    clock.forward(minutes=9)
    assert shelf.get("a", touch=False) == 1
    assert shelf.ends_at("a") == NOW + LIFE
    clock.forward(minutes=1)
    assert shelf.ends_at("a") is None
    assert shelf.get("a") is None


def test_what_is_forgotten_is_gone(clock):
    shelf = Shelf(LIFE, clock)
    shelf.put("a", 1)
    shelf.forget("a")
    shelf.forget("a")
    assert shelf.get("a") is None


def test_a_full_shelf_drops_what_nobody_touched_for_longest(clock):
    shelf = Shelf(LIFE, clock, capacity=2)
    for key in ("a", "b"):
        shelf.put(key, key)
    shelf.get("a")
    shelf.put("c", "c")
    assert [shelf.get(key) for key in ("a", "b", "c")] == ["a", None, "c"]


def test_many_threads_share_a_shelf(clock):
    shelf = Shelf(LIFE, clock, capacity=50)

    def use(number):
        shelf.put(str(number % 70), number)
        shelf.get(str(number % 7))
        shelf.forget(str(number % 11))
        return len(shelf)

    with ThreadPoolExecutor(8) as threads:
        assert max(threads.map(use, range(2000))) <= 50


class ShelfAgainstAPlainList(RuleBasedStateMachine):
    """A shelf behaves like a dict that somebody tidies every second."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.shelf = Shelf(LIFE, self.clock, capacity=1000)
        self.kept = {}

    keys = st.sampled_from("abc")

    @rule(key=keys, thing=st.integers())
    def put(self, key, thing):
        self.shelf.put(key, thing)
        self.kept[key] = (self.clock.now + LIFE, thing)

    @rule(key=keys, touch=st.booleans())
    def get(self, key, touch):
        found = self.shelf.get(key, touch=touch)
        assert found == (self.kept[key][1] if key in self.kept else None)
        if touch and key in self.kept:
            self.kept[key] = (self.clock.now + LIFE, found)

    @rule(key=keys)
    def forget(self, key):
        self.shelf.forget(key)
        self.kept.pop(key, None)

    @rule(minutes=st.integers(0, 12))
    def wait(self, minutes):
        self.clock.forward(minutes=minutes)
        self.kept = {key: value for key, value in self.kept.items() if value[0] > self.clock.now}

    @invariant()
    def same_size(self):
        assert len(self.shelf) == len(self.kept)


test_a_shelf_behaves_like_a_dict_that_somebody_tidies = ShelfAgainstAPlainList.TestCase


# --- turns --------------------------------------------------------------------------------------


def test_for_one_key_one_thread_at_a_time():
    turns, inside, seen = Turns(), [], []

    def work(_):
        with turns.of("a"):
            inside.append(1)
            sleep(0.001)  # long enough for another thread to come in, if it could
            seen.append(len(inside))
            inside.pop()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert set(seen) == {1}
    assert len(turns) == 0


def test_two_keys_do_not_wait_for_each_other():
    turns, both = Turns(), Barrier(2, timeout=20)

    def meet(key):
        with turns.of(key):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(meet, "ab"))
    assert len(turns) == 0


def test_a_turn_ends_also_with_an_error():
    turns = Turns()
    for _ in range(2):
        with pytest.raises(ValueError, match="x"), turns.of("a"):
            raise ValueError("x")
    assert len(turns) == 0

"""Limits that hold across threads and processes, and name nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TooManyTries, WrongPassphrase
from core.store.limits import LIMITS, Limits, network
from tests.core import others
from tests.core.clinic import NOW, SECRET, later

#: Tries ten unlocks, and prints how many were let through.
TRIER = """
import sys
from datetime import datetime
from core.errors import TooManyTries, WrongPassphrase
from core.store.database import Database
from core.store.limits import Limits
limits = Limits(Database(sys.argv[1], wait=60), sys.argv[2].encode())
let_through = 0
for _ in range(10):
    try:
        with limits.attempt([("unlock", "192.0.2.1")], datetime.fromisoformat(sys.argv[3])):
            let_through += 1
            raise WrongPassphrase
    except (TooManyTries, WrongPassphrase):
        pass
print(let_through)
"""


@pytest.fixture
def limits(database):
    return Limits(database, SECRET)


def use_up(limits, purpose="unlock", who="192.0.2.1", now=NOW):
    for _ in range(LIMITS[purpose].count):
        limits.note(purpose, who, now)


def test_as_many_tries_as_the_limit_says_and_no_more(limits):
    for left in range(5, 0, -1):
        assert limits.tries_left("unlock", "192.0.2.1", NOW) == left
        limits.check("unlock", "192.0.2.1", NOW)
        limits.note("unlock", "192.0.2.1", NOW)
    with pytest.raises(TooManyTries):
        limits.check("unlock", "192.0.2.1", NOW)


def test_looking_counts_nothing(limits):
    for _ in range(50):
        limits.check("unlock", "192.0.2.1", NOW)
    assert limits.tries_left("unlock", "192.0.2.1", NOW) == 5


def test_one_visitor_and_one_purpose_do_not_use_up_anothers(limits):
    use_up(limits)
    limits.check("unlock", "192.0.2.2", NOW)
    limits.check("card", "192.0.2.1", NOW)


def test_the_wait_is_said_in_minutes_and_is_true(limits):
    use_up(limits, now=later(minutes=4))
    with pytest.raises(TooManyTries) as refused:
        limits.check("unlock", "192.0.2.1", later(minutes=4))
    minutes = refused.value.details["minutes"]
    assert minutes == 11
    with pytest.raises(TooManyTries):
        limits.check("unlock", "192.0.2.1", later(minutes=14, seconds=59))
    limits.check("unlock", "192.0.2.1", later(minutes=4 + minutes))


def test_windows_that_are_over_are_forgotten(limits, database):
    use_up(limits)
    limits.note("card", "192.0.2.9", later(days=1))
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tally").scalar() == 1


def test_a_try_that_succeeds_is_not_counted(limits):
    for _ in range(20):
        with limits.attempt([("unlock", "192.0.2.1"), ("unlock_anywhere", "t")], NOW):
            pass
    assert limits.tries_left("unlock", "192.0.2.1", NOW) == 5
    assert limits.tries_left("unlock_anywhere", "t", NOW) == 30


def test_a_try_that_fails_is_counted_everywhere(limits):
    with pytest.raises(WrongPassphrase), limits.attempt([("unlock", "192.0.2.1"), ("unlock_anywhere", "t")], NOW):
        raise WrongPassphrase
    assert limits.tries_left("unlock", "192.0.2.1", NOW) == 4
    assert limits.tries_left("unlock_anywhere", "t", NOW) == 29


def test_a_try_that_one_limit_refuses_is_not_made_and_uses_up_no_other(limits):
    use_up(limits, "unlock_anywhere", "t")
    made = False
    with pytest.raises(TooManyTries), limits.attempt([("unlock", "192.0.2.1"), ("unlock_anywhere", "t")], NOW):
        made = True
    assert not made
    assert limits.tries_left("unlock", "192.0.2.1", NOW) == 5


def test_many_tries_at_once_do_not_slip_below_the_limit(limits):
    made = []

    def attempt(number):
        with suppress(TooManyTries, WrongPassphrase), limits.attempt([("unlock", "192.0.2.1")], NOW):
            made.append(number)
            raise WrongPassphrase

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(attempt, range(40)))
    assert len(made) == 5


def test_the_limit_holds_across_processes(database):
    words = database.url, SECRET.decode(), NOW.isoformat()
    processes = [others.start(TRIER, *words) for _ in range(2)]
    assert sum(int(process.communicate()) for process in processes) == 5


def test_the_table_names_nobody(limits, database):
    use_up(limits, who="192.0.2.1")
    with database.read() as connection:
        stored = repr(connection.exec_driver_sql("SELECT * FROM tally").all())
    assert "192.0.2.1" not in stored
    assert "unlock" not in stored


@given(st.ip_addresses(v=4))
def test_an_address_counts_for_itself(address):
    assert network(str(address)) == str(address)


@given(st.ip_addresses(v=6), st.integers(0, 2**64 - 1))
def test_a_household_of_the_new_kind_counts_as_one(address, device):
    neighbour = type(address)(int(address) >> 64 << 64 | device)
    assert network(str(address)) == network(str(neighbour))


@pytest.mark.parametrize("odd", ["", "unknown", "1.2.3", "not an address"])
def test_what_is_no_address_counts_as_one_visitor(odd):
    assert network(odd) == "unknown"

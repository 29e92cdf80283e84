"""The vault at rest: what opens it, and everything that must not."""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given
from hypothesis import strategies as st

from core import vault
from core.errors import VaultDamaged, WrongPassphrase, WrongRecoveryCode
from core.vault import DataKey, Place

ROOT = Path(__file__).resolve().parents[2]
THERAPIST = "0123456789abcdef"
PLACE = Place("record", "00ff00ff00ff00ff", THERAPIST)
KEY = DataKey(bytes(range(32)))
COST = struct.Struct(">BBIB16s")  # version, iterations, memory in KiB, lanes, salt


@pytest.fixture(scope="module")
def wrapped():
    return vault.wrap(KEY.raw, "correct horse battery", THERAPIST)


def with_cost(wrapped, **changed):
    """The wrap with other cost parameters written into it."""
    fields = dict(zip(("version", "iterations", "memory", "lanes", "salt"), COST.unpack_from(wrapped), strict=True))
    return COST.pack(*(fields | changed).values()) + wrapped[COST.size :]


# --- the passphrase -----------------------------------------------------------------------------


def test_the_passphrase_opens_what_it_locked(wrapped):
    assert vault.unwrap(wrapped, "correct horse battery", THERAPIST) == KEY.raw


def test_another_passphrase_does_not(wrapped):
    with pytest.raises(WrongPassphrase):
        vault.unwrap(wrapped, "correct horse batterY", THERAPIST)


def test_a_passphrase_typed_on_another_keyboard_is_the_same():
    composed, decomposed, full_width = (
        "caf\u00e9 au lait 123",
        "cafe\u0301 au lait 123",
        "caf\u00e9 au lait \uff11\uff12\uff13",
    )
    locked = vault.wrap(KEY.raw, composed, THERAPIST)
    assert vault.unwrap(locked, decomposed, THERAPIST) == KEY.raw
    assert vault.unwrap(locked, full_width, THERAPIST) == KEY.raw


def test_the_stored_cost_is_what_the_format_says(wrapped):
    assert COST.unpack_from(wrapped)[:4] == (1, 3, 64 * 1024, 4)


def test_the_same_passphrase_locks_differently_each_time(wrapped):
    assert vault.wrap(KEY.raw, "correct horse battery", THERAPIST)[8:] != wrapped[8:]


def locked_at(cost):
    """A wrap made by somebody who paid this cost: only its bounds can refuse it."""
    iterations, memory, lanes = cost
    head = COST.pack(1, iterations, memory, lanes, bytes(16))
    kdf = Argon2id(salt=bytes(16), length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
    key, data = kdf.derive(b"correct horse battery"), b"sayso/v1/wrap" + head + THERAPIST.encode()
    return head + bytes(12) + AESGCM(key).encrypt(bytes(12), KEY.raw, data)


@pytest.mark.parametrize("cost", [(3, 65536, 1), (10, 65536, 8)])
def test_a_cost_at_the_bounds_opens(cost):
    assert vault.unwrap(locked_at(cost), "correct horse battery", THERAPIST) == KEY.raw


@pytest.mark.parametrize("cost", [(2, 65536, 4), (3, 65535, 4), (11, 65536, 4), (3, 262145, 4), (3, 65536, 9)])
def test_a_cost_that_is_too_cheap_or_too_dear_is_refused(cost):
    with pytest.raises(WrongPassphrase):
        vault.unwrap(locked_at(cost), "correct horse battery", THERAPIST)


@pytest.mark.parametrize("changed", [{"version": 2}, {"memory": 2**32 - 1}, {"lanes": 0}, {"iterations": 0}])
def test_a_cost_nobody_could_pay_is_refused(wrapped, changed):
    with pytest.raises(WrongPassphrase):
        vault.unwrap(with_cost(wrapped, **changed), "correct horse battery", THERAPIST)


@pytest.mark.parametrize("changed", [{"iterations": 4}, {"lanes": 3}, {"salt": bytes(16)}])
def test_a_cost_that_was_changed_within_bounds_does_not_open(wrapped, changed):
    with pytest.raises(WrongPassphrase):
        vault.unwrap(with_cost(wrapped, **changed), "correct horse battery", THERAPIST)


def test_the_cost_is_authenticated_and_not_only_used(wrapped):
    # Whoever knows the stretched key still cannot pass the wrap off under another cost.
    cost = wrapped[: COST.size]
    key = vault._stretched("correct horse battery", cost)
    other = with_cost(wrapped, iterations=5)[: COST.size]
    with pytest.raises(InvalidTag):
        vault._unlock(key, wrapped[COST.size :], vault._wrap_data(other, THERAPIST))


def test_a_wrap_does_not_open_for_another_therapist(wrapped):
    with pytest.raises(WrongPassphrase):
        vault.unwrap(wrapped, "correct horse battery", "fedcba9876543210")


@pytest.mark.parametrize("length", [0, 10, COST.size, COST.size + 5])
def test_a_wrap_that_was_cut_does_not_open(wrapped, length):
    with pytest.raises(WrongPassphrase):
        vault.unwrap(wrapped[:length], "correct horse battery", THERAPIST)


def test_several_people_can_unlock_at_the_same_time():
    # In a process of its own, so that a deadlock is a failure and not a test run that never ends.
    script = """
from concurrent.futures import ThreadPoolExecutor
from core import vault
with ThreadPoolExecutor(4) as threads:
    wrapped = list(threads.map(lambda n: vault.wrap(bytes(32), f"passphrase {n}", "t"), range(4)))
    opened = list(threads.map(lambda n: vault.unwrap(wrapped[n], f"passphrase {n}", "t"), range(4)))
print(opened == [bytes(32)] * 4)
"""
    unlocked = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert unlocked.stdout == "True\n"


# --- the recovery sheet -------------------------------------------------------------------------


def test_the_recovery_code_opens_the_same_key():
    code = vault.new_recovery_code()
    locked = vault.wrap_for_recovery(KEY.raw, code, THERAPIST)
    assert vault.unwrap_with_recovery(locked, code, THERAPIST) == KEY.raw
    assert vault.unwrap_with_recovery(locked, code.lower().replace("-", " "), THERAPIST) == KEY.raw


@pytest.mark.parametrize("typed", ["", "hello", "0000-0000-0000-0000-0000-0000-000", "ü" * 27])
def test_a_wrong_recovery_code_does_not(typed):
    locked = vault.wrap_for_recovery(KEY.raw, vault.new_recovery_code(), THERAPIST)
    with pytest.raises(WrongRecoveryCode):
        vault.unwrap_with_recovery(locked, typed, THERAPIST)


def test_a_recovery_code_does_not_open_another_therapists_wrap():
    code = vault.new_recovery_code()
    locked = vault.wrap_for_recovery(KEY.raw, code, THERAPIST)
    with pytest.raises(WrongRecoveryCode):
        vault.unwrap_with_recovery(locked, code, "fedcba9876543210")


def test_a_new_recovery_code_has_128_random_bits():
    assert len({vault.new_recovery_code() for _ in range(100)}) == 100


# --- rows ---------------------------------------------------------------------------------------


@given(st.binary(max_size=500), st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_a_row_opens_in_its_place(plain, table, row, therapist):
    place = Place(table, row, therapist)
    assert KEY.open(KEY.seal(plain, place), place) == plain


@pytest.mark.parametrize(
    "moved",
    [
        replace(PLACE, row="00ff00ff00ff00fe"),
        replace(PLACE, table="holder"),
        replace(PLACE, therapist="fedcba9876543210"),
        replace(PLACE, key_version=2),
    ],
    ids=["row", "table", "therapist", "key version"],
)
def test_a_row_that_was_moved_does_not_open(moved):
    with pytest.raises(VaultDamaged):
        KEY.open(KEY.seal(b"plain", PLACE), moved)


def test_a_row_of_another_schema_does_not_open(monkeypatch):
    sealed = KEY.seal(b"plain", PLACE)
    monkeypatch.setattr(vault, "SCHEMA_VERSION", 2)
    with pytest.raises(VaultDamaged):
        KEY.open(sealed, PLACE)


def test_a_row_does_not_open_with_another_key():
    with pytest.raises(VaultDamaged):
        DataKey.new().open(KEY.seal(b"plain", PLACE), PLACE)


@given(st.integers(0, 8 * (12 + 5 + 16) - 1))
def test_a_row_with_one_bit_changed_does_not_open(bit):
    sealed = bytearray(KEY.seal(b"plain", PLACE))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(VaultDamaged):
        KEY.open(bytes(sealed), PLACE)


@pytest.mark.parametrize("length", [0, 5, 12, 27])
def test_a_row_that_was_cut_does_not_open(length):
    with pytest.raises(VaultDamaged):
        KEY.open(KEY.seal(b"plain", PLACE)[:length], PLACE)


@given(st.lists(st.text(max_size=6), min_size=3, max_size=3), st.lists(st.text(max_size=6), min_size=3, max_size=3))
def test_no_two_places_look_alike(one, other):
    same = Place(*one).associated_data == Place(*other).associated_data
    assert same == (one == other)


def test_every_row_has_its_own_key():
    keys = {KEY._row_key(replace(PLACE, table=table, row=row)) for table in ("record", "holder") for row in ("1", "2")}
    assert len(keys) == 4


def test_a_blind_index_is_stable_and_says_nothing_across_purposes_or_vaults():
    assert KEY.blind_index("card", "K7QM2XPF") == KEY.blind_index("card", b"K7QM2XPF")
    indexes = {
        KEY.blind_index("card", "K7QM2XPF"),
        KEY.blind_index("card", "K7QM2XPE"),
        KEY.blind_index("envelope", "K7QM2XPF"),
        DataKey.new().blind_index("card", "K7QM2XPF"),
    }
    assert len(indexes) == 4

"""The chain of the record: nothing can be changed, left out, put in, moved or cut off unseen."""

from __future__ import annotations

from dataclasses import fields, replace
from hashlib import sha256
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import audit
from core.audit import KINDS, Entry, Fault, follow, sign, verify
from core.head import GENESIS
from core.keys import SigningKey

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
THERAPIST = "0123456789abcdef"
DIGEST = st.binary(min_size=32, max_size=32)
#: What somebody might write into each field, valid for its type.
WRITTEN = {
    "sequence": st.integers(-(2**63), 2**63 - 1),
    "at": st.integers(-(2**63), 2**63 - 1),
    "therapist": st.text(max_size=16),
    "kind": st.sampled_from(KINDS) | st.text(max_size=20),
    "commitment": DIGEST,
    "detail": DIGEST,
    "previous": DIGEST,
    "hash": DIGEST | st.just(b""),
}


def chain(size, salt=b""):
    entries: list[Entry] = []
    for number in range(size):
        digests = [sha256(salt + bytes([number, part])).digest() for part in range(2)]
        kind = KINDS[number % len(KINDS)]
        entries.append(follow(entries[-1] if entries else None, 1_700_000_000 + number, THERAPIST, kind, *digests))
    return entries


def head_of(entries, at=0):
    return sign(entries[-1] if entries else None, THERAPIST, KEY, at)


def faults(entries, head=None):
    return {(fault.sequence, fault.fault) for fault in verify(entries, head).faults}


@st.composite
def chain_and_place(draw):
    entries = chain(draw(st.integers(1, 12)))
    return entries, draw(st.integers(0, len(entries) - 1))


@pytest.mark.parametrize("size", [0, 1, 2, 40])
def test_an_untouched_record_has_no_fault_against_any_head_it_ever_had(size):
    entries = chain(size)
    for length in range(size + 1):
        report = verify(entries, head_of(entries[:length]), {KEY.public})
        assert (report.ok, report.entries) == (True, size)
    assert verify(entries).last == (entries[-1] if entries else None)


@given(chain_and_place(), st.sampled_from([field.name for field in fields(Entry)]), st.data())
def test_a_change_of_any_field_of_any_entry_is_found(place, field, data):
    entries, at = place
    old = getattr(entries[at], field)
    entries[at] = replace(entries[at], **{field: data.draw(WRITTEN[field].filter(lambda new: new != old))})
    assert not verify(entries).ok


@given(chain_and_place(), st.data())
def test_a_changed_entry_with_its_hash_made_anew_is_found_behind_it_or_at_the_head(place, data):
    entries, at = place
    head = head_of(entries)
    changed = replace(entries[at], at=data.draw(st.integers(0, 2**40).filter(lambda new: new != entries[at].at)))
    entries[at] = replace(changed, hash=changed.expected_hash())
    where = (at + 2, "broken_link") if at + 1 < len(entries) else (at + 1, "other_head")
    assert faults(entries, head) == {where}


@given(chain_and_place(), st.data())
def test_a_record_written_anew_from_any_entry_on_is_found_by_a_head_from_there_or_later(place, data):
    entries, at = place
    head = head_of(entries[: data.draw(st.integers(at + 1, len(entries)))])
    anew = entries[:at]
    for entry in entries[at:]:
        last = anew[-1] if anew else None
        anew.append(follow(last, entry.at + 1, entry.therapist, entry.kind, entry.commitment, entry.detail))
    assert verify(anew).ok  # without a head nobody could tell
    assert faults(anew, head) == {(head.sequence, "other_head")}


@given(chain_and_place())
def test_an_entry_that_was_taken_out_is_named(place):
    entries, at = place
    head = head_of(entries)
    del entries[at]
    if at == len(entries):
        assert faults(entries) == set()  # without a head nobody could tell
        assert faults(entries, head) == {(at + 1, "truncated")}
    else:
        assert faults(entries) == {(at + 1, "missing")}


@given(st.integers(1, 12), st.data())
def test_whatever_is_left_of_a_record_is_not_the_record(size, data):
    entries = chain(size)
    head = head_of(entries)
    kept = data.draw(st.sets(st.integers(0, size - 1), max_size=size - 1))
    assert not verify([entries[at] for at in sorted(kept)], head).ok


@pytest.mark.parametrize(("one", "other"), list(combinations(range(6), 2)))
def test_two_entries_that_changed_places_are_found(one, other):
    entries = chain(6)
    entries[one], entries[other] = entries[other], entries[one]
    assert not verify(entries).ok
    numbered = [replace(entry, sequence=at) for at, entry in enumerate(entries, 1)]
    assert {(one + 1, "changed"), (other + 1, "changed")} <= faults(numbered)


@given(chain_and_place(), st.integers(0, 11))
def test_an_entry_that_was_put_in_is_found(place, source):
    entries, at = place
    entries.insert(at, chain(12, b"another")[source])
    assert not verify(entries, head_of(chain(len(entries) - 1))).ok


def test_an_entry_that_stands_twice_is_found():
    entries = chain(3)
    assert (3, "out_of_order") in faults([*entries, entries[2]])


def test_a_record_that_was_emptied_is_found():
    assert faults([], head_of(chain(3))) == {(1, "truncated")}


def test_the_head_of_an_empty_record_holds_for_every_later_one():
    assert faults(chain(3), head_of([])) == set()
    assert head_of([]).hash == GENESIS


def test_a_head_that_was_changed_or_signed_by_somebody_else_is_named():
    entries = chain(3)
    assert (0, "head_signature") in faults(entries, replace(head_of(entries), at=1))
    assert (0, "head_signature") in faults(entries, replace(head_of(entries), therapist="f" * 16))
    stranger = sign(entries[-1], THERAPIST, OTHER, 0)
    assert verify(entries, stranger).ok
    assert verify(entries, stranger, {KEY.public}).faults == (Fault(0, "head_signer"),)


@pytest.mark.parametrize("field", ["commitment", "detail", "previous"])
@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_digest_of_another_length_makes_no_entry(field, size):
    entry = replace(chain(1)[0], **{field: bytes(size)})
    assert entry.expected_hash() == b""
    assert (1, "changed") in faults([entry])


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_a_number_that_no_database_holds_makes_no_entry(number):
    assert replace(chain(1)[0], at=number).expected_hash() == b""


def test_a_letter_moved_from_one_field_to_the_next_is_another_entry():
    one = follow(None, 0, "ab", "post", bytes(32), bytes(32))
    assert one.hash != replace(one, therapist="a", kind="bpost").expected_hash()


def test_each_kind_fits_its_column():
    assert max(map(len, audit.KINDS)) <= 20

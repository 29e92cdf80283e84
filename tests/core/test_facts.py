"""Facts under one commitment: each can be shown alone, none can be guessed or exchanged."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import facts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
SAID = st.dictionaries(st.text(min_size=1), JSON, max_size=5)


def leaves(told):
    return [fact.leaf for fact in told]


@given(SAID)
def test_what_is_sealed_comes_back_as_it_was(said):
    told = facts.salted(said)
    assert facts.unpack(facts.pack(told)) == told
    assert {fact.name: fact.value for fact in told} == said


@given(SAID, st.randoms())
def test_the_commitment_does_not_depend_on_order(said, random):
    told = list(facts.salted(said))
    before = facts.commitment(leaves(told))
    random.shuffle(told)
    assert facts.commitment(leaves(told)) == before


@given(SAID, SAID)
def test_other_facts_make_another_commitment(one, other):
    def fixed(size):
        return bytes(size)

    same = facts.commitment(leaves(facts.salted(one, fixed))) == facts.commitment(leaves(facts.salted(other, fixed)))
    # True and 1 are equal to Python and not to a reader of JSON.
    assert same == ({f.name: f.text for f in facts.salted(one)} == {f.name: f.text for f in facts.salted(other)})


def test_the_same_fact_looks_different_each_time():
    told = [facts.salted({"answer": "no"})[0] for _ in range(20)]
    assert len({fact.leaf for fact in told}) == 20
    assert {len(fact.salt) for fact in told} == {16}


@pytest.mark.parametrize("change", [{"name": "b"}, {"text": "2"}, {"salt": b"s" * 16}])
def test_a_fact_with_one_part_changed_is_another(change):
    [fact] = facts.salted({"a": 1})
    assert replace(fact, **change).leaf != fact.leaf


def test_a_letter_moved_from_the_name_to_the_value_is_another_fact():
    assert facts.Fact("ab", "1", b"").leaf != facts.Fact("a", "b1", b"").leaf


def test_no_facts_have_a_commitment_too():
    assert facts.commitment([]) == facts.NOTHING

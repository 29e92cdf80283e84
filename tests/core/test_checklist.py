"""The checklist kept with a post: every identifier of the law on it, and complete only for one exact draft."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.model.checklist import GROUPS, ITEMS, NO_PROOF, PURPOSE, Checklist, group_key, items_of
from core.text import Words

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DRAFT, OTHER = "ab" * 32, "cd" * 32
IDS = [item.id for item in ITEMS]


def checklist(ticked=()):
    return Checklist(content_hash=DRAFT, checked_at=NOW, ticked=tuple(ticked))


def test_the_law_s_eighteen_identifiers_are_on_it():
    assert [item.id for item in items_of("identifiers")] == [
        *("names", "places", "dates", "phones", "faxes", "emails", "ssns", "records", "plans", "accounts"),
        *("licences", "vehicles", "devices", "urls", "ips", "biometrics", "photos", "codes"),
    ]


def test_three_tests_and_the_last_question_end_it():
    assert GROUPS[-2:] == ("tests", "last")
    assert len(items_of("tests")) == 3
    assert [item.id for item in ITEMS][-5:] == [item.id for group in GROUPS[-2:] for item in items_of(group)]


def test_each_item_stands_once():
    assert len(set(IDS)) == len(IDS)


def test_every_item_and_group_has_its_words():
    words = Words("en")
    assert all(words(item.label_key) and words(item.hint_key) for item in ITEMS)
    assert all(words(group_key(group)) for group in GROUPS)
    assert words(PURPOSE)
    assert "not a proof" in words(NO_PROOF)


@given(st.lists(st.sampled_from(IDS)))
def test_it_is_complete_only_when_nothing_is_missing(ticked):
    kept = checklist(ticked)
    assert kept.is_complete == (set(ticked) == set(IDS))
    assert {item.id for item in kept.missing} == set(IDS) - set(ticked)


@pytest.mark.parametrize("left_out", IDS)
def test_one_item_left_out_keeps_it_open(left_out):
    kept = checklist(item for item in IDS if item != left_out)
    assert not kept.is_complete
    assert not kept.covers(DRAFT)
    assert [item.id for item in kept.missing] == [left_out]


def test_it_covers_the_draft_it_was_made_for_and_no_other():
    whole = checklist(IDS)
    assert whole.covers(DRAFT)
    assert whole.covers(DRAFT.upper())
    assert not whole.covers(OTHER)
    assert not whole.covers(None)


@given(st.permutations(IDS))
def test_the_order_of_ticking_does_not_matter(order):
    kept = checklist()
    for number, item in enumerate(order):
        kept = kept.tick(item, NOW + timedelta(minutes=number))
    assert kept.ticked == checklist(IDS).ticked
    assert kept.is_complete
    assert kept.checked_at == NOW + timedelta(minutes=len(order) - 1)


def test_ticking_leaves_the_earlier_record_as_it_was():
    before = checklist()
    before.tick("names", NOW)
    assert before.ticked == ()


def test_an_item_that_is_not_on_the_list_is_refused_without_being_repeated():
    with pytest.raises(ValidationError) as caught:
        checklist(["names", "Maria from Duluth"])
    assert "Maria" not in str(caught.value)


@pytest.mark.parametrize("moment", [1_700_000_000, datetime(2026, 11, 22, 10), "2026-11-22"])  # noqa: DTZ001
def test_when_it_was_done_is_a_time_with_its_zone(moment):
    with pytest.raises(ValidationError):
        Checklist(content_hash=DRAFT, checked_at=moment)


def test_it_comes_back_from_its_json_as_it_was():
    kept = checklist(["places", "names"])
    assert Checklist.model_validate_json(kept.model_dump_json()) == kept

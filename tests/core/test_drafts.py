"""A client's draft: what is not answered is missing, and nothing turns into a yes by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.drafts import QUESTIONS, Draft, from_preferences, tidy_note
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.taxonomy import TAXONOMY, WITHOUT_UNDERSTANDING
from tests.core.bodies import preferences
from tests.core.clinic import NOW

CARD = "K7QM2XPF"
ALL = TAXONOMY.channel_ids
treatments = st.sampled_from([term.id for term in TAXONOMY.treatments])


def understood(draft):
    for question, right in QUESTIONS.items():
        draft = draft.answer(question, right)
    return draft


@st.composite
def drafts(draw):
    """Drafts as screens can make them, finished or not."""
    each = {
        channel: draw(st.sampled_from(TAXONOMY.treatments_for(channel)))
        for channel in draw(st.sets(st.sampled_from(ALL)))
    }
    draft = Draft(
        CARD,
        way=draw(st.sampled_from([None, "no", "same", "each"])),
        channels=each,
        same=draw(st.one_of(st.none(), treatments)),
        materials=tuple(draw(st.sets(st.sampled_from(TAXONOMY.material_ids)))),
        topics=tuple(draw(st.sets(st.sampled_from(TAXONOMY.topic_ids)))),
        term_months=draw(st.sampled_from([None, *TAXONOMY.term_months])),
        therapy=draw(st.sampled_from([None, "after", "during"])),
        gap_months=draw(st.sampled_from([None, *TAXONOMY.gap_months])),
        may_recognise_self=draw(st.booleans()),
    )
    for _ in range(draw(st.integers(0, 6))):
        question = draw(st.sampled_from(list(QUESTIONS)))
        draft = draft.answer(question, draw(st.sampled_from([QUESTIONS[question], "wrong"])))
    return draft


@given(drafts())
def test_a_finished_draft_makes_a_document_and_an_unfinished_yes_makes_none(draft):
    if not draft.missing():
        document = draft.document(NOW)
        assert document.channels == draft.treatments()
        assert document.has_yes == draft.has_yes
    elif {"term", "questions"} & set(draft.missing()):
        with pytest.raises(ValidationError):
            draft.document(NOW)


@given(drafts())
def test_a_place_nobody_answered_for_is_never_a_yes(draft):
    chosen = draft.treatments()
    if draft.way == "each":
        assert {chosen[channel] for channel in ALL if channel not in draft.channels} <= {"undecided", "never"}
    if draft.way is None or (draft.way == "same" and draft.same is None):
        assert set(chosen.values()) == {"undecided"}
    if draft.way == "no":
        assert set(chosen.values()) == {"never"}


@given(drafts())
def test_a_no_carries_no_permission_and_does_not_end(draft):
    if not draft.missing() and not draft.has_yes:
        document = draft.document(NOW)
        assert (document.materials, document.topics, document.note) == ((), (), "")
        assert (document.may_recognise_self, document.therapy, document.gap_months) == (False, "after", 6)
        assert document.expires_at is None


@given(drafts())
def test_ads_are_never_more_than_asked_for(draft):
    assert draft.treatments()["promotion"] in TAXONOMY.treatments_for("promotion")


@given(drafts())
def test_without_understanding_only_never_ask_and_undecided_can_be_saved(draft):
    if not draft.missing() and not draft.understood:
        assert set(draft.treatments().values()) <= WITHOUT_UNDERSTANDING


@given(drafts())
def test_recognising_oneself_counts_only_where_disguised_was_chosen(draft):
    if not draft.missing() and "disguised" not in draft.treatments().values():
        assert not draft.document(NOW).may_recognise_self


def test_an_empty_draft_lacks_the_way():
    assert Draft(CARD).missing() == ("way",)


def test_the_same_everywhere_lacks_its_answer_until_it_is_given():
    assert Draft(CARD, way="same").missing() == ("same",)
    assert Draft(CARD, way="same", same="never").missing() == ()


def test_a_yes_lacks_its_term_and_only_changed_stories_lack_the_questions():
    assert Draft(CARD, way="same", same="ask").missing() == ("term",)
    assert Draft(CARD, way="same", same="composite", term_months=3).missing() == ("questions",)
    assert understood(Draft(CARD, way="same", same="composite", term_months=3)).missing() == ()


def test_never_needs_no_questions():
    assert Draft(CARD, way="no").missing() == ()


@pytest.mark.parametrize("same", ["composite", "disguised"])
def test_the_same_everywhere_leaves_ads_at_never(same):
    chosen = Draft(CARD, way="same", same=same).treatments()
    assert chosen.pop("promotion") == "never"
    assert set(chosen.values()) == {same}


def test_one_miss_may_be_mended():
    draft = understood(Draft(CARD).answer("care", "price"))
    assert draft.understood
    assert not draft.offered_a_person


def test_after_two_misses_a_person_is_offered_and_right_answers_change_nothing():
    draft = understood(Draft(CARD).answer("care", "price").answer("care", "place"))
    assert draft.offered_a_person
    assert not draft.understood


def test_a_yes_ends_after_the_term_that_was_chosen():
    draft = understood(Draft(CARD, way="same", same="composite", term_months=12))
    assert draft.document(NOW).expires_at == add_months(NOW, 12)


@given(preferences())
def test_a_change_starts_from_what_was_chosen_and_asks_for_the_term_again(document):
    draft = from_preferences(CARD, document)
    assert draft.treatments() == document.channels
    assert draft.term_months is None
    assert ("term" in draft.missing()) == document.has_yes
    if document.has_yes:
        done = understood(replace(draft, term_months=document.term_months)).document(document.issued_at)
        same = ("channels", "materials", "topics", "note", "therapy", "gap_months", "expires_at")
        assert [getattr(done, name) for name in same] == [getattr(document, name) for name in same]


def test_a_draft_shows_no_key_when_it_is_printed():
    keys = ClientKeys.new()
    assert repr(keys.seed) not in repr(Draft(CARD, keys=keys))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  not\tthe\x00 dog\r\n ", "not the dog"),
        ("no \u202egod\u202c here", "no god here"),
        ("a\u200bb\ufeff", "a b"),
        ("cafe\u0301", "caf\u00e9"),
        ("👩\u200d🚒 and \u05dc\u05d0", "👩\u200d🚒 and \u05dc\u05d0"),
        ("", ""),
    ],
)
def test_a_note_keeps_its_words_and_no_sign_that_nobody_sees(typed, kept):
    assert tidy_note(typed) == kept

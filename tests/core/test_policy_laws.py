"""The laws of the verdict, for all questions: what protects never loosens, order is nothing, no yes from nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from inspect import getmembers, isfunction
from itertools import pairwise

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from core.model.post import Post
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.policy import duties
from tests.core import oracle, protective
from tests.core.questions import questions, wary_questions, willing_questions

LOOSER = ("no", "not_yet", "ask", "allowed")
TOOLS = {
    "chosen",
    "someone",
    "documents",
    "grants",
    "places",
    "set_to",
    "untick",
    "flag",
    "newcomer",
    "joins",
    "one_more",
}
CHANGES = [
    change
    for name, change in getmembers(protective, isfunction)
    if change.__module__ == protective.__name__ and name not in TOOLS
]
picks = st.integers(0, 9999)
#: From now on: within the day, around a month's end, and past every yes.
spans = st.builds(timedelta, days=st.sampled_from([0, 1, 2, 29, 61, 92, 184, 400]), hours=st.sampled_from([0, 1, 12]))


def looseness(question):
    return LOOSER.index(question.verdict["verdict"])


def people_in(question):
    return [question.people[code] for code in question.codes]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@given(question=willing_questions | questions, pick=picks)
def test_what_protects_more_never_loosens(change, question, pick):
    after = question.copy()
    change(after, pick)
    assert looseness(after) <= looseness(question)


@given(willing_questions, st.lists(st.tuples(st.sampled_from(CHANGES), picks), min_size=2, max_size=5))
def test_several_protective_changes_never_loosen(question, changes):
    steps = [question]
    for change, pick in changes:
        after = steps[-1].copy()
        # Leaving a field out ends the chain: the next change might look for it.
        change(after, pick)
        steps.append(after)
        if change.__name__.endswith("left_out"):
            break
    assert all(looseness(after) <= looseness(before) for before, after in pairwise(steps))


@given(willing_questions, spans)
def test_time_alone_loosens_only_at_the_day_named_or_when_a_yes_is_ready(question, span):
    before, later = question.verdict, question.at(question.now + span)
    if looseness(later) > looseness(question):
        assert before["verdict"] in {"not_yet", "ask"}
        if before["verdict"] == "not_yet":
            assert before["on"] is not None
            assert (later.now - timedelta(hours=12)).date().isoformat() >= before["on"]
        else:
            ready = [grant["ready_at"] for person in people_in(question) for grant in person["grants"]]
            assert any(question.now < datetime.fromisoformat(moment) <= later.now for moment in ready)


@given(questions, spans)
def test_from_the_second_a_document_ends_it_is_a_no(question, span):
    known = [person["preferences"] for person in question.people.values() if person and person["preferences"]]
    for document in known:
        if document["expires_at"]:
            moment = max(question.now, datetime.fromisoformat(document["expires_at"]))
            assert question.at(moment + span).verdict["verdict"] == "no"


@given(willing_questions, spans)
def test_not_yet_holds_until_the_day_has_come_everywhere_and_not_longer(question, span):
    verdict = question.verdict
    if verdict["on"] is None:
        return
    everywhere = datetime.combine(datetime.fromisoformat(verdict["on"]), time(12), UTC)
    just_before = question.at(max(question.now, everywhere - timedelta(seconds=1)))
    assert just_before.verdict["verdict"] in {"no", "not_yet"}
    assert question.at(everywhere + span).verdict["verdict"] != "not_yet"


@given(willing_questions, spans)
def test_not_yet_without_a_day_does_not_end_by_waiting(question, span):
    verdict = question.verdict
    if verdict["verdict"] == "not_yet" and verdict["on"] is None:
        assert question.at(question.now + span).verdict["verdict"] in {"no", "not_yet"}


@given(questions, st.randoms(use_true_random=False))
def test_order_and_repetition_never_matter(question, random):
    other = question.copy()
    lists = [other.post[name] for name in ("channels", "materials", "topics", "uses", "stories")]
    lists += [story["people"] for story in other.post["stories"]]
    for person in filter(None, other.people.values()):
        lists += [person["grants"], person["refused"]]
        if person["preferences"]:
            lists += [person["preferences"]["materials"], person["preferences"]["topics"]]
    for items in lists:
        # A story told twice is still the same people's story; a disguised post may tell only one.
        if items is not other.post["stories"] or other.post["form"] == "composite":
            items.extend(items[:1])
        random.shuffle(items)
    codes = list(other.people)
    random.shuffle(codes)
    assert replace(other, people={code: other.people[code] for code in codes}).verdict == question.verdict


@given(questions)
def test_people_who_are_not_in_it_change_nothing(question):
    other = question.copy()
    other.people["Z"] = None
    assert other.verdict == question.verdict


@given(willing_questions | questions)
def test_never_allowed_without_a_live_document_of_each_that_says_so_and_a_live_yes_where_asked(question):
    if question.verdict["verdict"] != "allowed":
        return
    post, now = question.post, question.now
    where = {*post["channels"], *["promotion"] * post["paid"]}
    assert post["uses"] == []
    for person in people_in(question):
        document = person["preferences"]
        assert (person["withdrawn"], person["hold"], person["lapsed"]) == (False, False, False)
        assert post["content_hash"] not in person["refused"]
        assert now < datetime.fromisoformat(document["expires_at"])
        assert {document["channels"][place] for place in where} <= {"composite", "ask", "disguised"}
        assert set(post["topics"]) <= set(document["topics"])
        assert set(post["materials"]) <= set(document["materials"])
        if "ask" in {document["channels"][place] for place in where} or not set(post["materials"]) <= {
            "lesson",
            "story",
        }:
            assert not post["live"]
            assert any(
                grant["content_hash"] == post["content_hash"] is not None
                and where <= set(grant["channels"])
                and datetime.fromisoformat(grant["ready_at"]) <= now < datetime.fromisoformat(grant["expires_at"])
                and not grant["withdrawn"]
                for grant in person["grants"]
            )
        if "composite" in {document["channels"][place] for place in where}:
            assert post["form"] == "composite"
            assert oracle.separate(post["stories"]) >= 3


@given(questions)
def test_each_answer_has_what_belongs_to_it_and_nothing_else(question):
    verdict = question.verdict
    word, reasons = verdict["verdict"], [(reason["rule"], reason["person"] or "") for reason in verdict["reasons"]]
    assert reasons == sorted(set(reasons))
    assert {code for _, code in reasons} <= {*question.codes, ""}
    assert bool(verdict["ask"]) == (word == "ask")
    assert bool(verdict["steps"]) == (word == "allowed")
    assert word == "not_yet" or verdict["on"] is None
    assert word == "allowed" or any(code for _, code in reasons)
    assert verdict["ask"] == sorted(code for rule, code in reasons if rule == "ask" and word == "ask")


@given(st.lists(st.sets(st.sampled_from("ABCDEFG"), min_size=1, max_size=2).map(sorted), min_size=1, max_size=6))
def test_stories_are_counted_alike_however_they_hang_together(who):
    stories = [{"people": people, "session_date": "2026-01-01"} for people in who]
    post = Post(channels=["post"], form="composite", materials=["story"], stories=stories)
    assert post.separate_stories == oracle.separate(stories)


@given(willing_questions | questions)
def test_two_people_who_read_the_rules_apart_agree(question):
    assert question.verdict == oracle.answer(question.post, question.people, question.now)


@pytest.mark.parametrize("word", LOOSER)
@pytest.mark.parametrize("strategy", [willing_questions, wary_questions], ids=["willing", "wary"])
def test_the_questions_drawn_here_reach_every_answer(strategy, word):
    # Laws about questions that are all a no would hold for a machine that only says no.
    first = settings(max_examples=5000, phases=[Phase.generate])
    found = find(strategy, lambda question: question.verdict["verdict"] == word, settings=first)
    assert found.verdict["verdict"] == word


# --- duties ------------------------------------------------------------------------------------

some_places = st.sets(st.sampled_from(TAXONOMY.channel_ids), min_size=1)
some_materials = st.sets(st.sampled_from(TAXONOMY.material_ids), min_size=1)
parts = st.tuples(some_places, some_materials)
documents = willing_questions.map(lambda question: next(iter(question.people.values()))["preferences"])


def asked_of(part, document):
    """The duties of a free, recorded, disguised post with these places and materials."""
    story = {"people": ["A"], "session_date": "2026-01-01"}
    post = {"channels": sorted(part[0]), "materials": sorted(part[1]), "form": "disguised", "stories": [story]}
    return duties(Post.model_validate(post | {"paid": False}), Preferences.model_validate(document))


def both(one, other):
    return one[0] | other[0], one[1] | other[1]


@given(documents, parts, parts)
def test_a_post_asks_for_what_its_parts_ask_for_together(document, one, other):
    assert asked_of(both(one, other), document) == asked_of(one, document) | asked_of(other, document)


@given(documents, parts)
def test_duties_are_idempotent(document, part):
    assert asked_of(both(part, part), document) == asked_of(part, document)


@given(documents, parts, parts)
def test_duties_are_commutative(document, one, other):
    assert asked_of(both(one, other), document) == asked_of(both(other, one), document)


@given(documents, parts, parts, parts)
def test_duties_are_associative(document, one, other, third):
    left, right = both(both(one, other), third), both(one, both(other, third))
    assert asked_of(left, document) == asked_of(right, document)

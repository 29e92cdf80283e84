"""A post and its stories as records: what they take and leave out, and that they keep quiet and stay as made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from core.model.post import Post, Story, latest_session
from core.model.taxonomy import TAXONOMY

CANARY = "canary-3f9c"
STORY = {"people": ["K7QM2XPF"], "session_date": "2026-05-01"}
PLAIN = {"channels": ["post"], "form": "disguised", "materials": ["story"], "stories": [STORY]}


def post(**changes):
    return Post.model_validate(PLAIN | changes)


def composite(*stories):
    told = [{"people": list(people), "session_date": "2026-05-01"} for people in stories]
    return post(form="composite", stories=told)


def test_what_is_left_out_counts_as_everything():
    bare = post()
    assert bare.topics == TAXONOMY.topic_ids
    assert set(bare.uses) == {term.id for term in TAXONOMY.locked}
    assert (bare.live, bare.paid, bare.content_hash) == (True, True, None)
    assert bare.all_channels == {"post", "promotion"}
    assert post(paid=False).all_channels == {"post"}


@pytest.mark.parametrize(
    ("field", "ids"),
    [
        ("channels", TAXONOMY.channel_ids),
        ("materials", TAXONOMY.material_ids),
        ("topics", TAXONOMY.topic_ids),
        ("uses", tuple(term.id for term in TAXONOMY.locked)),
    ],
)
def test_ids_come_back_once_and_in_their_order(field, ids):
    given = [*reversed(ids), *ids]
    assert getattr(post(**{field: given}), field) == ids
    with pytest.raises(ValidationError, match="is not an id that is known here"):
        post(**{field: [*ids, CANARY]})


@pytest.mark.parametrize("field", ["topics", "uses"])
def test_topics_and_uses_may_be_empty(field):
    assert getattr(post(**{field: []}), field) == ()


@pytest.mark.parametrize("field", ["channels", "materials"])
def test_places_and_materials_may_not(field):
    with pytest.raises(ValidationError, match="must not be empty"):
        post(**{field: []})


@pytest.mark.parametrize("field", ["live", "paid"])
@pytest.mark.parametrize("value", [1, 0, "true"])
def test_yes_or_no_is_never_guessed(field, value):
    with pytest.raises(ValidationError):
        post(**{field: value})


@pytest.mark.parametrize(
    ("form", "stories", "fault"),
    [
        ("invented", [STORY], "must be empty for an invented post"),
        ("disguised", [], "must not be empty unless the post is invented"),
        ("composite", [], "must not be empty unless the post is invented"),
        ("disguised", [STORY, STORY], "must hold just one story for a disguised post"),
    ],
)
def test_the_stories_fit_the_form(form, stories, fault):
    with pytest.raises(ValidationError, match=fault):
        post(form=form, stories=stories)


@pytest.mark.parametrize(("form", "stories"), [("invented", []), ("disguised", [STORY]), ("composite", [STORY, STORY])])
def test_stories_that_fit_are_taken(form, stories):
    assert len(post(form=form, stories=stories).stories) == len(stories)


def test_a_form_that_is_unknown_is_one_fault_and_no_other():
    with pytest.raises(ValidationError) as refused:
        post(form=CANARY, stories=[STORY, STORY])
    assert refused.value.error_count() == 1


def test_a_post_without_a_word_of_stories_needs_them():
    with pytest.raises(ValidationError, match="must not be empty unless"):
        Post.model_validate({name: value for name, value in PLAIN.items() if name != "stories"})


def test_a_hash_is_the_same_in_capitals_and_never_empty():
    assert post(content_hash="ABCDEF").content_hash == "abcdef"
    assert post(content_hash="a").content_hash == "a"
    with pytest.raises(ValidationError):
        post(content_hash="")


def test_a_card_code_is_never_empty_and_a_story_has_somebody():
    assert Story.model_validate(STORY | {"people": ["A"]}).people == ("A",)
    for people in ([], [""]):
        with pytest.raises(ValidationError):
            Story.model_validate(STORY | {"people": people})


@pytest.mark.parametrize(
    "day",
    [
        "2026-5-1",
        "2026-13-01",
        "2026-02-30",
        "20260501",
        "2026-W18-5",
        "2026-05-01T00:00:00Z",
        "x2026-05-01",
        "2026-05-01x",
        1790000000,
        datetime(2026, 5, 1, tzinfo=UTC),
        None,
    ],
    ids=str,
)
def test_a_day_is_written_in_one_way(day):
    with pytest.raises(ValidationError, match="must be a day written like 2026-05-01"):
        Story.model_validate(STORY | {"session_date": day})


@pytest.mark.parametrize("day", ["2026-05-01", date(2026, 5, 1)])
def test_a_day_may_be_text_or_a_day(day):
    assert Story.model_validate(STORY | {"session_date": day}).session_date == date(2026, 5, 1)


def test_a_session_may_lie_as_late_as_the_day_that_has_begun_first():
    now = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert latest_session(now) == date(2026, 11, 23)
    assert latest_session(now - timedelta(seconds=1)) == date(2026, 11, 22)
    assert latest_session(now.astimezone(timezone(timedelta(hours=-11)))) == date(2026, 11, 23)
    told = STORY | {"session_date": "2026-11-23"}
    assert Story.model_validate(told, context={"now": now})
    with pytest.raises(ValidationError, match="must not lie in the future"):
        Story.model_validate(told, context={"now": now - timedelta(seconds=1)})
    assert Story.model_validate(told | {"session_date": "2999-01-01"})  # without a now there is no future


@pytest.mark.parametrize(
    ("stories", "separate"),
    [
        (["A"], 1),
        (["A", "B"], 2),
        (["A", "B", "C"], 3),
        (["A", "A", "B"], 2),
        (["AB", "BC", "CD"], 1),
        (["AB", "CD", "BC"], 1),
        (["A", "B", "C", "AB"], 2),
        (["A", "B", "C", "D", "BD"], 3),
    ],
    ids=str,
)
def test_stories_that_share_a_person_count_as_one(stories, separate):
    whole = composite(*stories)
    assert whole.separate_stories == separate
    assert whole.is_enough_of_a_composite == (separate >= 3)


def test_only_a_composite_is_one():
    assert not post().is_enough_of_a_composite
    assert Post.model_construct(form="disguised", stories=composite("A", "B", "C").stories).separate_stories == 3
    assert not Post.model_construct(form="disguised", stories=composite("A", "B", "C").stories).is_enough_of_a_composite


def test_everyone_is_named_once_in_order_with_their_own_sessions():
    days = ("2026-05-03", "2026-05-01", "2026-05-02")
    people = (["C", "A"], ["B"], ["A"])
    told = [{"people": who, "session_date": day} for who, day in zip(people, days, strict=True)]
    whole = post(form="composite", stories=told)
    assert whole.people == ("A", "B", "C")
    assert whole.sessions_with("A") == (date(2026, 5, 3), date(2026, 5, 2))
    assert whole.sessions_with("D") == ()


@pytest.mark.parametrize("made", [post(), Story.model_validate(STORY)], ids=["post", "story"])
def test_it_stays_as_it_was_made_and_takes_nothing_else(made):
    field = next(iter(type(made).model_fields))
    with pytest.raises(ValidationError):
        setattr(made, field, getattr(made, field))
    with pytest.raises(ValidationError):
        type(made).model_validate(made.model_dump() | {CANARY: 1})


@pytest.mark.parametrize("told", [{"form": CANARY}, {"stories": [STORY | {"session_date": CANARY}]}], ids=str)
def test_a_refusal_never_repeats_what_was_given(told):
    with pytest.raises(ValidationError) as refused:
        post(**told)
    assert CANARY not in str(refused.value)


def test_a_story_that_is_refused_keeps_quiet_too():
    with pytest.raises(ValidationError) as refused:
        Story.model_validate(STORY | {"session_date": CANARY})
    assert CANARY not in str(refused.value)

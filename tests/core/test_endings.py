"""What has to come down, by when and where: each reason, each deadline, to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core import wire
from core.endings import Ending, Known, Side, Task, endings, ends_ahead, tasks
from core.model.posted import Draft, Piece, Place, Posted, Rest
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from tests.core.story import about
from tests.core.test_answers import ASKED, CARD, HASH, OTHER, START, YES, held, said

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
UNKNOWN = bytes([7]) * 32
DRAFT_HASH = HASH.hex()
ON_CHOICES = Rest(card=CARD, documents=(bytes(32),), document_issued_at=START)
ON_A_YES = ON_CHOICES.model_copy(
    update={"request_id": ASKED.request_id, "granted_at": YES.body.issued_at, "grant_ends_at": START + 100 * DAY}
)
WITHIN = {"own": 48 * HOUR, "others": 7 * DAY, "lasting": 7 * DAY}
CONTROLS = pytest.mark.parametrize("control", WITHIN)


def side(*tokens, rest=ON_CHOICES, permits=True, imported=0, **more):
    known = tuple(Known(token, START + (imported + place) * DAY) for place, token in enumerate(tokens))
    return Side(rest, known, ASKED if rest.request_id else None, permits, **more)


def posted(*places, take_down_on=None, rests_on=(ON_CHOICES,)):
    places = places or (Place(channel="post", control="own"),)
    return Posted(posted_at=START, places=places, take_down_on=take_down_on, rests_on=rests_on, verdict="allowed")


def found(*sides, now=START + DAY, on=None):
    return endings(posted(take_down_on=on), sides, DRAFT_HASH, now)


# --- what was taken back ------------------------------------------------------------------------


@pytest.mark.parametrize("by", [None, YES.body.client_key])
@pytest.mark.parametrize(("hours", "counts"), [(-1, False), (0, True), (50, True)])
def test_a_stop_ends_what_rests_on_choices_that_are_not_later(hours, counts, by):
    stop = held(wire.Withdrawal("everything"), hours, by=by)
    expected = (Ending("withdrawn", START + 3 * DAY, CARD),) if counts else ()
    assert found(side(stop, imported=3)) == expected


def test_the_clock_starts_when_the_first_of_them_was_imported():
    stop, undo = held(wire.Withdrawal("everything"), 40), held(wire.Withdrawal("one_post", HASH), 30)
    [ending] = found(side(held(wire.Withdrawal("one_post", UNKNOWN)), stop, undo))
    assert ending == Ending("withdrawn", START + DAY, CARD)


@pytest.mark.parametrize("reference", [HASH, ASKED.request_id])
def test_a_withdrawal_of_just_this_post_ends_it_whenever_it_was_made(reference):
    assert found(side(held(wire.Withdrawal("one_post", reference), -90), rest=ON_A_YES))


def test_a_withdrawal_by_its_question_counts_even_where_the_question_itself_is_gone():
    undo = Known(held(wire.Withdrawal("one_post", ASKED.request_id), 30, by=None), START)
    assert found(Side(ON_A_YES, (undo,), None, permits=True)) == (Ending("withdrawn", START, CARD),)


def test_a_withdrawal_of_another_post_ends_nothing():
    for reference in (UNKNOWN, OTHER.request_id):
        assert found(side(held(wire.Withdrawal("one_post", reference)), rest=ON_A_YES)) == ()
        assert found(side(held(wire.Withdrawal("one_post", reference)))) == ()
    assert found(side(held(wire.Withdrawal("one_post", ASKED.request_id)))) == ()


@pytest.mark.parametrize("word", ["no", "no_never_ask", "not_now", "yes_if_changed"])
def test_a_later_word_to_the_question_ends_what_rests_on_a_yes(word):
    assert [one.reason for one in found(side(YES, said(word, 60, by=None), rest=ON_A_YES))] == ["withdrawn"]
    assert found(side(YES, said(word, 60, asked=OTHER), rest=ON_A_YES)) == ()


def test_a_stop_between_the_choices_and_the_yes_ends_it_too():
    stop = held(wire.Withdrawal("everything"), 1)
    assert found(side(stop, rest=ON_A_YES)) == (Ending("withdrawn", START, CARD),)


def test_a_yes_and_new_choices_end_nothing():
    assert found(side(YES, said("yes", 30, sequence=2), rest=ON_A_YES)) == ()
    choices = Preferences(channels=dict.fromkeys(TAXONOMY.channel_ids, "never"), issued_at=START)
    assert found(side(held(wire.Choices(choices)), rest=ON_A_YES)) == ()


# --- what ran out -------------------------------------------------------------------------------


def test_a_yes_ends_at_its_second_and_not_before():
    ends = ON_A_YES.grant_ends_at
    assert found(side(rest=ON_A_YES), now=ends - SECOND) == ()
    assert found(side(rest=ON_A_YES), now=ends) == (Ending("grant_ended", ends, CARD),)


def test_the_take_down_day_comes_as_it_begins_in_utc():
    begins = datetime(2027, 1, 5, tzinfo=UTC)
    assert found(side(), now=begins - SECOND, on=date(2027, 1, 5)) == ()
    [ending] = found(side(), now=begins, on=date(2027, 1, 5))
    assert (ending.reason, ending.at, ending.card, ending.cause) == ("take_down_day", begins, "", None)


def test_a_document_that_would_permit_it_no_more_ends_it_with_its_cause():
    since = START + 12 * HOUR
    gone = side(permits=False, ended_at=since, cause="changed")
    assert found(gone) == (Ending("document_ended", since, CARD, "changed"),)
    assert found(side(permits=False, cause="died")) == (Ending("document_ended", None, CARD, "died"),)


def test_what_was_taken_back_or_ran_out_is_no_matter_for_renewal():
    stop = held(wire.Withdrawal("everything"), 50)
    assert [one.reason for one in found(side(stop, permits=False))] == ["withdrawn"]
    ended = found(side(rest=ON_A_YES, permits=False), now=ON_A_YES.grant_ends_at)
    assert [one.reason for one in ended] == ["grant_ended"]


def test_everybody_in_it_is_looked_at():
    other = ON_CHOICES.model_copy(update={"card": "00000000"})
    both = found(side(held(wire.Withdrawal("everything"), 50)), side(rest=other, permits=False))
    assert [(one.reason, one.card) for one in both] == [("withdrawn", CARD), ("document_ended", "00000000")]
    assert found(side(), side(rest=other)) == ()


# --- by when, and where -------------------------------------------------------------------------


@CONTROLS
@pytest.mark.parametrize("reason", ["withdrawn", "grant_ended", "take_down_day"])
def test_what_ended_comes_down_in_time_by_who_controls_the_place(control, reason):
    assert Ending(reason, START).due(control) == START + WITHIN[control]
    assert Ending(reason, None).due(control) is None


@CONTROLS
def test_what_only_ran_out_is_renewed_or_taken_down_within_thirty_days(control):
    assert Ending("document_ended", START).due(control) == START + 30 * DAY
    assert Ending("document_ended", None).due(control) is None


def piece(*places, is_out=True):
    text = Draft(salt=bytes(32), text="Words.", post=about((CARD, "2026-05-01")), account="@willow", saved_at=START)
    return Piece(id="1", draft=text, posted=posted(*places) if is_out else None)


def test_each_place_has_a_line_of_its_own_with_the_most_urgent_reason_first():
    places = tuple(Place(channel="post", control=control) for control in WITHIN)
    ran_out, undated = Ending("document_ended", START - 29 * DAY), Ending("document_ended", None)
    taken_back = Ending("withdrawn", START)
    whole = tasks(piece(*places), [undated, taken_back, ran_out])
    assert [(task.index, task.place) for task in whole] == list(enumerate(places))
    assert {task.reasons for task in whole} == {(ran_out, taken_back, undated)}
    assert {task.due for task in whole} == {START + DAY}
    assert [task.due for task in tasks(piece(*places), [undated, taken_back])] == [START + WITHIN[c] for c in WITHIN]
    assert [task.due for task in tasks(piece(*places), [undated])] == [None] * 3


def test_the_order_may_differ_from_place_to_place():
    own, others = Place(channel="post", control="own"), Place(channel="post", control="others")
    first, second = Ending("withdrawn", START), Ending("document_ended", START - 26 * DAY)
    lines = tasks(piece(own, others), [second, first])
    assert [task.reasons for task in lines] == [(first, second), (second, first)]


def test_nothing_comes_down_that_is_not_out_or_that_nothing_ended():
    assert tasks(piece(), []) == ()
    assert tasks(piece(is_out=False), [Ending("withdrawn", START)]) == ()


def test_only_what_ran_out_may_be_renewed():
    ran_out, taken_back = Ending("document_ended", START), Ending("withdrawn", START)

    def line(*reasons):
        return Task(piece(), 0, Place(channel="post", control="own"), reasons)

    assert line(ran_out, ran_out).may_renew
    assert not line(ran_out, taken_back).may_renew
    assert not line(Ending("grant_ended", START)).may_renew


# --- ahead --------------------------------------------------------------------------------------


def test_what_ends_in_the_next_thirty_days_is_told_soonest_first():
    rest = ON_CHOICES.model_copy(
        update={"document_ends_at": START + 10 * DAY, "grant_ends_at": START + 20 * DAY, "granted_at": START}
    )
    whole = posted(rests_on=(rest,), take_down_on=date(2026, 11, 27))
    assert ends_ahead(whole, START) == (
        ("take_down_day", "", datetime(2026, 11, 27, tzinfo=UTC)),
        ("document_ended", CARD, START + 10 * DAY),
        ("grant_ended", CARD, START + 20 * DAY),
    )


@pytest.mark.parametrize(
    ("ends", "is_told"), [(0 * DAY, False), (SECOND, True), (30 * DAY, True), (30 * DAY + SECOND, False)]
)
def test_ahead_is_from_now_to_thirty_days(ends, is_told):
    rest = ON_CHOICES.model_copy(update={"document_ends_at": START + ends})
    expected = (("document_ended", CARD, START + ends),) if is_told else ()
    assert ends_ahead(posted(rests_on=(rest,)), START) == expected


def test_a_post_that_rests_on_nothing_that_ends_tells_nothing_ahead():
    assert ends_ahead(posted(), START) == ()

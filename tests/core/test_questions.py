"""A therapist's questions as they look at them: what is open, what came of the rest, what can be asked now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import drafting, knowing, people, questions, requests
from core.errors import BadInput, CannotReach, InboxFirst
from core.model.circumstances import Circumstances
from core.model.dates import add_months
from core.model.request import content_hash
from tests.core.clinic import NOW, later
from tests.core.story import TERMS, Client, about, ask, draft

ONE, OTHER = "2026-05-01", "2026-06-01"


@pytest.fixture
def piece(clinic, client):
    return draft(clinic, about((client.card.code, ONE)))


@pytest.fixture
def second(clinic):
    one = Client(clinic, clinic.cards[1])
    one.chooses()
    return one


def others_are_in_it(clinic, piece, client):
    return requests.preview(clinic.vault, piece.draft, client.card.code, TERMS, NOW).others_included


def test_a_question_says_whether_others_are_in_it_and_counts_no_guardian_for_one(clinic, client, piece, second):
    minor = Circumstances(majority_on=TERMS.take_down_on, guardians=(second.card.code,))
    knowing.note_circumstances(clinic.vault, client.card.code, minor)
    assert not others_are_in_it(clinic, piece, client)
    assert others_are_in_it(clinic, piece, second), "to the guardian it is the story of somebody else"
    for together in (
        about(((client.card.code, clinic.cards[2].code), ONE)),
        about((clinic.cards[2].code, ONE), (client.card.code, OTHER), form="composite"),
    ):
        assert others_are_in_it(clinic, draft(clinic, together), client)


def test_another_card_of_the_same_person_is_nobody_else(clinic, client, piece, second):
    people.link(clinic.vault, client.card.code, second.card.code, NOW)
    assert not others_are_in_it(clinic, piece, client)


def line(clinic, now):
    [found] = questions.every(clinic.vault, now)
    return found


def wish(clinic, now):
    [found] = questions.wishes(clinic.vault, now)
    return found


# --- what was asked ---------------------------------------------------------------------------------


def test_nothing_asked_is_an_empty_list(clinic):
    assert questions.every(clinic.vault, NOW) == []


def test_a_question_is_open_until_the_end_of_its_day_and_then_silence(clinic, client, piece):
    ask(clinic, piece, client)
    assert line(clinic, later(days=14)).stage == "open"
    assert line(clinic, later(days=15)).stage == "silence"


def test_a_yes_waits_counts_and_ends(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    stages = [line(clinic, later(days=day)).stage for day in (1, 7, 8, 148, 149)]
    assert stages == ["waiting", "waiting", "counts", "counts", "ended"]


@pytest.mark.parametrize("answer", ["no", "no_never_ask", "not_now", "yes_if_changed"])
def test_every_other_answer_is_told_as_it_was_given(clinic, client, piece, answer):
    ask(clinic, piece, client)
    client.answers(answer, later(days=1))
    assert line(clinic, later(days=2)).stage == answer


def test_a_yes_that_was_taken_back_is_told_as_that(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    client.undoes(later(days=2))
    assert line(clinic, later(days=2)).stage == "taken_back"


def test_a_pressured_yes_cannot_be_told_from_not_now(clinic, client, piece, second):
    asked = ask(clinic, piece, client)
    ask(clinic, draft(clinic, about((second.card.code, OTHER)), "Other words."), second)
    client.answers("yes", later(days=1), feeling="pressured", note="he kept asking")
    second.answers("not_now", later(days=1))
    pressured, free = sorted(
        questions.every(clinic.vault, later(days=2)), key=lambda one: one.outcome.asked.request_id != asked.request_id
    )
    assert pressured.stage == free.stage == "not_now"
    told = [
        (one.awaits_change, one.outcome.note, one.outcome.grant, one.outcome.closed_at) for one in (pressured, free)
    ]
    assert told[0] == told[1]


def test_open_questions_come_first_by_their_day_and_then_the_newest_word(clinic):
    clients = [Client(clinic, card) for card in clinic.cards[:4]]
    for number, one in enumerate(clients):
        one.chooses()
        piece = draft(clinic, about((one.card.code, ONE)), f"Words {number}.")
        ask(clinic, piece, one, terms=replace(TERMS, answer_by=TERMS.answer_by - timedelta(days=number)))
    clients[0].answers("no", later(days=1))
    clients[2].answers("not_now", later(days=2))
    codes = [one.outcome.asked.request.card for one in questions.every(clinic.vault, later(days=3))]
    assert codes == [clients[number].card.code for number in (3, 1, 2, 0)]


def test_a_question_leads_to_its_draft_while_the_words_stay(clinic, client, piece):
    ask(clinic, piece, client)
    assert line(clinic, NOW).piece.id == piece.id
    drafting.save(clinic.vault, drafting.Writing(piece.draft.post, "@willowstreet", "Other words."), NOW, piece.id)
    assert line(clinic, NOW).piece is None


def test_only_the_newest_wish_for_a_change_waits_for_one(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes_if_changed", later(days=1), note="not the town")
    assert line(clinic, later(days=1)).awaits_change
    changed = draft(clinic, about((client.card.code, ONE)), "Somebody kept something.", later(days=2))
    ask(clinic, changed, client, later(days=2))
    assert [one.awaits_change for one in questions.every(clinic.vault, later(days=2))] == [False, False]


def test_a_wish_for_a_change_without_a_signature_waits_for_nothing(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes_if_changed", later(days=1), signed=False)
    assert not line(clinic, later(days=1)).awaits_change


# --- what can be asked now ----------------------------------------------------------------------------


def test_a_kept_draft_that_needs_a_yes_names_whom_to_ask(clinic, client, piece):
    found = wish(clinic, NOW)
    assert (found.piece.id, [(one.code, one.barriers) for one in found.people]) == (piece.id, [(client.card.code, ())])


def test_what_stands_against_asking_is_told_with_it(clinic, client, piece):
    ask(clinic, piece, client)
    [one] = wish(clinic, NOW).people
    assert [barrier.rule for barrier in one.barriers] == ["open", "too_soon"]


def test_a_draft_that_is_refused_or_needs_no_yes_is_no_wish(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("no", later(days=1))
    assert questions.wishes(clinic.vault, later(days=1)) == []


def test_who_said_yes_and_may_still_think_again_is_not_to_be_asked(clinic, client, second):
    piece = draft(clinic, about(((client.card.code, second.card.code), ONE)))
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    assert [one.code for one in wish(clinic, later(days=2)).people] == [second.card.code]
    ask(clinic, piece, second, later(days=2))
    second.answers("yes", later(days=3))
    assert questions.wishes(clinic.vault, later(days=4)) == []


def test_the_changed_draft_is_a_follow_up_and_brings_the_note_along(clinic, client, piece):
    assert questions.before_the_change(clinic.vault, piece.draft, client.card.code, NOW) is None
    ask(clinic, piece, client)
    client.answers("yes_if_changed", later(days=1), note="not the town")
    changed = draft(clinic, about((client.card.code, ONE)), "Somebody kept something.", later(days=2))
    [one] = wish(clinic, later(days=2)).people
    assert (one.follows_up, one.barriers) == (True, ())
    before = questions.before_the_change(clinic.vault, changed.draft, client.card.code, later(days=2))
    assert before.note == "not the town"


def test_another_story_is_no_follow_up(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes_if_changed", later(days=1))
    other = draft(clinic, about((client.card.code, OTHER)), "Other words.", later(days=2))
    assert questions.before_the_change(clinic.vault, other.draft, client.card.code, later(days=2)) is None


def test_nobody_can_be_asked_without_a_mailbox_or_before_the_inbox_is_open(clinic, client):
    assert questions.hindrance(clinic.vault, mailbox_on=True) is None
    assert isinstance(questions.hindrance(clinic.vault, mailbox_on=False), CannotReach)
    clinic.stop(later(hours=1), client.keys, client.card)
    assert isinstance(questions.hindrance(clinic.vault, mailbox_on=True), InboxFirst)


# --- the terms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", [NOW, later(days=98), later(days=463)])
def test_the_usual_days_can_be_sent_and_so_can_the_first_and_the_last(clinic, client, now):
    client.chooses(now)
    piece = draft(clinic, about((client.card.code, ONE)), at=now)
    days = questions.days(now)
    for picked in (
        [days[name].usual for name in ("answer_by", "post_on", "take_down_on")],
        [days["answer_by"].first, days["post_on"].first, days["take_down_on"].first],
        [days["answer_by"].last, days["post_on"].last, days["take_down_on"].last],
    ):
        terms = questions.terms("anyone online", "", "", picked)
        requests.preview(clinic.vault, piece.draft, client.card.code, terms, now)


@pytest.mark.parametrize(
    ("name", "end", "step"),
    [("answer_by", "first", -1), ("post_on", "first", -1), ("take_down_on", "last", 1)],
)
def test_a_day_outside_is_refused(clinic, client, piece, name, end, step):
    days = questions.days(NOW)
    picked = {each: days[each].usual for each in days} | {name: getattr(days[name], end) + timedelta(days=step)}
    terms = questions.terms("anyone online", "", "", list(picked.values()))
    with pytest.raises(BadInput):
        requests.preview(clinic.vault, piece.draft, client.card.code, terms, NOW)


def test_the_usual_days_leave_time_to_answer_and_to_think_again():
    days = {name: each.usual for name, each in questions.days(NOW).items()}
    assert days["answer_by"] == NOW.date() + timedelta(days=21)
    assert days["post_on"] == days["answer_by"] + timedelta(days=8)
    assert days["take_down_on"] == add_months(NOW.date(), 12) - timedelta(days=1)


@pytest.mark.parametrize("missing", range(3))
def test_a_day_that_is_missing_is_asked_for(missing):
    picked = [NOW.date()] * 3
    picked[missing] = None
    with pytest.raises(BadInput) as refused:
        questions.terms("anyone online", "", "", picked)
    assert "all three days" in refused.value.sentence


def test_a_tick_always_means_more_sharing():
    days = [NOW.date()] * 3
    closed = questions.terms("anyone online", "", "", days)
    assert (closed.comments_off, closed.remix_off) == (True, True)
    free = questions.terms("anyone online", "", "", days, comments=True, reuse=True)
    assert (free.comments_off, free.remix_off) == (False, False)


def test_what_changed_and_what_stayed_is_a_line_each(clinic, client, piece):
    days = [each.usual for each in questions.days(NOW).values()]
    terms = questions.terms("anyone online", " the town \n\nthe job\r\n", "that there was a wedding", days)
    request = requests.preview(clinic.vault, piece.draft, client.card.code, terms, NOW)
    assert (request.changed, request.kept) == (("the town", "the job"), ("that there was a wedding",))


def test_what_is_shown_before_is_what_is_sent(clinic, client, piece):
    shown = requests.preview(clinic.vault, piece.draft, client.card.code, TERMS, NOW)
    assert ask(clinic, piece, client).request == shown
    assert shown.content_hash == content_hash(shown.salt, shown.draft, None)


def test_a_preview_sends_and_keeps_nothing(clinic, client, piece):
    requests.preview(clinic.vault, piece.draft, client.card.code, TERMS, NOW)
    assert client.letters().questions == ()
    assert questions.every(clinic.vault, NOW) == []


# --- the invitation -----------------------------------------------------------------------------------


def test_the_invitation_is_the_same_for_everyone(clinic, client, second):
    people.rename(clinic.vault, client.card.code, "Quiet river")
    said = {questions.invitation(clinic.vault, one.card.code) for one in (client, second)}
    assert said == {questions.invitation(clinic.vault, client.card.code)}
    assert {questions.slip(clinic.vault, one.card.code) for one in (client, second)} == {
        questions.slip(clinic.vault, client.card.code)
    }

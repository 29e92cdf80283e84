"""Asking, from the therapist's desk to the client's page and back: what is sent, refused, and what it permits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core import answering, importing, knowing, people, requests
from core.answering import Reply
from core.errors import AnswerTooLate, BadInput, CannotReach, InboxFirst, MayNotAsk, NoSuchDraft
from core.keys import ClientKeys
from core.model.circumstances import Circumstances
from core.model.request import content_hash, request_id
from core.store import practice
from core.store import requests as store
from core.text import Words
from tests.core.clinic import NOW, later
from tests.core.story import TERMS, Client, about, ask, draft


@pytest.fixture
def piece(clinic, client):
    return draft(clinic, about((client.card.code, "2026-05-01")))


def about_the(client, **changes):
    with client.clinic.database.write() as connection:
        client.clinic.vault.change_holder(connection, client.card.code, about=Circumstances(**changes))


def barriers(clinic, piece, client, at):
    return [barrier.rule for barrier in requests.barriers(clinic.vault, piece.draft, client.card.code, at)]


def verdict(clinic, piece, at):
    return knowing.judge(clinic.vault, piece.draft.post, at).answer


# --- the question ---------------------------------------------------------------------------------


def test_a_client_reads_the_exact_draft_and_everything_about_it(clinic, client, piece):
    asked = ask(clinic, piece, client)
    [question] = client.letters().questions
    request = question.request
    assert (question.request_id, question.answered) == (asked.request_id, None)
    assert request.draft == piece.draft.text
    assert request.content_hash == piece.draft.content_hash == content_hash(request.salt, request.draft, None)
    assert (request.account, request.audience, request.channels) == ("@willowstreet", "anyone online", ("post",))
    assert (request.changed, request.kept) == (TERMS.changed, TERMS.kept)
    assert (request.post_on, request.take_down_on, request.answer_by) == (
        TERMS.post_on,
        TERMS.take_down_on,
        TERMS.answer_by,
    )
    assert not request.others_included
    assert not request.paid


def test_the_therapist_keeps_the_very_bytes_that_were_signed(clinic, client, piece):
    asked = ask(clinic, piece, client)
    assert store.find(clinic.vault, asked.request_id) == asked
    assert store.every(clinic.vault) == store.of_card(clinic.vault, client.card.code) == [asked]
    assert request_id(asked.request.to_bytes()) == asked.request_id
    assert store.find(clinic.vault, bytes(32)) is None


def test_a_question_is_for_one_card_and_one_key_only(clinic, client, piece):
    ask(clinic, piece, client)
    stranger = Client(clinic, clinic.cards[1])
    stranger.chooses()
    assert stranger.letters().questions == ()
    elsewhere = answering.received(clinic.database, clinic.cards[1], clinic.therapist, client.keys, None)
    assert elsewhere.questions == ()


def test_a_question_that_another_key_signed_is_as_good_as_missing(clinic, client, piece):
    ask(clinic, piece, client)
    other = replace(clinic.therapist, signing_public=ClientKeys.new().signing_public)
    assert answering.received(clinic.database, client.card, other, client.keys, None).questions == ()


def test_a_translation_goes_with_the_draft_and_is_hashed_with_it(clinic, client):
    piece = draft(clinic, about((client.card.code, "2026-05-01")), translation="Alguien guardó un mensaje.")
    ask(clinic, piece, client)
    [question] = client.letters().questions
    assert question.request.translation == "Alguien guardó un mensaje."
    assert question.request.content_hash != content_hash(question.request.salt, question.request.draft, None)


def test_what_a_person_reads_first_says_nothing_of_the_question(clinic, client, piece):
    ask(clinic, piece, client)
    words = requests.invitation(Words())
    assert "question" in words
    assert not {"voice mail", "@willowstreet", client.card.code} & set(words.split())


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": " "},
        {"answer_by": date(2026, 11, 21)},
        {"post_on": date(2026, 11, 28)},
        {"take_down_on": date(2026, 12, 20)},
        {"take_down_on": date(2027, 11, 23)},
        {"answer_by": date(2027, 4, 20)},
    ],
)
def test_a_question_with_a_date_or_field_that_cannot_be_is_not_sent(clinic, client, piece, changes):
    with pytest.raises(BadInput):
        ask(clinic, piece, client, terms=replace(TERMS, **changes))
    assert client.letters().questions == ()


def test_a_question_needs_words_and_an_account_that_the_permission_covers(clinic, client):
    for number, changes in enumerate([{"text": ""}, {"account": "@somebody.else"}]):
        post = about((client.card.code, f"2026-05-0{number + 1}"))
        piece = draft(clinic, post, text=changes.get("text", "Words."), file=b"a film" if "text" in changes else None)
        if "account" in changes:
            practice.change_accounts(clinic.database, clinic.vault.therapist_id, ("@other",), NOW)
        with pytest.raises(BadInput):
            ask(clinic, piece, client)


def test_a_practice_without_a_mailbox_cannot_ask_this_way(clinic, client, piece):
    with pytest.raises(CannotReach):
        requests.ask(clinic.vault, piece.id, client.card.code, TERMS, NOW, mailbox_on=False)
    practice.switch_mailbox(clinic.database, NOW, on=False)
    with pytest.raises(CannotReach):
        ask(clinic, piece, client)
    assert store.every(clinic.vault) == []


def test_nobody_is_asked_about_a_draft_that_is_gone(clinic, client):
    with pytest.raises(NoSuchDraft):
        requests.ask(clinic.vault, "0" * 16, client.card.code, TERMS, NOW)


def test_nobody_is_asked_while_something_is_unopened(clinic, client, piece):
    clinic.stop(later(hours=1), client.keys, client.card)
    with pytest.raises(InboxFirst):
        ask(clinic, piece, client, later(hours=2))


# --- who is asked ----------------------------------------------------------------------------------


@pytest.mark.parametrize("circumstance", ["died", "crisis", "court_ordered", "works_here"])
def test_nobody_is_asked_in_circumstances_in_which_a_yes_is_not_free(clinic, client, piece, circumstance):
    about_the(client, **{circumstance: True})
    assert circumstance in barriers(clinic, piece, client, NOW)
    with pytest.raises(MayNotAsk):
        ask(clinic, piece, client)


def test_nobody_is_asked_after_a_stop_or_while_on_hold(clinic, client, piece):
    client.stops(later(hours=1), signed=False)
    assert barriers(clinic, piece, client, later(hours=1)) == ["hold"]
    client.stops(later(hours=2))
    assert "withdrawn" in barriers(clinic, piece, client, later(hours=2))


def test_nobody_is_asked_of_whom_nothing_is_known_or_whose_yes_ran_out(clinic, client, piece):
    assert barriers(clinic, piece, client, later(days=190)) == ["expired"]
    unknown = Client(clinic, clinic.cards[1])
    other = draft(clinic, about((unknown.card.code, "2026-05-01")), "Other words.")
    assert "no_preferences" in barriers(clinic, other, unknown, NOW)


def test_nobody_is_asked_where_a_yes_would_not_help_or_is_not_needed(clinic):
    never, free = Client(clinic, clinic.cards[1]), Client(clinic, clinic.cards[2])
    never.chooses(treatment="never", video="ask")
    free.chooses(treatment="disguised", may_recognise_self=True)
    for one, expected in ((never, "would_not_help"), (free, "not_needed")):
        piece = draft(clinic, about((one.card.code, "2026-05-01")), f"Words for {expected}.")
        assert barriers(clinic, piece, one, NOW) == [expected]


def test_one_question_at_a_time_on_all_cards_of_one_person(clinic, client, piece):
    second = Client(clinic, clinic.cards[1])
    second.chooses()
    ask(clinic, piece, client)
    other = draft(clinic, about((second.card.code, "2026-06-01")), "Other words.")
    assert barriers(clinic, other, second, later(days=1)) == []
    people.link(clinic.vault, client.card.code, second.card.code, NOW)
    assert "open" in barriers(clinic, other, second, later(days=1))


def test_one_person_with_two_cards_is_asked_about_one_draft_on_both(clinic, client):
    second = Client(clinic, clinic.cards[1])
    second.chooses()
    people.link(clinic.vault, client.card.code, second.card.code, NOW)
    piece = draft(clinic, about((client.card.code, "2026-05-01")))
    ask(clinic, piece, client)
    ask(clinic, piece, second)
    assert barriers(clinic, piece, second, NOW) == ["open", "too_soon"]
    client.answers("yes", later(days=1))
    assert verdict(clinic, piece, later(days=8)) == "ask"
    second.answers("yes", later(days=1))
    assert verdict(clinic, piece, later(days=8)) == "allowed"


def test_asking_twice_sends_one_question(clinic, client, piece):
    ask(clinic, piece, client)
    with pytest.raises(MayNotAsk) as refused:
        ask(clinic, piece, client, later(seconds=1))
    assert [one.rule for one in refused.value.details["barriers"]] == ["open", "too_soon"]
    assert len(client.letters().questions) == 1


def test_each_reason_not_to_ask_has_its_sentence(clinic, client, piece):
    ask(clinic, piece, client)
    found = requests.barriers(clinic.vault, piece.draft, client.card.code, NOW)
    said = {barrier.rule: requests.sentence(Words(), barrier) for barrier in found}
    assert set(said) == {"open", "too_soon"}
    assert "until the end of December 6, 2026." in said["open"], "the last day for an answer"
    assert "on February 20, 2027." in said["too_soon"]
    assert len(answering.rules(Words())) == 6


# --- the answer ------------------------------------------------------------------------------------


def test_a_yes_permits_after_seven_days_until_the_take_down_day(clinic, client, piece):
    ask(clinic, piece, client)
    assert verdict(clinic, piece, NOW) == "ask"
    client.answers("yes", later(days=1))
    [question] = client.letters().questions
    assert (question.answered, question.is_open(later(days=1))) == ("yes", False)
    assert question.can_be_taken_back(later(days=1))
    assert verdict(clinic, piece, later(days=7, hours=23)) == "ask"
    assert verdict(clinic, piece, later(days=8)) == "allowed"
    [grant] = knowing.person_of(clinic.vault, client.card.code, NOW).grants
    assert grant.expires_at.isoformat() == "2027-04-20T00:00:00+00:00"
    # The standing document ends on 22 May 2027, later than the yes.
    assert verdict(clinic, piece, later(days=148)) == "allowed"
    assert verdict(clinic, piece, later(days=149)) == "ask"


@pytest.mark.parametrize("answer", ["no", "no_never_ask", "not_now", "yes_if_changed"])
@pytest.mark.parametrize("signed", [True, False])
def test_any_other_answer_is_a_refusal_with_a_key_or_without(clinic, client, piece, answer, signed):
    ask(clinic, piece, client)
    client.answers(answer, later(days=1), signed=signed)
    assert verdict(clinic, piece, later(days=8)) == "no"
    [outcome] = requests.outcomes(clinic.vault, client.card.code, later(days=8))
    assert outcome.answer == answer
    assert outcome.invites_another == (signed and answer == "yes_if_changed")


def test_a_pressured_yes_leaves_as_not_now_and_nothing_tells_it_apart(clinic, client, piece):
    ask(clinic, piece, client)
    pressured = client.answers("yes", later(days=1), feeling="pressured", note="he kept asking")
    assert pressured.token.body.content == replace(pressured.token.body.content, answer="not_now", note="")
    assert pressured.token.body.expires_at is None
    [outcome] = requests.outcomes(clinic.vault, client.card.code, later(days=1))
    assert (outcome.answer, outcome.note) == ("not_now", "")
    assert verdict(clinic, piece, later(days=8)) == "no"
    [question] = client.letters().questions
    assert question.answered == "not_now"


def test_silence_is_a_no_once_the_day_is_over(clinic, client, piece):
    ask(clinic, piece, client)
    last = later(days=14, hours=13, minutes=59, seconds=59)
    assert last.isoformat() == "2026-12-06T23:59:59+00:00"
    assert requests.outcomes(clinic.vault, client.card.code, last)[0].answer is None
    [outcome] = requests.outcomes(clinic.vault, client.card.code, later(days=14, hours=14))
    assert outcome.answer == "silence"
    assert verdict(clinic, piece, later(days=15)) == "no"


def test_a_yes_on_the_last_day_counts_and_a_yes_after_it_cannot_be_given(clinic, client, piece):
    ask(clinic, piece, client)
    with pytest.raises(AnswerTooLate):
        client.answers("yes", later(days=14, hours=14))
    client.answers("yes", later(days=14, hours=13), import_at=later(days=20))
    assert requests.outcomes(clinic.vault, client.card.code, later(days=20))[0].answer == "yes"


def test_a_yes_needs_the_code_and_a_feeling(clinic, client, piece):
    ask(clinic, piece, client)
    for options in ({"signed": False}, {"feeling": None}):
        with pytest.raises(BadInput):
            client.answers("yes", later(days=1), **options)


def test_a_note_that_is_too_long_is_not_cut_short(clinic, client, piece):
    ask(clinic, piece, client)
    with pytest.raises(BadInput):
        client.answers("yes_if_changed", later(days=1), note="x" * 60)
    client.answers("yes_if_changed", later(days=1), note="not the wedding, please")
    assert requests.outcomes(clinic.vault, client.card.code, later(days=1))[0].note == "not the wedding, please"


def test_a_no_stands_whatever_comes_before_or_after(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    client.answers("no", later(days=2))
    assert verdict(clinic, piece, later(days=9)) == "no"
    with pytest.raises(BadInput):
        client.answers("yes", later(days=3))


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("by", ["request_id", "content_hash"])
def test_a_yes_is_undone_for_good(clinic, client, piece, signed, by):
    asked = ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    reference = asked.request_id if by == "request_id" else bytes.fromhex(asked.request.content_hash)
    client.undoes(later(days=9), reference, signed=signed)
    assert verdict(clinic, piece, later(days=9)) == "no"
    assert client.letters(later(days=9)).questions[0].taken_back == signed
    client.chooses(later(days=10))
    assert verdict(clinic, piece, later(days=10)) == "no"


def test_a_yes_does_not_outlive_a_stop_even_after_new_choices(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    client.stops(later(days=9), signed=False)
    client.chooses(later(days=10))
    assert verdict(clinic, piece, later(days=10)) == "no"


def test_a_no_from_the_card_alone_closes_what_is_open(clinic, client, piece):
    ask(clinic, piece, client)
    letter = answering.write_no_to_whatever_is_open(client.card, clinic.therapist, later(days=1))
    assert not letter.token.body.signed
    clinic.take_in(letter.token.text, later(days=1))
    assert requests.outcomes(clinic.vault, client.card.code, later(days=1))[0].answer == "no"


def test_the_answer_comes_back_by_hand_too(clinic, client, piece):
    ask(clinic, piece, client)
    clinic.without_mailbox()
    saved = client.answers("yes", later(days=1))
    assert not saved.sent
    clinic.take_in(saved, later(days=2))
    assert verdict(clinic, piece, later(days=8)) == "allowed"


def test_an_answer_leaves_the_choices_a_client_reads_back_as_they_were(clinic, client, piece):
    before = client.record()
    ask(clinic, piece, client)
    first = client.answers("yes", later(days=1))
    second = client.undoes(later(days=2))
    after = client.record(later(days=2))
    assert after.body == before.body
    assert (after.digest, after.sequence) == (second.token.digest, before.sequence + 2)
    assert first.token.body.previous == before.digest[:16]
    assert second.token.body.previous == first.token.digest[:16]
    changed = client.chooses(later(days=3), treatment="never")
    assert changed.token.body.sequence == before.sequence + 3
    assert not importing.standing(clinic.vault, client.card.code).choice_missing
    assert len(client.record(later(days=3)).given) == 2


def test_a_new_key_does_not_bring_an_old_yes_along(clinic, client, piece):
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    assert verdict(clinic, piece, later(days=8)) == "allowed"
    mended = Client(clinic, client.card)
    mended.chooses(later(days=8))
    assert verdict(clinic, piece, later(days=8)) != "allowed"


def test_seen_is_told_once_a_token_was_imported_and_not_before(clinic, client, piece):
    ask(clinic, piece, client)
    answer = client.answers("yes", later(days=1), import_at=False)
    assert answer.token.digest.hex() not in client.letters(later(days=1)).seen
    client.arrives(later(days=2))
    assert answer.token.digest.hex() in client.letters(later(days=2)).seen


def test_a_reply_keeps_no_feeling_in_what_is_printed():
    assert "pressured" not in repr(Reply("yes", "pressured", "a note"))
    assert "a note" not in repr(Reply("yes", "pressured", "a note"))

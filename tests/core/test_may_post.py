"""What can be said while a therapist is still saying it, and what a no is about."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from core import drafting, may_post, people, questions, requests
from core.errors import BadInput, NoSuchDraft
from core.keys import ClientKeys
from core.model.checklist import ITEMS
from core.model.question import Question, Told
from core.model.verdict import Reason
from core.store import cards
from tests.core.clinic import NOW, later
from tests.core.story import Client

DAY = date(2026, 1, 5)
EVERY = tuple(item.id for item in ITEMS)


def choose(clinic, number, **chosen):
    """Let a client choose; what is not given permits a lesson while in therapy."""
    chosen = {"materials": ("lesson",), "therapy": "during", "gap_months": 0} | chosen
    letter = clinic.write(ClientKeys.new(), NOW, clinic.cards[number], **chosen)
    clinic.take_in(letter.token.text, NOW, compared=True)


def asked(clinic, *numbers, **said):
    """Return a whole question: a blend of these cards' stories, or what ``said`` makes of it."""
    stories = tuple(Told((clinic.cards[number].code,), DAY) for number in numbers)
    whole = {
        "form": "composite",
        "stories": stories,
        "account": may_post.accounts(clinic.vault)[0],
        "channels": ("post",),
        "materials": ("lesson",),
        "topics": (),
        "uses": (),
        "paid": False,
        "live": False,
        "text": "Rest is work too.",
    }
    return Question(**whole | said)


@pytest.fixture
def blended(clinic):
    """Three people who permit a blend in posts."""
    for number in range(3):
        choose(clinic, number, post="composite")
    return clinic


def headline(clinic, question, piece=None):
    return may_post.answer(clinic.vault, question, piece, NOW).headline


@pytest.mark.parametrize("field", ["account", "topics", "uses", "paid", "live", "form"])
def test_no_yes_while_anything_is_unsaid(blended, field):
    assert headline(blended, asked(blended, 0, 1, 2)) == "allowed"
    assert headline(blended, asked(blended, 0, 1, 2, **{field: None})) == "open"


@pytest.mark.parametrize("field", ["account", "topics", "uses", "paid", "live"])
def test_a_no_is_a_no_whatever_is_still_unsaid(blended, field):
    assert headline(blended, asked(blended, 0, 1, 3, **{field: None})) == "no"


@pytest.mark.parametrize("form", ["composite", "disguised", "invented"])
def test_no_other_account_is_ever_permitted(blended, form):
    assert headline(blended, asked(blended, 0, form=form, account="@elsewhere")) == "no"


@pytest.mark.parametrize("story", [Told(), Told(("K7QM2XPF",)), Told((), DAY)])
def test_a_story_that_is_not_whole_leaves_it_open(blended, story):
    whole = asked(blended, 0, 1, 2)
    assert "stories" in replace(whole, stories=(*whole.stories, story)).gaps


def test_a_reason_is_about_what_that_person_left_out(clinic):
    choose(clinic, 0, post="never", video="disguised", topics=("work",))
    question = asked(clinic, 0, form="disguised", channels=("post", "video"), topics=("work", "law"))
    reply = may_post.answer(clinic.vault, question, None, NOW)
    code = clinic.cards[0].code
    assert reply.specifics(Reason("never", code)) == ("post",)
    assert reply.specifics(Reason("topic_left_out", code)) == ("law",)
    assert reply.specifics(Reason("composite_required", code)) == ()


def test_money_that_makes_it_an_ad_is_named_as_an_ad(clinic):
    choose(clinic, 0, post="composite")
    reply = may_post.answer(clinic.vault, asked(clinic, 0, paid=True), None, NOW)
    assert reply.specifics(Reason("never", clinic.cards[0].code)) == ("promotion",)


def test_a_no_takes_out_just_its_own_stories(blended):
    reply = may_post.answer(blended.vault, asked(blended, 3, 0, 1, 2, 4), None, NOW)
    assert reply.stories_to_leave_out() == (0, 4)


def test_a_no_on_a_persons_other_card_takes_out_the_story_too(blended):
    people.link(blended.vault, blended.cards[2].code, blended.cards[3].code, NOW)
    choose(blended, 3, post="never")
    reply = may_post.answer(blended.vault, asked(blended, 0, 1, 2), None, NOW)
    assert reply.stories_to_leave_out() == (2,)


def test_too_few_stories_are_no_reason_to_take_one_out(blended):
    assert may_post.answer(blended.vault, asked(blended, 0, 1), None, NOW).stories_to_leave_out() == ()


def test_the_words_of_a_story_that_was_left_out_are_no_draft(blended):
    whole = asked(blended, 0, 1, 2)
    left = replace(whole, left_out_of=whole.words)
    assert headline(blended, left) == "open"
    assert headline(blended, replace(left, text=f"{whole.text} ")) == "allowed"
    with pytest.raises(BadInput):
        may_post.keep(blended.vault, left, None, "", NOW)


def test_a_file_that_still_has_the_story_is_no_draft_either(blended):
    whole = asked(blended, 0, 1, 2, text="", file=b"pictures")
    kept = may_post.keep(blended.vault, whole, None, "", NOW)
    again = may_post.question_of(kept)
    assert replace(again, left_out_of=again.words).gaps == ("details",)


def test_a_kept_draft_says_again_what_was_said(blended):
    whole = asked(blended, 0, 1, 2)
    piece = may_post.keep(blended.vault, whole, None, " my  post ", NOW)
    assert may_post.question_of(piece) == whole
    assert piece.draft.title == "my post"


@pytest.mark.parametrize(
    "said", [{"text": " "}, {"account": "@elsewhere"}, {"account": None}, {"topics": None}, {"channels": ()}]
)
def test_nothing_is_kept_that_is_not_whole(blended, said):
    with pytest.raises(BadInput):
        may_post.keep(blended.vault, asked(blended, 0, 1, 2, **said), None, "", NOW)
    assert drafting.drafts(blended.vault) == []


def test_a_check_holds_for_just_the_words_it_was_made_for(blended):
    whole = asked(blended, 0, 1, 2)
    piece = may_post.check(blended.vault, may_post.keep(blended.vault, whole, None, "", NOW), EVERY, later(hours=1))
    assert may_post.checklist_of(piece).is_complete
    same = may_post.keep(blended.vault, replace(whole, paid=False, topics=("work",)), piece, "", later(hours=2))
    assert may_post.checklist_of(same).is_complete
    other = may_post.keep(blended.vault, replace(whole, text="Other words."), same, "", later(hours=3))
    assert may_post.checklist_of(other) is None


def test_a_check_of_words_that_changed_meanwhile_is_refused(blended):
    whole = asked(blended, 0, 1, 2)
    before = may_post.keep(blended.vault, whole, None, "", NOW)
    may_post.keep(blended.vault, replace(whole, text="Other words."), before, "", later(hours=1))
    with pytest.raises(NoSuchDraft):
        may_post.check(blended.vault, before, EVERY, later(hours=2))


def test_a_question_shows_nothing_private_when_it_is_printed(blended):
    printed = repr(asked(blended, 0, 1, 2))
    assert blended.cards[0].code not in printed
    assert "Rest" not in printed


# --- the words a client is shown --------------------------------------------------------------------


def test_a_translation_is_kept_and_comes_back_and_is_part_of_the_exact_words(blended):
    whole = asked(blended, 0, 1, 2, translation="Descansar es trabajo.")
    piece = may_post.keep(blended.vault, whole, None, "", NOW)
    assert may_post.question_of(piece).translation == "Descansar es trabajo."
    assert may_post.is_unchanged(whole, piece)
    for other in ("Otra cosa.", ""):
        assert not may_post.is_unchanged(replace(whole, translation=other), piece)


def test_for_another_account_or_other_people_it_is_another_draft(blended):
    whole = asked(blended, 0, 1, 2)
    piece = may_post.keep(blended.vault, whole, None, "", NOW)
    assert may_post.is_unchanged(whole, piece)
    assert not may_post.is_unchanged(replace(whole, account="@other"), piece)
    assert not may_post.is_unchanged(asked(blended, 0, 1, 3), piece)


@pytest.mark.parametrize("said", [{"translation": " \n"}, {"translation": "Otra.", "text": "", "file": b"film"}])
def test_blanks_are_no_translation_and_a_file_has_none(blended, said):
    piece = may_post.keep(blended.vault, asked(blended, 0, 1, 2, **said), None, "", NOW)
    assert piece.draft.translation is None


def test_a_story_that_was_left_out_must_leave_the_translation_too(blended):
    whole = asked(blended, 0, 1, 2, translation="Descansar es trabajo.")
    left = replace(whole, left_out_of=whole.words)
    assert headline(blended, replace(left, text="Other words.")) == "open"
    assert headline(blended, replace(left, translation="Otra cosa.")) == "open"
    assert headline(blended, replace(left, text="Other words.", translation="Otra cosa.")) == "allowed"


def test_a_draft_is_as_kept_until_anything_at_all_is_changed(blended):
    whole = asked(blended, 0, 1, 2)
    piece = may_post.keep(blended.vault, whole, None, "", NOW)
    assert may_post.is_as_kept(whole, piece)
    changes = ({"text": "Other."}, {"paid": True}, {"channels": ("post", "video")}, {"account": None}, {"topics": None})
    for changed in changes:
        assert not may_post.is_as_kept(replace(whole, **changed), piece)


def test_who_stands_first_in_a_story_is_no_change(blended):
    codes = tuple(blended.cards[number].code for number in (0, 1))
    told = [Told(codes, DAY), Told((blended.cards[2].code,), DAY)]
    piece = may_post.keep(blended.vault, asked(blended, stories=tuple(told)), None, "", NOW)
    assert may_post.is_as_kept(asked(blended, stories=(Told(codes[::-1], DAY), told[1])), piece)


@pytest.mark.parametrize("letter", ["x", '"', "ñ", "👋"])
def test_the_longest_draft_with_the_longest_terms_still_fits_a_letter(clinic, letter):
    client = Client(clinic, clinic.cards[0])
    client.chooses()
    each = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    room = (may_post.LONGEST_DRAFT - len('["", ""]')) // each
    question = asked(clinic, 0, form="disguised", text=letter * room)
    question = replace(question, materials=("story",))
    with pytest.raises(BadInput):
        may_post.check_length(replace(question, translation=letter))
    with pytest.raises(BadInput):
        may_post.keep(clinic.vault, replace(question, text=question.text + letter), None, "", NOW)
    piece = may_post.keep(clinic.vault, question, None, "", NOW)
    days = [one.usual for one in questions.days(NOW).values()]
    terms = questions.terms("👋" * 200, "👋" * 1500, "x\n" * 750, days)
    requests.ask(clinic.vault, piece.id, client.card.code, terms, NOW)
    assert client.letters().questions[0].request.draft == question.text


def test_a_letter_that_does_not_fit_is_not_sent(clinic):
    client = Client(clinic, clinic.cards[0])
    client.chooses()
    piece = may_post.keep(clinic.vault, asked(clinic, 0, form="disguised", materials=("story",)), None, "", NOW)
    days = [one.usual for one in questions.days(NOW).values()]
    with pytest.raises(BadInput):
        requests.ask(clinic.vault, piece.id, client.card.code, questions.terms("all", "x" * 70_000, "", days), NOW)
    assert questions.every(clinic.vault, NOW) == []


def test_a_card_in_another_language_asks_for_a_translation(clinic):
    with clinic.database.write() as connection:
        order = cards.Order(clinic.therapist.id, "es", "https://sayso.example.org", "card", 1)
        [spanish] = cards.register(connection, order, NOW)
    own = clinic.cards[0].code
    assert may_post.other_language(clinic.vault, [own, spanish.code], "en")
    assert not may_post.other_language(clinic.vault, [own], "en")
    assert not may_post.other_language(clinic.vault, [], "en")

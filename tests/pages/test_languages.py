"""Pages in the reader's language, and tokens that name the words which were read."""

from __future__ import annotations

import pytest

from core import importing, reader
from core.drafts import QUESTIONS, Draft
from core.portal import clock
from core.standing import Held, words_changed
from core.store import cards
from core.text import Words, notice_hash
from tests.pages.conftest import BROWSER, shown
from tests.pages.own import Visitor, someone, tap

SPANISH = Words("es")


def pick(practised, language: str, binding: str = BROWSER) -> None:
    reader.pick(practised.portal, binding, language)


def waiting(practised):
    looks = importing.look_at_mailbox(practised.vault, clock())
    return [look.preview.token for look in looks if look.preview]


@pytest.fixture
def spanish_card(practised):
    """A card in Spanish, in this browser's hand."""
    order = cards.Order(practised.therapist.id, "es", "https://sayso.example.org", "index_cards", 1)
    with practised.portal.database.write() as connection:
        (card,) = cards.register(connection, order, clock())
    practised.portal.cards.put(BROWSER, card.code)
    return card


def yes(code: str) -> Draft:
    return Draft(code, way="same", same="ask", term_months=6, materials=("story",), right=tuple(QUESTIONS))


def test_a_clients_pages_are_in_the_cards_language(practised, page, spanish_card) -> None:
    assert SPANISH("explain.title") in shown(page("explain"))


def test_a_pick_beats_the_card(practised, page) -> None:
    card = practised.scan()
    reader.pick(practised.portal, BROWSER, "es", card.code)
    assert SPANISH("explain.title") in shown(page("explain"))


def test_the_staff_pick_for_themselves_and_no_card_has_a_say(practised, page, spanish_card) -> None:
    assert Words("en")("unlock.title") in shown(page("unlock"))
    practised.unlock()
    pick(practised, "es")
    assert SPANISH("people.title") in shown(page("people"))


def test_what_went_wrong_is_said_in_spanish(practised, page) -> None:
    pick(practised, "es")
    at = page("unlock")
    at.text_input(key="passphrase").set_value("not this one").run()
    tap(at, "open")
    assert SPANISH("error.wrong_passphrase") in shown(at)


@pytest.mark.parametrize(("card_language", "picked"), [("en", "es"), ("es", "en"), ("es", "")])
def test_what_is_saved_names_the_words_that_were_shown_and_counts(
    practised, page, request, card_language, picked
) -> None:
    card = request.getfixturevalue("spanish_card") if card_language == "es" else practised.scan()
    pick(practised, picked)
    practised.draft(yes(card.code))
    at = page("check")
    at.checkbox(key="own").check().run()
    tap(at, "save")
    (sent,) = waiting(practised)
    language = picked or card_language
    assert (sent.body.language, sent.body.notice) == (language, notice_hash(language))
    assert not words_changed(Held(sent.body, sent.digest))


def test_a_copy_is_in_the_language_that_was_read(practised, page) -> None:
    card = practised.scan()
    pick(practised, "es")
    practised.draft(yes(card.code))
    at = page("check")
    at._page_hash = ""
    at.checkbox(key="own").check().run()
    tap(at, "save")
    assert SPANISH("done.title") in shown(at)


def test_a_stop_and_an_answer_name_the_words_that_were_read(practised, page) -> None:
    person = someone(practised, clock())
    asked = person.is_asked()
    client = Visitor(practised, person, page)
    pick(practised, "es")
    at = client.reads(asked)
    assert SPANISH("answer.title") in shown(at)
    at.radio(key=f"answer-{asked.request_id.hex()[:12]}").set_value("no").run()
    tap(at, f"send-{asked.request_id.hex()[:12]}")
    tap(client.opens(), "stop")
    sent = client.arrived()
    assert {token.body.language for token in sent} == {"es"}
    assert {token.body.notice for token in sent} == {notice_hash("es")}


def test_a_switch_in_the_middle_of_the_four_questions_loses_no_answer(practised, page) -> None:
    card = practised.scan()
    practised.draft(Draft(card.code, way="same", same="ask", term_months=6, materials=("story",)))
    at = page("questions")
    at.radio(key="question-stop-0").set_value("gone").run()
    pick(practised, "es")
    again = page("questions")
    assert SPANISH("questions.title") in shown(again)
    assert again.radio(key="question-stop-0").value == "gone"
    assert again.radio(key="question-care-0").value is None
    # A miss asks afresh, with nothing chosen.
    for question, right in QUESTIONS.items():
        again.radio(key=f"question-{question}-0").set_value("gone" if question == "stop" else right).run()
    tap(again, "onward")
    assert again.radio(key="question-stop-1").value is None


def test_a_switch_on_the_last_screen_keeps_the_name_and_asks_again_whose_choice_it_is(practised, page) -> None:
    card = practised.scan()
    practised.draft(yes(card.code))
    at = page("check")
    at.text_input(key="mark").set_value("A. R.").run()
    at.checkbox(key="own").check().run()
    pick(practised, "es")
    again = page("check")
    assert SPANISH("check.title") in shown(again)
    assert again.text_input(key="mark").value == "A. R."
    assert again.checkbox(key="own").value is False
    assert waiting(practised) == []

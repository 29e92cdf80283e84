"""The list of people: at a glance, one card whole, names, linked cards, and codes to compare."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import importing, people
from core.card import shown as card_shown
from core.keys import ClientKeys
from core.portal import clock
from core.store import cards
from core.store.cards import Order
from tests.pages.conftest import shown


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


def _import(practised, saved, *, compared=True):
    look = importing.preview(practised.vault, saved.token.text, clock())
    return importing.keep(practised.vault, look, clock(), compared=compared)


def _row(at, card):
    """The words of one card in the list."""
    text = shown(at)
    start = text.index(f"Card {card_shown(card.code)}")
    return text[start:].split("Open ")[0]


def _open(at, card):
    return at.button(key=f"open-{card.number}").click().run()


def _rows(at):
    return [int(button.key.removeprefix("open-")) for button in at.button if button.key.startswith("open-")]


def test_an_empty_list_says_how_it_fills(at_work, page):
    with at_work.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE card SET state = 'printed'")
    assert "Nobody yet." in shown(page("people"))


def test_a_card_that_sent_nothing_means_no(at_work, page):
    assert "That means no." in _row(page("people"), at_work.cards[0])


def test_the_list_says_what_is_allowed_and_until_when(at_work, page):
    _import(at_work, at_work.save(at_work.cards[0], channels={"video": "ask", "post": "composite"}))
    row = _row(page("people"), at_work.cards[0])
    assert "Ask me each time: videos" in row
    assert "Composite only: posts" in row
    assert "Never: podcasts and shows, books, talks, ads" in row
    assert "Each yes holds until" in row


def test_what_is_on_hold_shows_no_permission(at_work, page):
    _import(at_work, at_work.save(at_work.cards[0], channels={"video": "ask"}), compared=False)
    row = _row(page("people"), at_work.cards[0])
    assert "On hold. Compare the code" in row
    assert "Ask me each time" not in row


def test_a_stop_shows_and_what_was_allowed_does_not(at_work, page):
    keys = ClientKeys.new()
    _import(at_work, at_work.save(at_work.cards[0], keys, channels={"video": "ask"}))
    _import(at_work, at_work.stop(at_work.cards[0], keys))
    row = _row(page("people"), at_work.cards[0])
    assert "Stopped. Use nothing" in row
    assert "Ask me each time" not in row


def test_a_yes_that_ended_or_ends_soon_is_named(at_work, page):
    for card, ago in zip(at_work.cards, (200, 170), strict=False):
        issued_at = clock().replace(microsecond=0) - timedelta(days=ago)
        _import(at_work, at_work.save(card, issued_at=issued_at, channels={"video": "ask"}))
    at = page("people")
    assert "Now it means no." in _row(at, at_work.cards[0])
    assert "A yes ends soon" in _row(at, at_work.cards[1])


def test_what_needs_attention_comes_first(at_work, page):
    _import(at_work, at_work.save(at_work.cards[3]), compared=False)
    assert _rows(page("people"))[0] == at_work.cards[3].number


@pytest.mark.parametrize("typed", ["quiet", "QUIET R", "{code}", "{shown}", "#2"])
def test_search_finds_by_name_code_and_number(at_work, page, typed):
    card = at_work.cards[1]
    people.rename(at_work.vault, card.code, "Quiet river")
    at = page("people")
    at.text_input(key="search").set_value(typed.format(code=card.code.lower(), shown=card_shown(card.code))).run()
    assert _rows(at) == [card.number]


def test_a_search_that_finds_nothing_says_so_and_is_kept(at_work, page):
    at = page("people")
    at.text_input(key="search").set_value("nobody at all").run()
    assert "No card fits." in shown(at)
    assert at.text_input(key="search").value == "nobody at all"


def test_a_search_is_still_there_after_looking_at_one_card(at_work, page):
    at = page("people")
    at.text_input(key="search").set_value(at_work.cards[1].code).run()
    _open(at, at_work.cards[1])
    at.button(key="back").click().run()
    assert _rows(at) == [at_work.cards[1].number]


def test_a_pending_code_is_shown_large_and_one_tap_confirms_it(at_work, page):
    sent = at_work.save(at_work.cards[0], channels={"video": "ask"})
    _import(at_work, sent, compared=False)
    at = _open(page("people"), at_work.cards[0])
    assert any(f'<p class="ack">{sent.acknowledgement}</p>' in element.value for element in at.get("html"))
    (confirm,) = [button for button in at.button if button.key.startswith("confirm-")]
    confirm.click().run()
    assert "These choices count now." in shown(at)
    assert not importing.standing(at_work.vault, at_work.cards[0].code).on_hold


def test_of_several_tokens_under_one_key_the_newest_code_is_compared(at_work, page):
    keys = ClientKeys.new()
    now = clock().replace(microsecond=0)
    old = at_work.save(at_work.cards[0], keys, issued_at=now - timedelta(days=1))
    new = at_work.save(at_work.cards[0], keys, issued_at=now)
    for sent in (new, old):
        _import(at_work, sent, compared=False)
    at = _open(page("people"), at_work.cards[0])
    large = [element.value for element in at.get("html") if 'class="ack"' in element.value]
    assert large == [f'<p class="ack">{new.acknowledgement}</p>']


def test_the_whole_history_is_there_newest_first(at_work, page):
    keys = ClientKeys.new()
    now = clock().replace(microsecond=0)
    first = at_work.save(at_work.cards[0], keys, issued_at=now - timedelta(days=9), channels={"video": "ask"})
    _import(at_work, first)
    stop = at_work.stop(at_work.cards[0], keys)
    _import(at_work, stop)
    at = _open(page("people"), at_work.cards[0])
    folded = [element.label for element in at.expander if " of " in element.label]
    assert [label.split(" of ")[0] for label in folded] == ["Stop everything", "Choices"]
    seen = shown(at)
    assert seen.index(stop.acknowledgement) < seen.index(first.acknowledgement)


def test_a_private_name_is_kept_and_can_be_undone(at_work, page):
    card = at_work.cards[0]
    people.rename(at_work.vault, card.code, "Before")
    at = _open(page("people"), card)
    at.text_input(key="alias").set_value("Quiet river")
    at.button(key="rename").click().run()
    assert [title.value for title in at.title] == ["Quiet river"]
    at.button(key="undo-last").click().run()
    assert [title.value for title in at.title] == ["Before"]
    assert at.text_input(key="alias").value == "Before"
    assert at_work.vault.holder(card.code).alias == "Before"


def _link(at, typed):
    at.text_input(key="other").set_value(typed)
    return at.button(key="link-cards").click().run()


@pytest.mark.parametrize("typed", ["{code}", "{number}", "quiet river"])
def test_cards_of_one_person_are_linked_by_code_number_or_name(at_work, page, typed):
    first, second = at_work.cards[:2]
    people.rename(at_work.vault, second.code, "Quiet river")
    at = _link(_open(page("people"), first), typed.format(code=second.code, number=second.number))
    assert "The cards are linked." in shown(at)
    assert [other.card for other in people.linked_to(at_work.vault, first.code)] == [second.code]


def test_a_link_is_taken_back_and_the_taking_back_undone(at_work, page):
    first, second = at_work.cards[:2]
    at = _link(_open(page("people"), first), second.code)
    at.button(key=f"unlink-{second.code}").click().run()
    assert people.linked_to(at_work.vault, first.code) == []
    at.button(key="undo-last").click().run()
    assert [other.card for other in people.linked_to(at_work.vault, first.code)] == [second.code]


@pytest.mark.parametrize(("typed", "said"), [("nobody", "There is no such card."), ("{own}", "This is the same card.")])
def test_a_link_to_nothing_says_so_and_keeps_what_was_typed(at_work, page, typed, said):
    typed = typed.format(own=at_work.cards[0].code)
    at = _link(_open(page("people"), at_work.cards[0]), typed)
    assert said in at.error[0].value
    assert at.text_input(key="other").value == typed


def test_the_way_back_ends_where_another_card_is_opened(at_work, page):
    at = _open(page("people"), at_work.cards[0])
    at.text_input(key="alias").set_value("Quiet river")
    at.button(key="rename").click().run()
    at.button(key="back").click().run()
    _open(at, at_work.cards[1])
    assert "undo-last" not in [button.key for button in at.button]
    assert at.text_input(key="alias").value == ""


def test_a_long_list_comes_in_steps(at_work, page):
    with at_work.portal.database.write() as connection:
        made = cards.register(connection, Order(at_work.therapist.id, "en", "https://s.example", "card", 30), clock())
    for card in made:
        cards.hand_out(at_work.portal.database, card.number, clock())
    at = page("people")
    assert len(_rows(at)) == 25
    at.button(key="more").click().run()
    assert len(_rows(at)) == 35

"""The office's page: sheets made and read back, cards handed out, taken back and blocked."""

from __future__ import annotations

import pytest

from core.portal import clock
from core.store import cards, practice
from core.store.cards import Order
from tests.pages.conftest import BASE, shown


@pytest.fixture
def at_work(practised):
    practised.unlock()
    with practised.portal.database.write() as connection:
        cards.register(connection, Order(practised.therapist.id, "en", BASE, "card", 3), clock())
    return practised


def _counts(practised):
    return cards.counts(practised.portal.database, practised.therapist.id)


def _make(at, base=BASE, count=2, preset="card"):
    at.radio(key="preset").set_value(preset)
    at.text_input(key="base").set_value(base)
    at.number_input(key="count").set_value(count)
    return at.button(key="make").click().run(timeout=60)


def _downloads(at):
    return [button.key for button in at.get("download_button")]


def test_cards_are_made_numbered_on_and_offered(at_work, page):
    at = page("cards")
    assert "download" not in _downloads(at)
    _make(at)
    assert "Cards 9 to 10 are ready. Each code was read back." in shown(at)
    assert "download" in _downloads(at)
    assert _counts(at_work)["printed"] == 5
    assert practice.find_practice(at_work.portal.database).public_url == BASE


def test_the_sheet_stays_while_something_else_is_done(at_work, page):
    at = _make(page("cards"))
    at.text_input(key="number").set_value("9")
    at.button(key="hand-out-do").click().run()
    assert "download" in _downloads(at)
    assert _counts(at_work)["printed"] == 4


@pytest.mark.parametrize("base", ["", "https://sayso.example.org/somewhere", "not an address"])
def test_without_a_good_address_no_card_is_made(at_work, page, base):
    at = _make(page("cards"), base=base)
    assert "not a web address that fits on a card" in at.error[0].value
    assert sum(_counts(at_work).values()) == 8


def test_an_address_too_long_for_a_code_makes_no_card(at_work, page):
    before = practice.find_practice(at_work.portal.database).public_url
    at = _make(page("cards"), base=f"https://{'long.' * 30}example.org")
    assert at.error
    assert sum(_counts(at_work).values()) == 8
    assert practice.find_practice(at_work.portal.database).public_url == before


@pytest.mark.parametrize("count", [0, -5, 501])
def test_a_number_of_cards_that_can_not_be_made_is_said_and_makes_none(at_work, page, count):
    at = _make(page("cards"), count=count)
    assert "from 1 to 500" in at.error[0].value
    assert sum(_counts(at_work).values()) == 8


@pytest.mark.parametrize("field", ["offset-x", "offset-y"])
def test_a_move_of_the_print_off_the_page_is_said_and_makes_no_card(at_work, page, field):
    at = page("cards")
    at.number_input(key=field).set_value(-50.0)
    _make(at)
    assert "at most 20 mm" in at.error[0].value
    assert sum(_counts(at_work).values()) == 8


@pytest.mark.parametrize(
    ("base", "said"),
    [("http://127.0.0.1:8501", "only works on this computer"), ("https://192.168.1.9", "inside your own network")],
)
def test_an_address_that_clients_can_not_reach_gets_a_plain_warning(at_work, page, base, said):
    at = page("cards")
    at.text_input(key="base").set_value(base).run()
    assert any(said in warning.value for warning in at.warning)


def test_each_preset_names_what_it_fits(at_work, page):
    seen = page("cards").radio(key="preset")
    assert len(seen.options) == 6
    assert any("Avery 5371" in caption for caption in seen.proto.captions)


def test_a_card_is_handed_out_by_its_stub_with_a_private_name(at_work, page):
    at = page("cards")
    at.text_input(key="number").set_value("#6")
    at.text_input(key="alias").set_value("Quiet river")
    at.button(key="hand-out-do").click().run()
    assert "Card number 6 is handed out. It is in your list as Quiet river." in shown(at)
    card = cards.find_number(at_work.portal.database, 6)
    assert card.state == "handed_out"
    assert at_work.vault.holder(card.code).alias == "Quiet river"
    assert at.text_input(key="number").value == ""


def test_handing_out_twice_changes_nothing(at_work, page):
    at = page("cards")
    for _ in range(2):
        at.text_input(key="number").set_value("6")
        at.button(key="hand-out-do").click().run()
    assert _counts(at_work) == {"printed": 2, "handed_out": 6, "blocked": 0}


def test_a_hand_out_by_mistake_is_undone(at_work, page):
    at = page("cards")
    at.text_input(key="number").set_value("6")
    at.button(key="hand-out-do").click().run()
    at.button(key="take-back").click().run()
    assert cards.find_number(at_work.portal.database, 6).state == "printed"
    assert "take-back" not in [button.key for button in at.button]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Type the number"), ("six", "only numbers"), ("99", "no card number 99"), ("6-7", "one number at a time")],
)
def test_a_number_that_is_none_says_so_and_stays(at_work, page, typed, said):
    at = page("cards")
    at.text_input(key="number").set_value(typed)
    at.button(key="hand-out-do").click().run()
    assert said in at.error[0].value
    assert at.text_input(key="number").value == typed


def test_a_lost_pile_is_blocked_and_what_was_handed_out_stays(at_work, page):
    at = page("cards")
    at.text_input(key="lost").set_value("5-7")
    at.button(key="block-do").click().run()
    assert "Blocked: 2." in shown(at)
    assert _counts(at_work) == {"printed": 1, "handed_out": 5, "blocked": 2}


def test_a_blocked_card_is_not_handed_out(at_work, page):
    cards.block(at_work.portal.database, [6])
    at = page("cards")
    at.text_input(key="number").set_value("6")
    at.button(key="hand-out-do").click().run()
    assert "blocked" in at.error[0].value

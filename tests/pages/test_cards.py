"""The office's page: sheets made and read back, cards handed out, taken back and blocked."""

from __future__ import annotations

from io import BytesIO
from threading import Event
from time import sleep

import pytest
from PIL import Image

from core import batches
from core import portal as portals
from core.portal import clock
from core.store import card_batches, cards, logo, practice
from core.store import staff as logins
from core.store.cards import Order
from tests.pages.conftest import BASE, BROWSER, shown


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
    at.button(key="make").click().run()
    return at if at.error else _over(at)


def _over(at):
    """Wait for the cards that are being made, and look again."""
    press = portals.portal().press
    for _ in range(3000):
        if not press.is_at_work:
            return at.run()
        sleep(0.01)
    raise AssertionError("still at work")


def _downloads(at):
    return [button.key for button in at.get("download_button")]


def test_cards_are_made_numbered_on_and_offered(at_work, page):
    at = page("cards")
    assert "download" not in _downloads(at)
    _make(at)
    assert "Cards 9 to 10 are ready, on 2 sheets. Each code was read back." in shown(at)
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


@pytest.mark.parametrize("count", [0, -5, 10_001])
def test_a_number_of_cards_that_can_not_be_made_is_said_and_makes_none(at_work, page, count):
    at = _make(page("cards"), count=count)
    assert "from 1 to 10,000" in at.error[0].value
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


def _pick(at, key):
    """Pick the latest batch."""
    latest, *_ = card_batches.latest(portals.portal().database)
    at.radio(key=key).set_value(latest.id).run()


def _blocked(at_work):
    return _counts(at_work)["blocked"]


def test_a_blocking_by_mistake_is_undone(at_work, page):
    at = page("cards")
    at.text_input(key="lost").set_value("5-7")
    at.button(key="block-do").click().run()
    at.button(key="unblock").click().run()
    assert "Cards that work again: 2." in shown(at)
    assert _counts(at_work) == {"printed": 3, "handed_out": 5, "blocked": 0}
    assert "unblock" not in [button.key for button in at.button]


def test_a_whole_batch_is_blocked_from_the_list(at_work, page):
    at = _make(page("cards"))
    assert "Cards 9 to 10" in at.radio(key="lost-batch").options[0]
    assert "block-batch-do" not in [button.key for button in at.button]
    _pick(at, "lost-batch")
    at.button(key="block-batch-do").click().run()
    assert _blocked(at_work) == 2


def test_while_cards_are_made_the_page_says_how_far_it_is_and_another_browser_sees_it_too(at_work, page, monkeypatch):
    let_go = Event()
    draw = batches.draw_leaves

    def waits(*given):
        assert let_go.wait(20)
        draw(*given)

    monkeypatch.setattr(batches, "draw_leaves", waits)
    at = page("cards")
    at.text_input(key="base").set_value(BASE)
    at.button(key="make").click().run()
    assert "make" not in [button.key for button in at.button]
    assert "You can go to other pages" in shown(at)
    at_work.unlock("a browser after a reload")
    again = page("cards", "a browser after a reload")
    again.button(key="press-stop").click().run()
    let_go.set()
    assert "Stopped. No cards were made." in shown(_over(again))
    assert sum(_counts(at_work).values()) == 8
    again.button(key="press-over").click().run()
    assert "Stopped" not in shown(again)


def test_cards_that_were_cut_off_are_named_and_cleared_away(at_work, page):
    with at_work.portal.database.write() as connection:
        cards.begin(connection, Order(at_work.therapist.id, "en", BASE, "card", 4), clock())
    at = page("cards")
    assert "stopped while it made cards 9 to 12" in at.warning[0].value
    (button,) = [button for button in at.button if button.key.startswith("cut-off")]
    button.click().run()
    assert not at.warning
    assert sum(_counts(at_work).values()) == 8


@pytest.fixture
def at_desk(practised):
    """The office, signed in in the browser; cards of two therapists."""
    made = logins.new_office("Front Desk", "four words to keep")
    other = practice.new_therapist("José *Núñez*", ("@j",), "four words to keep", clock())
    with practised.portal.database.write() as connection:
        logins.add_office(connection, made, clock())
        practice.add_therapist(connection, other, clock())
        cards.register(connection, Order(other.id, "en", BASE, "card", 3), clock())
    practised.portal.offices.put(BROWSER, made[0].id)
    return practised


def test_the_office_makes_cards_for_whom_it_picks(at_desk, page):
    at = page("cards")
    assert "number" not in [field.key for field in at.text_input]
    other = next(one for one in practice.list_therapists(at_desk.portal.database) if "José" in one.name)
    at.text_input(key="base").set_value(BASE)
    at.radio(key="preset").set_value("card").run()
    at.button(key="make").click().run()
    assert at.error
    at.radio(key="cards-for").set_value(other.id)
    _make(at)
    assert cards.find_number(at_desk.portal.database, 9).therapist_id == other.id
    at.text_input(key="lost").set_value("6-10")
    at.button(key="block-do").click().run()
    assert "Blocked: 5." in shown(at)


def _list(at, text):
    at.radio(key="way").set_value("list").run()
    at.text_input(key="base").set_value(BASE)
    at.radio(key="preset").set_value("card")
    return at.text_area(key="lines").set_value(text).run()


def test_a_list_is_made_once_each_line_is_right(at_desk, page):
    name = at_desk.therapist.name
    at = _list(page("cards"), f'"{name}",en,2\nSomebody,en,3\n"{name}",en,none')
    assert "Line 2: no therapist here has this name." in at.error[0].value
    assert "Line 3: the count must be" in at.error[0].value
    at.button(key="make").click().run()
    assert sum(_counts(at_desk).values()) == 5
    at.text_area(key="lines").set_value(f'"{name}",en,2\n"{name}",EN,1').run()
    assert not at.error
    assert "Piles: 2. Cards in all: 3." in shown(at)
    at.button(key="make").click().run()
    assert "Cards 9 to 11 are ready" in shown(_over(at))


def test_a_list_comes_from_a_file_as_well(at_desk, page):
    at = _list(page("cards"), "")
    file = f'therapist;language;count\r\n"{at_desk.therapist.name}";en;2\r\n'.encode("utf-16")
    at.file_uploader(key="lines-file").set_value(("cards.csv", file, "text/csv")).run()
    assert "Piles: 1. Cards in all: 2." in shown(at)


def test_one_card_is_printed_again_and_said_to_be_for_its_own_client(at_work, page):
    at = page("cards")
    at.text_input(key="again-number").set_value("2")
    at.button(key="again-card-do").click().run()
    assert "give this copy only to the client who had it" in shown(at)
    assert "again-save-card" in _downloads(at)
    at.text_input(key="again-number").set_value("99")
    at.button(key="again-card-do").click().run()
    assert "no card number 99" in at.error[0].value
    assert "again-save-card" not in _downloads(at)


def test_one_sheet_is_printed_again(at_work, page):
    at = _make(page("cards"), preset="letter-10up", count=12)
    _pick(at, "again-batch")
    at.number_input(key="again-which").set_value(2).run()
    assert "Sheet 2 of 2: cards 19 to 20." in shown(at)
    at.button(key="again-sheet-do").click().run()
    assert "again-save-sheet" in _downloads(at)
    at.number_input(key="again-which").set_value(3)
    at.button(key="again-sheet-do").click().run()
    assert "No card of this sheet" in at.error[0].value


def _picture(size=(200, 100)):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, "PNG")
    return out.getvalue()


def test_a_logo_is_kept_and_taken_away_again(at_work, page):
    at = page("cards")
    at.file_uploader(key="logo-file").set_value(("logo.png", _picture(), "image/png")).run()
    at.button(key="logo-keep").click().run()
    assert "The logo is kept." in shown(at)
    assert logo.find(at_work.portal.database).startswith(b"\x89PNG")
    at.button(key="logo-none").click().run()
    assert logo.find(at_work.portal.database) == b""


@pytest.mark.parametrize("file", [b"no picture", b"", _picture((10, 10)), _picture((900, 50))])
def test_a_file_that_does_not_do_as_a_logo_is_said_and_not_kept(at_work, page, file):
    at = page("cards")
    at.file_uploader(key="logo-file").set_value(("logo.png", file, "image/png")).run()
    at.button(key="logo-keep").click().run()
    assert "does not do as a logo" in at.error[0].value
    assert logo.find(at_work.portal.database) == b""


def test_the_poster_is_offered(at_work, page):
    assert "poster" in _downloads(page("cards"))

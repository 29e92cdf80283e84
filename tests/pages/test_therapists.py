"""The practice page: numbers and ages, invitations, the counter, and therapists who leave."""

from __future__ import annotations

from datetime import timedelta
from time import sleep

import pytest

from core import importing, people
from core.demo import PASSPHRASE
from core.portal import clock
from core.store import attendance, cards, practice
from core.store import staff as logins
from core.store.vaults import recover_vault
from tests.pages.conftest import BROWSER, shown, titles

WORDS = "four words to keep"


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


@pytest.fixture
def at_desk(practised):
    """The office signed in."""
    made = logins.new_office("Front Desk", WORDS)
    with practised.portal.database.write() as connection:
        logins.add_office(connection, made, clock())
    practised.portal.offices.put(BROWSER, made[0].id)
    return practised


@pytest.fixture
def colleague(practised):
    """Another therapist's open vault."""
    made = practice.new_therapist("Kim <b>Sample</b> *x*", ("@kim",), WORDS, clock())
    with practised.portal.database.write() as connection:
        practice.add_therapist(connection, made, clock())
    return recover_vault(practised.portal.database, made.id, made.recovery_code)


def _age(practised, days):
    """Make everything that waits this old."""
    seconds = int((clock() - timedelta(days=days, hours=1)).timestamp())
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE parcel SET posted_at = ?", (seconds,))


# --- what waits ---------------------------------------------------------------------------------


def _empty(practised):
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM parcel")


@pytest.mark.parametrize(
    ("count", "days", "said", "warned"),
    [
        (0, 0, "nothing", False),
        (1, 0, "1 unread, from today", False),
        (1, 1, "1 unread, from yesterday", False),
        (1, 6, "1 unread, 6 days old", False),
        (2, 0, "2 unread, all from today", False),
        (3, 1, "3 unread, the oldest from yesterday", False),
        (3, 9, "3 unread, the oldest 9 days old", True),
    ],
)
def test_the_office_sees_how_much_waits_and_how_long_and_no_more(at_desk, page, count, days, said, warned):
    _empty(at_desk)
    for number in range(count):
        at_desk.stop(at_desk.cards[number])
    _age(at_desk, days)
    at_desk.unlock("the therapist's own")
    people.rename(at_desk.vault, at_desk.cards[0].code, "canary alias")
    at = page("therapists")
    seen = shown(at)
    assert said in seen
    assert ("has waited" in seen) == warned == bool(at.warning)
    assert not any(card.code in seen or card.code[:4] in seen for card in at_desk.cards)
    assert "canary" not in seen


def test_a_therapist_sees_a_colleague_s_numbers_too(at_work, colleague, page):
    _empty(at_work)
    at_work.stop(at_work.cards[0])
    _age(at_work, 8)
    assert "has waited 8 days" in page("therapists").warning[0].value


# --- the counter --------------------------------------------------------------------------------


def _hand_out(at, typed):
    at.text_input(key="counter-number").set_value(typed)
    return at.button(key="counter-do").click().run()


def test_the_office_hands_out_a_card_by_its_number(at_desk, page):
    with at_desk.portal.database.write() as connection:
        order = cards.Order(at_desk.therapist.id, "en", "https://sayso.example.org", "card", 1)
        [made] = cards.register(connection, order, clock())
    at = _hand_out(page("therapists"), str(made.number))
    assert f"Card number {made.number} is handed out." in shown(at)
    assert cards.find(at_desk.portal.database, made.code).state == "handed_out"
    assert "handed out before" in _hand_out(at, str(made.number)).error[0].value
    assert "number on the stub" in _hand_out(at, "x").error[0].value


def test_the_office_changes_its_passphrase(at_desk, page):
    at = page("therapists")
    for key, value in (("old", "not it at all"), ("new", "fresh words here"), ("again", "fresh words here")):
        at.text_input(key=f"office-{key}").set_value(value)
    at.button(key="office-change").click().run()
    assert "do not go together" in at.error[0].value
    at.text_input(key="office-old").set_value(WORDS)
    at.button(key="office-change").click().run()
    assert "is changed" in shown(at)
    assert logins.sign_in(at_desk.portal.database, "Front Desk", "fresh words here")


def test_the_office_invites_nobody_and_closes_nothing(at_desk, colleague, page):
    at = page("therapists")
    assert sorted(button.key for button in at.button) == ["counter-do", "lock", "office-change"]
    assert not at.expander


def test_the_office_prints_for_every_therapist_and_names_nobody(at_desk, colleague, page):
    at = page("cards")
    assert "alias" not in [field.key for field in at.text_input]
    at.text_input(key="base").set_value("https://sayso.example.org")
    at.number_input(key="count").set_value(2)
    at.button(key="make").click().run()
    assert "whose cards" in at.error[0].value
    at.radio(key="cards-for").set_value(colleague.therapist_id)
    at.button(key="make").click().run()
    press = at_desk.portal.press
    for _ in range(3000):
        if not press.is_at_work:
            break
        sleep(0.01)
    assert "are ready" in shown(at.run())
    made = cards.of_therapist(at_desk.portal.database, colleague.therapist_id)
    assert [card.state for card in made] == ["printed", "printed"]
    at.text_input(key="lost").set_value(str(made[0].number))
    at.button(key="block-do").click().run()
    assert cards.find(at_desk.portal.database, made[0].code).state == "blocked"


def test_the_office_enters_a_paper_form_that_waits_sealed(at_desk, page):
    _empty(at_desk)
    at = page("paper")
    assert "until the therapist opens their inbox" in shown(at)
    assert "your name for it" not in shown(at)
    for wrong, said in (("", "card code"), ("999", "card code"), ("canary alias", "card code")):
        at.text_input(key="paper-typed").set_value(wrong)
        assert said in at.button(key="paper-use").click().run().error[0].value
    at.text_input(key="paper-typed").set_value(str(at_desk.cards[0].number))
    at.button(key="paper-use").click().run()
    at.radio(key="paper-f-way").set_value("no").run()
    at.button(key="paper-save").click().run()
    assert not at.error
    assert people.unopened(at_desk.vault) == 1
    [look] = importing.look_at_mailbox(at_desk.vault, clock())
    assert look.preview.token.body.paper
    assert set(look.preview.token.body.content.preferences.channels.values()) == {"never"}
    assert look.preview.after.on_hold


def test_a_login_that_was_removed_makes_no_cards(at_desk, page):
    at = page("cards")
    [office] = logins.list_office(at_desk.portal.database)
    logins.remove_office(at_desk.portal.database, office.id)
    at.button(key="make").click().run()
    assert titles(at) == ["The vault is locked"]
    assert not at_desk.portal.press.is_at_work


# --- invitations --------------------------------------------------------------------------------


def _invite(at, role):
    at.radio(key="invite-role").set_value(role)
    return at.button(key="invite-do").click().run()


def test_an_invitation_s_code_is_shown_once(at_work, page):
    at = _invite(page("therapists"), "office")
    (code,) = [one.value for one in at.get("html") if 'class="ack"' in one.value]
    typed = code.removeprefix('<p class="ack">').removesuffix("</p>")
    assert logins.find_invitation(at_work.portal.database, typed, clock()).role == "office"
    assert typed not in shown(page("therapists"))
    assert typed not in shown(at.button(key="invitation-seen").click().run())
    assert "For the office, by" in shown(at)


def test_what_they_will_do_is_chosen_first(at_work, page):
    at = page("therapists")
    at.button(key="invite-do").click().run()
    assert "Choose first" in at.error[0].value
    assert logins.open_invitations(at_work.portal.database, clock()) == []


def test_an_open_invitation_is_taken_back(at_work, page):
    at = _invite(page("therapists"), "therapist")
    [one] = logins.open_invitations(at_work.portal.database, clock())
    seen = shown(at.button(key=f"revoke-{one.id}").click().run())
    assert "is taken back" in seen
    assert logins.open_invitations(at_work.portal.database, clock()) == []
    assert not [html for html in at.get("html") if 'class="ack"' in html.value]


def test_a_therapist_removes_a_login(at_desk, page):
    [office] = logins.list_office(at_desk.portal.database)
    at_desk.portal.offices.forget(BROWSER)
    at_desk.unlock()
    at = page("therapists")
    at.button(key=f"remove-{office.id}").click().run()
    assert "can not sign in any more" in shown(at)
    assert logins.list_office(at_desk.portal.database) == []


# --- leaving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["inbox", "people", "may_i_post", "ask", "posts", "paper", "cards", "settings"])
def test_every_page_of_who_left_is_locked_at_the_next_tap(at_work, colleague, page, name):
    at = page(name)
    assert titles(at) != ["The vault is locked"]
    with at_work.portal.database.write() as connection:
        attendance.retire(connection, at_work.therapist.id, colleague.therapist_id, clock())
    assert titles(at.run()) == ["The vault is locked"]


def _ask(at, way, who, passphrase=PASSPHRASE):
    at.radio(key=f"{way}-who").set_value(who)
    at.text_input(key=f"{way}-proof").set_value(passphrase)
    return at.button(key=f"{way}-do").click().run()


def test_the_only_therapist_cannot_leave(at_work, page):
    at = page("therapists")
    assert "You are the only therapist here" in shown(at)
    assert not at.expander


def test_a_therapist_leaves_and_their_vault_stays_closed(at_work, colleague, page):
    _empty(at_work)
    at = page("therapists")
    at._page_hash = ""
    _ask(at, "leave", colleague.therapist_id)
    assert "You have left" in shown(at)
    assert at_work.portal.vaults.get(BROWSER) is None
    assert [one.id for one in practice.list_vaults(at_work.portal.database)] == [colleague.therapist_id]
    assert {card.therapist_id for card in at_work.cards} == {at_work.therapist.id}
    assert len(cards.of_therapist(at_work.portal.database, colleague.therapist_id)) == len(at_work.cards)


def test_leaving_asks_for_the_passphrase_and_for_an_empty_inbox(at_work, colleague, page):
    _empty(at_work)
    at = _ask(page("therapists"), "leave", colleague.therapist_id, "not this one")
    assert "does not open" in at.error[0].value
    at_work.stop(at_work.cards[0])
    assert "inbox" in _ask(at, "leave", colleague.therapist_id).error[0].value
    assert attendance.is_at_work(at_work.portal.database, at_work.therapist.id)


def test_a_colleague_s_vault_is_closed_and_opened_again(at_work, colleague, page):
    at = _ask(page("therapists"), "close", colleague.therapist_id)
    assert "is closed" in shown(at)
    assert not attendance.is_at_work(at_work.portal.database, colleague.therapist_id)
    at.button(key=f"back-{colleague.therapist_id}").click().run()
    assert attendance.is_at_work(at_work.portal.database, colleague.therapist_id)


def test_the_list_of_names_is_there_only_for_who_ticks_it(at_work, colleague, page):
    at = page("therapists")
    assert not at.get("download_button")
    at.checkbox(key="leave-names").check().run()
    assert [button.key for button in at.get("download_button")] == ["leave-list"]


# --- keys, in the settings ----------------------------------------------------------------------


def test_a_new_key_is_made_with_the_passphrase_and_shows_both_sets_of_words(at_work, page):
    before = at_work.vault.keys.words()
    at = page("settings")
    at.text_input(key="keys-proof").set_value("not this one")
    assert "does not open" in at.button(key="keys-renew").click().run().error[0].value
    at.text_input(key="keys-proof").set_value(PASSPHRASE)
    seen = shown(at.button(key="keys-renew").click().run())
    words = at_work.portal.vaults.get(BROWSER).keys.words()
    assert words != before
    assert " · ".join(words) in seen
    assert " · ".join(before) in seen
    assert "You have a new key" in seen


# --- what a client sees of it -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["explain", "choose", "limits", "questions", "check"])
def test_a_client_of_who_left_is_led_back_to_saying_no(practised, colleague, page, name):
    card = practised.scan()
    with practised.portal.database.write() as connection:
        attendance.retire(connection, practised.therapist.id, colleague.therapist_id, clock())
    at = page(name)
    seen = shown(at)
    assert "it can only say no or stop now" in seen
    assert any(f'href="/c/{card.code}"' in html.value for html in at.get("html"))
    assert not at.radio

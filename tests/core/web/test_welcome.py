"""A card's own page and what its forms do: real cards, real tokens, opened with the therapist's real key."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core import card as codes
from core import importing, parcel, token
from core.demo import PASSPHRASE
from core.drafts import Draft
from core.keys import ClientKeys
from core.model.body import NOBODY
from core.portal import clock
from core.saving import own_record
from core.store import cards, mailbox, practice
from core.store.limits import LIMITS
from core.store.vaults import open_vault
from core.wire import Answer, Choices, Withdrawal
from tests.core.living import Person, practice_at
from tests.core.web.asgi import request
from tests.core.web.conftest import Site, hidden


def code_of(site: Site) -> str:
    return site.demo.cards[0].code


def in_mailbox(site: Site) -> list[token.Token]:
    """What waits for the therapist, opened with their key."""
    keys = site.keys
    waiting = mailbox.waiting(site.portal.database, parcel.recipient_of(keys.sealing.public))
    texts = [parcel.unpack(one.sealed, keys.sealing.private).payload for one in waiting]
    return [token.read(token.Token(envelope, None).text, [keys.sealing], site.now) for envelope in texts]


def tap(site: Site, what: str, page: str | None = None):
    path = f"/c/{code_of(site)}"
    return site.ask(f"{path}/{what}", hidden(page or site.ask(path).text, f"{path}/{what}"))


# --- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["/c/", "/C/"])
def test_a_card_opens_by_its_printed_address_and_by_a_typed_one(clinic_site, folder) -> None:
    shown = codes.shown(code_of(clinic_site))
    for typed in (code_of(clinic_site), shown, shown.lower()):
        answer = clinic_site.ask(f"{folder}{typed}")
        assert answer.status == 200
        assert "Demo therapist" in answer.text


def test_the_page_is_small_and_needs_no_script(clinic_site) -> None:
    page = clinic_site.ask(f"/C/{code_of(clinic_site)}")
    assert len(page.body) < 13 * 1024
    assert re.findall(r"<script(?![^>]* src=)", page.text) == []
    assert not re.search(r"\son\w+=|javascript:|style=", page.text)


def test_three_ways_on_are_alike_and_each_is_one_tap(clinic_site) -> None:
    page = clinic_site.ask(f"/C/{code_of(clinic_site)}").text
    code = code_of(clinic_site)
    actions = re.findall(r'<form method="post" action="(/c/[^"]+)">', page)
    assert actions == [f"/c/{code}/{what}" for what in ("start", "no", "change", "stop", "question")]
    ways = page.partition('<ul class="ways">')[2].partition("</ul>")[0]
    # No way carries a class, a preset or an order to stand out by.
    assert set(re.findall(r"<button[^>]*>", ways)) == {"<button>"}


def test_the_page_has_one_heading_a_language_and_the_way_out(clinic_site) -> None:
    page = clinic_site.ask(f"/C/{code_of(clinic_site)}").text
    assert page.count("<h1") == 1
    assert '<html lang="en" dir="ltr">' in page
    assert "<title>My page</title>" in page
    assert 'action="/leave"' in page


def test_is_this_real_shows_the_four_words_of_the_card(clinic_site) -> None:
    page = clinic_site.ask(f"/C/{code_of(clinic_site)}").text
    words = re.findall(r"<li>(\w+)</li>", page.partition('class="words"')[2].partition("</ul>")[0])
    assert tuple(words) == clinic_site.keys.words()


def test_reading_fetches_the_app_ahead(clinic_site) -> None:
    page = clinic_site.ask(f"/C/{code_of(clinic_site)}").text
    ahead = re.search(r'<meta name="ahead" content="([^"]+)"', page)[1].split()
    assert len(ahead) > 20
    assert all(clinic_site.ask(address).status == 200 for address in ahead[:3])


# --- make my choices, see or change ------------------------------------------------------------------


@pytest.mark.parametrize(("what", "where"), [("start", "/explain"), ("change", "/mine")])
def test_going_on_ties_the_card_to_this_browser_and_keeps_it_out_of_the_address(clinic_site, what, where) -> None:
    answer = clinic_site.ask(f"/c/{code_of(clinic_site)}/{what}", {})
    assert (answer.status, answer.header("location")) == (303, where)
    assert clinic_site.portal.cards.get(clinic_site.binding) == code_of(clinic_site)


def test_another_browser_knows_nothing_of_the_card(clinic_site) -> None:
    clinic_site.ask(f"/c/{code_of(clinic_site)}/start", {})
    first = clinic_site.binding
    clinic_site.cookie = ""
    clinic_site.ask("/")
    assert clinic_site.binding != first
    assert clinic_site.portal.cards.get(clinic_site.binding) is None


# --- no to everything --------------------------------------------------------------------------------


def test_no_to_everything_is_one_tap_and_arrives_as_a_signed_never(clinic_site) -> None:
    answer = tap(clinic_site, "no")
    assert answer.status == 200
    (arrived,) = in_mailbox(clinic_site)
    assert isinstance(arrived.body.content, Choices)
    assert set(arrived.body.content.preferences.channels.values()) == {"never"}
    assert arrived.body.signed
    assert arrived.body.card == code_of(clinic_site)
    assert arrived.acknowledgement in answer.text


def test_the_personal_code_offered_afterwards_opens_the_clients_own_record(clinic_site) -> None:
    page = tap(clinic_site, "no").text
    shown = re.search(r'id="personal">([^<]+)<', page)
    assert shown
    keys = ClientKeys.from_code(shown[1])
    record = own_record(clinic_site.portal.database, keys, clinic_site.now)
    assert record is not None
    assert record.body.card == code_of(clinic_site)


def test_a_double_tap_or_a_reload_sends_nothing_twice_and_shows_the_same_page(clinic_site) -> None:
    page = clinic_site.ask(f"/c/{code_of(clinic_site)}").text
    first, again, later = (tap(clinic_site, "no", page) for _ in range(3))
    assert first.text == again.text == later.text
    assert len(in_mailbox(clinic_site)) == 1


def test_two_taps_at_the_same_moment_send_once(clinic_site) -> None:
    page = clinic_site.ask(f"/c/{code_of(clinic_site)}").text
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: tap(clinic_site, "no", page).text, range(4)))
    assert len(set(answers)) == 1
    assert len(in_mailbox(clinic_site)) == 1


def test_opening_the_card_again_and_saying_no_again_is_a_new_no(clinic_site) -> None:
    assert tap(clinic_site, "no").text != tap(clinic_site, "no").text
    assert len(in_mailbox(clinic_site)) == 2


def test_a_no_and_a_stop_from_the_same_page_are_two_things(clinic_site) -> None:
    page = clinic_site.ask(f"/c/{code_of(clinic_site)}").text
    tap(clinic_site, "no", page)
    assert "stop everything" in tap(clinic_site, "stop", page).text.lower()
    assert len(in_mailbox(clinic_site)) == 2


def test_a_no_needs_no_cookie_and_no_nonce(clinic_site) -> None:
    clinic_site.cookie = ""
    answer = clinic_site.ask(f"/c/{code_of(clinic_site)}/no", {"form": "<script>"})
    assert answer.status == 200
    assert "<script>" not in answer.text
    assert len(in_mailbox(clinic_site)) == 1


def test_what_could_not_be_sent_is_shown_to_be_scanned_and_copied(clinic_site) -> None:
    practice.switch_mailbox(clinic_site.portal.database, clock(), on=False)
    page = tap(clinic_site, "no").text
    assert in_mailbox(clinic_site) == []
    assert "could not send" in page
    text = re.search(r'id="token">([^<]+)<', page)
    assert text
    opened = token.read(text[1], [clinic_site.keys.sealing], clinic_site.now)
    assert set(opened.body.content.preferences.channels.values()) == {"never"}
    assert "<svg" in page


def test_nothing_is_said_to_be_seen_or_done_before_it_is(clinic_site) -> None:
    for what in ("no", "stop", "question"):
        page = tap(clinic_site, what).text.lower()
        assert not re.search(r"has (seen|read|opened)|was taken down|is taken down|are taken down", page)


def test_nobody_asks_whether_the_person_is_sure(clinic_site) -> None:
    assert "sure?" not in clinic_site.ask(f"/c/{code_of(clinic_site)}").text
    assert "sure?" not in tap(clinic_site, "no").text


# --- stop ----------------------------------------------------------------------------------------------


def test_stop_is_one_tap_and_arrives_as_an_unsigned_restriction(clinic_site) -> None:
    answer = tap(clinic_site, "stop")
    (arrived,) = in_mailbox(clinic_site)
    assert arrived.body.content == Withdrawal("everything")
    assert not arrived.body.signed
    assert arrived.acknowledgement in answer.text
    assert 'id="personal"' not in answer.text


def test_a_card_that_has_run_out_can_still_stop_and_say_no_to_a_question_and_nothing_else(clinic_site) -> None:
    old = clinic_site.now - timedelta(days=1000)
    with clinic_site.portal.database.write() as connection:
        order = cards.Order(clinic_site.demo.therapist.id, "en", "https://sayso.example.org", "card", 1)
        (expired,) = cards.register(connection, order, old)
    page = clinic_site.ask(f"/c/{expired.code}")
    assert page.status == 410
    assert re.findall(r'action="/c/[^"]+"', page.text) == [
        f'action="/c/{expired.code}/{what}"' for what in ("stop", "question")
    ]
    for what in ("start", "change", "no"):
        assert clinic_site.ask(f"/c/{expired.code}/{what}", {}).status == 410
    assert in_mailbox(clinic_site) == []
    fields = hidden(page.text, f"/c/{expired.code}/stop")
    assert clinic_site.ask(f"/c/{expired.code}/stop", fields).status == 200
    fields = hidden(page.text, f"/c/{expired.code}/question")
    assert clinic_site.ask(f"/c/{expired.code}/question", fields).status == 200
    assert [arrived.body.card for arrived in in_mailbox(clinic_site)] == [expired.code] * 2


# --- no to the question ----------------------------------------------------------------------------------


def test_a_no_that_was_filed_is_known_to_this_browser_and_one_that_was_not_is_not(clinic_site) -> None:
    page = clinic_site.ask(f"/c/{code_of(clinic_site)}").text
    practice.switch_mailbox(clinic_site.portal.database, clock(), on=False)
    tap(clinic_site, "question", page)
    assert clinic_site.portal.noes.get(clinic_site.binding) is None
    practice.switch_mailbox(clinic_site.portal.database, clock(), on=True)
    tap(clinic_site, "question")
    assert clinic_site.portal.noes.get(clinic_site.binding) == in_mailbox(clinic_site)[0]


def test_no_to_the_question_is_one_tap_and_arrives_as_an_unsigned_no_that_names_none(clinic_site) -> None:
    answer = tap(clinic_site, "question")
    (arrived,) = in_mailbox(clinic_site)
    assert arrived.body.content == Answer(NOBODY, "no")
    assert not arrived.body.signed
    assert arrived.acknowledgement in answer.text
    assert 'id="personal"' not in answer.text


def test_no_to_the_question_sends_once_however_often_the_form_comes(clinic_site) -> None:
    page = clinic_site.ask(f"/c/{code_of(clinic_site)}").text
    assert tap(clinic_site, "question", page).text == tap(clinic_site, "question", page).text
    assert len(in_mailbox(clinic_site)) == 1


def test_no_to_the_question_closes_the_one_that_is_open_for_good_and_leaves_the_choices_alone(clinic_site) -> None:
    site, demo = clinic_site, clinic_site.demo
    vault = open_vault(site.portal.database, demo.therapist.id, PASSPHRASE)
    client = Person.of(practice_at(site.portal, demo.therapist, vault, list(demo.cards)), site.now)
    asked = client.is_asked()
    assert [one.answer for one in client.outcomes(site.now)] == [None]
    tap(site, "question")
    # Given elsewhere before anybody could know of the no: later than it, and opened together with it.
    client.answers("yes", clock(), import_at=False)
    client.arrives(clock())
    (outcome,) = client.outcomes(clock())
    assert (outcome.asked.request_id, outcome.answer) == (asked.request_id, "no")
    standing = importing.standing(vault, client.card.code)
    assert standing.documents
    assert not standing.on_hold


def test_no_to_the_question_keeps_the_choices_this_browser_is_making(clinic_site) -> None:
    draft = Draft(code_of(clinic_site), way="each")
    clinic_site.ask(f"/c/{code_of(clinic_site)}/start", {})
    clinic_site.portal.drafts.put(clinic_site.binding, draft)
    tap(clinic_site, "question")
    assert clinic_site.portal.drafts.get(clinic_site.binding) == draft


def test_a_no_to_the_question_that_could_not_be_sent_is_shown_to_be_scanned(clinic_site) -> None:
    practice.switch_mailbox(clinic_site.portal.database, clock(), on=False)
    page = tap(clinic_site, "question").text
    text = re.search(r'id="token">([^<]+)<', page)
    assert text
    opened = token.read(text[1], [clinic_site.keys.sealing], clinic_site.now)
    assert opened.body.content == Answer(NOBODY, "no")
    assert "<svg" in page


def test_a_blocked_card_says_what_to_do(clinic_site) -> None:
    with clinic_site.portal.database.write() as connection:
        order = cards.Order(clinic_site.demo.therapist.id, "en", "https://sayso.example.org", "card", 1)
        (lost,) = cards.register(connection, order, clinic_site.now)
    cards.block(clinic_site.portal.database, [lost.number])
    for answer in (clinic_site.ask(f"/C/{lost.code}"), clinic_site.ask(f"/c/{lost.code}/stop", {})):
        assert answer.status == 410
        assert "Ask them for a new one" in answer.text


# --- codes cannot be found by trying ---------------------------------------------------------------------


def wrong_codes(count: int) -> list[str]:
    return [codes.draw() for _ in range(count)]


def test_an_unknown_code_is_a_kind_page(clinic_site) -> None:
    for typed in ("K7QM2XPF", "AAAAAAAA", "x", "<script>alert(1)<"):
        answer = clinic_site.ask(f"/c/{typed}")
        assert answer.status == 404
        assert "We do not know this code" in answer.text
        assert "<script>" not in answer.text


def test_trying_codes_ends_soon_for_known_and_unknown_ones_alike(clinic_site) -> None:
    for code in wrong_codes(LIMITS["card"].count):
        assert clinic_site.ask(f"/c/{code}").status == 404
    for code in (*wrong_codes(1), code_of(clinic_site)):
        answer = clinic_site.ask(f"/c/{code}")
        assert answer.status == 429
        assert 0 < int(answer.header("retry-after")) <= LIMITS["card"].seconds + 60
        assert answer.text.count("<h1") == 1


def test_the_limit_holds_across_processes_and_names_nobody(clinic_site, portal_of) -> None:
    for code in wrong_codes(LIMITS["card"].count):
        clinic_site.ask(f"/c/{code}/no", {})
    assert Site(portal_of()).ask(f"/c/{code_of(clinic_site)}").status == 429


def test_one_visitors_tries_are_not_another_visitors(clinic_site) -> None:
    for code in wrong_codes(LIMITS["card"].count):
        clinic_site.ask(f"/c/{code}")
    assert clinic_site.ask(f"/c/{code_of(clinic_site)}", client=("198.51.100.7", 5000)).status == 200


def test_opening_a_known_card_often_is_no_try(clinic_site) -> None:
    for _ in range(LIMITS["card"].count + 5):
        assert clinic_site.ask(f"/c/{code_of(clinic_site)}").status == 200


# --- other sites -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
@pytest.mark.parametrize("what", ["no", "stop", "question", "start"])
def test_another_sites_form_does_nothing(clinic_site, what, headers) -> None:
    assert clinic_site.ask(f"/c/{code_of(clinic_site)}/{what}", {}, headers=headers).status == 403
    assert in_mailbox(clinic_site) == []


def test_an_old_browsers_own_form_is_taken_and_a_foreign_one_is_not(clinic_site) -> None:
    path = f"/c/{code_of(clinic_site)}/no"
    assert request(clinic_site.app, path, "POST", headers={"origin": "https://evil.example"}).status == 403
    for origin in ({}, {"origin": "null"}, {"origin": "http://localhost:8501"}):
        assert request(clinic_site.app, path, "POST", headers=origin).status == 200


def test_a_look_at_an_address_never_does_anything(clinic_site) -> None:
    for what in ("no", "stop", "question", "start", "change"):
        assert clinic_site.ask(f"/c/{code_of(clinic_site)}/{what}").status == 405
    assert in_mailbox(clinic_site) == []


def test_when_the_records_cannot_be_reached_the_page_says_nothing_was_saved(clinic_site) -> None:
    path = f"/c/{code_of(clinic_site)}"
    fields = hidden(clinic_site.ask(path).text, f"{path}/no")
    with clinic_site.portal.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE parcel RENAME TO elsewhere")
    answer = clinic_site.ask(f"{path}/no", fields)
    assert answer.status == 503
    assert "nothing was saved" in answer.text
    with clinic_site.portal.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO parcel")
    # The same form again: now it goes, once.
    assert clinic_site.ask(f"{path}/no", fields).status == 200
    assert len(in_mailbox(clinic_site)) == 1

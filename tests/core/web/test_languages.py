"""The switch of languages: on every page, without JavaScript, kept in no address, gone with "Leave now"."""

from __future__ import annotations

import re

import pytest

from core import reader, text
from core.store import cards
from core.text import notice_hash
from tests.core.web.conftest import Site, hidden
from tests.core.web.test_welcome import code_of, in_mailbox, tap


@pytest.fixture(autouse=True)
def _two_languages(monkeypatch) -> None:
    monkeypatch.setattr(text, "LANGUAGES", ("en", "es"))


def language_of(page: str) -> str:
    return re.search(r'<html lang="(\w+)"', page)[1]


def pick(site: Site, language: str, to: str = "/"):
    return site.ask("/language", {"language": language, "to": to})


def spanish_card(site: Site) -> str:
    """The code of another card, for somebody who reads Spanish."""
    order = cards.Order(site.demo.therapist.id, "es", "https://sayso.example.org", "index_cards", 1)
    with site.portal.database.write() as connection:
        (card,) = cards.register(connection, order, site.now)
    return card.code


# --- which language --------------------------------------------------------------------------------


def test_a_cards_page_is_in_the_cards_language_whatever_the_phone_says(clinic_site) -> None:
    english, spanish = code_of(clinic_site), spanish_card(clinic_site)
    assert language_of(clinic_site.ask(f"/C/{english}", headers={"accept-language": "es"}).text) == "en"
    assert language_of(clinic_site.ask(f"/C/{spanish}", headers={"accept-language": "en"}).text) == "es"


@pytest.mark.parametrize("path", ["/", "/nowhere", "/unlock", "/explain", "/mine"])
def test_without_a_card_it_is_the_phones(clinic_site, path) -> None:
    assert language_of(clinic_site.ask(path, headers={"accept-language": "es-MX,en;q=0.5"}).text) == "es"
    assert language_of(clinic_site.ask(path, headers={"accept-language": "fr"}).text) == "en"


def test_the_app_opens_in_the_language_of_the_card_that_was_scanned(clinic_site) -> None:
    spanish = spanish_card(clinic_site)
    clinic_site.ask(f"/c/{spanish}/start", {})
    assert language_of(clinic_site.ask("/explain", headers={"accept-language": "en"}).text) == "es"
    # The staff of the same machine are nobody's card.
    assert language_of(clinic_site.ask("/unlock", headers={"accept-language": "en"}).text) == "en"


def test_an_app_page_still_opens_where_the_card_cannot_be_looked_up(clinic_site) -> None:
    clinic_site.portal.cards.put(clinic_site.binding, "00000000")
    assert clinic_site.ask("/explain").status == 200


# --- the switch ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/C/{code}", "/explain", "/mine", "/unlock", "/inbox"])
def test_every_page_offers_each_language_alike_in_its_own_words(clinic_site, path) -> None:
    page = clinic_site.ask(path.format(code=code_of(clinic_site))).text
    form = re.search(r'<form class="languages"[^>]*>(.*?)</form>', page, re.DOTALL)[1]
    buttons = re.findall(r'<button name="language" value="(\w+)" lang="(\w+)"( aria-current="true")?>(\w+)<', form)
    assert buttons == [("en", "en", ' aria-current="true"', "English"), ("es", "es", "", "Español")]


def test_a_pick_beats_the_card_and_the_phone_on_every_page_and_stands_in_no_address(clinic_site) -> None:
    path = f"/C/{code_of(clinic_site)}"
    answer = clinic_site.ask("/language", {"language": "es"} | hidden(clinic_site.ask(path).text, "/language"))
    assert (answer.status, answer.header("location")) == (303, path)
    for page in (path, "/", "/explain", "/unlock"):
        assert language_of(clinic_site.ask(page, headers={"accept-language": "en"}).text) == "es"
    pick(clinic_site, "en")
    assert language_of(clinic_site.ask(path).text) == "en"


@pytest.mark.parametrize(
    ("to", "where"),
    [
        ("/mine", "/mine"),
        ("/c/K7QM2XPF", "/c/K7QM2XPF"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("/c/K7QM2XPF/no", "/"),
        ("/mine?key=x", "/"),
        ("/leave", "/"),
        ("", "/"),
    ],
)
def test_it_leads_back_to_a_page_of_this_portal_and_nowhere_else(clinic_site, to, where) -> None:
    assert pick(clinic_site, "es", to).header("location") == where


@pytest.mark.parametrize("language", ["fr", "", "../es", "ES", "x" * 5000])
def test_a_language_there_are_no_words_for_changes_nothing(clinic_site, language) -> None:
    assert pick(clinic_site, language).status == 303
    assert language_of(clinic_site.ask("/").text) == "en"


def test_another_site_picks_nothing(clinic_site) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert clinic_site.ask("/language", {"language": "es", "to": "/"}, headers=headers).status == 403
    assert language_of(clinic_site.ask("/").text) == "en"


def test_leave_now_forgets_the_pick(clinic_site) -> None:
    clinic_site.ask("/")
    pick(clinic_site, "es")
    assert language_of(clinic_site.ask("/leave", {}).text) == "es"
    assert clinic_site.portal.picked.get(clinic_site.binding) is None


def test_a_pick_made_with_one_card_does_not_stand_for_the_next_persons(clinic_site) -> None:
    first, second = (f"/c/{one.code}" for one in clinic_site.demo.cards[:2])
    clinic_site.ask(first)
    pick(clinic_site, "es", first)
    clinic_site.ask(f"{first}/start", {})
    assert language_of(clinic_site.ask("/explain").text) == "es"
    clinic_site.ask(f"{second}/start", {})
    assert language_of(clinic_site.ask("/explain").text) == "en"


def test_with_one_language_there_is_no_switch(clinic_site, monkeypatch) -> None:
    monkeypatch.setattr(text, "LANGUAGES", ("en",))
    assert 'class="languages"' not in clinic_site.ask("/").text


# --- what is saved follows the words that were shown ------------------------------------------------


@pytest.mark.parametrize("what", ["no", "stop", "question"])
def test_what_is_sent_names_the_words_that_were_read_and_they_count(clinic_site, what) -> None:
    pick(clinic_site, "es", f"/c/{code_of(clinic_site)}")
    tap(clinic_site, what)
    (sent,) = in_mailbox(clinic_site)
    assert (sent.body.language, sent.body.notice) == ("es", notice_hash("es"))


@pytest.mark.parametrize("what", ["no", "stop", "question"])
def test_the_page_after_a_tap_can_be_read_in_the_other_language_and_nothing_goes_out_again(clinic_site, what) -> None:
    page = tap(clinic_site, what).text
    action = f"/c/{code_of(clinic_site)}/{what}"
    again = clinic_site.ask(action, {"language": "es"} | hidden(page, action)).text
    assert (language_of(page), language_of(again)) == ("en", "es")
    code = re.search(r'<p class="big">([^<]+)</p>', page)[1]
    assert code in again
    assert len(in_mailbox(clinic_site)) == 1
    assert in_mailbox(clinic_site)[0].body.language == "en"


def test_a_problem_is_said_in_the_readers_language(clinic_site) -> None:
    pick(clinic_site, "es")
    assert language_of(clinic_site.ask("/c/ZZZZZZZZ").text) == "es"
    assert language_of(clinic_site.ask("/card", {"code": "ZZZZZZZZ"}).text) == "es"


def test_a_pick_is_not_in_the_repr_of_what_is_kept_with_its_card(clinic_site) -> None:
    reader.pick(clinic_site.portal, "somebody", "es", code_of(clinic_site))
    assert code_of(clinic_site) not in repr(clinic_site.portal.picked.get("somebody"))

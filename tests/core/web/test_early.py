"""A client's first two screens stand in the page before the app does, where the app would show the same."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from core.card import shown
from core.drafts import WAYS, Draft
from core.store import cards, schema
from core.text import Words
from core.visit import keep
from tests.core.web.conftest import Site


@pytest.fixture
def site(clinic_site: Site) -> Site:
    """A browser that scanned a card and went on."""
    assert clinic_site.ask(f"/c/{clinic_site.demo.cards[0].code}/start", {}).status == 303
    return clinic_site


def early(site: Site, path: str) -> str:
    """What stands there before the app, or nothing."""
    page = site.ask(path).text
    _, found, rest = page.partition('<main id="early"')
    return unescape(found + rest.partition("</main>")[0]) if found else ""


def test_how_it_works_can_be_read_before_the_app_is_there(site) -> None:
    words, page = Words(), early(site, "/explain")
    assert f"<h1>{words('explain.title')}</h1>" in page
    assert shown(site.demo.cards[0].code) in page
    for key in ("explain.mixed.text", "notice.fail", "notice.undo", "notice.stop", "help.talk.label", "common.kept"):
        assert words(key) in page, key
    assert site.demo.therapist.name in page
    assert 'href="/choose"' in page


def test_the_first_question_stands_there_in_its_order_with_nothing_picked(site) -> None:
    words, page = Words(), early(site, "/choose")
    places = [page.index(words(f"choose.way.{way}.label")) for way in WAYS]
    assert places == sorted(places)
    assert page.count('type="radio"') == len(WAYS)
    assert "checked" not in page


@pytest.mark.parametrize("path", ["/explain", "/choose"])
def test_without_a_card_the_app_has_the_first_word(clinic_site, path) -> None:
    assert early(clinic_site, path) == ""


@pytest.mark.parametrize("path", ["/limits", "/check", "/done", "/mine", "/answer", "/unlock"])
def test_on_other_pages_too(site, path) -> None:
    assert early(site, path) == ""


@pytest.mark.parametrize("path", ["/explain", "/choose"])
def test_a_card_that_is_blocked_since_says_so_in_the_app(site, path) -> None:
    number = site.demo.cards[0].number
    cards.take_back(site.portal.database, number, site.now)
    assert cards.block(site.portal.database, [number]) == 1
    assert early(site, path) == ""


@pytest.mark.parametrize("path", ["/explain", "/choose"])
def test_without_records_the_app_says_so(site, path) -> None:
    with site.portal.database.write() as connection:
        schema.card.drop(connection)
    assert early(site, path) == ""


@pytest.mark.parametrize("begun", [Draft("", way="each"), Draft("", misses={"care": 2}), Draft("", on_paper=True)])
def test_choices_that_were_begun_are_shown_by_the_app_alone(site, begun) -> None:
    code = site.demo.cards[0].code
    keep(site.portal, site.binding, replace(begun, card=code))
    assert early(site, "/choose") == ""
    assert early(site, "/explain") != ""
    keep(site.portal, site.binding, replace(begun, card="ANOTHER0"))
    assert early(site, "/choose") != ""

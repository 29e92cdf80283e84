"""The portal in other languages, in a real browser: nothing left in English, nothing cut off, nothing lost by a switch.

Two made-up languages find what no real one would: a word that stands in the code has no accent, and a place that is
too small for English by a third is too small for some language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from core import seal
from core.store import cards
from core.text import Words, template
from tests.browser import kept, pseudo, reading
from tests.browser.conftest import Server
from tests.browser.flow import fill, heading, settled, tap

ENGLISH, SPANISH = Words("en"), Words("es")
LOCALES = {"es": "es-US"}
TITLES = {
    pseudo.LONG: pseudo.accented(ENGLISH("shell.title")),
    pseudo.MIRRORED: pseudo.mirrored(ENGLISH("shell.title")),
}
NARROW = {"width": 320, "height": 844}


@pytest.fixture(scope="module")
def portal(tmp_path_factory) -> Server:
    """A portal that knows the made-up languages, with the demo practice."""
    server = Server(tmp_path_factory.mktemp("languages"), {}, starter="tests.browser.many_languages")
    server.start()
    server.demo()
    yield server
    server.stop()


@pytest.fixture
def narrow(browser: Browser) -> Callable[[str], Page]:
    """The narrowest phone, which asks for a language."""
    contexts = ExitStack()

    def open_page(language: str) -> Page:
        options = {"viewport": NARROW, "locale": LOCALES.get(language, language)}
        page = contexts.enter_context(kept.context(browser, **options)).new_page()
        page.set_default_timeout(20_000)
        return page

    with contexts:
        yield open_page


def card(portal: Server, language: str) -> str:
    """The code of a new card, handed out."""
    order = cards.Order(portal.therapist.id, language, portal.url, "index_cards", 1)
    with portal.portal.database.write() as connection:
        (made,) = cards.register(connection, order, portal.now)
    cards.hand_out(portal.portal.database, made.number, portal.now)
    return made.code


def data(portal: Server) -> re.Pattern[str]:
    """What stands on pages and is no word of theirs: names, codes, a token, check words, kinds of files."""
    therapist = portal.therapist
    keys = therapist.sealing_public, therapist.signing_public
    words = [word for language in ("en", "es") for word in seal.check_words(*keys, language)]
    names = [therapist.name, *therapist.accounts, portal.url, "English", "Español", "Esperanto", *words]
    return re.compile(
        "|".join([*map(re.escape, names), r"SAYSO1:\w+", r"[0-9A-Z*~$=]{3,5}(-[0-9A-Z*~$=]+)+", "[A-Z]{3,}"])
    )


def look_at(page: Page, language: str, wrong: list[str], portal: Server) -> reading.Look:
    """Note what is wrong on each screen."""
    direction = "rtl" if language == pseudo.MIRRORED else "ltr"

    def look(name: str) -> None:
        html = page.locator("html")
        found = [html.get_attribute("lang"), html.get_attribute("dir")]
        wrong.extend(f"{name}: {found}" for _ in [0] if found != [language, direction])
        wrong.extend(f"{name}: cut off: {one}" for one in reading.cut_off(page))
        expect(page).to_have_title(TITLES[language])
        if language == pseudo.LONG:
            wrong.extend(f"{name}: not a word of the catalogue: {one}" for one in still_english(page, portal))

    return look


def still_english(page: Page, portal: Server) -> list[str]:
    return list(reading.unaccented(reading.texts(page), data(portal)))


@pytest.mark.parametrize("language", [pseudo.LONG, pseudo.MIRRORED])
def test_each_screen_of_a_client_holds_other_words_and_none_of_its_own(portal, narrow, language) -> None:
    page, wrong = narrow(language), []
    look = look_at(page, language, wrong, portal)
    reading.plain(page, portal.url, card(portal, language), look)
    reading.client(page, portal.url, card(portal, language), look)
    assert wrong == []


def test_each_page_of_the_staff_holds_other_words_and_none_of_its_own(portal, narrow) -> None:
    page, wrong = narrow(pseudo.LONG), []
    reading.staff(page, portal.url, look_at(page, pseudo.LONG, wrong, portal))
    assert wrong == []


def test_each_page_of_the_staff_runs_from_right_to_left(portal, narrow) -> None:
    page, wrong = narrow(pseudo.MIRRORED), []
    look = look_at(page, pseudo.MIRRORED, wrong, portal)

    def runs(name: str) -> None:
        look(name)
        way = page.locator("[data-testid=stApp] h1").first.evaluate("one => getComputedStyle(one).direction")
        if way != "rtl":
            wrong.append(f"{name}: {way}")

    reading.staff(page, portal.url, runs)
    assert wrong == []


# --- Spanish -----------------------------------------------------------------------------------------


# That nothing on a client's way is English nor what the frontend says is held by test_access_client, on each screen.


def test_what_the_frontend_says_by_itself_is_in_spanish(portal, narrow) -> None:
    page = narrow("es")
    page.goto(f"{portal.url}/unlock")
    heading(page, SPANISH("unlock.title"))
    field = page.locator(".st-key-passphrase")
    field.locator("input").press_sequentially("a")
    settled(page)
    said = reading.texts(page)
    assert SPANISH("frontend.password.show") in said
    page.get_by_role("button", name=SPANISH("frontend.password.show")).click()
    expect(page.get_by_role("button", name=SPANISH("frontend.password.hide"))).to_be_visible()
    assert reading.english(page, SPANISH) == []


def test_the_table_of_the_frontends_words_comes_with_another_language_only(portal, narrow) -> None:
    for language, count in (("en", 0), ("es", 1)):
        page = narrow(language)
        page.goto(f"{portal.url}/unlock")
        expect(page.locator("meta[name=phrases]")).to_have_count(count)
    assert len(template("frontend")) > 20


# --- the switch --------------------------------------------------------------------------------------


def test_a_switch_keeps_every_choice_and_what_was_typed_last(portal, narrow) -> None:
    page = narrow("en")
    page.goto(f"{portal.url}/c/{card(portal, 'en')}")
    page.locator("form[action$='/start'] button").click()
    tap(page, "onward")
    heading(page, ENGLISH("choose.title"))
    reading.pick_option(page, "way", 2)
    reading.pick_option(page, "channel-video", 2)
    tap(page, "onward")
    heading(page, ENGLISH("limits.title"))
    reading.pick_option(page, "term", 1)
    page.locator(".st-key-note-folded summary").click()
    fill(page, "note", "not my old job")
    # The field still has the focus: what stands in it has not left the phone yet.
    page.get_by_role("button", name="Español").click()
    heading(page, SPANISH("limits.title"))
    settled(page)
    assert page.url == f"{portal.url}/limits"
    expect(page.locator(".st-key-term [role=radiogroup] input").nth(1)).to_be_checked()
    page.locator(".st-key-note-folded summary").click()
    expect(page.locator(".st-key-note input")).to_have_value("not my old job")
    tap(page, "back")
    expect(page.locator(".st-key-channel-video [role=radiogroup] input").nth(2)).to_be_checked()


def test_the_switch_needs_no_script(portal, browser) -> None:
    context = browser.new_context(viewport=NARROW, locale="en-US", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{portal.url}/c/{card(portal, 'en')}")
    page.get_by_role("button", name="Español").click()
    expect(page.locator("html[lang=es] h1")).to_have_text(SPANISH("welcome.title"))
    page.locator("form[action$='/no'] button").click()
    heading(page, SPANISH("done_no.title"))
    code = page.locator(".big").first.inner_text()
    page.get_by_role("button", name="English").click()
    heading(page, ENGLISH("done_no.title"))
    assert page.locator(".big").first.inner_text() == code
    context.close()

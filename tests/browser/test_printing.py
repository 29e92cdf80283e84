"""Cards made in a real browser: found again after a reload, and named when the portal was killed in the middle."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from core.demo import PASSPHRASE
from core.store import card_batches
from tests.browser import flow
from tests.browser.flow import WORDS, heading

BASE = "https://sayso.example.org"


def _make(page: Page, url: str, count: int) -> None:
    page.goto(f"{url}/cards")
    heading(page, WORDS("cards.title"))
    flow.settled(page)
    for key, typed in (("base", BASE), ("count", str(count))):
        flow.fill(page, key, typed)
        page.keyboard.press("Tab")
        flow.settled(page)
    flow.tap(page, "make")
    expect(page.get_by_text(WORDS("cards.making.go_on"))).to_be_visible(timeout=30_000)


def test_cards_that_are_made_are_found_again_after_a_reload_and_saved(serve, phone):
    server = serve()
    server.demo()
    flow.unlock(phone, server.url, PASSPHRASE)
    _make(phone, server.url, 120)
    phone.reload()
    ready = WORDS("cards.made", first=6, last=125, sheets=12)
    expect(phone.get_by_text(ready)).to_be_visible(timeout=120_000)
    with phone.expect_download() as saved:
        phone.locator(".st-key-download button").click()
    assert saved.value.suggested_filename == "cards.pdf"
    assert len(pypdfium2.PdfDocument(Path(saved.value.path()))) == 12


def test_a_portal_killed_while_it_makes_cards_says_so_and_none_of_them_works(serve, phone):
    server = serve()
    server.demo()
    flow.unlock(phone, server.url, PASSPHRASE)
    _make(phone, server.url, 2000)
    expect(phone.get_by_text(re.compile(r": [1-9][0-9,]* of 2,000"))).to_be_visible(timeout=30_000)
    server.stop(signal.SIGKILL)
    server.start()
    (cut_off,) = card_batches.unfinished(server.portal.database)
    assert (cut_off.first, cut_off.last, cut_off.blocked) == (6, 2005, 2000)
    assert list((server.data / "printing").iterdir()) == []
    flow.unlock(phone, server.url, PASSPHRASE)
    phone.goto(f"{server.url}/cards")
    expect(phone.get_by_text(WORDS("cards.cut_off", first=6, last=2005))).to_be_visible(timeout=30_000)
    flow.tap(phone, f"cut-off-{cut_off.id}")
    expect(phone.get_by_text(WORDS("cards.cut_off", first=6, last=2005))).not_to_be_visible(timeout=30_000)
    assert card_batches.unfinished(server.portal.database) == []

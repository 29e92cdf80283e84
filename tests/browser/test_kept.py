"""A phone that is lent again holds nothing of whoever had it before."""

from __future__ import annotations

from playwright.sync_api import Browser, Page

from tests.browser import kept
from tests.browser.conftest import Server

_KEEP = """async () => {
    localStorage.setItem('left', '1');
    sessionStorage.setItem('left', '1');
    await caches.open('left');
    await new Promise(done => { indexedDB.open('left').onsuccess = done });
    document.cookie = 'left=1';
}"""
_KEPT = """async () => [
    localStorage.length, sessionStorage.length, document.cookie,
    (await caches.keys()).length, (await indexedDB.databases()).length, navigator.onLine,
]"""


def test_a_phone_that_is_lent_again_holds_nothing(server: Server, browser: Browser) -> None:
    options = {**kept.PHONE, "locale": "en-US"}
    with kept.context(browser, **options) as first:
        page = first.new_page()
        page.goto(f"{server.url}/healthz")
        page.evaluate(_KEEP)
        assert page.evaluate(_KEPT) == [1, 1, "left=1", 1, 1, True]
        first.set_offline(True)
    with kept.context(browser, **options) as again:
        assert again is first
        page = again.new_page()
        page.goto(f"{server.url}/healthz")
        assert page.evaluate(_KEPT) == [0, 0, "", 0, 0, True]


def test_two_phones_at_a_time_are_two(browser: Browser, phone: Page) -> None:
    with kept.context(browser, **kept.PHONE) as other:
        assert other is not phone.context
        assert other.cookies() == []

"""Phones that are used again: an empty one starts the app at half of what a new one costs.

A new context compiles all of the app's scripts anew, which takes longer than whatever a test does there afterwards.
Here a context is emptied when a test is through with it and lent to the next; and each keeps a page of the site open,
so that its one process for it stays, with what it has compiled (`ONE_PROCESS`). A page is always a new one.

Not for what is about a first visit, about what is left behind, or given more than pages (its own scripts, routes or
listeners): that has `Browser.new_context`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, BrowserContext, Error, Page

#: Every page of a site in one process of the browser: each of its contexts has its own.
ONE_PROCESS = "--process-per-site"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
#: The site of every server here, whatever its port.
_SITE = "http://localhost/"
#: How long an emptied page may wait for something before it gives up, in milliseconds: Playwright's own.
_PATIENCE = 30_000
_free: WeakKeyDictionary[Browser, defaultdict[str, list[BrowserContext]]] = WeakKeyDictionary()


@contextmanager
def context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Lend a context with these options that holds nothing. Two at a time are two."""
    free = _free.setdefault(browser, defaultdict(list))[repr(sorted(options.items()))]
    lent = free.pop() if free else _new(browser, options)
    yield lent
    # One that cannot be emptied is used no more.
    with suppress(Error):
        _empty(lent)
        free.append(lent)


def _new(browser: Browser, options: dict[str, Any]) -> BrowserContext:
    made = browser.new_context(**options)
    page = made.new_page()
    page.route("**/*", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(_SITE)
    return made


def _empty(lent: BrowserContext) -> None:
    stays, *others = lent.pages
    for page in others:
        page.close()
    lent.set_offline(False)
    lent.set_default_timeout(_PATIENCE)
    forget(stays)


def forget(page: Page) -> None:
    """Take from a page's context what a browser keeps: cookies, and all that pages stored but for their own tab."""
    page.context.clear_cookies()
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    session.detach()

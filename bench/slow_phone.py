"""A person with a slow phone on a slow line, in a real Chromium: opens, reads and taps, and sees how long it takes.

Times are the page's own: from the tap, or from the start of the navigation, until what is waited for is painted and the
app is at rest (`stopwatch.js`); for a new screen also until it is full and a finger would be answered. Bytes are those
on the line (`bench.link`), headers and websockets among them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, ViewportSize

from bench.link import Link

#: How much slower than this machine's the phone's processor is: Lighthouse's mobile profile.
SLOWER = 4
#: Milliseconds until something has not come.
_PATIENCE = 90_000
#: Milliseconds until the first look at the stopwatch, and from one look to the next: each look from outside keeps a
#: slow phone busy for some 10 ms, so there is none while a step is being drawn.
_FIRST_LOOK, _PAUSE = 900, 300
_STOPWATCH = Path(__file__).with_name("stopwatch.js")


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a tap, in seconds from it. ``deaf``: the longest time without an answer to a finger in between.

    ``drawn``: the screen is full of what is new. ``whole``: all of the page is there, and the app at rest.
    """

    drawn: float
    whole: float
    deaf: float


@dataclass
class Hand:
    """Who holds the phone. Times are in seconds. ``last``: what came of the last tap."""

    page: Page
    link: Link
    last: Step | None = None
    _before: int = 0

    def open(self, path: str, selector: str) -> float:
        """Open an address. Returns the time until ``selector`` can be seen, from the start of the navigation."""
        self._before = self.link.carried
        self.page.add_init_script(f"benchFirst({json.dumps(selector)})")
        self.page.goto(f"http://localhost:{self.link.port}{path}", wait_until="commit", timeout=_PATIENCE)
        seen = self._seen()
        return float(seen["seen"] - seen["began"]) / 1000

    def tap(self, what: str, selector: str, text: str = "") -> float:
        """Tap ``what``. Returns the time until ``selector``, with exactly this text where one is given, can be seen."""
        self._before = self.link.carried
        target = self.page.locator(what).first
        target.scroll_into_view_if_needed()
        self.page.evaluate("([selector, text]) => benchWait(selector, text)", [selector, text])
        target.click(no_wait_after=True)
        seen = self._seen()
        drawn, whole = ((seen[mark] - seen["tap"]) / 1000 for mark in ("drawn", "seen"))
        self.last = Step(drawn, whole, seen["held"] / 1000)
        return self.last.whole

    def wait(self, selector: str) -> float:
        """Touch nothing until ``selector`` can be seen. Returns the time from the last tap, or from the opening."""
        before = self._told("window.benchSeen && window.benchSeen()")
        self.page.evaluate("selector => benchWait(selector, '')", selector)
        return float(self._seen()["seen"] - (before["tap"] or before["began"])) / 1000

    def read(self, seconds: float) -> None:
        """Read, and touch nothing."""
        self.page.wait_for_timeout(seconds * 1000)

    def painted(self) -> float:
        """Return when the first words were painted, from the start of the navigation."""
        paint = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
        return float(self._told(paint)) / 1000

    def sent(self) -> float:
        """Return the KiB over the line since the last tap or opening, once nothing comes any more."""
        while True:
            before = self.link.carried
            self.read(0.7)
            if self.link.carried == before:
                return (before - self._before) / 1024

    def _seen(self) -> Any:
        return self._told("window.benchSeen && window.benchSeen()")

    def _told(self, script: str) -> Any:
        # Asked again and again from outside: the policy of our pages lets nothing in them wait for a string.
        self.page.wait_for_timeout(_FIRST_LOOK)
        for _ in range(_PATIENCE // _PAUSE):
            with suppress(Error):  # The document is just changing.
                if told := self.page.evaluate(script):
                    return told
            self.page.wait_for_timeout(_PAUSE)
        raise TimeoutError(script)


@contextmanager
def hand(browser: Browser, link: Link, card: str = "") -> Iterator[Hand]:
    """Give a phone that has never been here. ``card``: one that it scanned before, off the line."""
    size = ViewportSize(width=390, height=844)
    context = browser.new_context(viewport=size, is_mobile=True, has_touch=True, device_scale_factor=2)
    try:
        context.set_default_timeout(_PATIENCE)
        context.add_init_script(path=_STOPWATCH)
        if card:
            context.request.post(f"http://localhost:{link.target}/c/{card}/start", max_redirects=0)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        yield Hand(page, link)
    finally:
        context.close()

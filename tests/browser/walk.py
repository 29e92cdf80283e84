"""A walk over every screen, in every state that differs: one for the pictures, for axe and for measuring.

A ``Visitor`` is shown each screen once it is at rest: ``take(page, name)``. The walks themselves are in
``walk_plain``, ``walk_client``, ``walk_own``, ``walk_staff``, ``walk_post``, ``walk_print`` and ``walk_team``;
``walk_story`` puts people and posts into the practice by core calls, so that hardly anything is clicked together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from core.text import Words
from tests.browser import flow, kept
from tests.browser.conftest import Server

#: The languages of a phone, by those of the portal.
LOCALES = {"en": "en-US", "es": "es-US"}


class Visitor(Protocol):
    """Whoever is shown the screens."""

    def take(self, page: Page, name: str) -> None:
        """Look at one screen. ``name``: the same in every language, size and light."""


@dataclass
class Walk:
    """Somebody with a browser of their own at a portal. ``options``: of each window that is opened.

    ``patience``: how long a window waits for what is to come, in milliseconds. ``empty``: windows nobody is in.
    """

    browser: Browser
    server: Server
    language: str
    visitor: Visitor
    options: dict[str, object] = field(default_factory=dict)
    patience: int = 20_000
    empty: list[Page] = field(default_factory=list, repr=False)
    page: Page = field(init=False)

    @property
    def words(self) -> Words:
        """The words the screens have in this language."""
        return Words(self.language)

    @contextmanager
    def window(self) -> Iterator[Walk]:
        """Open the browser of somebody new: no cookie, no draft, no vault.

        A window that somebody left is wiped and taken again: the app starts in it at a third of the cost.
        """
        walk = replace(self)
        walk.page = self.empty.pop() if self.empty else self._open()
        yield walk
        _wipe(walk.page)
        self.empty.append(walk.page)

    @contextmanager
    def odd_window(self) -> Iterator[Walk]:
        """Open one that is used up afterwards, for what cannot be undone in it."""
        walk = replace(self)
        walk.page = self._open()
        yield walk
        walk.page.context.close()

    def _open(self) -> Page:
        given = {"viewport": {"width": 390, "height": 844}, "locale": LOCALES[self.language]}
        page = self.browser.new_context(**{**given, **self.options}).new_page()
        page.set_default_timeout(self.patience)
        return page

    def take(self, name: str) -> None:
        """Show the visitor this screen, at rest."""
        # Without a line the app is never at rest.
        if self.page.locator("[data-testid=stApp]:visible").count() and self.page.evaluate("navigator.onLine"):
            flow.settled(self.page)
        # The page's own script moves the focus, and sets the title right, a moment after a screen has come.
        expect(self.page).to_have_title(self.words("shell.title"))
        expect(self.page.locator("h1:visible").first).to_be_visible()
        if self.page.locator("[data-testid=stApp]:visible").count():
            with suppress(PlaywrightTimeout):
                self.page.locator(":focus").first.wait_for(state="attached", timeout=2_000)
        self.visitor.take(self.page, name)

    def go(self, path: str, title: str = "") -> None:
        """Open an address. ``title``: the key of the heading to wait for."""
        self.page.goto(f"{self.server.url}{path}")
        if title:
            self.heading(title)

    def heading(self, key: str, **values: object) -> None:
        """Wait for the heading with this key."""
        flow.heading(self.page, self.words(key, **values))

    def tap(self, key: str, title: str = "") -> None:
        """Tap the button with this key. ``title``: the key of the heading of the screen it leads to."""
        flow.tap(self.page, key)
        if title:
            self.heading(title)

    def press(self, key: str, title: str = "", **values: object) -> None:
        """Press a plain page's button whose words begin as under ``key``."""
        self.page.get_by_role("button", name=re.compile("^" + re.escape(self.words(key, **values)))).click()
        if title:
            self.heading(title)

    def pick(self, widget: str, key: str) -> None:
        """Pick the option with the words under ``key``."""
        flow.pick(self.page, widget, self.words(key))

    def tick(self, widget: str) -> None:
        """Tick a box."""
        label = self.at(widget, "label").first
        flow.settled(self.page)
        label.click()
        expect(label.locator("input")).to_be_checked()
        flow.settled(self.page)

    def type(self, widget: str, text: str) -> None:
        """Type into a field and leave it."""
        flow.settled(self.page)
        flow.fill(self.page, widget, text)
        self.page.keyboard.press("Tab")
        flow.settled(self.page)

    def unfold(self, *widgets: str) -> None:
        """Open folded parts."""
        for widget in widgets:
            flow.settled(self.page)
            self.at(widget, "summary").first.click()
            expect(self.at(widget, "details[open]").first).to_be_visible()

    def at(self, widget: str, inside: str = "") -> Locator:
        """Return what has a key beginning like this, or things inside it."""
        return self.page.locator(f"[class*='st-key-{widget}'] {inside}".strip())

    def says(self, key: str, **values: object) -> None:
        """Wait for these words."""
        expect(self.page.get_by_text(self.words(key, **values)).first).to_be_visible()

    def problem(self) -> None:
        """Wait for a problem to be said."""
        expect(self.page.locator("[data-testid=stAlertContentError]:visible, .wrong-box:visible").first).to_be_visible()


def _wipe(page: Page) -> None:
    """Leave nothing of whoever was here: neither what the browser keeps nor what a walk did to it."""
    page.unroute_all()
    if page.url.startswith("http"):
        page.evaluate("sessionStorage.clear()")
    kept.forget(page)
    page.goto("about:blank")

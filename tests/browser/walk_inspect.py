"""The visitor that tests: axe in two settings of size and light, and everything that is measured, on each screen."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Page, ViewportSize

from core.text import Words
from tests.browser import reading, walk_measure
from tests.browser.walk_axe import BY_LOOK, Axe

Setting = tuple[str, Literal["light", "dark"]]
SIZES: dict[str, ViewportSize] = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
#: The first look and the second at a screen, in English and in the other languages. Where a screen is met in two
#: languages its four looks hold every pair of size, light and language; all eight settings are for the deep run.
LOOKS: dict[bool, tuple[Setting, Setting]] = {
    True: (("phone", "dark"), ("desk", "light")),
    False: (("phone", "light"), ("desk", "dark")),
}
EVERY: tuple[Setting, ...] = (("phone", "light"), ("phone", "dark"), ("desk", "light"), ("desk", "dark"))


@dataclass
class Inspector:
    """Looks at each screen. ``found``: what is wrong, by the screen's name. ``seen``: the names, in order."""

    language: str
    axe: Axe
    deep: bool = field(default_factory=lambda: os.environ.get("SAYSO_TESTS") == "deep")
    found: dict[str, list[str]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """Look at one screen, and leave it at the size of a phone, in the light."""
        assert name not in self.seen, name
        self.seen.append(name)
        wrong = walk_measure.stands(page, self.language, Words(self.language)("shell.title"))
        if self.language != "en":
            wrong += [f"in English: {one}" for one in reading.english(page, Words(self.language))]
        wrong += walk_measure.small_targets(page)
        wrong += walk_measure.at_twice_the_size(page)
        wrong += walk_measure.with_forced_colours(page)
        # What has scrolled under the bar is no small target.
        page.evaluate("scrollTo(0, 0)")
        page.set_viewport_size({"width": walk_measure.NARROW, "height": 640})
        wrong += walk_measure.too_wide(page)
        wrong += self._looks(page)
        page.set_viewport_size(SIZES["phone"])
        page.emulate_media(color_scheme="light")
        if wrong:
            self.found[name] = wrong

    def _looks(self, page: Page) -> list[str]:
        wrong, seen = [], None
        for size, light in EVERY if self.deep else LOOKS[self.language == "en"]:
            walk_measure.put(page, SIZES[size], light)
            shown = walk_measure.shown(page)
            # Where other things are in sight than at the first look, everything is asked anew.
            rules = () if self.deep or shown != seen else BY_LOOK
            wrong += [f"{size} {light}: {one}" for one in self.axe.look(page, rules)]
            seen = shown
        return wrong

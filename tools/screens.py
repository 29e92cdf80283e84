"""Takes the pictures in docs/screens: every language, on a phone and on a desk, light and dark.

``make screens`` runs it; ``python -m tools.screens en`` takes those of one language. It walks the way of
``tests/browser/walk_all``, on portals of its own.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import cast

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from core.text import LANGUAGES
from tests.browser import walk_all
from tests.browser.conftest import ARGUMENTS, Server
from tests.browser.walk import Walk
from tests.browser.walk_inspect import EVERY, SIZES

OUT = Path(__file__).resolve().parents[1] / "docs" / "screens"
#: These show the portal. The others are walked too, and differ from one of these in a sentence or a fold.
SHOWN = frozenset(
    {
        "first-start",
        "home",
        "welcome",
        "welcome-is-this-real",
        "no",
        "stop",
        "explain",
        "choose",
        "choose-each",
        "limits",
        "questions",
        "questions-explained",
        "check",
        "done",
        "mine",
        "mine-asked",
        "mine-posted",
        "answer",
        "answer-yes",
        "unlock",
        "inbox-full",
        "people",
        "person",
        "may-i-post-drafts",
        "may-i-post-ask",
        "may-i-post-no",
        "ask",
        "posts",
        "paper",
        "cards",
        "practice",
        "settings",
    }
)
#: A calm look has few colours: the most frequent ones are kept as they are, and the repository stays small.
COLOURS = 96
#: Those in the README: what is seen of them on a phone, in English, before anyone scrolls.
AT_FIRST = frozenset({"welcome", "choose", "may-i-post-ask", "answer"})


@dataclass
class Camera:
    """Takes a picture of a screen in each size and light. ``folder``: where those of one language go."""

    folder: Path
    language: str

    def take(self, page: Page, name: str) -> None:
        """Take the whole page, where it is one of those shown."""
        if name not in SHOWN:
            return
        page.evaluate("document.activeElement && document.activeElement.blur()")
        # The bar on top stays in sight: on a page that was scrolled it would lie across its middle.
        page.evaluate("scrollTo(0, 0)")
        page.evaluate("Promise.all(Array.from(document.images, image => image.decode().catch(() => null)))")
        for size, light in EVERY:
            page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
            page.emulate_media(color_scheme="dark" if light == "dark" else "light")
            self._keep(page.screenshot(full_page=True, animations="disabled"), f"{self.language}-{size}-{light}", name)
        page.set_viewport_size(SIZES["phone"])  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")

    def _keep(self, picture: bytes, folder: str, name: str) -> None:
        (self.folder / folder).mkdir(parents=True, exist_ok=True)
        small = _few_colours(Image.open(BytesIO(picture)).convert("RGB"))
        small.save(self.folder / folder / f"{name}.png", optimize=True)
        if name in AT_FIRST and folder == "en-phone-light":
            (self.folder / "readme").mkdir(exist_ok=True)
            first = small.crop((0, 0, SIZES["phone"]["width"], SIZES["phone"]["height"]))
            first.save(self.folder / "readme" / f"{name}.png", optimize=True)


def _few_colours(whole: Image.Image) -> Image.Image:
    found = cast("list[tuple[int, tuple[int, int, int]]]", whole.getcolors(whole.width * whole.height))
    often = sorted(found, reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in often for part in colour])
    return whole.quantize(palette=palette, dither=Image.Dither.NONE)


def take(browser: Browser, language: str, folder: Path, walked: Callable[[Walk], None]) -> None:
    """Walk one way in one language, on a portal of its own, and take its pictures."""
    with tempfile.TemporaryDirectory() as data:
        server = Server(Path(data), {}, moving=True)
        server.start()
        try:
            walked(Walk(browser, server, language, Camera(folder, language), {"reduced_motion": "reduce"}))
        finally:
            server.stop()


def main(languages: Sequence[str]) -> None:
    """Take every picture. ``languages``: none for all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        for language in languages or LANGUAGES:
            for walked in (walk_all.clients, walk_all.staff):
                take(browser, language, OUT, walked)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

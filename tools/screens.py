"""Takes the pictures in docs/screens: every screen in each state, every language, phone and desk, light and dark.

``make screens`` runs it; ``python -m tools.screens es staff`` takes those of one language and one of the two ways. It
walks as ``tests/browser/walk_all`` does, on portals of its own. ``screens_sheets`` puts the pictures together.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from core.text import LANGUAGES
from tests.browser import walk_all
from tests.browser.conftest import ARGUMENTS, CHROMIUM, Server
from tests.browser.walk import Walk
from tests.browser.walk_inspect import EVERY, SIZES
from tools import screens_sheets

OUT = Path(__file__).resolve().parents[1] / "docs" / "screens"
WAYS = {"clients": walk_all.clients, "staff": walk_all.staff}
#: What is waited for on a machine with far too much to do, in milliseconds; and how often a walk is begun anew.
PATIENCE, TRIES = 120_000, 3


@dataclass
class Camera:
    """Takes a picture of each screen in each size and light, and says so.

    ``folder``: where they go, as ``<size>-<light>/<name>.png``. ``taken``: the names, in the order of the way.
    """

    folder: Path
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """Take the whole page, and leave it at the size of a phone, in the light."""
        self.taken.append(name)
        print(f"  {len(self.taken):3} {name}", flush=True)
        page.evaluate("document.activeElement && document.activeElement.blur()")
        # The bar on top stays in sight: on a page that was scrolled it would lie across its middle.
        page.evaluate("scrollTo(0, 0)")
        page.evaluate("Promise.all(Array.from(document.images, image => image.decode().catch(() => null)))")
        for size, light in EVERY:
            page.set_viewport_size(SIZES[size])
            page.emulate_media(color_scheme=light)
            (self.folder / f"{size}-{light}").mkdir(parents=True, exist_ok=True)
            picture = self.folder / f"{size}-{light}" / f"{name}.png"
            _whole(page, picture)
        page.set_viewport_size(SIZES["phone"])
        page.emulate_media(color_scheme="light")


def _whole(page: Page, picture: Path) -> None:
    # A page that grows while it is taken would be cut off: it is taken again.
    height = -1
    while height != (height := page.evaluate("document.documentElement.scrollHeight")):
        page.screenshot(path=picture, full_page=True, animations="disabled", timeout=PATIENCE)


def walked(browser: Browser, language: str, way: str, folder: Path) -> Camera:
    """Walk one way in one language, on a portal of its own. Returns the camera with what it took."""
    for left in reversed(range(TRIES)):
        camera = Camera(folder)
        with tempfile.TemporaryDirectory() as data:
            server = Server(Path(data), {}, moving=True)
            server.start()
            try:
                options: dict[str, object] = {"reduced_motion": "reduce"}
                WAYS[way](Walk(browser, server, language, camera, options, patience=PATIENCE))
            except (AssertionError, Error) as failed:
                if not left:
                    raise
                print(f"  begun anew: {str(failed).splitlines()[0]}", flush=True)
            else:
                return camera
            finally:
                server.stop()
    raise AssertionError


def main(wanted: Sequence[str]) -> None:
    """Take every picture. ``wanted``: languages and ways, none of either for all of them."""
    languages = [one for one in LANGUAGES if one in wanted] or list(LANGUAGES)
    ways = [one for one in WAYS if one in wanted] or list(WAYS)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for language in languages:
            for way in ways:
                with tempfile.TemporaryDirectory() as folder:
                    print(f"{language} {way}", flush=True)
                    camera = walked(browser, language, way, Path(folder))
                    screens_sheets.put_together(Path(folder), OUT, language, camera.taken)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

"""What axe does not see, measured on one screen: headings, targets, widths, large text, forced colours, movement."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize

#: In CSS pixels.
TARGET, TEXT_FIELD, NARROW = 44, 16, 320


def stands(page: Page, language: str, title: str) -> list[str]:
    """Return what is wrong with a screen as it stands: heading, language, title, focus, movement, size of fields."""
    found = page.evaluate(_measure(f"stands({TEXT_FIELD})"))
    wrong = [f"moves: {one}" for one in found["moving"]] + [f"small text: {one}" for one in found["small_text"]]
    if found["h1"] != 1:
        wrong.append(f"{found['h1']} headings of the first level")
    if found["lang"] != language:
        wrong.append(f"its language is said to be {found['lang']!r}")
    if found["title"] != title:
        wrong.append(f"the title says {found['title']!r}")
    if found["lost"]:
        wrong.append("nothing has the focus")
    return wrong


def small_targets(page: Page) -> list[str]:
    """Return what is smaller than a finger."""
    return [f"small target: {one}" for one in page.evaluate(_measure(f"small({TARGET})"))]


def too_wide(page: Page) -> list[str]:
    """Return what makes a screen scroll sideways at its width of this moment."""
    return [str(one) for one in page.evaluate(_measure("wide()"))]


def at_twice_the_size(page: Page) -> list[str]:
    """Return what is cut, or wider than the screen, where text is twice as large."""
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    wrong = [f"at 200 %: {one}" for what in ("wide()", "cut()") for one in page.evaluate(_measure(what))]
    page.evaluate("document.documentElement.style.fontSize = ''")
    return wrong


def with_forced_colours(page: Page) -> list[str]:
    """Return what cannot be told apart once the colours are the reader's own."""
    page.emulate_media(forced_colors="active")
    wrong = [f"forced colours: {one}" for one in page.evaluate(_measure("forced()"))]
    page.emulate_media(forced_colors="none")
    return wrong


def shown(page: Page) -> int:
    """Return what is in sight, as one number."""
    found: int = page.evaluate(_measure("shown()"))
    return found


def put(page: Page, size: ViewportSize, light: Literal["light", "dark"]) -> None:
    """Give a screen this size and light, and wait until it is at rest in them."""
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=light)
    page.evaluate(_measure("still()"))


def _measure(what: str) -> str:
    return f"{_script()}.{what}"


@cache
def _script() -> str:
    # Without its first line, which says what it is, and the line break at its end.
    return (Path(__file__).parent / "walk_measure.js").read_text("utf-8").partition("\n")[2].rstrip()

"""What a person does in the browser, step by step, in words: shared by the browser tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Route, expect

from core.drafts import QUESTIONS
from core.text import Words
from tests.browser.conftest import ARGUMENTS

WORDS = Words()
PASSPHRASE = "seven quiet rivers at dawn"


def heading(page: Page, text: str) -> None:
    """Wait until the screen has this heading."""
    expect(page.get_by_role("heading", level=1, name=text, exact=True)).to_be_visible()


def settled(page: Page) -> None:
    """Wait until the app is at rest: what was tapped has reached the server and come back."""
    expect(page.locator("html:not([data-asked]) [data-test-script-state=notRunning]")).to_be_visible()


@contextmanager
def app_on_its_way(page: Page) -> Iterator[None]:
    """Until the block ends the app's own scripts do not arrive."""
    held: list[Route] = []
    arrives = False

    def hold(route: Route) -> None:
        if arrives:
            route.continue_()
        else:
            held.append(route)

    page.route("**/static/js/*", hold)
    yield
    arrives = True
    for route in held:
        route.continue_()
    expect(page.locator("#early")).to_have_count(0)


def tap(page: Page, key: str) -> None:
    """Tap the button with this key."""
    settled(page)
    page.locator(f".st-key-{key} button").click()


def fill(page: Page, key: str, text: str) -> None:
    """Type into the field with this key."""
    page.locator(f".st-key-{key}").locator("input, textarea").fill(text)


def pick(page: Page, key: str, label: str) -> None:
    """Pick one of the options of a question."""
    settled(page)
    option = page.locator(f".st-key-{key} label").filter(has_text=re.compile(f"^{re.escape(label)}")).first
    option.click()
    expect(option.locator("input")).to_be_checked()
    settled(page)


def start_choosing(page: Page, url: str) -> None:
    """Open a card's address and go to the choices by way of the welcome page."""
    page.goto(url)
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click()
    heading(page, WORDS("explain.title"))
    tap(page, "onward")
    heading(page, WORDS("choose.title"))


def choose(page: Page, places: dict[str, str], materials: Iterable[str] = (), note: str = "") -> None:
    """Choose place by place, set the limits and answer the questions, up to the check."""
    pick(page, "way", WORDS("choose.way.each.label"))
    for channel, treatment in places.items():
        pick(page, f"channel-{channel}", WORDS(f"treatment.{treatment}.label"))
    tap(page, "onward")
    heading(page, WORDS("limits.title"))
    for material in materials:
        pick(page, f"material-{material}", WORDS(f"material.{material}.label"))
    pick(page, "term", WORDS("term.6.label"))
    if note:
        page.locator(".st-key-note-folded summary").click()
        fill(page, "note", note)
        page.keyboard.press("Tab")
        settled(page)
    tap(page, "onward")
    heading(page, WORDS("questions.title"))
    for question, right in QUESTIONS.items():
        pick(page, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    tap(page, "onward")
    heading(page, WORDS("check.title"))


def say_no(page: Page, url: str) -> None:
    """Open a card's address and say no to all of it, up to the check."""
    start_choosing(page, url)
    pick(page, "way", WORDS("choose.way.no.label"))
    tap(page, "onward")
    heading(page, WORDS("check.title"))


def save(page: Page) -> None:
    """Say it is one's own choice where that is asked, and save."""
    expect(page.locator(".st-key-save button")).to_be_visible()
    settled(page)
    own = page.locator(".st-key-own label")
    if own.count():
        own.first.click()
        expect(own.locator("input")).to_be_checked()
        settled(page)
    tap(page, "save")
    heading(page, WORDS("done.title"))


def acknowledgement(page: Page) -> str:
    """The check code on the client's screen."""
    return page.locator(".ack").inner_text()


def unlock(page: Page, url: str, passphrase: str) -> None:
    """Sign in as the therapist."""
    page.goto(f"{url}/unlock")
    heading(page, WORDS("unlock.title"))
    fill(page, "passphrase", passphrase)
    tap(page, "open")
    heading(page, WORDS("inbox.title"))


def camera_showing(kind: BrowserType, picture: bytes, folder: Path) -> tuple[Browser, BrowserContext]:
    """A Chromium whose camera sees one picture, held still in front of it."""
    film = folder / "camera.mjpeg"
    film.write_bytes(_frame(picture) * 5)
    chromium = kind.launch(
        executable_path="/usr/bin/chromium",
        args=[
            *ARGUMENTS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
    context = chromium.new_context(viewport={"width": 1280, "height": 960}, permissions=["camera"])
    context.set_default_timeout(20_000)
    return chromium, context


def _frame(picture: bytes) -> bytes:
    # The phone fills most of what the camera sees, as when it is held up to it.
    frame = Image.new("RGB", (1280, 960), "#8a8f8c")
    phone = Image.open(BytesIO(picture)).convert("RGB")
    side = 900
    phone = (
        phone.resize((side * phone.width // phone.height, side))
        if phone.height > phone.width
        else phone.resize((side, side * phone.height // phone.width))
    )
    frame.paste(phone, ((1280 - phone.width) // 2, (960 - phone.height) // 2))
    out = BytesIO()
    frame.save(out, "JPEG", quality=90)
    return out.getvalue()

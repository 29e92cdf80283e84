"""Takes the pictures in docs/screens: every screen, on a phone and on a desk, light and dark.

``make screens`` runs it. It starts a portal of its own with the demo practice and walks through it as people do.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from core.demo import PASSPHRASE
from tests.browser import flow
from tests.browser.conftest import ARGUMENTS, Server
from tests.browser.flow import WORDS, heading
from tools import screens_story
from tools.screens_story import Story

OUT = Path(__file__).resolve().parents[1] / "docs" / "screens"
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
PLACES = {"video": "ask", "post": "composite", "audio": "never", "print": "disguised"}


@dataclass
class Camera:
    """Takes one picture after another of one page. ``folder`` says size and light."""

    page: Page
    folder: Path

    def take(self, name: str) -> None:
        """Take the whole page, once it is at rest and its pictures are there."""
        if self.page.locator("[data-testid=stApp]").count():
            flow.settled(self.page)
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        self.page.wait_for_function("Array.from(document.images).every(image => image.complete)")
        picture = Image.open(BytesIO(self.page.screenshot(full_page=True, animations="disabled")))
        # A calm look has few colours: a palette of them keeps the repository small.
        picture.convert("RGB").quantize(96).save(self.folder / f"{name}.png", optimize=True)


def client(camera: Camera, server: Server, code: str) -> None:
    """Walk the client's way, from the welcome page to their own page."""
    page, address = camera.page, f"{server.url}/c/{code}"
    page.goto(address)
    camera.take("welcome")
    page.locator("summary").click()
    camera.take("welcome-is-this-real")
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click()
    heading(page, WORDS("explain.title"))
    camera.take("explain")
    flow.tap(page, "onward")
    heading(page, WORDS("choose.title"))
    camera.take("choose")
    flow.pick(page, "way", WORDS("choose.way.each.label"))
    camera.take("choose-each")
    for channel, treatment in PLACES.items():
        flow.pick(page, f"channel-{channel}", WORDS(f"treatment.{treatment}.label"))
    flow.tap(page, "onward")
    heading(page, WORDS("limits.title"))
    flow.pick(page, "material-story", WORDS("material.story.label"))
    flow.pick(page, "term", WORDS("term.6.label"))
    page.locator(".st-key-topics summary").click()
    camera.take("limits")
    flow.tap(page, "onward")
    _questions(camera)
    camera.take("check")
    flow.save(page)
    camera.take("done")
    flow.tap(page, "mine")
    heading(page, WORDS("mine.title"))
    camera.take("mine")


def _questions(camera: Camera) -> None:
    page = camera.page
    heading(page, WORDS("questions.title"))
    camera.take("questions")
    answers = {"care": "nothing", "stop": "gone", "guess": "yes", "silence": "no"}
    for question, answer in answers.items():
        flow.pick(page, f"question-{question}-0", WORDS(f"questions.{question}.{answer}"))
    flow.tap(page, "onward")
    expect(page.get_by_text(WORDS("questions.stop.again"))).to_be_visible()
    camera.take("questions-explained")
    flow.pick(page, "question-stop-1", WORDS("questions.stop.copies_stay"))
    flow.tap(page, "onward")
    heading(page, WORDS("check.title"))


def forms(camera: Camera, server: Server, code: str) -> None:
    """The pages that need no app: no to everything, stop, a card nobody knows, the way in."""
    page = camera.page
    for label, title, name in (("no", "done_no.title", "no"), ("stop", "done_stop.title", "stop")):
        page.goto(f"{server.url}/c/{code}")
        page.get_by_role("button", name=re.compile("^" + WORDS(f"welcome.{label}.button"))).click()
        heading(page, WORDS(title))
        camera.take(name)
    page.goto(f"{server.url}/c/K7QM2XPF")
    camera.take("unknown-card")
    page.goto(server.url)
    camera.take("home")


def asked(camera: Camera, server: Server, story: Story) -> None:
    """Take a client's pages while a question is open, and while a post is up."""
    page = camera.page
    for client, name in ((story.posted, "mine-posted"), (story.asked, "mine-asked")):
        page.goto("about:blank")
        page.goto(f"{server.url}/mine#{client.card.code}.{client.keys.code}")
        expect(page.locator(".st-key-change")).to_be_visible()
        camera.take(name)
    page.locator("[class*='st-key-read-'] button").click()
    heading(page, WORDS("answer.title"))
    camera.take("answer")
    yes = page.locator("[class*='st-key-answer-'] label").filter(has_text=WORDS("answer.choice.yes.label"))
    yes.first.click()
    expect(page.locator("[class*='st-key-feeling-']").first).to_be_visible()
    camera.take("answer-yes")


def asking(camera: Camera, server: Server, story: Story) -> None:
    """Walk from a verdict to the questions and the posts. The vault is open."""
    page = camera.page
    page.goto(f"{server.url}/may_i_post")
    heading(page, WORDS("post.title"))
    camera.take("may-i-post-drafts")
    flow.tap(page, f"post-open-{story.needs_yes.id}")
    expect(page.locator(".verdict")).to_be_visible()
    camera.take("may-i-post")
    for name, title in (("ask", "ask.title"), ("posts", "posted.title"), ("paper", "paper.title")):
        page.goto(f"{server.url}/{name}")
        heading(page, WORDS(title))
        camera.take(name)


def staff(camera: Camera, server: Server, story: Story) -> None:
    """Walk the therapist's side."""
    page = camera.page
    page.goto(f"{server.url}/unlock")
    heading(page, WORDS("unlock.title"))
    camera.take("unlock")
    flow.unlock(page, server.url, PASSPHRASE)
    camera.take("inbox")
    first = page.locator("[class*='st-key-confirm-mailbox'] button")
    if first.count():
        first.first.click()
        expect(page.locator("[data-testid=stAlert]").first).to_be_visible()
        flow.settled(page)
    for name in ("people", "cards", "settings"):
        page.goto(f"{server.url}/{name}")
        heading(page, WORDS(f"{name}.title"))
        camera.take(name)
        if name == "people":
            flow.tap(page, "open-1")
            expect(page.locator(".st-key-rename")).to_be_visible()
            camera.take("person")
    asking(camera, server, story)
    page.goto(f"{server.url}/settings")
    flow.tap(page, "lock")


@contextmanager
def _camera(browser: Browser, size: str, light: str) -> Iterator[Camera]:
    folder = OUT / f"{size}-{light}"
    folder.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if light == "dark" else "light"
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield Camera(page, folder)
    context.close()


def main() -> None:
    """Take every picture."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder), {})
        server.start()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(ARGUMENTS))
        try:
            with _camera(browser, "phone", "light") as camera:
                camera.page.goto(server.url)
                camera.take("first-start")
            cards = server.demo().cards
            story = screens_story.tell(server)
            for number, (size, light) in enumerate((size, light) for size in SIZES for light in ("light", "dark")):
                with _camera(browser, size, light) as camera:
                    client(camera, server, cards[number].code)
                    forms(camera, server, cards[4].code)
                    asked(camera, server, story)
                    staff(camera, server, story)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    main()

"""The whole story, on real parts: from an empty portal to the choices in the therapist's list."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from core import qr
from tests.browser import flow, kept
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading

PLACES = {"video": "ask", "post": "composite", "audio": "never", "print": "disguised", "teaching": "undecided"}
NOTE = "not the lighthouse summer"
THERAPIST = "Practice Owner Marigold"
ALIAS = "Blue Heron"


@dataclass
class Visited:
    """Every address any page of this test asked for."""

    addresses: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("framenavigated", lambda frame: self.addresses.append(frame.url))
        page.set_default_timeout(20_000)
        return page


@pytest.fixture
def staff(browser: Browser) -> Iterator[Page]:
    with kept.context(browser, viewport={"width": 1280, "height": 900}, accept_downloads=True) as context:
        yield context.new_page()


def _set_up(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_role("link", name=WORDS("first.setup.button")).click()
    heading(page, WORDS("setup.title"))
    answers = {"practice": "Harbour Practice", "therapist": THERAPIST, "accounts": "@harbour on TikTok"}
    for key, text in {**answers, "new": flow.PASSPHRASE, "again": flow.PASSPHRASE}.items():
        flow.fill(page, key, text)
    flow.tap(page, "set-up")
    expect(page.get_by_text(WORDS("setup.done"))).to_be_visible()


def _make_cards(page: Page, server: Server, folder: Path) -> Path:
    page.goto(f"{server.url}/cards")
    heading(page, WORDS("cards.title"))
    flow.fill(page, "base", server.url)
    page.keyboard.press("Tab")
    flow.settled(page)
    flow.tap(page, "make")
    expect(page.locator(".st-key-download button")).to_be_visible(timeout=60_000)
    with page.expect_download() as started:
        page.locator(".st-key-download button").click()
    sheet = folder / started.value.suggested_filename
    started.value.save_as(sheet)
    return sheet


def _hand_out_first(page: Page) -> None:
    flow.fill(page, "number", "1")
    flow.fill(page, "alias", ALIAS)
    flow.tap(page, "hand-out-do")
    expect(page.locator(".st-key-take-back button")).to_be_visible()


def _codes_on(sheet: Path, folder: Path) -> list[str]:
    picture = folder / "sheet.png"
    pypdfium2.PdfDocument(sheet)[0].render(scale=300 / 72).to_pil().save(picture)
    return qr.read(picture.read_bytes())


def test_from_the_card_to_the_list(server: Server, staff: Page, phone: Page, browser: Browser, tmp_path: Path) -> None:
    visited = Visited()
    visited.watch(staff)
    visited.watch(phone)
    _set_up(staff, server)
    sheet = _make_cards(staff, server, tmp_path)
    _hand_out_first(staff)
    codes = _codes_on(sheet, tmp_path)
    assert len(codes) == 10
    first = server.portal_card(1)
    address = next(code for code in codes if code.endswith(first))

    flow.start_choosing(phone, address)
    flow.choose(phone, PLACES, ["story", "words"], NOTE)
    flow.save(phone)
    check_code = flow.acknowledgement(phone)
    personal = phone.locator(".st-key-personal code").inner_text().strip()
    shown = phone.locator(".st-key-token-qr img").screenshot()

    chromium, context = flow.camera_showing(browser.browser_type, shown, tmp_path)
    try:
        _import_by_camera(visited.watch(context.new_page()), server, check_code)
    finally:
        chromium.close()
    _assert_list_shows_what_was_chosen(staff, server)
    _assert_nothing_leaked(server, visited, [personal, personal.replace("-", ""), flow.PASSPHRASE])
    assert not server.has_loaded("pandas", "pyarrow")


def _import_by_camera(page: Page, server: Server, check_code: str) -> None:
    flow.unlock(page, server.url, flow.PASSPHRASE)
    page.get_by_role("tab", name=WORDS("inbox.tab.camera.label")).click()
    flow.tap(page, "camera-start")
    # A camera takes a moment before it shows what stands in front of it.
    film = page.locator("[data-testid=stCameraInput] video")
    expect(film).to_be_visible()
    for _ in range(100):
        if film.evaluate("video => video.currentTime > 0.5"):
            break
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Take Photo").click()
    # The same token waits in the mailbox, so both ways show the code to compare.
    expect(page.get_by_text(check_code)).to_have_count(2, timeout=30_000)
    page.locator("[class*='st-key-confirm-by-hand'] button").click()
    expect(page.get_by_text(check_code)).to_have_count(0)


def _assert_list_shows_what_was_chosen(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/people")
    text = _card_page(page, 1)
    assert ALIAS in text
    for channel, treatment in {**PLACES, "promotion": "never"}.items():
        assert _answer(text, WORDS(f"channel.{channel}.label")) == WORDS(f"treatment.{treatment}.label")
    assert NOTE in text
    assert WORDS("material.story.label") in text
    assert WORDS("material.words.label") in text
    assert WORDS("material.humor.label") not in text


def _card_page(page: Page, number: int) -> str:
    heading(page, WORDS("people.title"))
    flow.tap(page, f"open-{number}")
    expect(page.locator(".st-key-rename")).to_be_visible()
    flow.settled(page)
    return page.locator("[data-testid=stMain]").inner_text()


def _answer(text: str, label: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[lines.index(label) + 1]


def _assert_nothing_leaked(server: Server, visited: Visited, secrets: list[str]) -> None:
    database = b"".join(path.read_bytes() for path in server.data.glob("sayso.sqlite3*"))
    log, addresses = server.log(), "\n".join(visited.addresses)
    for secret in [*secrets, NOTE, ALIAS]:
        assert secret not in log
        assert secret not in addresses
        assert secret.encode() not in database
    for word in ("composite", "disguised", "undecided", THERAPIST, "Harbour"):
        assert word not in log
        assert word not in addresses
    for word in (b"composite", b"disguised", b"undecided"):
        assert word not in database


def test_a_parcel_survives_a_killed_server(serve: Callable[..., Server], phone: Page, staff: Page) -> None:
    server = serve()
    demo = server.demo()
    flow.start_choosing(phone, f"{server.url}/c/{demo.cards[0].code}")
    flow.choose(phone, {"video": "ask"}, ["lesson"])
    flow.save(phone)
    check_code = flow.acknowledgement(phone)
    server.stop(signal.SIGKILL)
    server.start()
    flow.unlock(staff, server.url, "this is only a demo")
    expect(staff.get_by_text(check_code)).to_be_visible()
    staff.locator("[class*='st-key-confirm-mailbox'] button").click()
    expect(staff.get_by_text(check_code)).to_have_count(0)
    staff.goto(f"{server.url}/people")
    text = _card_page(staff, 1)
    assert _answer(text, WORDS("channel.video.label")) == WORDS("treatment.ask.label")

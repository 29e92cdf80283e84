"""One draft from the question to the take-down, on the therapist's screen and on the client's phone, over weeks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from core import importing, saving
from core.demo import PASSPHRASE
from core.keys import ClientKeys
from core.model.checklist import ITEMS
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.plain import day
from core.store.cards import Card
from core.store.vaults import open_vault
from tests.browser import flow, kept
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading

DRAFT = "A person once told me that waiting was the hard part. We looked for one small thing to do first."


@dataclass
class Client:
    """Somebody with a phone and a personal code, whose choices were imported."""

    card: Card
    keys: ClientKeys
    phone: Page
    server: Server

    def home(self) -> None:
        """Open the own page by the personal link."""
        # Elsewhere first: to the browser, a link that differs only after the # is the page it is on.
        self.phone.goto("about:blank")
        self.phone.goto(f"{self.server.url}/mine#{self.card.code}.{self.keys.code}")
        heading(self.phone, WORDS("mine.title"))
        expect(self.phone.locator(".st-key-change")).to_be_visible()

    def read_question(self) -> None:
        self.home()
        self.phone.locator("[class*='st-key-read-'] button").click()
        heading(self.phone, WORDS("answer.title"))
        flow.settled(self.phone)

    def answer(self, answer: str, feeling: str = "") -> None:
        """Give an answer and send it."""
        self._pick("answer", WORDS(f"answer.choice.{answer}.label"))
        if feeling:
            self._pick("feeling", WORDS(f"answer.feeling.{feeling}.label"))
        self.phone.locator("[class*='st-key-send-'] button").click()
        sent = WORDS("answer.done", therapist=self.server.therapist.name)
        expect(self.phone.get_by_text(sent)).to_be_visible()

    def _pick(self, question: str, label: str) -> None:
        box = self.phone.locator(f"[class*='st-key-{question}-']")
        option = box.locator("label").filter(has_text=re.compile(f"^{re.escape(label)}")).first
        option.click()
        expect(option.locator("input")).to_be_checked()
        flow.settled(self.phone)


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    made = serve(moving=True)
    made.demo()
    return made


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    with kept.context(browser, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.set_default_timeout(15_000)
        yield page


@pytest.fixture
def client(server: Server, browser: Browser) -> Iterator[Callable[[int], Client]]:
    """``client(number)``: the one with that card wants to be asked about each post."""
    contexts = ExitStack()

    def come(number: int) -> Client:
        vault, keys = open_vault(server.portal.database, server.therapist.id, PASSPHRASE), ClientKeys.new()
        card = next(card for card in server.cards if card.number == number)
        saving.save_choices(server.portal.outbox, card, server.therapist, _asks(server), keys=keys)
        for outcome in importing.look_at_mailbox(vault, server.now):
            assert outcome.preview
            importing.keep(vault, outcome.preview, server.now, compared=True)
        phone = contexts.enter_context(kept.context(browser, **kept.PHONE)).new_page()
        phone.set_default_timeout(15_000)
        return Client(card, keys, phone, server)

    with contexts:
        yield come


def _asks(server: Server) -> Preferences:
    issued_at = (server.now - timedelta(minutes=1)).replace(microsecond=0)
    chosen = {
        "channels": dict.fromkeys(TAXONOMY.channel_ids, "never") | {"post": "ask"},
        "materials": ["lesson"],
        "therapy": "during",
        "gap_months": 0,
        "understood": True,
        "issued_at": issued_at,
        "expires_at": add_months(issued_at, 12),
    }
    return Preferences.model_validate(chosen)


def _tick(page: Page, key: str) -> None:
    box = page.locator(f".st-key-{key} label").first
    box.click()
    expect(box.locator("input")).to_be_checked()
    flow.settled(page)


def _go(desk: Page, server: Server, name: str, title: str) -> None:
    """Go to a staff page, by way of the passphrase where the vault has locked itself."""
    _open(desk, server, name)
    locked = desk.get_by_role("heading", level=1, name=WORDS("unlock.locked.title"))
    there = desk.get_by_role("heading", level=1, name=title, exact=True)
    expect(locked.or_(there).first).to_be_visible()
    flow.settled(desk)
    if locked.count():
        flow.unlock(desk, server.url, PASSPHRASE)
        _open(desk, server, name)
    heading(desk, title)
    flow.settled(desk)


def _open(desk: Page, server: Server, name: str) -> None:
    """Go by the menu, as people do. The page one is on is opened anew."""
    link = desk.locator(f".st-key-staff-menu a[href$='{name}']")
    if link.count() and not desk.url.endswith(f"/{name}"):
        flow.settled(desk)
        link.click()
    else:
        desk.goto(f"{server.url}/{name}")


def _keep_draft(desk: Page, server: Server, people: list[Card]) -> None:
    """Write the draft about one moment with these people, and keep it."""
    _go(desk, server, "may_i_post", WORDS("post.title"))
    new = desk.locator(".st-key-post-new button")
    expect(new.or_(desk.locator(".st-key-post-f-form")).first).to_be_visible()
    if new.count():
        flow.tap(desk, "post-new")
    flow.pick(desk, "post-f-form", WORDS("post.form.disguised.label"))
    for card in people:
        _tick(desk, f"post-f-in-0-{card.code}")
    flow.fill(desk, "post-f-date-0", (server.now - timedelta(days=30)).strftime("%Y-%m-%d"))
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    flow.settled(desk)
    flow.pick(desk, "post-f-account", server.therapist.accounts[0])
    for key in ("channels-post", "materials-lesson", "topics-none", "uses-none"):
        _tick(desk, f"post-f-{key}")
    for field in ("paid", "live"):
        flow.pick(desk, f"post-f-{field}", WORDS("post.no.label"))
    flow.fill(desk, "post-f-text", f"{DRAFT} {len(people)}")
    desk.keyboard.press("Tab")
    expect(desk.locator(".verdict")).to_contain_text(WORDS("post.answer.ask"))
    flow.tap(desk, "post-keep")
    expect(desk.get_by_text(WORDS("post.kept"))).to_be_visible()


def _ask(desk: Page, server: Server, card: Card) -> None:
    """Ask one client about the draft that was kept last."""
    _go(desk, server, "ask", WORDS("ask.title"))
    flow.settled(desk)
    desk.locator(f"[class*='st-key-ask-'][class*='-{card.code}'] button").first.click()
    send = desk.locator("[class*='st-key-ask-send-'] button")
    expect(send).to_be_visible()
    flow.settled(desk)
    send.click()
    expect(desk.get_by_text(WORDS("asking.invitation"))).to_be_visible()


def _import(desk: Page, server: Server) -> None:
    """Import everything in the inbox."""
    _go(desk, server, "inbox", WORDS("inbox.title"))
    row = desk.locator("[class*='st-key-keep-mailbox'] button, [class*='st-key-confirm-mailbox'] button")
    expect(row.first).to_be_visible()
    while row.count():
        before = row.count()
        row.first.click()
        expect(row).to_have_count(before - 1)
        flow.settled(desk)


def _verdict(desk: Page, server: Server) -> str:
    """The answer of this moment for the draft that was kept last."""
    _go(desk, server, "may_i_post", WORDS("post.title"))
    back, drafts = desk.locator(".st-key-post-back button"), desk.locator("[class*='st-key-post-open-'] button")
    expect(back.or_(drafts).first).to_be_visible()
    if back.count():
        flow.tap(desk, "post-back")
    drafts.first.click()
    expect(desk.locator(".verdict")).to_be_visible()
    flow.settled(desk)
    return desk.locator(".verdict .word").inner_text()


def _check_list(desk: Page) -> None:
    """Go through the whole check."""
    boxes = desk.locator("[data-testid=stForm] [data-testid=stCheckbox]")
    expect(boxes).to_have_count(len(ITEMS))
    for number in range(len(ITEMS)):
        boxes.nth(number).locator("label").first.click()
        expect(boxes.nth(number).locator("input")).to_be_checked()
    flow.tap(desk, "post-check-keep")
    expect(desk.get_by_text(WORDS("post.check.done"))).to_be_visible()


def test_a_yes_from_the_question_to_the_take_down(server: Server, desk: Page, client: Callable[[int], Client]) -> None:
    one = client(1)
    name = server.therapist.name

    _keep_draft(desk, server, [one.card])
    _ask(desk, server, one.card)

    one.read_question()
    expect(one.phone.get_by_text(DRAFT)).to_be_visible()
    assert one.card.code not in one.phone.url
    one.answer("yes", feeling="want")

    _import(desk, server)
    assert WORDS("post.answer.ask") in _verdict(desk, server), "a yes waits seven days"
    server.later(days=8)
    assert WORDS("post.answer.allowed") in _verdict(desk, server)
    _check_list(desk)

    _go(desk, server, "posts", WORDS("posted.title"))
    desk.locator("[class*='st-key-note-'] button").first.click()
    flow.pick(desk, "posts-f-control-post-0", WORDS("posted.control.own.label"))
    flow.fill(desk, "posts-f-address-post-0", "https://social.example.org/p/1")
    desk.keyboard.press("Tab")
    flow.tap(desk, "posts-note")
    expect(desk.get_by_text(WORDS("posted.noted"))).to_be_visible()

    one.home()
    post = one.phone.locator("[class*='st-key-post-']").first
    expect(post).to_contain_text(WORDS("mine.post.on_yes"))
    expect(post).to_contain_text("https://social.example.org/p/1")
    expect(post).to_contain_text(WORDS("mine.place.up"))

    one.phone.locator("[class*='st-key-undo-post-'] button").click()
    expect(one.phone.get_by_text(WORDS("mine.undo.done", therapist=name))).to_be_visible()
    _import(desk, server)
    _go(desk, server, "posts", WORDS("posted.title"))
    task = desk.locator("[class*='st-key-down-']").first
    expect(task).to_contain_text(day(server.now + timedelta(hours=48), WORDS))
    one.home()
    expect(one.phone.locator("[class*='st-key-post-']").first).not_to_contain_text(WORDS("mine.place.done"))

    desk.locator("[class*='st-key-mark-'][class*='-done'] button").first.click()
    expect(desk.get_by_text(WORDS("posted.down.none"))).to_be_visible()
    one.home()
    expect(one.phone.locator("[class*='st-key-post-']").first).to_contain_text(WORDS("mine.place.done"))

    said = server.log()
    for private in (DRAFT, one.card.code, one.keys.code, "social.example.org"):
        assert private not in said


def test_two_of_a_couple_and_one_of_them_feels_pushed(
    server: Server, desk: Page, client: Callable[[int], Client]
) -> None:
    first, second = client(2), client(3)
    _keep_draft(desk, server, [first.card, second.card])
    _ask(desk, server, first.card)
    _ask(desk, server, second.card)

    first.read_question()
    first.answer("yes", feeling="fine")
    _import(desk, server)
    server.later(days=8)
    assert WORDS("post.answer.ask") in _verdict(desk, server), "one yes is not enough"

    second.read_question()
    second.answer("yes", feeling="pressured")
    _import(desk, server)
    assert WORDS("post.answer.no") in _verdict(desk, server)
    _go(desk, server, "ask", WORDS("ask.title"))
    rows = desk.locator("[class*='st-key-ask-row-']")
    (of_second,) = [text for text in rows.all_inner_texts() if second.card.code[:4] in text]
    assert WORDS("ask.stage.not_now") in of_second
    for word in (WORDS("answer.feeling.pressured.label"), WORDS("answer.choice.yes.label")):
        assert word not in desk.locator("main:visible").inner_text()

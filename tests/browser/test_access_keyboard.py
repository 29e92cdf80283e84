"""Without a mouse or a finger: a client from the card to what was saved, a therapist from the door to a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import PASSPHRASE
from core.drafts import QUESTIONS
from core.errors import NotAToken
from tests.browser import flow, kept
from tests.browser.conftest import Server
from tests.browser.flow import WORDS, heading
from tests.browser.walk_story import WEEKS, People, Story

#: More stops than any page has.
_MOST = 150
_IMPORT = "[class*='st-key-keep-mailbox'] button, [class*='st-key-confirm-mailbox'] button"
#: Whether what has the focus, or the box it is in, has a ring around it that can be seen.
_RING = """() => {
    for (let e = document.activeElement, up = 0; e && up < 6; e = e.parentElement, up++) {
        const style = getComputedStyle(e);
        if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) return '';
    }
    const e = document.activeElement;
    return e === document.body || e.tagName === 'H1' || e.matches('[role=alert] *') ? '' : e.outerHTML.slice(0, 200);
}"""


@pytest.fixture(scope="module")
def server(serve: Callable[..., Server]) -> Server:
    return serve(moving=True)


@pytest.fixture(scope="module")
def story(server: Server) -> Story:
    """The demo practice."""
    server.demo()
    server.later(days=WEEKS.days)
    return Story(server, "en", PASSPHRASE)


@pytest.fixture(scope="module", autouse=True)
def people(story: Story) -> People:
    """Its people, before anybody else comes."""
    return story.people()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with kept.context(browser, viewport={"width": 1280, "height": 900}, reduced_motion="reduce") as context:
        made = context.new_page()
        made.set_default_timeout(20_000)
        yield made


def to(page: Page, selector: str) -> None:
    """Go on from stop to stop until there, each with a ring that can be seen."""
    if page.locator("[data-testid=stApp]:visible").count():
        flow.settled(page)
    for _ in range(_MOST):
        assert page.evaluate(_RING) == ""
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way to {selector} by keyboard")


def press(page: Page, selector: str, title: str = "") -> None:
    """Press a button by Enter. ``title``: of the screen it leads to."""
    to(page, selector)
    page.keyboard.press("Enter")
    if title:
        heading(page, title)


def pick(page: Page, key: str, label: str) -> None:
    """Pick one option by Space and the arrows."""
    to(page, f".st-key-{key} input")
    page.keyboard.press("Space")
    group = page.locator(f".st-key-{key}")
    for _ in range(group.locator("input").count()):
        expect(group.locator("input:checked")).to_have_count(1)
        flow.settled(page)
        if group.locator("label", has=page.locator("input:checked")).inner_text().startswith(label):
            return
        page.keyboard.press("ArrowDown")
    pytest.fail(f"no {label} by keyboard")


def tick(page: Page, key: str) -> None:
    """Tick a box by Space."""
    to(page, f".st-key-{key} input")
    page.keyboard.press("Space")
    expect(page.locator(f".st-key-{key} input")).to_be_checked()


def onward(page: Page, title: str) -> None:
    press(page, ".st-key-onward button", WORDS(title))


def unfold_tick_and_fold(page: Page) -> None:
    """Tick a topic in a folded part. It is drawn anew as it is closed: it keeps the focus and says how it is set."""
    part = page.locator(".st-key-topics summary")
    expect(part).to_contain_text(WORDS("limits.topics.none"))
    press(page, ".st-key-topics summary")
    expect(page.locator(".st-key-topic-work input")).to_be_visible()
    tick(page, "topic-work")
    flow.settled(page)
    for _ in range(_MOST):
        if part.evaluate("one => document.activeElement === one"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-topics input")).to_have_count(0)
    expect(part).to_contain_text(WORDS("limits.topics.some"))
    expect(part).to_be_focused()


def test_a_client_gets_from_the_card_to_saved_by_keyboard_alone(story: Story, server: Server, page: Page) -> None:
    (card,) = story.cards(1)
    page.goto(f"{server.url}/c/{card.code}")
    press(page, "form[action$='/start'] button", WORDS("explain.title"))
    expect(page.get_by_text(WORDS("common.kept"))).to_be_visible()
    onward(page, "choose.title")
    pick(page, "way", WORDS("choose.way.each.label"))
    pick(page, "channel-video", WORDS("treatment.ask.label"))
    onward(page, "limits.title")
    tick(page, "material-lesson")
    pick(page, "term", WORDS("term.6.label"))
    unfold_tick_and_fold(page)
    onward(page, "questions.title")
    for question, right in QUESTIONS.items():
        pick(page, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    onward(page, "check.title")
    expect(page.get_by_text(WORDS("topic.work.label"))).to_be_visible()
    # Beside each answer: a link that says what it changes, to who only hears it too.
    press(page, "h2 + ul + p a[href='#press-change-limits']", WORDS("limits.title"))
    expect(page.locator(".st-key-topics summary")).to_contain_text(WORDS("limits.topics.some"))
    onward(page, "check.title")
    tick(page, "own")
    press(page, ".st-key-save button", WORDS("done.title"))
    expect(page.locator(".ack").first).to_be_visible()


def said_and_linked(page: Page, sentence: str, field: str) -> None:
    """The problem has the focus, is announced, is said again beside its field, and leads there."""
    alert = page.locator("[role=alert]", has_text=sentence)
    expect(alert).to_be_visible()
    expect(page.locator("[data-testid=stAlertContentError]").first).to_be_focused()
    expect(page.locator(".wrong", has_text=sentence)).to_be_visible()
    press(page, f"a[href='#to-{field}']")
    assert page.evaluate("key => !!document.activeElement.closest('.st-key-' + key)", field)


def test_each_problem_on_the_way_is_said_and_leads_to_its_field(story: Story, server: Server, page: Page) -> None:
    (card,) = story.cards(1)
    flow.start_choosing(page, f"{server.url}/c/{card.code}")
    press(page, ".st-key-onward button")
    said_and_linked(page, WORDS("choose.pick_way"), "way")
    flow.pick(page, "way", WORDS("choose.way.same.label"))
    press(page, ".st-key-onward button")
    said_and_linked(page, WORDS("choose.pick_same"), "same")
    flow.pick(page, "same", WORDS("treatment.ask.label"))
    onward(page, "limits.title")
    press(page, ".st-key-onward button")
    said_and_linked(page, WORDS("limits.pick_term"), "term")
    flow.pick(page, "term", WORDS("term.6.label"))
    onward(page, "questions.title")
    press(page, ".st-key-onward button")
    said_and_linked(page, WORDS("questions.answer_all"), "question-care-0")
    for question, right in QUESTIONS.items():
        flow.pick(page, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    onward(page, "check.title")
    press(page, ".st-key-save button")
    said_and_linked(page, WORDS("check.own.needed"), "own")


def test_a_therapist_unlocks_imports_and_asks_by_keyboard_alone(
    story: Story, people: People, server: Server, page: Page
) -> None:
    people.ready.undoes(story.now(), import_at=False)
    page.goto(f"{server.url}/unlock")
    heading(page, WORDS("unlock.title"))
    to(page, ".st-key-passphrase input")
    page.keyboard.type(PASSPHRASE)
    page.keyboard.press("Enter")
    heading(page, WORDS("inbox.title"))
    waiting = page.locator(_IMPORT)
    expect(waiting.first).to_be_visible()
    while left := waiting.count():
        press(page, _IMPORT)
        expect(waiting).to_have_count(left - 1)
    expect(page.get_by_text(WORDS("inbox.mailbox.empty"))).to_be_visible()
    to(page, ".st-key-pasted textarea")
    page.keyboard.type("no token")
    press(page, ".st-key-look button")
    expect(page.get_by_text(NotAToken().sentence)).to_be_visible()
    press(page, ".st-key-staff-menu a[href$='may_i_post']", WORDS("post.title"))
    press(page, f".st-key-post-open-{people.drafts['ready'].id} button")
    expect(page.locator(".verdict")).to_be_visible()
    expect(page.locator(".verdict[role=status]")).to_contain_text(WORDS("post.answer.no"))

"""A client's way and the staff's pages in whatever language, by the keys of what is tapped, and what is looked at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

from core.demo import PASSPHRASE
from core.drafts import QUESTIONS
from core.text import Words
from tests.browser.flow import fill, settled, tap

Look = Callable[[str], None]
#: Where the right answer stands among the answers of each question.
RIGHT = {"care": 1, "stop": 1, "guess": 1, "silence": 2}
STAFF = ("inbox", "people", "may_i_post", "ask", "posts", "cards", "therapists", "settings", "paper")

#: What the page shows beyond its own words: every text and every name for a screen reader, without what is hidden.
_TEXTS = """() => {
  const found = [], aside = 'script,style,noscript,[data-testid=stIconMaterial]';
  const shows = box => getComputedStyle(box).visibility !== 'hidden' && box.getClientRects().length;
  const seen = box => shows(box) && !box.closest(aside);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    if (text && seen(walk.currentNode.parentElement)) found.push(text);
  }
  for (const one of document.querySelectorAll('[aria-label],[title],[placeholder],[alt]')) {
    for (const name of one.getClientRects().length ? ['aria-label', 'title', 'placeholder', 'alt'] : []) {
      if ((one.getAttribute(name) || '').trim()) found.push(one.getAttribute(name).trim());
    }
  }
  return found;
}"""
_UNFOLD = """() => {
  const folded = [...document.querySelectorAll('[data-testid=stExpander] details:not([open]) > summary')];
  folded.forEach(one => one.click());
  return folded.length;
}"""
_CUT_OFF = """() => {
  const found = [];
  const scrolls = one => {
    for (; one; one = one.parentElement) if (/auto|scroll/.test(getComputedStyle(one).overflowX)) return true;
    return false;
  };
  for (const one of document.querySelectorAll('button,a,label,summary,h1,h2,h3,p,li,dd,dt,input')) {
    const box = one.getBoundingClientRect(), style = getComputedStyle(one);
    // What only shows once it is focused stands outside of the page until then.
    const placed = style.position === 'absolute' || style.position === 'fixed';
    if (!box.width || placed || style.display === 'inline' || scrolls(one)) continue;
    const wide = one.tagName !== 'INPUT' && one.scrollWidth > one.clientWidth + 1;
    if (wide || box.left < -1 || box.right > innerWidth + 1) {
      found.push(one.tagName + ' ' + (one.textContent || one.name).trim().slice(0, 60));
    }
  }
  const sideways = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return sideways > 0 ? [...found, sideways + ' px sideways'] : found;
}"""


def texts(page: Page) -> list[str]:
    """Everything a page says, to the eye or to a screen reader."""
    found: list[str] = page.evaluate(_TEXTS)
    return found


def english(page: Page, words: Words) -> list[str]:
    """What a page in another language says that is English: of the catalogues, or of the frontend."""
    own = Words("en")._strings
    meant = {text for key, text in words._strings.items() if text == own[key]}
    return [one for one in texts(page) if one in set(own.values()) - meant]


def cut_off(page: Page) -> list[str]:
    """What is wider than its place or sticks out of the window, and how far the page goes sideways, if it does."""
    found: list[str] = page.evaluate(_CUT_OFF)
    return found


def client(page: Page, url: str, code: str, look: Look) -> None:
    """From a card's page to the client's own page, by way of every screen of choosing."""
    page.goto(f"{url}/c/{code}")
    for summary in page.locator("summary").all():
        summary.click()
    look("welcome")
    page.locator("form[action$='/start'] button").click()
    _screen(page, "explain", look)
    tap(page, "onward")
    _screen(page, "choose", look)
    pick_option(page, "way", 2)
    for place, option in (("video", 2), ("post", 1), ("audio", 3)):
        pick_option(page, f"channel-{place}", option)
    tap(page, "onward")
    _screen(page, "limits", look)
    pick_option(page, "term", 1)
    tap(page, "onward")
    _screen(page, "questions", look)
    for question in QUESTIONS:
        pick_option(page, f"question-{question}-0", RIGHT[question])
    tap(page, "onward")
    _screen(page, "check", look)
    page.locator(".st-key-own label").click()
    tap(page, "save")
    _screen(page, "done", look)
    tap(page, "mine")
    _screen(page, "mine", look)


def plain(page: Page, url: str, code: str, look: Look) -> None:
    """What is there without the app: the home page, a no, a stop, a wrong code, nothing found, left."""
    page.goto(url)
    look("home")
    page.locator("#code").fill("ZZZZ-ZZZZ")
    page.locator("form[action='/card'] button").click()
    look("home: unknown card")
    for what in ("no", "stop", "question"):
        page.goto(f"{url}/c/{code}")
        page.locator(f"form[action$='/{what}'] button").click()
        look(f"done: {what}")
    page.goto(f"{url}/c/ZZZZZZZZ")
    look("unknown card")
    page.goto(f"{url}/mine")
    _screen(page, "mine: the door", look)
    fill(page, "mine-card", "ZZZZZZZZ")
    tap(page, "open")
    settled(page)
    expect(page.locator("[data-testid=stAlertContentError]")).to_be_visible()
    look("mine: refused")


def staff(page: Page, url: str, look: Look) -> None:
    """The pages of somebody who works there, as they are with hardly anything in them."""
    page.goto(f"{url}/unlock")
    _screen(page, "unlock", look)
    fill(page, "passphrase", "no such passphrase")
    tap(page, "open")
    expect(page.locator("[data-testid=stAlertContentError]")).to_be_visible()
    look("unlock: refused")
    fill(page, "passphrase", PASSPHRASE)
    tap(page, "open")
    expect(page.locator(".st-key-staff-menu")).to_be_visible()
    for name in STAFF:
        page.goto(f"{url}/{name}")
        _screen(page, name, look)


def _screen(page: Page, name: str, look: Look) -> None:
    expect(page.locator("[data-testid=stApp] h1").first).to_be_visible()
    settled(page)
    # Unfolding one may draw the others anew.
    while page.evaluate(_UNFOLD):
        settled(page)
    look(name)


def pick_option(page: Page, key: str, index: int) -> None:
    """Pick one option of a question by where it stands."""
    settled(page)
    option = page.locator(f".st-key-{key} [role=radiogroup] label").nth(index)
    option.click()
    expect(option.locator("input")).to_be_checked()
    settled(page)


def unaccented(found: list[str], known: re.Pattern[str]) -> Iterator[str]:
    """Yield what has a word of three letters and more and no accent: it stands in the code, or in the frontend."""
    for text in found:
        bare = known.sub("", text)
        if re.search(r"[A-Za-z]{3}", bare) and not re.search(r"[^\x00-\x7f–—…“”’·•→←✕◑✓]", bare):
            yield text

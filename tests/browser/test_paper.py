"""A paper form in a real browser: entered by staff, confirmed by the client on the same screen, nothing left behind."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core.demo import PASSPHRASE
from core.drafts import QUESTIONS
from tests.browser.flow import WORDS, acknowledgement, heading, pick, save, settled, tap, unlock


def _enter(page, url, number):
    unlock(page, url, PASSPHRASE)
    page.goto(f"{url}/paper")
    heading(page, WORDS("paper.title"))
    page.locator(".st-key-paper-typed input").fill(str(number))
    tap(page, "paper-use")
    pick(page, "paper-f-way", WORDS("choose.way.each.label"))
    pick(page, "paper-f-channel-video", WORDS("treatment.composite.label"))
    page.locator(".st-key-paper-f-material-story label").click()
    settled(page)
    pick(page, "paper-f-term", WORDS("term.6.label"))
    tap(page, "paper-save")
    expect(page.get_by_text(WORDS("paper.left_open.questions"))).to_be_visible()


def _confirm(page):
    page.get_by_role("button", name=re.compile("^" + WORDS("welcome.choose.button"))).click()
    heading(page, WORDS("explain.title"))
    tap(page, "onward")
    heading(page, WORDS("choose.title"))
    expect(page.get_by_text(WORDS("choose.from_paper"))).to_be_visible()
    tap(page, "onward")
    heading(page, WORDS("limits.title"))
    tap(page, "onward")
    for question, right in QUESTIONS.items():
        pick(page, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    tap(page, "onward")
    heading(page, WORDS("check.title"))
    save(page)
    return acknowledgement(page)


def _is_locked(page):
    heading(page, WORDS("unlock.locked.title"))
    expect(page.locator(".st-key-staff-menu")).to_have_count(0)


def test_a_paper_form_is_confirmed_on_the_tablet_and_the_vault_stays_shut(server, phone):
    server.demo()
    _enter(phone, server.url, 4)
    tap(phone, "paper-confirm")
    heading(phone, WORDS("paper.handed.title"))
    expect(phone.locator(".st-key-staff-menu")).to_have_count(0)
    phone.get_by_role("link", name=WORDS("paper.handed.link")).click()
    phone.wait_for_url(re.compile("/c/"))
    phone.go_back()
    _is_locked(phone)
    phone.goto(f"{server.url}/people")
    _is_locked(phone)
    phone.goto(f"{server.url}/c/{server.portal_card(4)}")
    code = _confirm(phone)
    elsewhere = "https://www.weather.gov/**"
    phone.route(elsewhere, lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html"))
    phone.get_by_role("button", name=WORDS("leave.button")).click()
    phone.wait_for_url(elsewhere)
    phone.goto(f"{server.url}/choose")
    heading(phone, WORDS("common.not_kept.title"))
    unlock(phone, server.url, PASSPHRASE)
    expect(phone.locator(".ack").first).to_have_text(code)

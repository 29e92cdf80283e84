"""The client's whole way in WebKit, the engine of every iPhone: card to saved, no to everything, stop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import importing
from core.demo import PASSPHRASE, Demo
from core.drafts import QUESTIONS
from core.portal import clock
from core.store.vaults import Vault, open_vault
from tests.browser.conftest import Server
from tests.browser.flow import WORDS
from tests.browser.webkit import WebKit, webkit


@pytest.fixture(scope="module")
def demo(server: Server) -> Demo:
    return server.demo()


@pytest.fixture(scope="module")
def vault(server: Server, demo: Demo) -> Vault:
    return open_vault(server.portal.database, demo.therapist.id, PASSPHRASE)


@pytest.fixture(scope="module")
def window() -> Iterator[WebKit]:
    with webkit() as browser:
        yield browser


def _arrived(vault: Vault) -> importing.Preview:
    """The one token that came; it is taken in."""
    (look,) = [outcome.preview for outcome in importing.look_at_mailbox(vault, clock()) if outcome.preview]
    importing.keep(vault, look, clock(), compared=True)
    return look


def _pick(window: WebKit, key: str, label: str) -> None:
    window.settled()
    window.press(f".st-key-{key} label", label)
    window.shows(f".st-key-{key} label:has(input:checked)", label)
    window.settled()


def _on(window: WebKit, key: str, heading: str) -> None:
    window.settled()
    window.press(f".st-key-{key} button")
    window.shows("h1", heading)


def test_from_the_card_to_saved(server: Server, demo: Demo, vault: Vault, window: WebKit) -> None:
    card = demo.cards[0].code
    window.open(f"{server.url}/c/{card}")
    window.press("button", WORDS("welcome.choose.button"))
    window.shows("h1", WORDS("explain.title"))
    _on(window, "onward", WORDS("choose.title"))
    _pick(window, "way", WORDS("choose.way.each.label"))
    _pick(window, "channel-post", WORDS("treatment.composite.label"))
    _pick(window, "channel-audio", WORDS("treatment.never.label"))
    _on(window, "onward", WORDS("limits.title"))
    _pick(window, "material-story", WORDS("material.story.label"))
    _pick(window, "term", WORDS("term.6.label"))
    _on(window, "onward", WORDS("questions.title"))
    for question, right in QUESTIONS.items():
        _pick(window, f"question-{question}-0", WORDS(f"questions.{question}.{right}"))
    _on(window, "onward", WORDS("check.title"))
    _pick(window, "own", WORDS("check.own"))
    _on(window, "save", WORDS("done.title"))
    shown = window.text(".ack")

    look = _arrived(vault)
    assert look.token.acknowledgement == shown
    (document,) = importing.standing(vault, card).documents
    assert document.channels["post"] == "composite"
    assert document.channels["audio"] == "never"
    assert document.materials == ("story",)
    assert document.understood


def test_no_to_everything(server: Server, demo: Demo, vault: Vault, window: WebKit) -> None:
    card = demo.cards[1].code
    window.open(f"{server.url}/c/{card}")
    window.press("button", WORDS("welcome.no.button"))
    window.shows("h1", WORDS("done_no.title"))
    shown = window.text(".big")
    assert _arrived(vault).token.acknowledgement == shown
    (document,) = importing.standing(vault, card).documents
    assert set(document.channels.values()) == {"never"}


def test_stop_everything(server: Server, demo: Demo, vault: Vault, window: WebKit) -> None:
    card = demo.cards[2].code
    window.open(f"{server.url}/c/{card}")
    window.press("button", WORDS("welcome.stop.button"))
    window.shows("h1", WORDS("done_stop.title"))
    shown = window.text(".big")
    assert _arrived(vault).token.acknowledgement == shown
    assert not importing.standing(vault, card).permits_something(clock())

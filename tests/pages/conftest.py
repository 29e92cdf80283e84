"""Fixtures for tests of pages: a real portal on a database of its own, and pages run as Streamlit runs them.

``running``: an empty portal. ``practised``: the same with the demo practice and its five cards.
``page("inbox")`` runs one page for a browser; ``practised.unlock()`` opens the vault for that browser.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from core import portal as portals
from core.demo import PASSPHRASE, start_demo
from core.drafts import Draft
from core.keys import ClientKeys
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY, WITHOUT_UNDERSTANDING, YES
from core.portal import Portal
from core.saving import Saved, save_choices, stop_everything
from core.settings import Settings
from core.shelf import Shelf
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.store.vaults import Vault, open_vault

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://sayso.example.org"
#: The browser that pages are run for unless a test says otherwise.
BROWSER = "one browser"


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = portals.clock()

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


@dataclass
class Practised:
    """A portal with the demo practice. ``cards``: handed out, in the order of their numbers."""

    portal: Portal
    therapist: Therapist
    cards: list[Card]
    opened: Vault = field(repr=False)

    @property
    def vault(self) -> Vault:
        """The practice's vault, open, whether or not a browser has it open."""
        return self.opened

    def unlock(self, binding: str = BROWSER) -> Vault:
        """Leave the vault open for a browser."""
        self.portal.vaults.put(binding, self.opened)
        return self.opened

    def scan(self, number: int = 0, binding: str = BROWSER) -> Card:
        """Let a browser have scanned a card."""
        self.portal.cards.put(binding, self.cards[number].code)
        return self.cards[number]

    def draft(self, draft: Draft, binding: str = BROWSER) -> None:
        """Let a browser be in the middle of choosing."""
        self.portal.drafts.put(binding, draft)

    def save(self, card: Card, keys: ClientKeys | None = None, **choices: object) -> Saved:
        """Let a client save choices and send them: ``channels`` and whatever else differs from nothing."""
        return save_choices(
            self.portal.outbox, card, self.therapist, document(**choices), keys=keys or ClientKeys.new()
        )

    def stop(self, card: Card, keys: ClientKeys | None = None) -> Saved:
        """Let somebody with the card stop everything."""
        return stop_everything(self.portal.outbox, card, self.therapist, portals.clock(), keys=keys)


def document(**choices: object) -> Preferences:
    """Return preferences: never everywhere, but for what is given. A yes lasts six months."""
    chosen = dict(choices)
    channels = dict.fromkeys(TAXONOMY.channel_ids, "never") | dict(chosen.pop("channels", {}))
    issued_at = chosen.pop("issued_at", None) or portals.clock().replace(microsecond=0)
    has_yes = not YES.isdisjoint(channels.values())
    return Preferences.model_validate(
        {
            "channels": channels,
            "understood": not set(channels.values()) <= WITHOUT_UNDERSTANDING,
            "issued_at": issued_at,
            "expires_at": add_months(issued_at, 6) if has_yes else None,
            **chosen,
        }
    )


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory) -> tuple[Path, Vault]:
    """One demo practice, made once because its passphrase is costly by design, and its open vault."""
    folder = tmp_path_factory.mktemp("demo")
    made = Portal(Settings(data=folder), b"test")
    demo = start_demo(made.database, BASE, portals.clock())
    vault = open_vault(made.database, demo.therapist.id, PASSPHRASE)
    made.database.close()
    return folder / "sayso.sqlite3", vault


@pytest.fixture
def running(tmp_path, monkeypatch) -> Iterator[Portal]:
    """The portal of this process, empty, with its data in a folder of its own."""
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("SAYSO_FACE", raising=False)
    portals.portal.cache_clear()
    started = portals.portal()
    yield started
    started.database.close()
    portals.portal.cache_clear()


@pytest.fixture
def practised(tmp_path, demo_database, request) -> Practised:
    """The running portal with the demo practice in it."""
    path, vault = demo_database
    (tmp_path / "data").mkdir()
    shutil.copy(path, tmp_path / "data" / "sayso.sqlite3")
    started: Portal = request.getfixturevalue("running")
    (therapist,) = practice.list_therapists(started.database)
    opened = Vault(started.database, vault.therapist_id, vault.keys, vault.data_key)
    return Practised(started, therapist, cards.of_therapist(started.database, therapist.id), opened)


@pytest.fixture
def moving(running) -> Clock:
    """The clock of everything the portal keeps in memory, in the test's hand."""
    moved = Clock()
    for name in ("cards", "drafts", "personal", "forms", "opened", "said", "may_set_up", "vaults"):
        shelf: Shelf = getattr(running, name)
        shelf._clock = moved
    return moved


@pytest.fixture(scope="session")
def components() -> BidiComponentManager:
    """What Streamlit finds when it looks through every installed package for components.

    AppTest looks for each test again, which takes longer than any page here.
    """
    found = BidiComponentManager()
    found.discover_and_register_components(start_file_watching=False)
    return found


@pytest.fixture
def page(running, components) -> Callable[..., AppTest]:
    """Run one page by its name, such as ``inbox``, for a browser, by way of the router."""

    def run(name: str, binding: str = BROWSER) -> AppTest:
        at = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30)
        at._bidi_component_manager = components
        at.user = {"binding": binding}
        at.switch_page(_path(name))
        return at.run()

    return run


def _path(name: str) -> str:
    (found,) = (ROOT / "pages").glob(f"*/{name}.py")
    return str(found.relative_to(ROOT / "pages"))


def shown(at: AppTest) -> str:
    """Return every word a page shows, in order, as one text."""
    assert not at.exception, at.exception
    found: list[str] = []
    for element in at.main:
        texts = (getattr(element, "label", ""), str(getattr(element, "value", "") or ""))
        words = [_TAG.sub("\n", text) for text in texts if isinstance(text, str)]
        # Only now: what somebody typed between < and > is no tag.
        found += map(unescape, words) if element.type == "html" else words
    return "\n".join(word for word in found if word)


def unfolded(at: AppTest, fold: str) -> AppTest:
    """Open a folded part that is drawn only while it is open."""
    at.session_state[fold] = True
    return at.run()


def titles(at: AppTest) -> list[str]:
    """Return the page's own headings: one, unless it is broken."""
    assert not at.exception, at.exception
    html = "".join(str(element.value) for element in at.get("html"))
    return [one.value for one in at.title] + [unescape(one) for one in re.findall(r"<h1>(.*?)</h1>", html)]


_TAG = re.compile(r"<[^>]*>")

"""A client on their own pages, for tests of these: who they are, what they tap, and what arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from streamlit.testing.v1 import AppTest

from core import importing
from core.answers import Asked
from core.portal import clock
from core.token import Token
from tests.core.living import Person, practice_at
from tests.pages.conftest import BROWSER, Practised


def someone(practised: Practised, now: datetime, number: int = 0, **chosen: object) -> Person:
    """A client of the demo practice who wants to be asked, and whom the therapist knows."""
    clinic = practice_at(practised.portal, practised.therapist, practised.vault, practised.cards)
    return Person.of(clinic, now, number, **chosen)


@dataclass
class Visitor:
    """A client at a browser. ``page`` runs one page by its name."""

    practised: Practised
    person: Person
    page: Callable[..., AppTest]

    def opens(self, name: str = "mine") -> AppTest:
        """Open one of the client's own pages, let in."""
        self.practised.portal.cards.put(BROWSER, self.person.card.code)
        self.practised.portal.personal.put(BROWSER, self.person.keys.seed)
        at = self.page(name)
        # From here on the page is the one the script switched to, as a browser would say.
        at._page_hash = ""
        return at

    def reads(self, asked: Asked) -> AppTest:
        """Go from the client's page to a question."""
        return tap(self.opens(), f"read-{ref(asked)}")

    def arrived(self) -> list[Token]:
        """What waits for the therapist, in the order of arrival."""
        looks = importing.look_at_mailbox(self.practised.vault, clock())
        return [look.preview.token for look in looks if look.preview]

    def said(self) -> list[object]:
        """What each token that waits says."""
        return [token.body.content for token in self.arrived()]


def ref(asked: Asked) -> str:
    """What ties the widgets of a page to one question."""
    return asked.request_id.hex()[:12]


def tap(at: AppTest, key: str) -> AppTest:
    """Tap a button."""
    return at.button(key=key).click().run()


def keys(at: AppTest) -> set[str]:
    """The keys of all buttons."""
    return {button.key for button in at.button if button.key}

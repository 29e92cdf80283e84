"""The language of who reads at one browser: picked there, or of the card it holds, or of the phone.

A pick is kept in memory under the browser's binding, never in an address, and ends with "Leave now".
"""

from __future__ import annotations

from core import language, text
from core.errors import SaysoError
from core.portal import Pick, Portal
from core.store import cards
from core.text import Words


def words(portal: Portal, binding: str, accept_language: str, card: str = "") -> Words:
    """Return the words for a reader. ``card``: the language of the card this is about, or empty for none."""
    return Words(language.chosen(_picked(portal, binding), card, accept_language))


def card_language(portal: Portal, binding: str) -> str:
    """Return the language of the card that a browser holds, or empty where there is none to be known."""
    code = portal.cards.get(binding, touch=False)
    try:
        return cards.find(portal.database, code).language if code else ""
    except SaysoError:
        # Without records a page still says so, in the language that is known.
        return ""


def pick(portal: Portal, binding: str, wanted: str, card: str = "") -> None:
    """Note a pick. ``card``: the code of the card it was made with: another card may be another person's."""
    if wanted in text.LANGUAGES:
        portal.picked.put(binding, Pick(wanted, card or portal.cards.get(binding, touch=False) or ""))


def _picked(portal: Portal, binding: str) -> str:
    found = portal.picked.get(binding)
    return found.language if found else ""


def scanned(portal: Portal, binding: str, code: str) -> None:
    """Forget a pick that was made with another card than the one a browser holds from now on."""
    found = portal.picked.get(binding)
    if found and found.card not in {"", code}:
        portal.picked.forget(binding)

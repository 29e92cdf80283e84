"""A client's first two screens before the app is there: the words of one, the first question of the other.

They stand in the page itself, so they can be read and answered while the app is still on its way; what was picked is
picked in the app too, as soon as it can take it (static/sayso.js). Nothing is kept by this.
"""

from __future__ import annotations

from typing import Final

from core import help_in_place
from core.card import shown
from core.drafts import WAYS, Draft
from core.errors import SaysoError
from core.portal import Portal, clock
from core.store import cards, practice
from core.store.practice import Therapist
from core.text import Words
from core.visit import window_mark
from core.web.responses import rendered

PATHS: Final = frozenset({"/explain", "/choose"})
_HELPS = ("what", "who", "talk")


def explanation(words: Words, therapist: Therapist, card_language: str) -> str:
    """Return how it works, as HTML without its heading: made-up posts in each form, and what can be undone."""
    return rendered(
        "explain.html",
        words,
        therapist=therapist,
        accounts=", ".join(therapist.accounts) or words("common.no_account"),
        helps=help_in_place.answers(_HELPS, words, therapist, card_language),
    )


def screen(portal: Portal, binding: str, path: str, words: Words) -> str:
    """Return the first screen at ``path`` as HTML, or nothing where the app has something else to say first."""
    code = portal.cards.get(binding, touch=False) if path in PATHS else None
    if code is None:
        return ""
    try:
        card = cards.usable(portal.database, code, clock())
        therapist = practice.of_card(portal.database, card)
    except SaysoError:
        return ""
    draft = portal.drafts.get(binding, touch=False)
    if card.only_no or (path == "/choose" and draft is not None and draft.card == code and _begun(draft)):
        return ""
    return rendered(
        "early.html",
        words,
        path=path,
        code=shown(code),
        mark=window_mark(portal, binding, code),
        ways=WAYS,
        explanation=explanation(words, therapist, card.language) if path == "/explain" else "",
    )


def _begun(draft: Draft) -> bool:
    """Whether the first question of the choices stands otherwise than when somebody comes for the first time."""
    return draft.way is not None or draft.only_ask or draft.on_paper

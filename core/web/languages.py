"""The visible switch: a reader's pick of a language, kept under their browser's binding and in no address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.responses import RedirectResponse, Response

from core import crockford, reader
from core.portal import Portal
from core.text import Words
from core.web.asked import Asked
from core.web.faces import page_of

_CARD_PAGE = re.compile(r"/[cC]/([0-9A-Za-z-]{1,20})")


@dataclass(frozen=True, slots=True)
class Languages:
    """Takes picks."""

    portal: Portal

    def pick(self, asked: Asked) -> Response:
        """Note the language, and go back to where the switch stood: to a page of this portal and nowhere else."""
        back = asked.form.get("to", "")
        take_pick(self.portal, asked, _code_in(back))
        known = back == "/" or page_of(back) is not None or _CARD_PAGE.fullmatch(back) is not None
        return RedirectResponse(back if known else "/", 303)


def take_pick(portal: Portal, asked: Asked, code: str) -> None:
    """Note the language that a form names, if it names one. ``code``: of the card it stands on, or empty."""
    reader.pick(portal, asked.binding, asked.form.get("language", ""), code)


def of_browser(portal: Portal, asked: Asked) -> Words:
    """Return the words for a browser on a page that is about no card: those of the card it holds, if any."""
    card = reader.card_language(portal, asked.binding)
    return reader.words(portal, asked.binding, asked.accept_language, card)


def _code_in(path: str) -> str:
    found = _CARD_PAGE.fullmatch(path)
    return crockford.tidy(found[1]) if found else ""

"""Who is here: the portal, this browser's binding, and the words to use. No page knows more."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import streamlit as st

from core import reader
from core.portal import Portal, clock, portal
from core.text import Words

_BINDING = "_binding"


@dataclass(frozen=True)
class Here:
    """One browser at one portal. ``binding`` names the browser in memory only."""

    portal: Portal
    binding: str
    words: Words

    @property
    def now(self) -> datetime:
        """The time, from the portal's own clock."""
        return clock()


def here() -> Here:
    """Return who is here, with the words they picked or their browser asks for: no card has a say in it.

    The binding comes from the browser's cookie by way of the server.
    """
    return _reading("")


def at_card(language: str | None = None) -> Here:
    """Return which client is here. ``language``: their card's; without it that of the card this browser holds."""
    return _reading(reader.card_language(portal(), _binding()) if language is None else language)


def _reading(card: str) -> Here:
    asks_for = st.context.headers.get("Accept-Language") or st.context.locale or ""
    return Here(portal(), _binding(), reader.words(portal(), _binding(), asks_for, card))


def _binding() -> str:
    # A session stays its browser's own, and asking Streamlit who that is looks through its settings each time.
    if _BINDING not in st.session_state:
        # Without the server's middleware (in tests of one page) a session is its own browser.
        st.session_state[_BINDING] = str(st.user.get("binding") or secrets.token_hex(16))
    return str(st.session_state[_BINDING])


def origin() -> str:
    """Return scheme and host as this browser sees them: what links lead back to, where no address is set."""
    address = urlsplit(st.context.url or "")
    return f"{address.scheme}://{address.netloc}" if address.netloc else ""


@dataclass(frozen=True)
class Present:
    """Somebody at a browser. What they are to this page, each kind of page adds."""

    here: Here

    @property
    def words(self) -> Words:
        """The words to use: for a client those of the card's language."""
        return self.here.words

    @property
    def now(self) -> datetime:
        """The time."""
        return self.here.now

"""Who is here: the portal, this browser's binding, and the words to use. No page knows more."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import streamlit as st

from core.portal import Portal, clock, portal
from core.text import Words


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


def here(language: str = "en") -> Here:
    """Return who is here. The binding comes from the browser's cookie by way of the server."""
    return Here(portal(), _binding(), Words(language))


def _binding() -> str:
    bound = st.user.get("binding")
    if bound:
        return str(bound)
    # Without the server's middleware (in tests of one page) a session is its own browser.
    return str(st.session_state.setdefault("_binding", secrets.token_hex(16)))


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

"""A client on their own pages: who was let in, what was just sent, and what to do where nobody is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import own_page
from core.errors import SaysoError, StoreUnavailable
from core.own_page import Client
from core.saving import Saved
from core.text import Words
from pages.parts import prose
from pages.parts.away import say_away
from pages.parts.client import show_card
from pages.parts.client_token import by_hand, check_code
from pages.parts.session import Here, Present
from pages.parts.staff_text import plain

_JUST_SENT = "just-sent"


@dataclass(frozen=True)
class Own(Present):
    """A client who was let in."""

    client: Client

    @property
    def name(self) -> str:
        """The therapist's name, so that a label shows each letter of it and no markup."""
        return plain(self.client.therapist.name)


def let_in(who: Here, heading: DeltaGenerator, title: str) -> Own | None:
    """Return who was let in at this browser, or None after saying why not.

    Where the records are gone, say so under ``title`` and stop. Otherwise ``heading`` is for the page to fill:
    each other heading is another screen.
    """
    try:
        client = own_page.find(who.portal, who.binding, who.now, who.words.language)
    except StoreUnavailable as problem:
        heading.title(title)
        _gone(problem, who.words)
    except SaysoError as problem:
        who.portal.personal.forget(who.binding)
        st.error(who.words.problem(problem))
        return None
    if client is None:
        return None
    show_card(who, client.card)
    return Own(who, client)


def _gone(problem: StoreUnavailable, t: Words) -> NoReturn:
    say_away(problem, t)
    st.stop()


def sent_now() -> None:
    """Note that something went out from this window just now: it is shown on a screen of its own first."""
    st.session_state[_JUST_SENT] = True


def is_sent_now(*, forget: bool = False) -> bool:
    """Whether something went out from this window just now. ``forget``: from here on it did not."""
    return bool(st.session_state.pop(_JUST_SENT, False) if forget else st.session_state.get(_JUST_SENT))


def just_sent(own: Own, saved: Saved, title: str) -> None:
    """Show what was sent from here last. ``title``: what it was, and whether it goes out by hand."""
    st.success(title)
    proof(own, saved)


def proof(own: Own, saved: Saved) -> None:
    """Show the check code of what was sent, and the token itself to be handed over."""
    t = own.words
    prose.show(check_code(t, saved, t("done_here.ack.why", therapist=own.client.therapist.name)))
    by_hand(t, saved)

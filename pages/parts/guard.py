"""The door of the staff pages: an open vault, or the way to open one. Nothing private stays once it is locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

import streamlit as st

from core import staff
from core.errors import StoreUnavailable
from core.portal import Portal
from core.store.vaults import Vault
from pages.parts import identity
from pages.parts.away import say_away
from pages.parts.session import Here

Found = TypeVar("Found")

_RETURN = "return"
_FIRST = "inbox"
#: Taps on the ways from page to page, the one off the locked screen among them.
_WAY = "to-"
#: What outlives a lock: who the browser is in tests of one page, and where to go on.
_KEPT = ("_binding", _RETURN)
#: The pages one can be sent back to, and their files.
PAGES = {
    "inbox": "therapist/inbox.py",
    "people": "therapist/people.py",
    "may_i_post": "therapist/may_i_post.py",
    "ask": "therapist/ask.py",
    "posts": "therapist/posts.py",
    "cards": "clinic/cards.py",
    "paper": "clinic/paper.py",
    "therapists": "clinic/therapists.py",
    "settings": "therapist/settings.py",
}
#: The pages of the menu; the others are reached from these.
MENU = tuple(page for page in PAGES if page != "paper")


#: The pages that somebody of the office may open too, their menu, and the one they begin with.
OFFICE_MENU = ("therapists", "cards")
OFFICE_PAGES = (*OFFICE_MENU, "paper")
_OFFICE_FIRST = "therapists"


def open_vault(who: Here, page: str) -> Vault:
    """Return the vault this browser has open, or say that it is locked, and stop. ``page``: where to return."""
    vault = _known(staff.vault_here, who)
    if vault is None:
        _locked(who, page)
    _lock_screen_when_idle(who)
    return vault


def open_counter(who: Here, page: str) -> staff.Counter:
    """Return who may print and hand out cards here, or say that it is locked, and stop."""
    found = _known(staff.counter, who)
    if found is None:
        _locked(who, page)
    _lock_screen_when_idle(who)
    return found


def after_unlocking() -> str:
    """Return the page to go on to with an open vault."""
    return PAGES[st.session_state.pop(_RETURN, _FIRST)]


def after_signing_in() -> str:
    """Return the page the office goes on to."""
    wanted = st.session_state.pop(_RETURN, _OFFICE_FIRST)
    return PAGES[wanted if wanted in OFFICE_PAGES else _OFFICE_FIRST]


def lock(who: Here) -> None:
    """Lock the vault, or sign the office out, for this browser and forget everything that was on its screens."""
    who.portal.vaults.forget(who.binding)
    who.portal.offices.forget(who.binding)
    who.portal.recovery.forget(who.binding)
    st.session_state.pop(_RETURN, None)
    _forget()


def way_on(label: str, page: str, *, main: bool = False) -> None:
    """Show a way to another staff page; ``main``: the one most will take."""
    if st.button(label, key=f"{_WAY}{page}", type="primary" if main else "secondary", width="stretch"):
        st.switch_page(page)


def _known(look: Callable[[Portal, str], Found], who: Here) -> Found:
    """Return who is here, or say that the records are gone, and stop: nobody may be taken for somebody."""
    try:
        return look(who.portal, who.binding)
    except StoreUnavailable as problem:
        st.title(who.words("problem.later"))
        say_away(problem, who.words)
        st.stop()


def _locked(who: Here, page: str) -> NoReturn:
    st.session_state[_RETURN] = page
    if staff.office_here(who.portal, who.binding):
        _not_for_the_office(who)
    _forget()
    st.title(who.words("unlock.locked.title"))
    minutes = who.portal.settings.idle_lock_minutes
    st.write(who.words("unlock.locked.one") if minutes == 1 else who.words("unlock.locked", minutes=minutes))
    way_on(who.words("unlock.open.button"), "therapist/unlock.py", main=True)
    st.stop()


def _not_for_the_office(who: Here) -> NoReturn:
    st.session_state.pop(_RETURN, None)
    st.title(who.words("unlock.locked.title"))
    st.write(who.words("unlock.office.signed_in"))
    way_on(who.words("unlock.office.back.button"), PAGES[_OFFICE_FIRST], main=True)
    st.stop()


def _forget() -> None:
    for key in [key for key in st.session_state if key not in _KEPT and not str(key).startswith(_WAY)]:
        del st.session_state[key]


@st.fragment(run_every=20)
def _lock_screen_when_idle(who: Here) -> None:
    # Looking without touching: an open page must not keep the vault open.
    portal, browser = who.portal, who.binding
    shut = portal.vaults.get(browser, touch=False) is None and portal.offices.get(browser, touch=False) is None
    if shut or identity.standing(who) != "in":
        st.rerun()

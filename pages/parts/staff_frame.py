"""What all staff pages share: the menu, the open vault, and a word on what was just done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core import staff
from core.store.vaults import Vault
from pages.parts import front_door, guard
from pages.parts.session import Here, Present, here

_TOLD = "told"
_CHANGES = "changes"
Tone = Literal["success", "info", "warning"]


@dataclass(frozen=True)
class Desk(Present):
    """One therapist at work: the browser and its open vault."""

    vault: Vault


@dataclass(frozen=True, kw_only=True)
class Counter(staff.Counter, Present):
    """Somebody who prints and hands out cards, and their browser."""


def counter(page: str) -> Counter:
    """Return who prints and hands out here, under the menu; or stop where nobody is signed in."""
    who = here()
    found = guard.open_counter(who, page)
    _menu(who, guard.MENU if found.vault else guard.OFFICE_MENU)
    return Counter(
        database=found.database,
        therapist_ids=found.therapist_ids,
        vault=found.vault,
        office=found.office,
        here=who,
    )


def desk(page: str) -> Desk:
    """Return who works here, under the menu; or stop at a locked vault."""
    who = here()
    vault = guard.open_vault(who, page)
    _menu(who)
    return Desk(who, vault)


def heading(title: str) -> None:
    """Show the page's title, and below it what was just done."""
    st.title(title)
    # A container is there with and without words, so that what comes below does not move and lose its state.
    with st.container():
        for tone, sentence in st.session_state.pop(_TOLD, []):
            {"success": st.success, "info": st.info, "warning": st.warning}[tone](sentence)


def tell(sentence: str, tone: Tone = "success") -> None:
    """Say below the title of the next page shown what was just done to the vault."""
    st.session_state.setdefault(_TOLD, []).append((tone, sentence))
    st.session_state[_CHANGES] = changes() + 1


def changes() -> int:
    """Return how often this session changed the vault: what was looked at before is looked at again."""
    return int(st.session_state.get(_CHANGES, 0))


def address() -> str:
    """Return where the browser comes from, to count wrong tries by."""
    return st.context.ip_address or "this machine"


def _menu(who: Here, menu: tuple[str, ...] = guard.MENU) -> None:
    with st.container(horizontal=True, gap=None, vertical_alignment="center", key="staff-menu"):
        for page in menu:
            st.page_link(guard.PAGES[page], label=who.words(f"staff.menu.{page}.link"))
        if st.button(who.words("staff.menu.lock.button"), key="lock", type="tertiary"):
            guard.lock(who)
            st.switch_page("therapist/unlock.py")
        front_door.way_out(who)

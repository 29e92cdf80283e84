"""A new recovery code on screen until somebody says that they have it: the code, and the sheet to print."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import signing_in
from core.errors import SaysoError
from core.portal import NewRecovery
from core.store import recovery
from core.store.vaults import Vault
from pages.parts.session import Here, here
from pages.parts.staff_frame import address, tell
from pages.parts.staff_text import code


@dataclass(frozen=True)
class Box:
    """Where a browser keeps a new recovery code, in memory, through reloads, while its vault is open."""

    who: Here

    @property
    def new(self) -> NewRecovery | None:
        """The code that waits to be confirmed as kept."""
        vault = self.who.portal.vaults.get(self.who.binding)
        waits = self.who.portal.recovery.get(self.who.binding)
        return waits if vault and waits and waits.therapist_id == vault.therapist_id else None

    @property
    def code(self) -> str:
        """The code, or nothing."""
        return self.new.code if self.new else ""

    def fill(self, therapist_id: str, code: str) -> None:
        """Put a new code in. Nothing can come between making it and keeping it."""
        self.who.portal.recovery.put(self.who.binding, NewRecovery(therapist_id, code))


def kept() -> Box:
    """Return this browser's box."""
    return Box(here())


def forget() -> None:
    """Show the code no more."""
    who = here()
    who.portal.recovery.forget(who.binding)


def ask_to_try(who: Here) -> bool:
    """Ask once to type the code from the sheet, so that it is known to work. Returns whether it was not tried yet."""
    vault = who.portal.vaults.get(who.binding)
    if vault is None or Box(who).code or recovery.was_tried(who.portal.database, vault.therapist_id):
        return False
    _try(who, vault)
    return True


def _try(who: Here, vault: Vault) -> None:
    t = who.words
    st.write(t("sheet.try.what"))
    with st.form("try-sheet", border=False):
        typed = st.text_input(t("unlock.recovery.code.label"), key="sheet-typed", autocomplete="off")
        if not st.form_submit_button(t("sheet.try.button"), key="sheet-try", width="stretch"):
            return
    try:
        signing_in.try_sheet(who.portal, vault, typed, address(), who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    st.session_state.pop("sheet-typed", None)
    tell(t("sheet.try.done"))
    st.rerun()


def show(who: Here) -> None:
    """Show the code and offer the sheet."""
    t, new = who.words, Box(who).new
    if new is None:
        return
    st.header(t("setup.recovery"))
    st.write(t("setup.recovery.what"))
    code(new.code)
    st.warning(t("setup.lost"))
    st.download_button(
        t("setup.recovery.button"),
        lambda: signing_in.recovery_sheet(who.portal, new.therapist_id, new.code, who.now, t.language),
        "sheet.pdf",
        "application/pdf",
        key="recovery-sheet",
        on_click="ignore",
        type="primary",
        width="stretch",
    )

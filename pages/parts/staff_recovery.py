"""The recovery sheet on screen, once: the code, and the sheet to print."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from core import signing_in
from pages.parts.session import Here
from pages.parts.staff_text import code

_KEY = "recovery-kept"


@dataclass
class Box:
    """Where a session keeps a new recovery code until it was seen; empty while there is none."""

    therapist_id: str = ""
    code: str = field(default="", repr=False)

    def fill(self, therapist_id: str, code: str) -> None:
        """Put a new code in. Nothing can come between making it and keeping it."""
        self.therapist_id, self.code = therapist_id, code


def kept() -> Box:
    """Return this session's box."""
    box: Box = st.session_state.setdefault(_KEY, Box())
    return box


def forget() -> None:
    """Show the code no more."""
    st.session_state[_KEY] = Box()


def show(who: Here) -> None:
    """Show the code and offer the sheet."""
    t, box = who.words, kept()
    st.subheader(t("setup.recovery"))
    st.write(t("setup.recovery.what"))
    code(box.code)
    st.warning(t("setup.lost"))
    st.download_button(
        t("setup.recovery.button"),
        lambda: signing_in.recovery_sheet(who.portal, box.therapist_id, box.code, who.now),
        "sheet.pdf",
        "application/pdf",
        key="recovery-sheet",
        on_click="ignore",
        type="primary",
        width="stretch",
    )

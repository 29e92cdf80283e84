"""The recovery sheet on screen, once: the code, and the sheet to print."""

from __future__ import annotations

import streamlit as st

from pages.parts.session import Here
from pages.parts.staff_text import code

_KEY = "recovery-kept"


def kept() -> dict[str, str]:
    """Return where this session keeps a recovery code until it was seen; empty while there is none."""
    box: dict[str, str] = st.session_state.setdefault(_KEY, {})
    return box


def show(who: Here) -> None:
    """Show the code and offer the sheet."""
    t = who.words
    st.subheader(t("setup.recovery"))
    st.write(t("setup.recovery.what"))
    st.warning(t("setup.lost"))
    code(kept()["code"])

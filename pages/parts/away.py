"""The records cannot be reached: one sentence, and a way to try again that keeps what this window has."""

from __future__ import annotations

import streamlit as st

from core.errors import StoreUnavailable
from core.text import Words


def say_away(problem: StoreUnavailable, t: Words) -> None:
    """Say what happened, and offer to look again: a reload would end what was typed in this window."""
    st.error(t.problem(problem))
    st.button(t("mine.gone.button"), key="gone-again", width="stretch")

"""Which language something is printed in: asked where there is more than one, in the languages' own names."""

from __future__ import annotations

import streamlit as st

from core.language import names
from pages.parts.form import start_from


def ask_language(label: str, key: str, value: str) -> str:
    """Ask for a language, beginning with ``value``, and return it."""
    known = dict(names())
    if len(known) == 1:
        return value
    start_from(key, value)
    chosen: str = st.radio(label, list(known), format_func=known.__getitem__, key=key, horizontal=True)
    return chosen

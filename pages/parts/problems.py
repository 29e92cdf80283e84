"""What stands in the way of going on: summed up on top with a way to its field, and said again beside the field."""

from __future__ import annotations

from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


class Problems:
    """The problems of one form. Make it where they are to be summed up: at the title."""

    def __init__(self) -> None:
        self._top = st.empty()
        self._beside: dict[str, DeltaGenerator] = {}

    def place(self, key: str) -> None:
        """Keep a place for what may be said of the field ``key``: call it just above that field."""
        self._beside[key] = st.empty()

    def say(self, key: str, sentence: str) -> None:
        """Say a problem of the field ``key``. The page's own script gives it the focus, and follows its link."""
        self._top.error(f"[{sentence}](#to-{key})")
        if key in self._beside:
            self._beside[key].html(f'<p class="wrong">{escape(sentence)}</p>')

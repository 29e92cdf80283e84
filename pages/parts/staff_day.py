"""The one field for a day on staff's pages: written as the reader writes dates, and empty until somebody says one."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core import plain
from core.text import Words


def ask_day(words: Words, label: str, *, key: str, first: date | None = None, last: date | None = None) -> date | None:
    """Ask for a day, from ``first`` to ``last`` where these are given. Returns None while there is none."""
    order = plain.typed_order(words)
    day: date | None = st.date_input(label, value=None, min_value=first, max_value=last, key=key, format=order)
    return day

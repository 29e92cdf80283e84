"""Small pieces that several pages use. Values start from what is known and nothing is preset."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from pages.parts.server import stands_on_screen


def start_from(key: str, value: object) -> None:
    """Let the widget ``key`` start from ``value`` where it has none yet. None leaves it unanswered.

    What stands on a screen whose session was lost is newer than what is kept, and stays.
    """
    if value is not None and key not in st.session_state and not stands_on_screen(key):
        st.session_state[key] = value


def one_of(
    label: str,
    options: Sequence[str],
    shown: Callable[[str], str],
    *,
    key: str,
    value: str | None,
    hints: Callable[[str], str] | None = None,
    headed: bool = False,
) -> str | None:
    """Ask for one of several options, all alike, none chosen ahead. Returns the id or None.

    ``headed``: a heading above says the label already; screen readers still hear it here.
    """
    # Nobody can take a pick back without picking another: a question that comes back empty was drawn anew.
    if value is not None and st.session_state.get(key) is None and not stands_on_screen(key):
        st.session_state[key] = value
    chosen: str | None = st.radio(
        label,
        options,
        index=None,
        format_func=shown,
        captions=[hints(option) for option in options] if hints else None,
        key=key,
        label_visibility="collapsed" if headed else "visible",
    )
    return chosen


def tick(label: str, *, key: str, value: bool) -> bool:
    """Ask yes or nothing. A tick always means more sharing."""
    start_from(key, value or None)
    return bool(st.checkbox(label, key=key))


def fold(label: str, *, key: str) -> ExpanderContainer:
    """Return a part that is folded until somebody opens it. What is in it is to be drawn only while it is ``open``."""
    # The app knows such a part by its label: one that changed while it is open would close it under the reader's hand.
    kept = f"{key}-label"
    if not st.session_state.get(key) or kept not in st.session_state:
        st.session_state[kept] = label
    return st.expander(st.session_state[kept], key=key, on_change="rerun")


def as_set(state: str) -> str:
    """Mark in a folded part's label how it is set: that is shown only while it is folded (static/app.css)."""
    return f"*{state}*"


def link(label: str, address: str) -> None:
    """A plain link that stays in this window."""
    st.html(f'<p class="way"><a href="{address}" target="_self">{label}</a></p>')

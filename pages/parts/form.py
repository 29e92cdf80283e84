"""Small pieces that several pages use. Values start from what is known and nothing is preset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

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


def lines(pairs: Sequence[tuple[str, str]] | Sequence[str]) -> None:
    """Show answers, one a line: text, or a label with what was said to it."""
    rows = "".join(
        f"<li>{escape(one)}</li>" if isinstance(one, str) else f"<li>{escape(one[0])}<b>{escape(one[1])}</b></li>"
        for one in pairs
    )
    st.html(f'<ul class="answers">{rows}</ul>')


def code(text: str, *, size: str = "big") -> None:
    """Show a code or a token as text that can be marked and copied. ``size``: big, or token for a long one."""
    # st.code would fetch a highlighter of its own first.
    st.html(f'<p class="{size}"><code>{escape(text)}</code></p>')


def link(label: str, address: str) -> None:
    """A plain link that stays in this window."""
    st.html(f'<p class="way"><a href="{address}" target="_self">{label}</a></p>')

"""The words of a client's screen, put together and drawn as one piece: each piece costs a slow phone some 20 ms.

The parts are HTML and are shown in the order they are given. Text is escaped here, so names need nothing done to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TypeAlias

import streamlit as st

#: Answers, one a line: text, or a label with what was said to it.
Answers: TypeAlias = Sequence[tuple[str, str]] | Sequence[str]


def show(*parts: str) -> None:
    """Show parts as one piece of the page."""
    st.html(f'<div class="text prose">{"".join(parts)}</div>')


def title(text: str) -> str:
    """Return the page's own heading."""
    return f"<h1>{escape(text)}</h1>"


def heading(text: str) -> str:
    """Return the heading of a section."""
    return f"<h2>{escape(text)}</h2>"


def paragraph(text: str, look: str = "") -> str:
    """Return a paragraph. ``look``: a class of the stylesheet: strong, aside or note."""
    return f'<p class="{look}">{escape(text)}</p>' if look else f"<p>{escape(text)}</p>"


def points(texts: Sequence[str]) -> str:
    """Return a list with points."""
    return f"<ul>{''.join(f'<li>{escape(text)}</li>' for text in texts)}</ul>"


def answers(given: Answers) -> str:
    """Return answers as a list."""
    rows = (
        f"<li>{escape(one)}</li>" if isinstance(one, str) else f"<li>{escape(one[0])}<b>{escape(one[1])}</b></li>"
        for one in given
    )
    return f'<ul class="answers">{"".join(rows)}</ul>'


def code(text: str, look: str = "big") -> str:
    """Return a code or a token that can be marked and copied. ``look``: big, or token for a long one."""
    # The app's own box for code would fetch a highlighter first.
    return f'<p class="{look}"><code>{escape(text)}</code></p>'


def press(label: str, about: str, button: str) -> str:
    """Return a link that presses the button with the key ``button`` (static/sayso.js).

    ``about``: what it is about, for who hears the page.
    """
    unseen = f'<span class="unseen">: {escape(about)}</span>'
    return f'<p class="way"><a href="#press-{escape(button)}">{escape(label)}{unseen}</a></p>'

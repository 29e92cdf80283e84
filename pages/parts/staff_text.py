"""Words that a person typed, shown as they are: never as markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

import streamlit as st

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~:$&])")


def plain(text: str) -> str:
    """Return ``text`` so that a label shows each letter of it and no markup."""
    return _MARKUP.sub(r"\\\1", text)


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Show pairs of name and value as one list."""
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
    if rows:
        st.html(f'<dl class="facts">{rows}</dl>')


def lines(texts: Iterable[str]) -> None:
    """Show sentences as a plain list."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in texts)
    if rows:
        st.html(f'<ul class="lines">{rows}</ul>')


def glance(pairs: Iterable[tuple[str, str]]) -> None:
    """Show sentences, each with its sign before it. The sign says nothing that the words do not."""
    rows = "".join(f'<li><span aria-hidden="true">{sign}</span> {escape(text)}</li>' for sign, text in pairs)
    st.html(f'<ul class="glance">{rows}</ul>')


def code(text: str) -> None:
    """Show a code to be read aloud or compared, large."""
    st.html(f'<p class="ack">{escape(text)}</p>')

"""A token on a client's screen: its check code, and the ways it goes out by hand."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import qr
from core.saving import Saved
from core.text import Words
from core.token import Token
from pages.parts import prose


def check_code(words: Words, saved: Saved, why: str) -> str:
    """Return the code both sides compare, as a part of what is shown. ``why``: what it is for."""
    shown = f'<p class="ack">{escape(saved.acknowledgement)}</p>'
    return prose.heading(words("done.ack")) + shown + prose.paragraph(why)


def square(words: Words, token: Token) -> None:
    """Show a token as a square to scan."""
    with st.container(key="token-qr"):
        st.image(qr.png(qr.matrix(token.text, qr.TOKEN_MASK)), caption=words("done.qr.alt"), width="stretch")


def text_and_file(words: Words, token: Token) -> None:
    """Show a token as text to copy and as a file to keep."""
    st.write(words("done.text"))
    with st.container(key="copy-source-token"):
        prose.show(prose.code(token.text, "token"))
    st.button(words("done.copy_text"), key="copy-token", width="stretch")
    st.download_button(
        words("done.file"), f"{token.text}\n", "sayso.txt", "text/plain", key="file", on_click="ignore", width="stretch"
    )


def by_hand(words: Words, saved: Saved) -> None:
    """Offer a token to be handed over: at once where it could not be sent, else for who wants to."""
    if not saved.sent:
        square(words, saved.token)
        text_and_file(words, saved.token)
        return
    with st.expander(words("done.other"), key="other"):
        square(words, saved.token)
        text_and_file(words, saved.token)

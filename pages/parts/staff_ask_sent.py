"""After a question was sent: the words and the slip that tell the client of it, and what happens next."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from core import answering, questions
from core import plain as in_words
from core.questions import Line
from pages.parts.staff_frame import Desk
from pages.parts.staff_text import lines


def show(desk: Desk, line: Line) -> None:
    """Show how the client hears of it: by the practice's own channel, and nothing of the draft."""
    t, request = desk.words, line.outcome.asked.request
    st.header(t("ask.invite"))
    st.write(t("ask.invite.what"))
    with st.container(key="copy-source-invitation"):
        st.html(f'<div class="marked">{escape(questions.invitation(desk.vault, request.card))}</div>')
    st.button(t("ask.invite.copy.button"), key="copy-invitation", width="stretch")
    st.download_button(
        t("ask.slip.button"),
        partial(questions.slip, desk.vault, request.card),
        "slip.pdf",
        "application/pdf",
        key="ask-slip",
        on_click="ignore",
        width="stretch",
    )
    st.header(t("ask.next"))
    lines([t("ask.next.answer", date=in_words.day(request.answer_by, t)), t("ask.next.yes"), t("ask.next.quiet")])
    st.header(t("ask.rules"))
    lines(answering.rules(t))

"""Asking one client about one exact draft, and what became of each question."""

from __future__ import annotations

import streamlit as st

from core import drafting, questions
from core.errors import SaysoError
from pages.parts import staff_ask, staff_ask_form, staff_ask_sent, staff_post_form
from pages.parts.staff_frame import desk, heading
from pages.parts.staff_text import plain


def _form(piece_id: str, code: str) -> None:
    piece = next((piece for piece in drafting.drafts(who.vault) if piece.id == piece_id), None)
    if piece is None:
        staff_ask.close()
        heading(t("ask.title"))
        st.info(t("ask.gone"))
        staff_ask.show(who)
        return
    name = staff_post_form.names(who)(code)
    heading(t("ask.form.title", name=plain(name)))
    staff_ask.back(t)
    staff_ask_form.show(who, piece, code, name)


def _sent(request_id: str) -> None:
    lines = questions.every(who.vault, who.now)
    line = next((line for line in lines if line.outcome.asked.request_id.hex() == request_id), None)
    if line is None:
        _list()
        return
    heading(t("ask.sent.title", name=plain(staff_post_form.names(who)(line.outcome.asked.request.card))))
    staff_ask.back(t)
    staff_ask_sent.show(who, line)


def _list() -> None:
    heading(t("ask.title"))
    staff_ask.show(who)


who = desk("ask")
t = who.words
chosen, sent = staff_ask.opened(), staff_ask.sent()
try:
    if sent:
        _sent(sent)
    elif chosen:
        _form(*chosen)
    else:
        _list()
except SaysoError as problem:
    st.error(t.problem(problem))

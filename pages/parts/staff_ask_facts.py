"""One question as its client sees it: the exact words, and everything that is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import streamlit as st

from core import plain as in_words
from core.model.request import Request
from core.text import Words
from pages.parts.staff_text import facts


def show(request: Request, t: Words) -> None:
    """Show a question whole."""
    words(request.draft, request.translation, t)
    facts(_facts(request, t))


def words(draft: str, translation: str | None, t: Words) -> None:
    """Show the exact words, each line where it stands; and what they say in the client's language."""
    for title, text in ((t("ask.words"), draft), (t("ask.words.translation"), translation)):
        if text:
            st.html(f'<p class="tag">{escape(title)}</p><div class="marked">{escape(text)}</div>')


def _facts(request: Request, t: Words) -> Iterator[tuple[str, str]]:
    nothing = t("ask.fact.none")
    yield t("ask.fact.account"), request.account
    yield t("ask.fact.places"), ", ".join(t(f"channel.{place}.label") for place in request.channels)
    yield t("ask.fact.audience"), request.audience
    yield t("ask.fact.money"), t("ask.fact.paid" if request.paid else "ask.fact.free")
    yield t("ask.fact.changed"), "; ".join(request.changed) or nothing
    yield t("ask.fact.kept"), "; ".join(request.kept) or nothing
    yield t("ask.fact.others"), t("ask.fact.others.yes" if request.others_included else "ask.fact.others.no")
    yield t("ask.fact.comments"), _switch(t, off=request.comments_off)
    yield t("ask.fact.reuse"), _switch(t, off=request.remix_off)
    yield t("ask.fact.answer_by"), in_words.day(request.answer_by, t)
    yield t("ask.fact.post_on"), in_words.day(request.post_on, t)
    yield t("ask.fact.take_down_on"), in_words.day(request.take_down_on, t)


def _switch(t: Words, *, off: bool) -> str:
    return t("ask.fact.off" if off else "ask.fact.on")

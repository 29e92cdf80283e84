"""One question, whole: the exact draft, where it goes, what changed, its days, and what no stop can undo."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import answering, plain
from core.model.request import Request
from core.text import Words
from pages.parts.client_own import Own
from pages.parts.staff_text import facts, lines


def show(own: Own, request: Request) -> None:
    """Show everything a question says."""
    t = own.words
    _draft(t, request)
    _where(t, request)
    _true(t, request)
    _days(t, request)
    st.header(t("answer.undo"))
    lines(f"{t(f'channel.{place}.label')}: {t(f'answer.undo.{place}')}" for place in request.all_channels)
    with st.expander(t("answer.rules"), key="rules"):
        lines(answering.rules(t))


def _draft(t: Words, request: Request) -> None:
    st.header(t("answer.draft"))
    _framed(request.draft)
    if request.translation:
        st.header(t("answer.translation"))
        _framed(request.translation)
    st.caption(t("answer.draft.exact"))


def _framed(text: str) -> None:
    st.html(f'<div class="marked" dir="auto">{escape(text)}</div>')


def _where(t: Words, request: Request) -> None:
    st.header(t("answer.where"))
    places = [t(f"channel.{place}.label") for place in request.channels]
    facts(
        [
            (t("answer.account"), request.account),
            (t("answer.places"), "; ".join(places)),
            (t("answer.audience"), request.audience),
            (t("answer.money"), t("answer.money.yes" if request.paid else "answer.money.no")),
            (t("answer.comments"), t("answer.off" if request.comments_off else "answer.on")),
            (t("answer.remix"), t("answer.off" if request.remix_off else "answer.on")),
        ]
    )


def _true(t: Words, request: Request) -> None:
    st.header(t("answer.changed"))
    lines(request.changed or [t("answer.changed.none")])
    st.header(t("answer.kept"))
    lines(request.kept or [t("answer.kept.none")])
    st.header(t("answer.others"))
    st.write(t("answer.others.yes" if request.others_included else "answer.others.no"))


def _days(t: Words, request: Request) -> None:
    st.header(t("answer.days"))
    days = {
        "answer.days.answer": request.answer_by,
        "answer.days.post": request.post_on,
        "answer.days.down": request.take_down_on,
    }
    facts((t(key), plain.day(day, t)) for key, day in days.items())

"""The form for asking one client about one draft: what stands against it first, then the terms, then all of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from core import plain as in_words
from core import questions, requests
from core.answers import COOLING_OFF
from core.errors import MayNotAsk, SaysoError
from core.model.posted import Piece
from core.model.request import Request
from core.requests import Terms
from core.text import Words
from pages.parts import staff_ask, staff_ask_facts
from pages.parts.form import start_from, tick
from pages.parts.staff_day import ask_day
from pages.parts.staff_frame import Desk, tell
from pages.parts.staff_text import lines, plain

_SAID, _FOR = "ask-said", "ask-said-for"
_LONGEST_LINE, _LONGEST_LIST = 200, 1500


def show(desk: Desk, piece: Piece, code: str, name: str) -> None:
    """Show whether this client can be asked about this draft, and the form where they can."""
    t = desk.words
    st.caption(plain(staff_ask.title_of(piece, t)))
    if not piece.draft.text:
        st.write(t("ask.file"))
        return
    barriers = requests.barriers(desk.vault, piece.draft, code, desk.now)
    if barriers:
        st.markdown(f"**{t('ask.person.not', name=plain(name))}**")
        lines(requests.sentence(t, barrier) for barrier in barriers)
        return
    if not staff_ask.no_hindrance(desk):
        return
    _begin(f"{piece.id} {code}")
    _wish_for_change(desk, piece, code)
    st.write(t("ask.form.what"))
    staff_ask_facts.words(piece.draft.text, piece.draft.translation, t)
    if st.button(t("ask.change.button"), key="ask-change", type="tertiary"):
        staff_ask.change(desk, piece)
    st.header(t("ask.terms"))
    _preview_and_send(desk, piece, code, name, _Fields(desk).ask())


def _begin(whose: str) -> None:
    """What was said belongs to one draft and one client."""
    if st.session_state.get(_FOR) != whose:
        forget()
        st.session_state[_FOR] = whose


def forget() -> None:
    """Forget what was said in the form."""
    for key in [key for key in st.session_state if str(key).startswith(("ask-f-", _SAID))]:
        del st.session_state[key]


def _wish_for_change(desk: Desk, piece: Piece, code: str) -> None:
    t, before = desk.words, questions.before_the_change(desk.vault, piece.draft, code, desk.now)
    if before is None:
        return
    with st.container(border=True, key="ask-before"):
        st.write(t("ask.note.again"))
        lines([t("ask.note", note=before.note) if before.note else t("ask.note.empty")])


class _Fields:
    """What a question says beside the draft. What was typed outlives a look at another page."""

    def __init__(self, desk: Desk) -> None:
        self._t: Words = desk.words
        self._days = questions.days(desk.now)
        self._said: dict[str, Any] = st.session_state.setdefault(_SAID, {})

    def ask(self) -> Terms | SaysoError:
        """Show the fields and return the terms, or what is wrong with them."""
        t = self._t
        audience = self._line("audience", t("ask.audience.label"), t("ask.audience.start"))
        changed = self._list("changed", t("ask.changed.label"), t("ask.changed.hint"))
        kept = self._list("kept", t("ask.kept.label"), t("ask.kept.hint"))
        comments = self._tick("comments", t("ask.comments.label"))
        reuse = self._tick("reuse", t("ask.reuse.label"))
        st.header(t("ask.days"))
        picked = [self._day("answer_by", t("ask.answer_by.label"))]
        if picked[0]:
            st.caption(t("ask.day.rest", date=in_words.day(picked[0] + COOLING_OFF, t)))
        picked += [
            self._day("post_on", t("ask.post_on.label")),
            self._day("take_down_on", t("ask.take_down_on.label")),
        ]
        try:
            return questions.terms(audience, changed, kept, picked, comments=comments, reuse=reuse)
        except SaysoError as problem:
            return problem

    def _line(self, field: str, label: str, first: str) -> str:
        start_from(f"ask-f-{field}", self._said.setdefault(field, first))
        text = st.text_input(label, key=f"ask-f-{field}", max_chars=_LONGEST_LINE, autocomplete="off")
        self._said[field] = text
        return text

    def _list(self, field: str, label: str, hint: str) -> str:
        start_from(f"ask-f-{field}", self._said.get(field))
        text = st.text_area(label, key=f"ask-f-{field}", max_chars=_LONGEST_LIST, height=96)
        st.caption(hint)
        self._said[field] = text
        return text

    def _tick(self, field: str, label: str) -> bool:
        self._said[field] = tick(label, key=f"ask-f-{field}", value=self._said.get(field, False))
        ticked: bool = self._said[field]
        return ticked

    def _day(self, field: str, label: str) -> date | None:
        days = self._days[field]
        start_from(f"ask-f-{field}", self._said.setdefault(field, days.usual))
        # Without bounds of its own: a day that was fine yesterday must break nothing today. The core says what is off.
        day = ask_day(self._t, label, key=f"ask-f-{field}")
        first, last = (in_words.day(one, self._t) for one in (days.first, days.last))
        st.caption(self._t("ask.day.hint", first=first, last=last))
        self._said[field] = day
        return day


def _preview_and_send(desk: Desk, piece: Piece, code: str, name: str, terms: Terms | SaysoError) -> None:
    t = desk.words
    st.header(t("ask.preview"))
    try:
        if isinstance(terms, SaysoError):
            raise terms
        _preview(requests.preview(desk.vault, piece.draft, code, terms, desk.now), t)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    # The words are part of its name: a tap on it never sends others than those above it.
    key = f"ask-send-{piece.draft.content_hash[:16]}"
    st.caption(t("ask.send.what"))
    if st.button(t("ask.send.button", name=plain(name)), key=key, type="primary", width="stretch"):
        _send(desk, piece, code, terms)


def _preview(request: Request, t: Words) -> None:
    st.write(t("ask.preview.what"))
    with st.container(border=True, key="ask-preview"):
        staff_ask_facts.show(request, t)


def _send(desk: Desk, piece: Piece, code: str, terms: Terms) -> None:
    mailbox_on = desk.here.portal.outbox.mailbox_on
    try:
        asked = requests.ask(desk.vault, piece.id, code, terms, desk.now, mailbox_on=mailbox_on)
    except MayNotAsk as problem:
        st.error(desk.words.problem(problem))
        lines(requests.sentence(desk.words, barrier) for barrier in problem.details["barriers"])  # type: ignore[attr-defined]
        return
    except SaysoError as problem:
        st.error(desk.words.problem(problem))
        return
    forget()
    tell(desk.words("ask.sent"))
    staff_ask.open_sent(asked.request_id)
    st.rerun()

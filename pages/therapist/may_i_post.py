"""May I post this? A short form, and one answer at the top that follows each thing said."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

import streamlit as st

from core import drafting, may_post
from core import plain as in_words
from core.errors import SaysoError
from core.model.posted import Piece
from core.model.question import Question
from core.model.verdict import Verdict
from pages.parts import staff_post_answer, staff_post_check, staff_post_form
from pages.parts.form import start_from
from pages.parts.staff_frame import desk, heading, tell
from pages.parts.staff_text import glance, plain

_OPEN, _SURE = staff_post_form.OPEN, "post-sure"


def _go(piece: Piece | None, to: str | None) -> None:
    staff_post_form.fill(who, piece)
    if piece is not None and piece.draft.seen is not None:
        with suppress(SaysoError):  # gone meanwhile: then there is nothing to see
            drafting.note_seen(who.vault, piece.id)
    st.session_state.pop(_SURE, None)
    st.session_state.pop(_OPEN, None)
    if to is not None:
        st.session_state[_OPEN] = to


def _name(piece: Piece) -> str:
    return piece.draft.title or t("post.draft.name", date=in_words.day(piece.draft.saved_at, t))


def _list(kept: list[Piece]) -> None:
    st.button(t("post.new.button"), key="post-new", type="primary", on_click=_go, args=(None, ""), width="stretch")
    st.header(t("post.drafts"))
    st.write(t("post.drafts.what"))
    # A draft can be opened and a new one begun, also while nothing can be answered.
    for piece, verdict in _judged() or [(piece, "unknown") for piece in kept]:
        with st.container(border=True, key=f"post-row-{piece.id}"):
            name = plain(_name(piece))
            st.markdown(f"### {name}")
            if verdict != "unknown":
                glance([(staff_post_answer.sign(verdict), staff_post_answer.word(verdict, t))])
            if piece.draft.seen is not None:
                st.caption(t("posted.flag.before", before=staff_post_answer.word(piece.draft.seen.verdict, t)))
            label = t("post.open.button", name=name)
            st.button(label, key=f"post-open-{piece.id}", on_click=_go, args=(piece, piece.id))


def _judged() -> Sequence[tuple[Piece, Verdict | Literal["unknown"] | None]]:
    """Return every draft with its answer; or say why there is no answer, and return nothing."""
    try:
        return drafting.look_again(who.vault, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return ()


def _one(piece: Piece | None, *, others: bool) -> None:
    if others:
        st.button(t("post.back.button"), key="post-back", type="tertiary", on_click=_go, args=(None, None))
    name = staff_post_form.names(who)
    word, top = st.container(key="post-word"), st.container(key="post-answer")
    question = staff_post_form.ask(who, name)
    try:
        reply = may_post.answer(who.vault, question, piece, who.now)
    except SaysoError as problem:
        top.error(t.problem(problem))
        return
    unchanged = piece is not None and may_post.is_unchanged(question, piece)
    with word:
        staff_post_answer.headline(reply, name, t)
    with top:
        checked = may_post.checklist_of(piece) if piece is not None and unchanged else None
        staff_post_answer.show(who, reply, question, checked, name)
        staff_post_answer.ways_on(piece, question, reply, name, t)
    staff_post_check.marks(question.text, t)
    _keep(question, piece)
    staff_post_check.the_list(who, question, piece)
    if piece is not None:
        _delete(piece)


def _keep(question: Question, piece: Piece | None) -> None:
    st.header(t("post.keep"))
    start_from("post-f-title", staff_post_form.said().get("title"))
    title = st.text_input(t("post.title.label"), key="post-f-title", max_chars=80, autocomplete="off")
    staff_post_form.said()["title"] = title
    if not st.button(t("post.keep.button"), key="post-keep", type="primary", width="stretch"):
        return
    try:
        kept = may_post.keep(who.vault, question, piece, title, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    tell(t("post.kept"))
    _go(kept, kept.id)
    st.rerun()


def _delete(piece: Piece) -> None:
    if not st.session_state.get(_SURE):
        if st.button(t("post.delete.button"), key="post-delete", type="tertiary"):
            st.session_state[_SURE] = True
            st.rerun()
    elif st.button(t("post.delete.sure.button"), key="post-delete-sure"):
        try:
            drafting.forget(who.vault, piece.id)
        except SaysoError as problem:
            st.error(t.problem(problem))
            return
        tell(t("post.deleted"), "info")
        _go(None, None)
        st.rerun()


who = desk("may_i_post")
t = who.words
heading(t("post.title"))
opened = st.session_state.get(_OPEN)
kept = drafting.drafts(who.vault)
if kept and opened is None:
    _list(kept)
else:
    st.write(t("post.what"))
    _one(next((piece for piece in kept if piece.id == opened), None), others=bool(kept))

"""The check before a post: what may give someone away is marked in the draft, and the list is gone through."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import deidentify, may_post
from core.errors import SaysoError
from core.model import checklist
from core.model.posted import Piece
from core.model.question import Question
from core.text import Words
from pages.parts.form import start_from
from pages.parts.staff_frame import Desk, tell


def marks(text: str, t: Words) -> None:
    """Show the draft with its findings marked, and what each mark means, in words."""
    if not text.strip():
        return
    st.header(t("post.look"))
    findings = deidentify.find(text)
    st.write(t(deidentify.CAUTION if findings else deidentify.FOUND_NONE))
    body = "".join(_segment(segment, t) for segment in deidentify.marked(text, findings))
    st.html(f'<div class="marked">{body}</div>')
    kinds = [t(deidentify.name_key(kind)) for kind in deidentify.KINDS if any(one.kind == kind for one in findings)]
    if kinds:
        st.caption(t("post.look.legend", kinds=", ".join(kinds)))


def the_list(desk: Desk, question: Question, piece: Piece | None) -> None:
    """Show the list of what to look for, kept with the draft for just these words."""
    t = desk.words
    st.header(t("post.check"))
    st.write(t(checklist.PURPOSE))
    st.write(t(checklist.NO_PROOF))
    if piece is None or not may_post.is_unchanged(question, piece):
        st.info(t("post.check.not_kept" if piece is None else "post.check.changed"))
        return
    done = may_post.checklist_of(piece)
    before = done.ticked if done else ()
    st.write(t("post.check.state", done=len(before), all=len(checklist.ITEMS)))
    with st.form("post-check", border=False):
        ticked = [item for group in checklist.GROUPS for item in _group(group, piece, before, t)]
        if not st.form_submit_button(t("post.check.button"), key="post-check-keep", width="stretch"):
            return
    try:
        may_post.check(desk.vault, piece, ticked, desk.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        tell(t("post.check.done"))
        st.rerun()


def _segment(segment: deidentify.Segment, t: Words) -> str:
    text = escape(segment.text)
    if not segment.kinds:
        return text
    kinds = escape(", ".join(t(deidentify.name_key(kind)) for kind in segment.kinds))
    return f'<mark>{text}<span class="kind"> ({kinds})</span></mark>'


def _group(group: checklist.GroupId, piece: Piece, before: tuple[str, ...], t: Words) -> list[str]:
    st.markdown(f"### {t(checklist.group_key(group))}")
    return [item.id for item in checklist.items_of(group) if _item(item, piece, before, t)]


def _item(item: checklist.Item, piece: Piece, before: tuple[str, ...], t: Words) -> bool:
    # Ticks belong to these words: for others the list is empty again.
    key = f"post-f-check-{piece.draft.content_hash[:16]}-{item.id}"
    start_from(key, item.id in before or None)
    return st.checkbox(f"**{t(item.label_key)}** {t(item.hint_key)}", key=key)

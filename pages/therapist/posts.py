"""What has to come down, what went out where and on whose yes, and noting what goes out now."""

from __future__ import annotations

import streamlit as st

from core import drafting
from core.errors import SaysoError
from core.model.posted import Piece
from core.model.verdict import Verdict
from pages.parts import staff_post_answer, staff_posts_down, staff_posts_list, staff_posts_note, staff_posts_words
from pages.parts.guard import way_on
from pages.parts.staff_frame import desk, heading
from pages.parts.staff_text import glance, plain


def _to_note() -> None:
    st.header(t("posted.note"))
    try:
        judged = drafting.judged(who.vault, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    ready = [one for one in judged if one[1] is not None and one[1].answer in {"allowed", "out_of_scope"}]
    st.write(t("posted.note.what" if ready else "posted.note.none"))
    for piece, verdict in ready:
        _draft(piece, verdict)
    if len(ready) < len(judged):
        st.caption(t("posted.note.others", count=len(judged) - len(ready)))
    if not ready:
        way_on(t("posted.may_i_post.button"), "therapist/may_i_post.py")


def _draft(piece: Piece, verdict: Verdict | None) -> None:
    with st.container(border=True, key=f"note-row-{piece.id}"):
        name = plain(staff_posts_words.title(piece, t))
        st.markdown(f"### {name}")
        glance([(staff_post_answer.sign(verdict), staff_post_answer.word(verdict, t))])
        label = t("posted.note_this.button", name=name)
        # A call back: the tap counts also where the draft left this list since.
        st.button(label, key=f"note-{piece.id}", on_click=staff_posts_note.open_for, args=(piece.id,), width="stretch")


who = desk("posts")
t = who.words
heading(t("posted.title"))
opened = st.session_state.get(staff_posts_note.OPEN)
piece = next((one for one in drafting.drafts(who.vault) if one.id == opened), None) if opened else None
if piece is not None:
    staff_posts_note.show(who, piece)
else:
    staff_posts_note.close()
    staff_posts_down.show(who)
    _to_note()
    staff_posts_down.ahead(who)
    staff_posts_list.show(who)

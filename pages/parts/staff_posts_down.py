"""What has to come down: the open places first, by when and why, and how far each is."""

from __future__ import annotations

import streamlit as st

from core import plain as in_words
from core import posting, take_downs
from core.endings import Task
from core.errors import SaysoError
from core.model.posted import STATES, Piece, State
from pages.parts import staff_post_form, staff_posts_words
from pages.parts.staff_frame import Desk, tell
from pages.parts.staff_text import glance, lines, plain


def show(desk: Desk) -> None:
    """Show the list of what has to come down, and what was done of it."""
    t = desk.words
    st.header(t("posted.down"))
    tasks = take_downs.take_downs(desk.vault, desk.now)
    left = [task for task in tasks if not task.place.is_over]
    st.write(t("posted.down.what" if left else "posted.down.none"))
    for task in left:
        with st.container(border=True, key=f"down-{task.piece.id}-{task.index}"):
            _task(desk, task)
    over = [task for task in tasks if task.place.is_over]
    if over:
        with st.expander(t("posted.down.over.label", count=len(over)), key="down-over"):
            for task in over:
                st.markdown(f"### {plain(staff_posts_words.title(task.piece, t))}")
                glance([staff_posts_words.standing(task.place, t)])
                states(desk, task.piece, task.index, "down")


def ahead(desk: Desk) -> None:
    """Show what posts rest on that ends in the next 30 days."""
    t, name = desk.words, staff_post_form.names(desk)
    st.header(t("posted.ahead"))
    found = take_downs.ends_ahead(desk.vault, desk.now)
    if not found:
        st.write(t("posted.ahead.none"))
    lines(
        t(
            f"posted.ahead.{reason}",
            date=in_words.day(at, t),
            title=staff_posts_words.title(piece, t),
            name=name(code) if code else "",
        )
        for piece, reason, code, at in found
    )


def states(desk: Desk, piece: Piece, index: int, where: str) -> None:
    """Offer each other word for how far one place is. ``where``: the list, for the buttons' keys."""
    t = desk.words
    place = piece.posted.places[index] if piece.posted else None
    if place is None:
        return
    with st.container(horizontal=True, key=f"states-{where}-{piece.id}-{index}"):
        for state in STATES[place.control]:
            if state == (place.state or "to_do"):
                continue
            if st.button(t(f"posted.state.{state}.button"), key=f"mark-{where}-{piece.id}-{index}-{state}"):
                _mark(desk, piece, index, state)


def by_hand(desk: Desk, piece: Piece) -> None:
    """Say whom no letter reaches: they are told in person."""
    name, rests = staff_post_form.names(desk), piece.posted.rests_on if piece.posted else ()
    codes = posting.to_tell_by_hand(desk.vault, sorted({rest.card for rest in rests}))
    if codes:
        tell(desk.words("posted.by_hand", names=plain(", ".join(name(code) for code in codes))), "warning")


def _task(desk: Desk, task: Task) -> None:
    t, name = desk.words, staff_post_form.names(desk)
    st.markdown(f"### {plain(staff_posts_words.title(task.piece, t))}")
    glance([staff_posts_words.standing(task.place, t)])
    st.markdown(f"**{staff_posts_words.deadline(task, desk.now, t)}** {t(f'posted.do.{task.place.control}')}")
    lines(staff_posts_words.because(ending, name, t) for ending in task.reasons)
    if task.may_renew:
        st.caption(t("posted.may_renew"))
    states(desk, task.piece, task.index, "down")


def _mark(desk: Desk, piece: Piece, index: int, state: State) -> None:
    try:
        done = posting.mark(desk.vault, piece.id, index, state, desk.now)
    except SaysoError as problem:
        st.error(desk.words.problem(problem))
        return
    tell(desk.words("posted.marked" if piece.posted and piece.posted.rests_on else "posted.marked.nobody"))
    by_hand(desk, done)
    st.rerun()

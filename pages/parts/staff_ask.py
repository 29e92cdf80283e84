"""The questions of a therapist: which drafts need a yes, what is open, and what became of the rest."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten

import streamlit as st

from core import plain as in_words
from core import questions, requests
from core.errors import SaysoError
from core.model.posted import Piece
from core.questions import Candidate, Line
from core.text import Words
from pages.parts import staff_ask_facts, staff_post_form
from pages.parts.guard import way_on
from pages.parts.staff_frame import Desk
from pages.parts.staff_text import glance, lines, plain

#: What is open on the page: a draft and a card to ask about it, or a question that was sent (its id, hex).
_PIECE, _CARD, _SENT = "ask-piece", "ask-card", "ask-sent"
_SHOWN, _STEP = "ask-shown", 20
_FIRST_WORDS = 60
#: A sign for what a question has come to, always beside its words.
_SIGNS = {"open": "…", "waiting": "◔", "counts": "✓"}
Name = Callable[[str], str]


def open_form(piece_id: str, code: str) -> None:
    """Let the page show the form for asking this card about this draft."""
    close()
    st.session_state[_PIECE], st.session_state[_CARD] = piece_id, code


def open_sent(request_id: bytes) -> None:
    """Let the page show what to do now that a question was sent."""
    close()
    st.session_state[_SENT] = request_id.hex()


def close() -> None:
    """Let the page show the list."""
    for key in (_PIECE, _CARD, _SENT):
        st.session_state.pop(key, None)


def opened() -> tuple[str, str] | None:
    """Return the draft (its id) and the card that the form is open for, or None."""
    piece_id, code = st.session_state.get(_PIECE), st.session_state.get(_CARD)
    return (piece_id, code) if piece_id and code else None


def sent() -> str | None:
    """Return the id (hex) of the question that was just sent, or None."""
    found: str | None = st.session_state.get(_SENT)
    return found


def back(t: Words) -> None:
    """Show the way back to the list."""
    st.button(t("ask.back.button"), key="ask-back", type="tertiary", on_click=close)


def title_of(piece: Piece, t: Words) -> str:
    """Return what a draft is called."""
    return piece.draft.title or t("ask.draft.name", date=in_words.day(piece.draft.saved_at, t))


def change(desk: Desk, piece: Piece) -> None:
    """Go to the draft, to change its words."""
    staff_post_form.open_draft(desk, piece)
    st.switch_page("therapist/may_i_post.py")


def show(desk: Desk) -> None:
    """Show the whole list."""
    t, name = desk.words, staff_post_form.names(desk)
    st.write(t("ask.what"))
    free = no_hindrance(desk)
    _wishes(desk, name, free=free)
    _questions(desk, questions.every(desk.vault, desk.now), name)


def no_hindrance(desk: Desk) -> bool:
    """Say why nobody at all can be asked now, with the way on. Returns whether somebody can."""
    t, found = desk.words, questions.hindrance(desk.vault, mailbox_on=desk.here.portal.outbox.mailbox_on)
    if found is None:
        return True
    st.warning(t.problem(found))
    if found.id == "inbox_first":
        st.caption(t("ask.unopened"))
        way_on(t("ask.inbox.button"), "therapist/inbox.py", main=True)
    else:
        way_on(t("ask.settings.button"), "therapist/settings.py", main=True)
    return False


def _wishes(desk: Desk, name: Name, *, free: bool) -> None:
    t = desk.words
    st.header(t("ask.drafts"))
    try:
        found = questions.wishes(desk.vault, desk.now)
    except SaysoError as problem:
        # What was asked so far stands below all the same.
        st.error(t.problem(problem))
        return
    if not found:
        st.write(t("ask.drafts.none"))
        way_on(t("ask.drafts.button"), "therapist/may_i_post.py")
    for wish in found:
        with st.container(border=True, key=f"ask-draft-{wish.piece.id}"):
            st.markdown(f"### {plain(title_of(wish.piece, t))}")
            if not wish.piece.draft.text:
                st.write(t("ask.file"))
                continue
            for asked in wish.people:
                _person(desk, wish.piece, asked, name(asked.code), free=free)


def _person(desk: Desk, piece: Piece, asked: Candidate, name: str, *, free: bool) -> None:
    t = desk.words
    if asked.barriers:
        st.markdown(f"**{t('ask.person.not', name=plain(name))}**")
        lines(requests.sentence(t, barrier) for barrier in asked.barriers)
    elif free:
        label = t("ask.again.button" if asked.follows_up else "ask.person.button", name=plain(name))
        key = f"ask-{piece.id}-{asked.code}"
        st.button(label, key=key, on_click=open_form, args=(piece.id, asked.code), width="stretch")
    else:
        st.markdown(f"**{plain(name)}**")


def _questions(desk: Desk, found: list[Line], name: Name) -> None:
    t = desk.words
    st.header(t("ask.questions"))
    if not found:
        st.write(t("ask.questions.none"))
    shown = st.session_state.get(_SHOWN, _STEP)
    for line in found[:shown]:
        with st.container(border=True, key=f"ask-row-{line.outcome.asked.request_id.hex()[:16]}"):
            _line(desk, line, name)
    if len(found) > shown and st.button(t("ask.more.button"), key="ask-more", width="stretch"):
        st.session_state[_SHOWN] = shown + _STEP
        st.rerun()


def _line(desk: Desk, line: Line, name: Name) -> None:
    t, asked = desk.words, line.outcome.asked
    key = asked.request_id.hex()[:16]
    st.markdown(f"### {plain(name(asked.request.card))}")
    title = title_of(line.piece, t) if line.piece else shorten(asked.request.draft, _FIRST_WORDS, placeholder="…")
    st.caption(f"{plain(title)}  \n{t('ask.asked_on', date=in_words.day(asked.request.issued_at, t))}")
    glance([(_SIGNS.get(line.stage, "–"), _word(line, t))])
    if line.outcome.note:
        lines([t("ask.note", note=line.outcome.note)])
    with st.expander(t("ask.detail"), key=f"ask-detail-{key}"):
        staff_ask_facts.show(asked.request, t)
    if line.stage == "open":
        label, again = t("ask.invitation.again.button"), asked.request_id
        st.button(label, key=f"ask-invite-{key}", on_click=open_sent, args=(again,), width="stretch")
    if line.awaits_change:
        st.write(t("ask.change.what"))
        piece = line.piece
        if piece and not piece.posted and st.button(t("ask.change.button"), key=f"ask-change-{key}", width="stretch"):
            change(desk, piece)


def _word(line: Line, t: Words) -> str:
    grant, request = line.outcome.grant, line.outcome.asked.request
    day = request.answer_by
    if grant and line.stage in {"waiting", "counts"}:
        day = (grant.ready_at if line.stage == "waiting" else grant.expires_at).date()
    return t(f"ask.stage.{line.stage}", date=in_words.day(day, t))

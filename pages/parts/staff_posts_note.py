"""Noting that a draft went out: asked about anew, each place with who can take it down, each step ticked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core import may_post, posting
from core import plain as in_words
from core.errors import SaysoError
from core.may_post import Reply
from core.model.posted import Piece, Place
from core.text import Words
from pages.parts import staff_post_answer, staff_post_form, staff_posts_down, staff_posts_list, staff_posts_words
from pages.parts.form import start_from, tick
from pages.parts.guard import way_on
from pages.parts.staff_day import ask_day
from pages.parts.staff_frame import Desk, tell
from pages.parts.staff_text import lines, plain

#: Which draft is being noted: its id; absent while the lists are shown.
OPEN = "posts-open"
#: What was said so far, by the draft's id.
_SAID = "posts-said"


def show(desk: Desk, piece: Piece) -> None:
    """Show one draft with its answer of this moment, and the form to note it where it may be posted."""
    t, name = desk.words, staff_post_form.names(desk)
    if st.button(t("posted.back.button"), key="posts-back", type="tertiary"):
        close()
        st.rerun()
    st.header(plain(staff_posts_words.title(piece, t)))
    question = may_post.question_of(piece)
    try:
        reply = may_post.answer(desk.vault, question, piece, desk.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    staff_post_answer.headline(reply, name, t)
    st.caption(t("posted.note.again"))
    if reply.headline not in {"allowed", "out_of_scope"}:
        _why_not(desk, piece, reply)
        return
    _draft(piece, t)
    places = _places(piece, t)
    day = _take_down(desk, piece)
    done = _steps(desk, piece, reply)
    st.caption(t("posted.note.told" if piece.draft.post.people else "posted.note.nobody"))
    if st.button(t("posted.note.button"), key="posts-note", type="primary", width="stretch"):
        _note(desk, piece, places, done, day)


def open_for(piece_id: str) -> None:
    """Let the page of posts show the form for this draft."""
    close()
    st.session_state[OPEN] = piece_id


def close() -> None:
    """Close the form. What was said in it is there when the same draft is opened again."""
    for key in [key for key in st.session_state if str(key).startswith(("posts-f-", OPEN))]:
        del st.session_state[key]


def _said(piece: Piece) -> dict[str, Any]:
    """Return what was said of a draft, by field: kept apart from the fields, which go while another page is open."""
    kept: dict[str, Any] = st.session_state.setdefault(_SAID, {}).setdefault(piece.id, {"slots": {}})
    if kept.get("of") != piece.draft.content_hash:
        # What was ticked was ticked of other words, or of other people.
        kept |= {"of": piece.draft.content_hash, "steps": {}}
    return kept


def _why_not(desk: Desk, piece: Piece, reply: Reply) -> None:
    t = desk.words
    if reply.inbox_first:
        way_on(t("post.inbox.button"), "therapist/inbox.py", main=True)
        return
    staff_post_answer.why(reply, staff_post_form.names(desk), t)
    _to_the_draft(desk, piece, t("posted.open.button"))


def _to_the_draft(desk: Desk, piece: Piece, label: str) -> None:
    if st.button(label, key="posts-to-draft", width="stretch"):
        staff_post_form.open_draft(desk, piece)
        st.switch_page("therapist/may_i_post.py")


def _draft(piece: Piece, t: Words) -> None:
    if piece.draft.text:
        with st.expander(t("posted.words.label"), key="posts-words"):
            st.text(piece.draft.text)
            if piece.draft.translation:
                st.text(piece.draft.translation)


def _places(piece: Piece, t: Words) -> list[Place | None]:
    """Ask for each place. None stands for one of which nobody said who can take it down."""
    st.header(t("posted.places"))
    st.write(t("posted.places.what", account=plain(piece.draft.account)))
    said = _said(piece)
    slots: dict[str, int] = said["slots"]
    found: list[Place | None] = []
    for channel in piece.draft.post.channels:
        st.markdown(f"### {t(f'channel.{channel}.label')}")
        for number in range(slots.get(channel, 1)):
            with st.container(border=True, key=f"posts-place-{channel}-{number}"):
                found.append(_place(said, channel, number, t))
        if st.button(t("posted.another.button"), key=f"posts-more-{channel}", type="tertiary"):
            slots[channel] = slots.get(channel, 1) + 1
            st.rerun()
    return found


def _place(said: dict[str, Any], channel: str, number: int, t: Words) -> Place | None:
    who, where = f"control-{channel}-{number}", f"address-{channel}-{number}"
    said[who] = control = staff_posts_list.control(f"posts-f-{who}", said.get(who), t)
    start_from(f"posts-f-{where}", said.get(where))
    said[where] = address = st.text_input(t("posted.address.label"), key=f"posts-f-{where}", autocomplete="off")
    st.caption(t("posted.address.hint"))
    return Place(channel=channel, control=control, address=address) if control else None


def _take_down(desk: Desk, piece: Piece) -> date | None:
    t, said = desk.words, _said(piece)
    st.header(t("posted.take_down"))
    latest = posting.latest_take_down(desk.vault, piece.draft, desk.now)
    if latest:
        st.write(t("posted.take_down.latest", date=in_words.day(latest, t)))
    else:
        st.write(t("posted.take_down.open"))
    first = desk.now.date() + timedelta(days=1)
    last, before = max(latest, first) if latest else None, said.get("day")
    if before and first <= before and (last is None or before <= last):
        start_from("posts-f-day", before)
    day = ask_day(t, t("posted.take_down.label"), key="posts-f-day", first=first, last=last)
    said["day"] = day
    return day


def _steps(desk: Desk, piece: Piece, reply: Reply) -> tuple[str, ...]:
    """Show each step to be ticked, and return those that are."""
    t, steps = desk.words, reply.verdict.steps if reply.verdict else ()
    st.header(t("posted.steps"))
    if "deidentify" in steps:
        _check(desk, piece)
    if "read_note" in steps:
        name = staff_post_form.names(desk)
        lines(t("posted.note_left", name=name(code), note=note) for code, note in _notes(desk, piece))
    if "attest_invented" in steps:
        st.write(t("posted.attest.what"))
    ticked: dict[str, bool] = _said(piece)["steps"]
    for step in steps:
        if step not in {"deidentify", "record_post"}:
            label, before = t(f"posted.step.{step}.label"), ticked.get(step, False)
            ticked[step] = tick(label, key=f"posts-f-{step}", value=before)
    return tuple(step for step in steps if ticked.get(step))


def _notes(desk: Desk, piece: Piece) -> list[tuple[str, str]]:
    return posting.notes(desk.vault, piece.draft, desk.now)


def _check(desk: Desk, piece: Piece) -> None:
    t = desk.words
    if posting.is_checked(piece.draft):
        st.success(t("posted.check.done"))
        return
    st.warning(t("posted.check.open"))
    _to_the_draft(desk, piece, t("posted.check.button"))


def _note(desk: Desk, piece: Piece, places: list[Place | None], done: tuple[str, ...], day: date | None) -> None:
    t, said = desk.words, [place for place in places if place is not None]
    if len(said) < len(places):
        st.error(t("posted.control.missing"))
        return
    try:
        noted = posting.record(desk.vault, piece.id, said, desk.now, steps_done=done, take_down_on=day)
    except SaysoError as problem:
        # Where the answer changed this very moment, the next look at this page shows why.
        st.error(t.problem(problem))
        return
    close()
    del st.session_state[_SAID][piece.id]
    tell(t("posted.noted"))
    staff_posts_down.by_hand(desk, noted)
    st.rerun()

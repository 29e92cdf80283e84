"""What was posted: where, when, on whose yes, and the way to set a wrong address right."""

from __future__ import annotations

from typing import get_args

import streamlit as st

from core import plain as in_words
from core import posting
from core.errors import SaysoError
from core.model.posted import Control, Piece, Place, Posted, Rest
from core.text import Words
from core.web.own_assets import drawing
from pages.parts import staff_post_form, staff_posts_down, staff_posts_words
from pages.parts.form import one_of, start_from
from pages.parts.staff_frame import Desk, tell
from pages.parts.staff_posts_words import Name, short
from pages.parts.staff_text import facts, glance, plain

_SHOWN, _STEP = "posts-shown", 10


def show(desk: Desk) -> None:
    """Show what was posted, newest first."""
    t = desk.words
    st.header(t("posted.list"))
    found = posting.published(desk.vault)
    if not found:
        st.html(drawing("empty-posts", 160, 96))
        st.write(t("posted.list.none"))
    shown_now = st.session_state.get(_SHOWN, _STEP)
    for piece in found[:shown_now]:
        with st.container(border=True, key=f"posted-{piece.id}"):
            _row(desk, piece)
    if len(found) > shown_now and st.button(t("posted.more.button"), key="posts-more", width="stretch"):
        st.session_state[_SHOWN] = shown_now + _STEP
        st.rerun()


def control(key: str, value: Control | None, t: Words) -> Control | None:
    """Ask who can take a place down."""
    return one_of(  # type: ignore[return-value]
        t("posted.control.label"),
        get_args(Control),
        lambda one: t(f"posted.control.{one}.label"),
        key=key,
        value=value,
        hints=lambda one: t(f"posted.control.{one}.hint"),
    )


def _row(desk: Desk, piece: Piece) -> None:
    t, name, posted = desk.words, staff_post_form.names(desk), piece.posted
    if posted is None:
        return
    st.markdown(f"### {plain(staff_posts_words.title(piece, t))}")
    glance(staff_posts_words.standing(place, t) for place in posted.places)
    facts(_said_of_it(desk, piece, posted, name))
    with st.expander(t("posted.rests.label"), key=f"rests-{piece.id}"):
        facts(_rests(piece, posted, name, t))
    with st.expander(t("posted.change.label"), key=f"change-{piece.id}"):
        st.write(t("posted.change.what"))
        for index, place in enumerate(posted.places):
            _change(desk, piece, index, place)


def _said_of_it(desk: Desk, piece: Piece, posted: Posted, name: Name) -> list[tuple[str, str]]:
    t = desk.words
    said = [
        (t("posted.at"), staff_posts_words.moment(posted.posted_at, t)),
        (t("posted.account"), piece.draft.account),
        (t("posted.form"), t(f"post.form.{piece.draft.post.form}.label")),
        (t("posted.verdict"), _verdict(posted, t)),
    ]
    if posted.rests_on:
        said.append((t("posted.people"), ", ".join(name(rest.card) for rest in posted.rests_on)))
    if posted.attestation is not None:
        holds = posting.is_attested(piece, desk.vault.keys.signing.public)
        said.append((t("posted.attested"), t("posted.attested.holds" if holds else "posted.attested.broken")))
    day = in_words.day(posted.take_down_on, t) if posted.take_down_on else t("posted.take_down.none")
    return [*said, (t("posted.take_down"), day)]


def _verdict(posted: Posted, t: Words) -> str:
    return t(f"posted.verdict.{posted.verdict}", date=in_words.day(posted.posted_at, t))


def _rests(piece: Piece, posted: Posted, name: Name, t: Words) -> list[tuple[str, str]]:
    rows = [(t("posted.draft"), short(piece.draft.content_hash)), (t("posted.entry"), str(posted.entry))]
    return rows + [row for rest in posted.rests_on for row in _rest(rest, name(rest.card), t)]


def _rest(rest: Rest, name: str, t: Words) -> list[tuple[str, str]]:
    digests = ", ".join(short(digest) for digest in rest.documents)
    made = in_words.day(rest.document_issued_at, t)
    ends = in_words.day(rest.document_ends_at, t) if rest.document_ends_at else t("posted.rest.no_end")
    rows = [(t("posted.rest.document", name=name), t("posted.rest.made", digests=digests, date=made, ends=ends))]
    if rest.granted_at and rest.grant_ends_at:
        given, until = in_words.day(rest.granted_at, t), in_words.day(rest.grant_ends_at, t)
        answers = ", ".join(short(digest) for digest in rest.answers)
        rows.append((t("posted.rest.yes", name=name), t("posted.rest.made", digests=answers, date=given, ends=until)))
    return rows


def _change(desk: Desk, piece: Piece, index: int, place: Place) -> None:
    t, key = desk.words, f"{piece.id}-{index}"
    glance([staff_posts_words.standing(place, t)])
    with st.form(f"correct-{key}", border=False):
        chosen = control(f"correct-control-{key}", place.control, t)
        start_from(f"correct-address-{key}", place.address)
        address = st.text_input(t("posted.address.label"), key=f"correct-address-{key}", autocomplete="off")
        if st.form_submit_button(t("posted.correct.button"), key=f"correct-{key}", width="stretch"):
            _correct(desk, piece, index, chosen or place.control, address)
    staff_posts_down.states(desk, piece, index, "list")


def _correct(desk: Desk, piece: Piece, index: int, control: Control, address: str) -> None:
    try:
        done = posting.correct(desk.vault, piece.id, index, control, address, desk.now)
    except SaysoError as problem:
        st.error(desk.words.problem(problem))
        return
    if done.posted == piece.posted:
        tell(desk.words("posted.correct.same"), "info")
    else:
        tell(desk.words("posted.corrected"))
        staff_posts_down.by_hand(desk, done)
    st.rerun()

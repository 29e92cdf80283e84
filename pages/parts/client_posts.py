"""Posts that include a client: where they are, when they come down, and how far that is."""

from __future__ import annotations

import streamlit as st

from core import plain
from core.model.notice import PostedNotice, PostedPlace
from core.received import Post
from core.text import Words
from pages.parts.client_own import Own
from pages.parts.client_past import take_back_button
from pages.parts.staff_text import facts


def show(own: Own, post: Post) -> None:
    """Show one post, what the client said against it, and a way to take it back while that changes anything."""
    t, posted = own.words, post.posted
    with st.container(border=True, key=f"post-{posted.post}"):
        st.subheader(_kind(t, posted))
        facts(
            [
                (t("mine.post.account"), posted.account),
                (t("mine.post.on"), plain.day(posted.at, t)),
                (t("mine.post.down"), _ends(t, posted)),
                *(_place(t, place) for place in post.places),
            ]
        )
        if posted.lasting:
            st.write(t("mine.post.lasting"))
        if post.taken_back and not post.is_over:
            st.write(t(f"mine.post.taken_back.{post.taken_back}", therapist=own.name))
        elif post.can_be_taken_back:
            label = t("mine.undo.yes.button" if posted.request_id else "mine.undo.post.button")
            take_back_button(own, post.reference, label, f"post-{posted.post}")


def _kind(t: Words, posted: PostedNotice) -> str:
    if posted.request_id:
        return t("mine.post.on_yes")
    return t("mine.post.composite" if posted.form == "composite" else "mine.post.on_choices")


def _ends(t: Words, posted: PostedNotice) -> str:
    return plain.day(posted.take_down_on, t) if posted.take_down_on else t("mine.post.no_day")


def _place(t: Words, place: PostedPlace) -> tuple[str, str]:
    state = t(f"mine.place.{place.state or 'up'}")
    return t(f"channel.{place.channel}.label"), f"{state} {place.address}".strip()

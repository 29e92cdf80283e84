"""Parcels that will never be read: set aside with a tap, listed, and taken back with another."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from core import importing
from core import plain as in_words
from core.errors import SaysoError
from core.importing import Outcome
from core.model.dates import from_unix
from pages.parts.staff_frame import Desk, tell


def offer(desk: Desk, outcomes: Iterable[Outcome]) -> None:
    """Offer to set aside each parcel that cannot be read."""
    t = desk.words
    for one in outcomes:
        if not one.can_be_set_aside or one.parcel_id is None:
            continue
        with st.container(border=True, key=f"unread-{one.parcel_id}"):
            st.write(t("aside.what", number=one.position))
            st.button(
                t("aside.set.button", number=one.position),
                key=f"aside-{one.parcel_id}",
                on_click=_set_aside,
                args=(desk, one.parcel_id),
                width="stretch",
            )


def listed(desk: Desk) -> None:
    """List what was set aside, folded."""
    t = desk.words
    aside = importing.put_aside(desk.vault)
    if not aside:
        return
    with st.expander(t("aside.list.label", count=len(aside)), key="aside-list"):
        st.write(t("aside.list.what"))
        for one in aside:
            date = in_words.day(from_unix(one.posted_at), t)
            label = t("aside.back.button", date=date)
            st.button(label, key=f"back-{one.id}", on_click=_put_back, args=(desk, one.id), width="stretch")


def _set_aside(desk: Desk, parcel_id: str) -> None:
    try:
        importing.set_aside(desk.vault, parcel_id, desk.now)
    except SaysoError as problem:
        tell(desk.words.problem(problem), "warning")
    else:
        tell(desk.words("aside.done"))


def _put_back(desk: Desk, parcel_id: str) -> None:
    try:
        importing.put_back(desk.vault, parcel_id, desk.now)
    except SaysoError as problem:
        tell(desk.words.problem(problem), "warning")
    else:
        tell(desk.words("aside.back.done"), "info")

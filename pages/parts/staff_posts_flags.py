"""What changed while the vault was closed: drafts with another answer, and what has to come down next."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core import drafting, take_downs
from core.errors import SaysoError
from core.model.posted import Piece
from core.store.vaults import Vault
from pages.parts import staff_posts_words
from pages.parts.guard import way_on
from pages.parts.staff_frame import Desk, changes

_SEEN, _MOMENT = "posts-flags", 600


@dataclass(frozen=True)
class Flags:
    """How many drafts have another answer than was seen last, and what has to come down. ``due``: the first.

    ``problem``: why the drafts have no answer now.
    """

    changed: int = 0
    to_take_down: int = 0
    due: datetime | None = None
    problem: SaysoError | None = None


def look(vault: Vault, now: datetime) -> Flags:
    """Ask about every draft and every post anew; what changed goes into the record."""
    changed: list[Piece] = []
    problem = None
    try:
        changed = [piece for piece, _ in drafting.look_again(vault, now) if piece.draft.seen is not None]
    except SaysoError as met:
        # What has to come down is due whatever keeps the drafts from an answer.
        problem = met
    left = [task for task in take_downs.take_downs(vault, now) if not task.place.is_over]
    return Flags(len(changed), len(left), min((task.due for task in left if task.due), default=None), problem)


def at_unlock(vault: Vault | None, now: datetime) -> None:
    """Ask anew as the vault opens. What goes wrong here is met again, and said, by the page that shows it."""
    if vault is not None:
        with suppress(SaysoError):
            drafting.look_again(vault, now)


def show(desk: Desk) -> None:
    """Show the flags, each with its way on. Nothing changed: nothing is said."""
    t = desk.words
    try:
        flags = _seen(desk)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    if flags.problem:
        st.error(t.problem(flags.problem))
    if flags.to_take_down:
        if flags.due:
            st.warning(t("posted.flag.down", count=flags.to_take_down, moment=staff_posts_words.moment(flags.due, t)))
        else:
            st.warning(t("posted.flag.down_open", count=flags.to_take_down))
        way_on(t("posted.flag.down.button"), "therapist/posts.py")
    if flags.changed:
        st.info(t("posted.flag.changed", count=flags.changed))
        way_on(t("posted.flag.changed.button"), "therapist/may_i_post.py")


def _seen(desk: Desk) -> Flags:
    # Every row of every person is opened for this: not again at each tap on the page.
    stamp = (changes(), int(desk.now.timestamp()) // _MOMENT)
    kept: tuple[object, Flags] | None = st.session_state.get(_SEEN)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    flags = look(desk.vault, desk.now)
    if flags.problem is None:
        st.session_state[_SEEN] = (stamp, flags)
    return flags

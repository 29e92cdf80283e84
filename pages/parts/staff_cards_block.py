"""Cards that were lost: blocked by their numbers or as a whole batch, and a blocking by mistake undone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import naming
from core.errors import SaysoError
from core.store import cards
from pages.parts.staff_cards_batches import pick
from pages.parts.staff_frame import Counter, tell

_BLOCKED = "blocked-last"


def lost(who: Counter) -> None:
    """Show the ways to block cards."""
    t = who.words
    st.header(t("cards.block"))
    st.write(t("cards.block.what"))
    with st.form("block", border=False):
        typed = st.text_input(t("cards.numbers.label"), key="lost", autocomplete="off")
        st.caption(t("cards.numbers.hint"))
        sent = st.form_submit_button(t("cards.block.button"), key="block-do", width="stretch")
    if sent:
        try:
            _block(who, naming.numbers_at(who.database, who.therapist_ids, typed))
        except SaysoError as problem:
            st.error(t.problem(problem))
    with st.expander(t("cards.block.batch.label"), key="block-batch"):
        batch = pick(who, "lost-batch")
        if batch and st.button(t("cards.block.batch.button"), key="block-batch-do", width="stretch"):
            _block(who, range(batch.first, batch.last + 1))
    _undo(who)


def _block(who: Counter, numbers: Sequence[int]) -> None:
    blocked = cards.block_printed(who.here.portal.database, numbers)
    st.session_state[_BLOCKED] = blocked
    tell(who.words("cards.blocked", count=len(blocked)), "info")
    st.rerun()


def _undo(who: Counter) -> None:
    blocked = st.session_state.get(_BLOCKED)
    if blocked and st.button(who.words("cards.unblock.button", count=len(blocked)), key="unblock", width="stretch"):
        count = cards.unblock(who.here.portal.database, blocked)
        del st.session_state[_BLOCKED]
        tell(who.words("cards.unblocked", count=count), "info")
        st.rerun()

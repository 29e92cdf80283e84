"""A sheet or one card printed once more: the same codes, the same numbers."""

from __future__ import annotations

import streamlit as st

from core import batches, naming
from core.errors import SaysoError
from core.store import card_batches, cards
from core.store.card_batches import Batch
from pages.parts.staff_cards_batches import pick
from pages.parts.staff_frame import Counter

_AGAIN = "again-pdf"


def sheet_or_card(who: Counter) -> None:
    """Show the two ways to print again."""
    t = who.words
    st.header(t("cards.again"))
    st.write(t("cards.again.what"))
    with st.expander(t("cards.again.card.label"), key="again-card"):
        _card(who)
    with st.expander(t("cards.again.sheet.label"), key="again-sheet"):
        _sheet(who)


def _card(who: Counter) -> None:
    t, database = who.words, who.here.portal.database
    with st.form("again-card-form", border=False):
        typed = st.text_input(t("cards.number.label"), key="again-number", autocomplete="off")
        sent = st.form_submit_button(t("cards.again.card.button"), key="again-card-do", width="stretch")
    if sent:
        try:
            number = naming.number_at(who.database, who.therapist_ids, typed)
            card = cards.find_number(database, number)
            preset = card_batches.find(database, card.batch_id).preset
            pdf = batches.one_again(database, number, preset, _offset())
        except SaysoError as problem:
            st.session_state.pop(_AGAIN, None)
            st.error(t.problem(problem))
            return
        key = "cards.again.theirs" if card.state == "handed_out" else "cards.again.free"
        st.session_state[_AGAIN] = ("card", t(key, number=number), pdf)
    _save(who, "card")


def _sheet(who: Counter) -> None:
    t = who.words
    batch = pick(who, "again-batch")
    if batch is None:
        return
    ranges = batches.sheets(batch)
    sheet = st.number_input(t("cards.again.which.label", sheets=len(ranges)), value=1, step=1, key="again-which")
    if 1 <= sheet <= len(ranges):
        first, last = ranges[int(sheet) - 1]
        st.caption(t("cards.again.range", sheet=int(sheet), sheets=len(ranges), first=first, last=last))
    if st.button(t("cards.again.sheet.button"), key="again-sheet-do", width="stretch"):
        _make_sheet(who, batch, int(sheet))
    _save(who, "sheet")


def _make_sheet(who: Counter, batch: Batch, sheet: int) -> None:
    try:
        pdf = batches.again(who.here.portal.database, batch, sheet, _offset())
    except SaysoError as problem:
        st.session_state.pop(_AGAIN, None)
        st.error(who.words.problem(problem))
        return
    st.session_state[_AGAIN] = ("sheet", who.words("cards.again.sheet.ready"), pdf)


def _offset() -> tuple[float, float]:
    state = st.session_state
    return float(state.get("offset-x", 0.0)), float(state.get("offset-y", 0.0))


def _save(who: Counter, kind: str) -> None:
    made = st.session_state.get(_AGAIN)
    if made is None or made[0] != kind:
        return
    st.success(made[1])
    st.download_button(
        who.words("cards.again.save.button"),
        made[2],
        "cards.pdf",
        "application/pdf",
        key=f"again-save-{kind}",
        on_click="ignore",
        type="primary",
        width="stretch",
    )

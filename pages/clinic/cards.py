"""Cards: hand them out by their stubs' numbers, make sheets in the background, print again, block lost ones."""

from __future__ import annotations

import streamlit as st

from core import naming
from core.errors import SaysoError
from core.store import cards
from core.store.vaults import Vault
from pages.parts import (
    guard,
    staff_cards_again,
    staff_cards_block,
    staff_cards_make,
    staff_cards_press,
    staff_cards_wall,
)
from pages.parts.staff_frame import counter, heading, tell
from pages.parts.staff_text import plain

_LAST = "handed-out-last"


def _counts(vault: Vault) -> None:
    found = cards.counts(vault.database, vault.therapist_id)
    st.write(t("cards.counts", printed=found["printed"], handed_out=found["handed_out"], blocked=found["blocked"]))


def _hand_out(vault: Vault) -> None:
    st.header(t("cards.hand_out"))
    st.write(t("cards.hand_out.what"))
    with st.form("hand-out", border=False, clear_on_submit=False):
        number = st.text_input(t("cards.number.label"), key="number", autocomplete="off")
        alias = st.text_input(t("cards.alias.label"), key="alias", max_chars=40, autocomplete="off")
        st.caption(t("cards.alias.hint"))
        sent = st.form_submit_button(t("cards.hand_out.button"), type="primary", key="hand-out-do", width="stretch")
    if sent:
        try:
            person = naming.hand_out(vault, number, alias, who.now)
        except SaysoError as problem:
            st.error(t.problem(problem))
        else:
            tell(t("cards.handed_out", number=person.card.number, name=plain(person.name)))
            st.session_state[_LAST] = person.card.number
            for key in ("number", "alias"):
                del st.session_state[key]
            st.rerun()
    _take_back()


def _take_back() -> None:
    last = st.session_state.get(_LAST)
    if last is not None and st.button(t("cards.take_back.button", number=last), key="take-back"):
        cards.take_back(who.database, last, who.now)
        del st.session_state[_LAST]
        tell(t("cards.taken_back", number=last), "info")
        st.rerun()


def _paper() -> None:
    st.header(t("paper.person"))
    st.write(t("paper.what") if who.vault else t("paper.office.what"))
    guard.way_on(t("paper.enter.button"), guard.PAGES["paper"])


who = counter("cards")
t = who.words
heading(t("cards.title"))
if who.vault:
    _counts(who.vault)
    _hand_out(who.vault)
staff_cards_press.cut_off(who)
st.header(t("cards.make"))
if not staff_cards_press.at_work(who):
    staff_cards_make.form(who)
_paper()
staff_cards_again.sheet_or_card(who)
staff_cards_block.lost(who)
staff_cards_wall.logo_and_poster(who)

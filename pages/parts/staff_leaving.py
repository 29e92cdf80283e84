"""When a therapist leaves: handing over, closing the vault of who is gone, and letting somebody back in."""

from __future__ import annotations

import streamlit as st

from core import hand_over, signing_in
from core.errors import SaysoError
from core.store import attendance, practice
from core.store.practice import Therapist
from core.store.vaults import Vault
from pages.parts import guard
from pages.parts.form import one_of
from pages.parts.staff_frame import Counter, address, tell
from pages.parts.staff_text import plain


def show(who: Counter, vault: Vault) -> None:
    """Offer to leave, to close a colleague's vault, and to let one back in."""
    t = who.words
    st.header(t("team.leave"))
    colleagues = [one for one in practice.list_vaults(who.database) if one.id != vault.therapist_id]
    if colleagues:
        with st.expander(t("team.leave.label"), key="leave-open"):
            _leave(who, vault, colleagues)
        with st.expander(t("team.close.label"), key="close-open"):
            _close(who, vault, colleagues)
    else:
        st.write(t("team.leave.alone"))
    _let_back(who, vault)


def _leave(who: Counter, vault: Vault, colleagues: list[Therapist]) -> None:
    t = who.words
    for said in (t("team.leave.what"), t("team.leave.then"), t("team.leave.posts")):
        st.write(said)
    st.write(t("team.leave.counts", count=len(hand_over.noes(vault, who.now))))
    _names(who, vault)
    missing = t("team.leave.who.missing")
    asked = _ask(who, colleagues, t("team.leave.who.label"), t("team.leave.button"), "leave", missing)
    if asked is None:
        return
    successor, passphrase = asked
    try:
        signing_in.prove(who.here.portal, vault, passphrase, address(), who.now)
        handed = hand_over.leave(vault, successor.id, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    guard.lock(who.here)
    tell(t("team.left", cards=handed.cards, noes=handed.noes))
    st.switch_page("therapist/unlock.py")


def _names(who: Counter, vault: Vault) -> None:
    t = who.words
    st.caption(t("team.leave.names.what"))
    if st.checkbox(t("team.leave.names.label"), key="leave-names"):
        st.download_button(
            t("team.leave.names.button"),
            lambda: hand_over.with_names(vault, who.now, t),
            "list.txt",
            "text/plain",
            key="leave-list",
            on_click="ignore",
            width="stretch",
        )


def _close(who: Counter, vault: Vault, colleagues: list[Therapist]) -> None:
    t = who.words
    st.write(t("team.close.what"))
    missing = t("team.close.who.missing")
    asked = _ask(who, colleagues, t("team.close.who.label"), t("team.close.button"), "close", missing)
    if asked is None:
        return
    gone, passphrase = asked
    try:
        signing_in.prove(who.here.portal, vault, passphrase, address(), who.now)
        handed = hand_over.close_for(vault, gone.id, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    tell(t("team.closed", name=plain(gone.name), cards=handed.cards))
    st.rerun()


def _ask(
    who: Counter, colleagues: list[Therapist], label: str, button: str, key: str, missing: str
) -> tuple[Therapist, str] | None:
    """Ask for a colleague and for one's own passphrase. Returns both once they are given."""
    t, names = who.words, {one.id: one for one in colleagues}
    with st.form(key, clear_on_submit=True, border=False):
        chosen = one_of(label, list(names), lambda one: plain(names[one].name), key=f"{key}-who", value=None)
        typed = st.text_input(
            t("team.leave.proof.label"), type="password", key=f"{key}-proof", autocomplete="current-password"
        )
        if not st.form_submit_button(button, key=f"{key}-do", width="stretch"):
            return None
    if chosen is None:
        st.error(missing)
        return None
    return names[chosen], typed


def _let_back(who: Counter, vault: Vault) -> None:
    t, left = who.words, attendance.list_left(who.database)
    if not left:
        return
    st.write(t("team.back.what"))
    for therapist_id, name in left:
        if st.button(t("team.back.button", name=plain(name)), key=f"back-{therapist_id}", width="stretch"):
            hand_over.let_back(vault, therapist_id, who.now)
            tell(t("team.back.done", name=plain(name)))
            st.rerun()

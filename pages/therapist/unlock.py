"""Unlock: the passphrase, or the recovery sheet."""

from __future__ import annotations

import streamlit as st

from core import demo, signing_in
from core.errors import SaysoError
from core.signing_in import NewPassphrase
from core.store import practice
from core.store.practice import Practice, Therapist
from pages.parts import guard, staff_posts_flags
from pages.parts.form import one_of
from pages.parts.session import here
from pages.parts.staff_frame import address
from pages.parts.staff_text import plain


def _nobody() -> None:
    st.write(t("unlock.not_set_up"))
    guard.way_on(t("unlock.set_up.link"), "clinic/setup.py", main=True)


def _who(therapists: list[Therapist]) -> str | None:
    if len(therapists) == 1:
        return therapists[0].id
    names = {one.id: plain(one.name) for one in therapists}
    return one_of(t("unlock.who.label"), list(names), names.__getitem__, key="who", value=None)


def _go_on() -> None:
    staff_posts_flags.at_unlock(who.portal.vaults.get(who.binding), who.now)
    st.switch_page(guard.after_unlocking())


def _passphrase(therapist_id: str | None) -> None:
    with st.form("unlock", border=False):
        typed = st.text_input(
            t("unlock.passphrase.label"), type="password", key="passphrase", autocomplete="current-password"
        )
        sent = st.form_submit_button(t("unlock.open.button"), type="primary", key="open", width="stretch")
    if not sent:
        return
    if therapist_id is None:
        st.error(t("unlock.who.missing"))
        return
    try:
        signing_in.unlock(who.portal, who.binding, therapist_id, typed, address(), who.now)
    except SaysoError as problem:
        st.error(problem.sentence)
    else:
        _go_on()


def _recovery(therapist_id: str | None) -> None:
    with st.expander(t("unlock.recovery.label")), st.form("recovery", border=False):
        st.write(t("unlock.recovery.what"))
        code = st.text_input(t("unlock.recovery.code.label"), key="recovery-code", autocomplete="off")
        new = NewPassphrase(
            st.text_input(t("unlock.new.label"), type="password", key="new", autocomplete="new-password"),
            st.text_input(t("unlock.again.label"), type="password", key="again", autocomplete="new-password"),
        )
        if not st.form_submit_button(t("unlock.recovery.button"), key="recover", width="stretch"):
            return
        if therapist_id is None:
            st.error(t("unlock.who.missing"))
            return
        try:
            signing_in.recover(who.portal, who.binding, therapist_id, code, new, address(), who.now)
        except SaysoError as problem:
            st.error(problem.sentence)
        else:
            _go_on()


def _hint(kept: Practice) -> None:
    if kept.demo:
        st.info(t("unlock.demo", passphrase=demo.PASSPHRASE))


who = here()
t = who.words
if who.portal.vaults.get(who.binding) is not None:
    st.switch_page(guard.after_unlocking())
st.title(t("unlock.title"))
kept = practice.find_practice(who.portal.database)
therapists = practice.list_vaults(who.portal.database)
if kept is None or not therapists:
    _nobody()
else:
    _hint(kept)
    chosen = _who(therapists)
    _passphrase(chosen)
    _recovery(chosen)

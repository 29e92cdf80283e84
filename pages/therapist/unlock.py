"""Unlock: the passphrase, or the recovery sheet."""

from __future__ import annotations

import streamlit as st

from core import demo, signing_in, staff
from core.errors import SaysoError
from core.signing_in import NewPassphrase
from core.store import practice
from core.store import staff as logins
from core.store.practice import Practice, Therapist
from pages.parts import front_door, guard, staff_posts_flags
from pages.parts.form import one_of
from pages.parts.session import here
from pages.parts.staff_frame import address, heading
from pages.parts.staff_text import plain

#: Chosen in the place of a therapist.
_OFFICE = "office"


def _nobody() -> None:
    st.write(t("unlock.not_set_up"))
    guard.way_on(t("unlock.set_up.link"), "clinic/setup.py", main=True)


def _who(therapists: list[Therapist], *, office: bool) -> str | None:
    if len(therapists) == 1 and not office:
        return therapists[0].id
    names = {one.id: plain(one.name) for one in therapists}
    if office:
        names[_OFFICE] = t("unlock.office.label")
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
        st.error(t.problem(problem))
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
            st.error(t.problem(problem))
        else:
            _go_on()


def _office() -> None:
    with st.form("office", border=False):
        name = st.text_input(t("unlock.office.name.label"), key="office-name", autocomplete="username")
        typed = st.text_input(
            t("unlock.passphrase.label"), type="password", key="office-passphrase", autocomplete="current-password"
        )
        if not st.form_submit_button(t("unlock.office.button"), type="primary", key="sign-in", width="stretch"):
            return
    try:
        staff.sign_in_office(who.portal, who.binding, name, typed, address(), who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        st.switch_page(guard.after_signing_in())


def _hint(kept: Practice) -> None:
    if kept.demo:
        st.info(t("unlock.demo", passphrase=demo.PASSPHRASE))


who = here()
t = who.words
if staff.vault_here(who.portal, who.binding) is not None:
    st.switch_page(guard.after_unlocking())
heading(t("unlock.title"))
kept = practice.find_practice(who.portal.database)
therapists = practice.list_vaults(who.portal.database)
if kept is None or not therapists:
    _nobody()
else:
    _hint(kept)
    chosen = _who(therapists, office=bool(logins.list_office(who.portal.database)))
    if chosen == _OFFICE:
        _office()
    else:
        _passphrase(chosen)
        _recovery(chosen)
    guard.way_on(t("unlock.join.link"), "clinic/join.py")
front_door.way_out(who)

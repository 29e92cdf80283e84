"""Join: take an invitation up, as a therapist with a vault of one's own, or in the office."""

from __future__ import annotations

import streamlit as st

from core import staff
from core.errors import SaysoError
from core.signing_in import NewPassphrase
from core.staff import Joining
from core.store import practice
from core.store.staff import Role
from pages.parts import guard, staff_recovery
from pages.parts.session import here
from pages.parts.staff_frame import address

_INVITED, _JOINED = "invited", "joined"


def _ask_for_code() -> None:
    st.write(t("join.what"))
    with st.form("invitation", border=False):
        typed = st.text_input(t("join.code.label"), key="invitation-code", autocomplete="off")
        sent = st.form_submit_button(t("join.code.button"), type="primary", key="give-invitation", width="stretch")
    if not sent:
        return
    try:
        found = staff.invited(who.portal, typed, address(), who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        st.session_state[_INVITED] = (typed, found.role)
        st.rerun()


def _ask(code: str, role: Role) -> Joining | None:
    with st.form("join", border=False):
        name = st.text_input(t("join.name.label"), key="join-name", autocomplete="name")
        st.caption(t("join.name.therapist.hint" if role == "therapist" else "join.name.office.hint"))
        accounts = _accounts() if role == "therapist" else ()
        first = st.text_input(t("setup.passphrase.label"), type="password", key="new", autocomplete="new-password")
        st.caption(t("setup.passphrase.hint"))
        again = st.text_input(t("unlock.again.label"), type="password", key="again", autocomplete="new-password")
        if role == "therapist":
            st.warning(t("setup.lost"))
        else:
            st.caption(t("team.passphrase.lost"))
        sent = st.form_submit_button(t("join.button"), type="primary", key="join-do", width="stretch")
    return Joining(code, name, NewPassphrase(first, again), accounts) if sent else None


def _accounts() -> tuple[str, ...]:
    accounts = st.text_area(t("setup.accounts.label"), key="accounts", height=100)
    st.caption(t("setup.accounts.hint"))
    return tuple(accounts.splitlines())


def _join(code: str, role: Role) -> None:
    st.write(t("join.therapist" if role == "therapist" else "join.office"))
    typed = _ask(code, role)
    if st.button(t("join.other.button"), key="another-code", width="stretch"):
        _begin_anew()
        st.rerun()
    if typed is None:
        return
    box = staff_recovery.kept()
    try:
        if role == "therapist":
            therapist, recovery_code = staff.join_as_therapist(who.portal, who.binding, typed, address(), who.now)
            box.fill(therapist.id, recovery_code)
        else:
            staff.join_as_office(who.portal, who.binding, typed, address(), who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    _begin_anew()
    if role == "office":
        st.switch_page(guard.after_signing_in())
    st.rerun()


def _begin_anew() -> None:
    for key in (_INVITED, "invitation-code", "join-name", "accounts", "new", "again"):
        st.session_state.pop(key, None)


def _done() -> None:
    st.success(t("join.done"))
    staff_recovery.show(who)
    if st.button(t("settings.recovery.seen.button"), key="seen", width="stretch"):
        staff_recovery.forget()
        st.session_state[_JOINED] = True
        st.rerun()


def _in_already() -> None:
    if _JOINED not in st.session_state:
        st.write(t("join.already"))
    elif not staff_recovery.ask_to_try(who):
        st.success(t("sheet.try.done"))
    guard.way_on(t("setup.next.cards.link"), guard.PAGES["cards"])
    guard.way_on(t("setup.next.inbox.link"), guard.PAGES["inbox"])


who = here()
t = who.words
st.title(t("join.title"))
if practice.find_practice(who.portal.database) is None:
    st.write(t("unlock.not_set_up"))
    guard.way_on(t("unlock.set_up.link"), "clinic/setup.py", main=True)
elif staff_recovery.kept().code:
    _done()
elif staff.vault_here(who.portal, who.binding) is not None:
    _in_already()
elif _INVITED in st.session_state:
    _join(*st.session_state[_INVITED])
else:
    _ask_for_code()

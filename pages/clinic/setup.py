"""Set up: the practice, its therapist and vault, and the recovery sheet, once."""

from __future__ import annotations

import streamlit as st

from core import signing_in, staff
from core.errors import SaysoError
from core.portal import is_this_machine
from core.signing_in import NewPassphrase
from core.store import practice
from core.store.practice import SetUp
from pages.parts import guard, staff_recovery
from pages.parts.session import here
from pages.parts.staff_frame import address

#: What a proxy adds; any of them means that the browser is elsewhere.
_PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via")


def _may_set_up() -> bool:
    headers = st.context.headers
    passed_on = any(headers.get(name) for name in _PASSED_ON)
    return is_this_machine(headers.get("Host", ""), st.context.ip_address, forwarded=passed_on) or bool(
        who.portal.may_set_up.get(who.binding)
    )


def _ask_for_code() -> None:
    st.write(t("setup.code.what"))
    with st.form("code", border=False):
        typed = st.text_input(t("setup.code.label"), key="setup-code", autocomplete="off")
        sent = st.form_submit_button(t("setup.code.button"), type="primary", key="give-code", width="stretch")
    if not sent:
        return
    try:
        signing_in.give_setup_code(who.portal, who.binding, typed, address(), who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        st.rerun()


def _ask() -> tuple[SetUp, NewPassphrase] | None:
    with st.form("setup", border=False):
        name = st.text_input(t("setup.practice.label"), key="practice", autocomplete="organization")
        therapist = st.text_input(t("setup.therapist.label"), key="therapist", autocomplete="name")
        st.caption(t("setup.therapist.hint"))
        accounts = st.text_area(t("setup.accounts.label"), key="accounts", height=100)
        st.caption(t("setup.accounts.hint"))
        first = st.text_input(t("setup.passphrase.label"), type="password", key="new", autocomplete="new-password")
        st.caption(t("setup.passphrase.hint"))
        again = st.text_input(t("unlock.again.label"), type="password", key="again", autocomplete="new-password")
        st.warning(t("setup.lost"))
        sent = st.form_submit_button(t("setup.button"), type="primary", key="set-up", width="stretch")
    new = NewPassphrase(first, again)
    return (SetUp(name, therapist, tuple(accounts.splitlines()), first), new) if sent else None


def _set_up() -> None:
    asked = _ask()
    if asked is None:
        return
    answers, new = asked
    box = staff_recovery.kept()
    try:
        new.checked()
        therapist, code = signing_in.set_up(who.portal, who.binding, answers, who.now)
        box.fill(therapist.id, code)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        st.rerun()


def _done() -> None:
    st.success(t("setup.done"))
    staff_recovery.show(who)
    if staff_recovery.kept().code and st.button(t("settings.recovery.seen.button"), key="seen", width="stretch"):
        staff_recovery.forget()
        st.rerun()
    staff_recovery.ask_to_try(who)
    st.header(t("setup.next"))
    guard.way_on(t("setup.next.cards.link"), "clinic/cards.py")
    guard.way_on(t("setup.next.inbox.link"), "therapist/inbox.py")


who = here()
t = who.words
set_up = practice.find_practice(who.portal.database) is not None
st.title(t("setup.title"))
if set_up and staff.vault_here(who.portal, who.binding):
    _done()
elif set_up:
    st.write(t("setup.already"))
    st.write(t("setup.recovery.again"))
    guard.way_on(t("unlock.open.button"), "therapist/unlock.py", main=True)
elif _may_set_up():
    st.write(t("setup.intro"))
    _set_up()
else:
    _ask_for_code()

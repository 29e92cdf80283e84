"""The practice: what waits unread for whom, the office's counter, invitations, and therapists who leave."""

from __future__ import annotations

import streamlit as st

from core import staff
from core.errors import SaysoError
from core.store import attendance
from core.store.attendance import Unread
from pages.parts import staff_leaving, staff_team
from pages.parts.staff_frame import counter, heading, tell
from pages.parts.staff_text import facts, plain


def _waits(one: Unread) -> str:
    days = one.days(who.now)
    if not one.count:
        return t("team.unread.none")
    if one.count == 1:
        recent = t("team.unread.one.day") if days else t("team.unread.one.today")
        return recent if days < 2 else t("team.unread.one", days=days)
    if days == 0:
        return t("team.unread.today", count=one.count)
    if days == 1:
        return t("team.unread.day", count=one.count)
    return t("team.unread.days", count=one.count, days=days)


def _unread() -> None:
    st.header(t("team.unread"))
    st.write(t("team.unread.what"))
    found = attendance.unread(who.database)
    for one in found:
        if one.is_too_long(who.now):
            late = "team.unread.late.left" if one.left else "team.unread.late"
            st.warning(t(late, name=plain(one.name), days=one.days(who.now)))
    facts([(t("team.unread.left", name=one.name) if one.left else one.name, _waits(one)) for one in found])


def _hand_out() -> None:
    st.header(t("team.hand_out"))
    st.write(t("team.hand_out.what"))
    with st.form("counter", border=False):
        typed = st.text_input(t("team.hand_out.label"), key="counter-number", autocomplete="off")
        if not st.form_submit_button(t("team.hand_out.button"), type="primary", key="counter-do", width="stretch"):
            return
    try:
        card = staff.hand_out(who.database, who.therapist_ids, typed, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        del st.session_state["counter-number"]
        tell(t("team.handed_out", number=card.number))
        st.rerun()


who = counter("therapists")
t = who.words
heading(t("team.title"))
_unread()
if who.vault is None:
    _hand_out()
    staff_team.passphrase(who)
else:
    staff_team.invitations(who, who.vault)
    staff_team.office(who)
    staff_leaving.show(who, who.vault)

"""Invitations, the office's logins, and the passphrase of somebody in the office."""

from __future__ import annotations

from typing import cast

import streamlit as st

from core import plain as in_words
from core import staff
from core.errors import SaysoError
from core.signing_in import NewPassphrase
from core.store import staff as logins
from core.store.staff import Invitation, Role
from core.store.vaults import Vault
from pages.parts.form import one_of
from pages.parts.session import origin
from pages.parts.staff_frame import Counter, address, tell
from pages.parts.staff_text import code, plain

_CODE = "invitation-made"
_ROLES = ("therapist", "office")


def invitations(who: Counter, vault: Vault) -> None:
    """Make an invitation, show its code once, and list those that are open."""
    t = who.words
    st.header(t("team.invite"))
    if _CODE in st.session_state:
        _show_code(who)
    else:
        _invite(who, vault)
    st.markdown(f"**{t('team.invite.open')}**")
    found = logins.open_invitations(who.database, who.now)
    if not found:
        st.write(t("team.invite.open.none"))
    for one in found:
        _open_one(who, one)


def _invite(who: Counter, vault: Vault) -> None:
    t = who.words
    st.write(t("team.invite.what"))
    with st.form("invite", border=False):
        role = one_of(
            t("team.invite.role.label"),
            _ROLES,
            lambda role: t(f"team.invite.role.{role}.label"),
            key="invite-role",
            value=None,
            hints=lambda role: t(f"team.invite.role.{role}.hint"),
        )
        if not st.form_submit_button(t("team.invite.button"), type="primary", key="invite-do", width="stretch"):
            return
    if role is None:
        st.error(t("team.invite.role.missing"))
        return
    try:
        made = logins.invite(who.database, cast("Role", role), vault.therapist_id, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    st.session_state[_CODE] = made
    st.rerun()


def _show_code(who: Counter) -> None:
    t = who.words
    with st.container(border=True, key="invitation-code-box"):
        st.write(t("team.invite.code"))
        st.write(plain(f"{origin()}/join"))
        code(st.session_state[_CODE])
        if st.button(t("team.invite.seen.button"), key="invitation-seen", width="stretch"):
            del st.session_state[_CODE]
            st.rerun()


def _open_one(who: Counter, one: Invitation) -> None:
    t, until = who.words, in_words.day(one.ends_at, who.words)
    by = {"name": plain(one.invited_by), "date": until}
    st.write(t("team.invite.open.office", **by) if one.role == "office" else t("team.invite.open.therapist", **by))
    if st.button(t("team.invite.revoke.button"), key=f"revoke-{one.id}", width="stretch"):
        logins.revoke(who.database, one.id)
        st.session_state.pop(_CODE, None)
        tell(t("team.invite.revoked"), "info")
        st.rerun()


def office(who: Counter) -> None:
    """List who can sign in for the office, and let a therapist remove them."""
    t = who.words
    st.header(t("team.office"))
    found = logins.list_office(who.database)
    if not found:
        st.write(t("team.office.none"))
    for one in found:
        name = plain(one.name)
        if st.button(t("team.office.remove.button", name=name), key=f"remove-{one.id}", width="stretch"):
            logins.remove_office(who.database, one.id)
            tell(t("team.office.removed", name=name), "info")
            st.rerun()


def passphrase(who: Counter) -> None:
    """Let somebody of the office change their passphrase."""
    t, me = who.words, who.office
    if me is None:
        return
    st.header(t("team.passphrase"))
    st.write(t("team.you", name=plain(me.name)))
    with st.form("office-words", border=False):
        old = st.text_input(
            t("team.passphrase.old.label"), type="password", key="office-old", autocomplete="current-password"
        )
        new = NewPassphrase(
            st.text_input(t("unlock.new.label"), type="password", key="office-new", autocomplete="new-password"),
            st.text_input(t("unlock.again.label"), type="password", key="office-again", autocomplete="new-password"),
        )
        sent = st.form_submit_button(t("team.passphrase.button"), key="office-change", width="stretch")
    st.caption(t("team.passphrase.lost"))
    if not sent:
        return
    try:
        staff.change_office_passphrase(who.here.portal, me, old, new, address(), who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    for key in ("office-old", "office-new", "office-again"):
        del st.session_state[key]
    tell(t("team.passphrase.done"))
    st.rerun()

"""Settings: the address on cards, the accounts, the mailbox, the passphrase, and what this cannot do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core import batches, signing_in
from core.errors import SaysoError
from core.language import names
from core.sheet import check_base
from core.signing_in import NewPassphrase
from core.store import practice
from pages.parts import staff_exports, staff_recovery
from pages.parts.form import start_from
from pages.parts.staff_frame import address, desk, heading, tell
from pages.parts.staff_text import lines, plain


def _do(step: Callable[[], object], done: str, forget: tuple[str, ...] = ()) -> None:
    try:
        step()
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    for key in forget:
        st.session_state.pop(key, None)
    tell(done)
    st.rerun()


def _public_address() -> None:
    st.header(t("settings.address"))
    fixed = portal.settings.public_url
    if fixed:
        st.write(t("cards.base.fixed", address=plain(fixed)))
        return
    for warning in check_base(portal.public_url) if portal.public_url else []:
        st.warning(t(warning))
    with st.form("address", border=False):
        start_from("public", portal.public_url)
        typed = st.text_input(t("cards.base.label"), key="public", autocomplete="off")
        st.caption(t("cards.base.hint"))
        sent = st.form_submit_button(t("settings.save.button"), key="save-address")
    if sent:
        _do(
            lambda: practice.change_address(portal.database, batches.site(typed)),
            t("settings.saved"),
            ("public",),
        )


def _accounts() -> None:
    st.header(t("settings.accounts"))
    therapist = practice.find_therapist(portal.database, who.vault.therapist_id)
    with st.form("accounts", border=False):
        start_from("covered", "\n".join(therapist.accounts))
        typed = st.text_area(t("setup.accounts.label"), key="covered", height=100)
        st.caption(t("settings.accounts.hint"))
        sent = st.form_submit_button(t("settings.save.button"), key="save-accounts")
    if sent:
        _do(
            lambda: practice.change_accounts(
                portal.database, therapist.id, tuple(typed.splitlines()), who.now, who.vault
            ),
            t("settings.saved"),
            ("covered",),
        )


def _mailbox() -> None:
    st.header(t("settings.mailbox"))
    kept = practice.find_practice(portal.database)
    if not portal.settings.mailbox or kept is None:
        st.write(t("settings.mailbox.off"))
        return
    with st.form("mailbox", border=False):
        start_from("takes", kept.mailbox)
        takes = st.checkbox(t("settings.mailbox.label"), key="takes")
        st.caption(t("settings.mailbox.hint"))
        sent = st.form_submit_button(t("settings.save.button"), key="save-mailbox")
    if sent:
        _do(
            lambda: practice.switch_mailbox(portal.database, who.now, who.vault, on=takes),
            t("settings.saved"),
            ("takes",),
        )


def _part_2() -> None:
    st.header(t("settings.part_2"))
    with st.form("part-2", border=False):
        start_from("is-part-2", portal.part_2)
        part_2 = st.checkbox(t("settings.part_2.label"), key="is-part-2")
        st.caption(t("settings.part_2.hint"))
        sent = st.form_submit_button(t("settings.save.button"), key="save-part-2")
    if sent:
        _do(
            lambda: practice.switch_part_2(portal.database, who.now, who.vault, on=part_2),
            t("settings.saved"),
            ("is-part-2",),
        )


def _passphrase() -> None:
    st.header(t("settings.passphrase"))
    with st.form("passphrase", border=False):
        old = st.text_input(t("settings.old.label"), type="password", key="old", autocomplete="current-password")
        new = NewPassphrase(
            st.text_input(t("unlock.new.label"), type="password", key="new", autocomplete="new-password"),
            st.text_input(t("unlock.again.label"), type="password", key="again", autocomplete="new-password"),
        )
        sent = st.form_submit_button(t("settings.passphrase.button"), key="change")
    if sent:
        _do(
            lambda: signing_in.change_passphrase(portal, who.vault, old, new, address(), who.now),
            t("settings.passphrase.done"),
            ("old", "new", "again"),
        )


def _recovery() -> None:
    box = staff_recovery.kept()
    if box.code:
        staff_recovery.show(who.here)
        if st.button(t("settings.recovery.seen.button"), key="seen"):
            staff_recovery.forget()
            st.rerun()
        return
    st.header(t("setup.recovery"))
    if not staff_recovery.ask_to_try(who.here):
        st.write(t("sheet.tried"))
    with st.form("recovery", border=False):
        st.write(t("settings.recovery.what"))
        typed = st.text_input(t("settings.old.label"), type="password", key="proof", autocomplete="current-password")
        sent = st.form_submit_button(t("settings.recovery.button"), key="renew")
    if sent:
        therapist = who.vault.therapist_id
        _do(
            lambda: box.fill(therapist, signing_in.renew_recovery(portal, who.vault, typed, address(), who.now)),
            t("settings.recovery.done"),
            ("proof",),
        )


def _keys() -> None:
    st.header(t("settings.words"))
    # A card shows them in its own language.
    newest, *older = zip(*(who.vault.keys.all_words(language) for language, _ in names()), strict=True)
    st.write(t("keys.words.newest") if older else t("settings.words.what"))
    for (_, name), words in zip(names(), newest, strict=True):
        st.write(f"{name}: **{' · '.join(words)}**")
    if older:
        st.write(t("keys.words.older"))
        lines(" · ".join(words) for in_each in older for words in in_each)
    with st.expander(t("keys.new.label"), key="keys-open"), st.form("keys", clear_on_submit=True, border=False):
        for said in (t("keys.new.when"), t("keys.new.what")):
            st.write(said)
        typed = st.text_input(
            t("settings.old.label"), type="password", key="keys-proof", autocomplete="current-password"
        )
        sent = st.form_submit_button(t("keys.new.button"), key="keys-renew", width="stretch")
    if sent:
        _do(
            lambda: signing_in.renew_key(portal, who.here.binding, typed, address(), who.now),
            t("keys.new.done"),
        )


def _about() -> None:
    st.header(t("settings.about"))
    lines(t(f"settings.about.{limit}") for limit in ("law", "standing", "memory", "guess", "texts"))


who = desk("settings")
t = who.words
portal = who.here.portal
heading(t("settings.title"))
_public_address()
_accounts()
_mailbox()
_part_2()
_passphrase()
_recovery()
_keys()
staff_exports.show(who)
_about()

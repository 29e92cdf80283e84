"""The practice's own sign-in in front of every staff page: the way in, and the way out again."""

from __future__ import annotations

import streamlit as st

from core.oidc import Standing
from pages.parts import guard, identity
from pages.parts.session import Here


def let_in(who: Here) -> None:
    """Go on for an account that may come in; for any other say what to do, and stop."""
    found = identity.standing(who)
    if found == "in":
        return
    if found != "out":
        guard.lock(who)
    t = who.words
    st.title(t("oidc.refused.title" if found == "refused" else "oidc.title"))
    if found == "refused":
        _refused(who)
    else:
        _sign_in(who, found)
    st.stop()


def way_out(who: Here) -> None:
    """Show the way to sign out, where somebody signed in. It locks the vault too."""
    if who.portal.settings.provider is not None:
        st.button(who.words("oidc.out.button"), key="sign-out", type="tertiary", on_click=_sign_out, args=(who,))


def _sign_in(who: Here, found: Standing) -> None:
    if found == "ended":
        st.warning(who.words("oidc.ended"))
    st.write(who.words("oidc.first"))
    st.button(who.words("oidc.in.button"), key="oidc-in", type="primary", width="stretch", on_click=st.login)


def _refused(who: Here) -> None:
    provider, claims = who.portal.settings.provider, identity.claims()
    t = who.words
    st.write(t("oidc.refused" if provider and provider.allowed else "oidc.nobody"))
    if claims.get("email") and claims.get("email_verified") is not True:
        st.write(t("oidc.unverified"))
    st.write(t("oidc.number"))
    st.text(str(claims.get("sub", "")))
    st.button(t("oidc.other.button"), key="oidc-other", width="stretch", on_click=_sign_out, args=(who,))


def _sign_out(who: Here) -> None:
    guard.lock(who)
    identity.end(who)
    st.logout()

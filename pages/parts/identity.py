"""Who the practice's own sign-in says is here, where it has one."""

from __future__ import annotations

import streamlit as st

from core import oidc
from pages.parts.session import Here


def standing(who: Here) -> oidc.Standing:
    """Return whether this browser's account may be on the staff pages. Without such a sign-in everybody may knock."""
    provider = who.portal.settings.provider
    if provider is None:
        return "in"
    # A window that was open while somebody signed out elsewhere in the browser still has what Streamlit read then.
    said = claims()
    return "out" if who.portal.signed_out.get(_name_of(said)) else oidc.standing(said, provider, who.now)


def end(who: Here) -> None:
    """Note that this sign-in is over, in every window that has it."""
    who.portal.signed_out.put(_name_of(claims()), True)  # noqa: FBT003 - what a shelf keeps


def _name_of(said: dict[str, object]) -> str:
    return str(said.get("nonce", ""))


def claims() -> dict[str, object]:
    """Return what the provider said of who signed in, as Streamlit keeps it. Empty where nobody did."""
    return dict(st.user.to_dict())

"""Around a save: what the button says, and what a client sees who comes back from "Saved"."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

import streamlit as st

from core import receipt
from core.errors import StoreUnavailable
from core.receipt import MyCopy
from core.saving import Saved
from core.text import Words
from core.visit import change_again
from pages.parts.client import Visit

#: Where a window notes which save it has shown, and over which line.
_SHOWN = "saved-shown"


def save_label(seen: Visit) -> str:
    """Return what the button says; where nothing is sent from here, say above it what to do instead."""
    t = seen.words
    try:
        if seen.here.portal.outbox.mailbox_on:
            return t("check.save", therapist=seen.name)
    except StoreUnavailable:
        # Nobody knows now; whoever taps it is told that nothing was saved.
        return t("saved.by_hand.button")
    st.info(t("saved.by_hand", therapist=seen.name))
    return t("saved.by_hand.button")


def kept_copy(words: Words, copy: MyCopy) -> None:
    """Offer my copy as files: only to who asked for something to be kept on this phone."""
    # Made when it is tapped: a picture takes longer to draw than all the rest of this page.
    picture, pdf = partial(receipt.picture, copy), partial(receipt.pdf, copy)
    for key, label, make, name, kind in (
        ("picture", words("done.copy.picture"), picture, "my-copy.png", "image/png"),
        ("pdf", words("done.pdf"), pdf, "my-copy.pdf", "application/pdf"),
    ):
        st.download_button(label, make, name, kind, key=key, on_click="ignore", width="stretch")


def note_shown(saved: Saved) -> None:
    """Note that this window has shown what was saved."""
    st.session_state[_SHOWN] = (saved.acknowledgement, _line())


def saved_before(seen: Visit, saved: Saved) -> NoReturn:
    """Go on to "Saved"; who has seen it and came back is not sent there again, but asked where to."""
    if st.session_state.get(_SHOWN) != (saved.acknowledgement, _line()):
        st.switch_page("client/done.py")
    t = seen.words
    st.title(t("saved.title"))
    st.write(t("saved.what"))
    if st.button(t("saved.show.button"), type="primary", key="show-saved", width="stretch"):
        st.switch_page("client/done.py")
    if st.button(t("mine.change"), key="change", width="stretch"):
        seen.keep(change_again(seen.draft))
        st.switch_page("client/choose.py")
    st.stop()


def _line() -> str:
    # What was sent as a line broke, nobody may have seen; each new line of a browser has another of these (RFC 6455).
    return st.context.headers.get("Sec-WebSocket-Key") or ""

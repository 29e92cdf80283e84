"""Done: the sealed code to show, the check code, my copy, and what happens next."""

from __future__ import annotations

import streamlit as st

from core import qr
from core.saving import Saved
from core.visit import change_again
from pages.parts.client import Visit, visit


def _sent(seen: Visit, saved: Saved) -> None:
    t = seen.words
    st.write(t("done.sent" if saved.sent else "done.not_sent", therapist=seen.therapist.name))
    st.header(t("done.ack"))
    st.html(f'<p class="ack">{saved.acknowledgement}</p>')
    st.write(t("done.ack.why", therapist=seen.therapist.name))
    st.header(t("done.qr"))
    with st.container(key="token-qr"):
        st.image(qr.png(qr.matrix(saved.token.text)), caption=t("done.qr.alt"), width="stretch")


def _other_ways(seen: Visit, saved: Saved) -> None:
    t = seen.words
    with st.expander(t("done.other")):
        st.write(t("done.text"))
        st.code(saved.token.text, language=None, wrap_lines=True)
        st.download_button(
            t("done.file"),
            saved.token.text + "\n",
            "sayso.txt",
            "text/plain",
            key="file",
            on_click="ignore",
            width="stretch",
        )
        st.write(t("done.paper"))


seen = visit()
t, saved = seen.words, seen.draft.saved
if saved is None:
    st.switch_page("client/check.py")
st.title(t("done.title"))
_sent(seen, saved)
_other_ways(seen, saved)
st.header(t("done.next"))
st.write(t("done.next.text", therapist=seen.therapist.name))
if st.button(t("mine.change"), key="change", width="stretch"):
    seen.keep(change_again(seen.draft))
    st.switch_page("client/choose.py")

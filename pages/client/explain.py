"""How it works: one made-up moment as a mock post in each form, and what can be undone."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.parts.client import visit
from pages.parts.client_help import offer
from pages.parts.drawing import drawing
from pages.parts.form import link

seen = visit()
t = seen.words

st.title(t("explain.title"))
st.write(t("explain.intro"))
st.html(
    f'<blockquote class="told"><p class="tag">{t("explain.told")}</p>{drawing("told", 320, 112, kind="scene")}'
    f"<p>{t('explain.told.text')}</p></blockquote>"
)
for form in ("mixed", "changed", "asked"):
    # What is only asked about is not up yet: nobody could like it.
    below = "" if form == "asked" else drawing("post-foot", 160, 28, kind="below")
    st.html(
        f'<figure class="mock mock-{form}"><figcaption>{t(f"explain.{form}")}</figcaption>'
        f'<div class="post">{drawing("post-head", 160, 36, kind="above")}{drawing(form, 320, 112, kind="scene")}'
        f"<p>{t(f'explain.{form}.text')}</p>{below}</div></figure>"
        f'<p class="aside">{t(f"notice.{form}")}</p>'
    )
st.write(f"**{t('notice.fail')}**")
st.header(t("explain.undo"))
st.write(t("notice.undo"))
st.write(t("explain.undo.yes"))
st.write(t("explain.undo.no"))
st.write(t("notice.taken"))
st.header(t("explain.end"))
st.write(t("notice.end"))
st.write(t("notice.stop"))
st.header(t("explain.who"))
accounts = ", ".join(seen.therapist.accounts) or t("common.no_account")
st.html(f"<p>{escape(t('notice.who', therapist=seen.therapist.name, accounts=accounts))}</p>")
offer(t, seen.therapist, seen.card, "what", "who", "talk")
st.caption(t("common.kept"))
st.caption(t("reception.leave"))
if st.button(t("common.next"), type="primary", key="onward", width="stretch"):
    st.switch_page("client/choose.py")
link(t("common.back"), f"/c/{seen.card.code}")

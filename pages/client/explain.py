"""How it works: one made-up moment as a mock post in each form, and what can be undone."""

from __future__ import annotations

import streamlit as st

from core.web.early import explanation
from pages.parts.client import visit
from pages.parts.form import link

seen = visit()
t = seen.words

st.title(t("explain.title"))
# The page itself showed the same words before the app was there.
st.html(explanation(t, seen.therapist, seen.card.language))
if st.button(t("common.next"), type="primary", key="onward", width="stretch"):
    st.switch_page("client/choose.py")
link(t("common.back"), f"/c/{seen.card.code}")

"""One question to a client about one exact draft, and their answer."""

from __future__ import annotations

import streamlit as st

from pages.parts.session import here

st.title(here().words("answer.title"))

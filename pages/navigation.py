"""The router: the one page table of ``core.web.faces``, as far as this portal's face shows it."""

from __future__ import annotations

import streamlit as st

from core.portal import portal
from pages.parts.page_table import pages

st.navigation(pages(portal().settings.face), position="hidden").run()

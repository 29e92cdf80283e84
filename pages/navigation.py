"""The router: the one page table of ``core.web.faces``, as far as this portal's face shows it."""

from __future__ import annotations

from contextlib import nullcontext

import streamlit as st

from core.portal import portal
from core.web.faces import PAGES
from pages.parts.client_sending import in_one_go
from pages.parts.page_table import pages

page = st.navigation(pages(portal().settings.face), position="hidden")
if portal().settings.provider and PAGES.get(page.url_path) == "staff":
    from pages.parts import front_door
    from pages.parts.session import here

    front_door.let_in(here())
# A phone is sent a page at once; staff see how it grows, where something takes long.
with in_one_go(page.url_path) if PAGES.get(page.url_path) == "client" else nullcontext():
    page.run()

"""The router: the one page table of ``core.web.faces``, as far as this portal's face shows it."""

from __future__ import annotations

import streamlit as st

from core.portal import portal
from core.web.faces import PAGES, shown

#: Staff pages that the office uses too lie in a folder of their own.
CLINIC = frozenset({"setup", "cards", "paper", "therapists", "join"})


def _file(name: str) -> str:
    if PAGES[name] == "client":
        return f"client/{name}.py"
    return f"clinic/{name}.py" if name in CLINIC else f"therapist/{name}.py"


face = portal().settings.face
# One neutral title for all: what is open on this phone is nobody else's business.
TITLE = "My page"
# Streamlit's default page has no address but "/", and that one is the server's.
root = st.Page("parts/root.py", title=TITLE, default=True)
shown_here = [st.Page(_file(name), title=TITLE, url_path=name) for name, whose in PAGES.items() if shown(whose, face)]
page = st.navigation([root, *shown_here], position="hidden")
if portal().settings.provider and PAGES.get(page.url_path) == "staff":
    from pages.parts import front_door
    from pages.parts.session import here

    front_door.let_in(here())
page.run()

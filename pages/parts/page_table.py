"""The page table as Streamlit's pages, made once for each face.

Making one looks at the disk and draws up its name and icon anew, and each tap runs the router: that was a twelfth of
what a tap costs.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from core.settings import Face
from core.web.faces import PAGES, shown

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

#: Staff pages that the office uses too lie in a folder of their own.
CLINIC = frozenset({"setup", "cards", "paper", "therapists", "join"})
# One neutral title for all: what is open on this phone is nobody else's business.
TITLE = "My page"
_FOLDER = Path(__file__).resolve().parents[1]


def pages(face: Face) -> list[StreamlitPage]:
    """Return every page of a face. A page notes whether it may run now, so each run has its own."""
    return [copy(page) for page in _made(face)]


@cache
def _made(face: Face) -> tuple[StreamlitPage, ...]:
    # Streamlit's default page has no address but "/", and that one is the server's.
    root = st.Page(_FOLDER / "parts" / "root.py", title=TITLE, default=True)
    names = [name for name, page in PAGES.items() if shown(page, face)]
    return (root, *(st.Page(_FOLDER / _file(name), title=TITLE, url_path=name) for name in names))


def _file(name: str) -> str:
    if PAGES[name] == "client":
        return f"client/{name}.py"
    return f"clinic/{name}.py" if name in CLINIC else f"therapist/{name}.py"

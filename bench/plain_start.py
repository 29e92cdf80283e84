"""The client's pages under a plain ``streamlit run``: without the portal's server part, for `bench.phone_profile`.

It is copied beside a copy of the pages. ``BENCH_CARD``: the code of the card that each new browser holds, since the
page that notes it is the server's.
"""

from __future__ import annotations

import os
import secrets

import streamlit as st

from core import visit
from core.portal import portal
from core.web.faces import PAGES

_binding = str(st.session_state.setdefault("_binding", secrets.token_hex(16)))
if portal().cards.get(_binding) is None:
    visit.scan(portal(), _binding, os.environ["BENCH_CARD"])
_names = [name for name, face in PAGES.items() if face == "client"]
_pages = [st.Page(f"client/{name}.py", url_path=name, default=name == "mine") for name in _names]
st.navigation(_pages, position="hidden").run()

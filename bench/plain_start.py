"""The portal's own pages under a plain ``streamlit run``: without its server part, for `bench.phone_profile`.

It is copied beside a copy of the pages. ``BENCH_CARD``: the code of the card that each new browser holds, since the
page that notes it is the server's.
"""

from __future__ import annotations

import os
import runpy
import secrets
from pathlib import Path

import streamlit as st

from core import visit
from core.portal import portal

_binding = str(st.session_state.setdefault("_binding", secrets.token_hex(16)))
if portal().cards.get(_binding) is None:
    visit.scan(portal(), _binding, os.environ["BENCH_CARD"])
runpy.run_path(str(Path(__file__).with_name("navigation.py")))

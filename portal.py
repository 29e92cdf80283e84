"""The server. ``streamlit run portal.py`` finds only a literal ``name = st.App(...)``: leave that line as it is."""

from pathlib import Path

import streamlit as st
from streamlit import config, file_util

from core.web.sign_in import secrets
from core.web.stack import stack
from core.web.starting import started
from pages.parts.server import end_sessions, say_sorry

_folder = Path(file_util.get_static_dir())
_portal = started()
_stack = stack(_portal, _folder, config.get_option("server.allowedHosts"), end_sessions)

app = st.App(
    "pages/navigation.py",
    routes=_stack.routes,
    middleware=_stack.middleware,
    on_script_error=say_sorry,
    secrets=secrets(_portal.settings.provider, config.get_option("server.cookieSecret")),
)

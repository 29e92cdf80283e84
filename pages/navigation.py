"""The router: one frozen table of pages, shown by face. The address of a page is its file's name."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.portal import portal
from core.settings import Face


@dataclass(frozen=True, slots=True)
class Spec:
    """One page: its folder (client pages, or one of the two staff folders) and name."""

    folder: str
    name: str

    @property
    def face(self) -> Face:
        """Which face shows it, beside ``all``."""
        return "client" if self.folder == "client" else "staff"


PAGES = (
    Spec("client", "explain"),
    Spec("client", "choose"),
    Spec("client", "limits"),
    Spec("client", "questions"),
    Spec("client", "check"),
    Spec("client", "done"),
    Spec("client", "mine"),
    Spec("clinic", "setup"),
    Spec("therapist", "unlock"),
    Spec("therapist", "inbox"),
    Spec("therapist", "people"),
    Spec("clinic", "cards"),
    Spec("therapist", "settings"),
)

face = portal().settings.face
st.navigation(
    [
        # One neutral title for all: what is open on this phone is nobody else's business.
        st.Page(f"{spec.folder}/{spec.name}.py", title="My page", url_path=spec.name, icon=None)
        for spec in PAGES
        if face in ("all", spec.face)
    ],
    position="hidden",
).run()

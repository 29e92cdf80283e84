"""The slip that tells a client of a question: one small page, and nothing on it but the invitation."""

from __future__ import annotations

from core.paper import document
from core.paper.document import Section, Text
from core.text import Words


def pdf(invitation: str, language: str = "en") -> bytes:
    """Return the slip as a PDF of one page (A6). Whoever finds it learns no name, no code, and nothing of the draft."""
    title = Words(language)("ask.slip.title")
    return document.pdf(title, (Section("", (Text(invitation),)),), "slip", lambda _: "")

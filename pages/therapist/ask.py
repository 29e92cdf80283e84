"""Asking a client about one exact draft, and what became of each question."""

from __future__ import annotations

from pages.parts.staff_frame import desk, heading

who = desk("ask")
t = who.words
heading(t("ask.title"))

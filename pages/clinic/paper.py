"""A paper form entered by staff: it restricts at once."""

from __future__ import annotations

from pages.parts.staff_frame import desk, heading

who = desk("paper")
t = who.words
heading(t("paper.title"))

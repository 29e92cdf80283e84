"""What was posted where, on whose yes, and what has to come down."""

from __future__ import annotations

from pages.parts.staff_frame import desk, heading

who = desk("posts")
t = who.words
heading(t("posted.title"))

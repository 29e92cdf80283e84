"""The app's root. The server answers that address itself, so this is only met by going back inside the app."""

from __future__ import annotations

from pages.parts.form import link
from pages.parts.session import at_card

words = at_card().words
link(words("shell.back"), "/")

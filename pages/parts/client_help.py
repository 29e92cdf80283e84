"""Help in place on a client's screen: native folds, closed, that ask the server for nothing."""

from __future__ import annotations

import streamlit as st

from core import help_in_place
from core.store.cards import Card
from core.store.practice import Therapist
from core.text import Words
from core.web.responses import rendered


def offer(t: Words, therapist: Therapist, card: Card, *names: str, posts_listed: bool = False) -> None:
    """Show the questions ``names``, each folded. ``posts_listed``: the page lists the posts with them in it."""
    st.html(folded(t, therapist, card, *names, posts_listed=posts_listed))


def folded(t: Words, therapist: Therapist, card: Card, *names: str, posts_listed: bool = False) -> str:
    """Return the same as HTML, to stand among other words."""
    found = help_in_place.answers(names, t, therapist, card.language, posts_listed=posts_listed)
    return f'<div class="helps">{rendered("folds.html", t, helps=found)}</div>'

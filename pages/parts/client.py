"""One client's visit: the card this browser scanned, and the draft that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.drafts import Draft
from core.errors import SaysoError
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.text import Words
from pages.parts.form import link
from pages.parts.session import Here, here


@dataclass(frozen=True)
class Visit:
    """A client's visit. ``draft`` is what was chosen so far."""

    here: Here
    card: Card
    therapist: Therapist
    draft: Draft

    @property
    def words(self) -> Words:
        """The words in the card's language."""
        return self.here.words

    def keep(self, draft: Draft) -> None:
        """Keep the draft for this browser, in memory."""
        self.here.portal.drafts.put(self.here.binding, draft)


def visit() -> Visit:
    """Return this browser's visit, or say kindly that nothing is kept, and stop."""
    who = here()
    code = who.portal.cards.get(who.binding)
    if code is None:
        _not_kept(who.words)
    try:
        card = cards.usable(who.portal.database, code or "", who.now)
        therapist = practice.find_therapist(who.portal.database, card.therapist_id)
    except SaysoError as problem:
        st.title(who.words("common.not_kept.title"))
        st.error(problem.sentence)
        st.stop()
    draft = who.portal.drafts.get(who.binding)
    if draft is None or draft.card != card.code:
        draft = Draft(card.code)
    return Visit(here(card.language), card, therapist, draft)


def _not_kept(words: Words) -> None:
    st.title(words("common.not_kept.title"))
    st.write(words("common.not_kept"))
    link(words("common.start_again"), "/")
    st.stop()


def back_and_on(words: Words, back: str, label: str | None = None) -> bool:
    """Show the way on and the way back. Returns whether the way on was tapped."""
    onward = st.button(label or words("common.next"), type="primary", key="onward", width="stretch")
    if st.button(words("common.back"), key="back", width="stretch"):
        st.switch_page(f"client/{back}.py")
    return onward

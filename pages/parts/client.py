"""One client's visit: the card this browser scanned, and the draft that goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from core.card import shown
from core.drafts import Draft
from core.errors import OnlySaysNo, SaysoError
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.text import Words
from core.visit import keep, save_here, window_mark
from pages.parts.form import link
from pages.parts.session import Here, Present, at_card, here
from pages.parts.staff_text import plain

#: Where a window keeps the card it began with.
_CARD = "card-begun-with"


@dataclass(frozen=True)
class Visit(Present):
    """A client's visit. ``draft`` is what was chosen so far."""

    card: Card
    therapist: Therapist
    draft: Draft

    @property
    def name(self) -> str:
        """The therapist's name, so that a label shows each letter of it and no markup."""
        return plain(self.therapist.name)

    def keep(self, draft: Draft) -> None:
        """Keep the draft for this browser, in memory."""
        keep(self.here.portal, self.here.binding, draft)

    def save(self, draft: Draft) -> None:
        """Save the draft and keep it, once however many windows do. Raises a ``SaysoError``."""
        save_here(
            self.here.portal, self.here.binding, draft, self.card, self.therapist, self.here.now, self.words.language
        )


def visit() -> Visit:
    """Return this browser's visit, or say kindly that nothing is kept, and stop."""
    who = here()
    code = who.portal.cards.get(who.binding)
    if code is None:
        _over(who.words, "common.not_kept.title", "common.not_kept")
    try:
        card = cards.usable(who.portal.database, code, who.now)
        therapist = practice.of_card(who.portal.database, card)
    except SaysoError as problem:
        st.title(who.words("common.not_kept.title"))
        st.error(who.words.problem(problem))
        st.stop()
    who = at_card(card.language)
    if card.only_no:
        _only_no(who.words, card)
    if st.session_state.setdefault(_CARD, card.code) != card.code:
        # Answers that stand on this screen are about the card before; they must not pass for this one's.
        _over(who.words, "common.other_card.title", "common.other_card")
    draft = who.portal.drafts.get(who.binding)
    if draft is None or draft.card != card.code:
        draft = Draft(card.code)
    show_card(who, card)
    return Visit(who, card, therapist, draft)


def show_card(who: Here, card: Card) -> None:
    """Say on top which card this screen is about, and leave the mark by which the window knows its own."""
    line = who.words("window.card", code=shown(card.code))
    st.html(f'<p class="which-card" data-card="{window_mark(who.portal, who.binding, card.code)}">{line}</p>')


def take_up(card: Card) -> None:
    """Go on in this window with a card whose page was just opened."""
    st.session_state[_CARD] = card.code


def _only_no(words: Words, card: Card) -> NoReturn:
    st.title(words("over.title"))
    st.write(words.problem(OnlySaysNo()))
    link(words("over.link"), f"/c/{card.code}")
    st.stop()


def _over(words: Words, title: str, why: str) -> NoReturn:
    st.title(words(title))
    st.write(words(why))
    link(words("common.start_again"), "/")
    st.stop()


def back_and_on(words: Words, back: str, label: str | None = None) -> bool:
    """Show the way on and the way back. Returns whether the way on was tapped."""
    onward = st.button(label or words("common.next"), type="primary", key="onward", width="stretch")
    if st.button(words("common.back"), key="back", width="stretch"):
        st.switch_page(f"client/{back}.py")
    return onward

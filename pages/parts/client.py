"""One client's visit: the card this browser scanned, and the draft that goes with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from core.card import shown
from core.drafts import Draft
from core.errors import OnlySaysNo, SaysoError, StoreUnavailable
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.text import Words
from core.visit import keep, save_here, window_mark
from pages.parts.away import say_away
from pages.parts.form import link
from pages.parts.session import Here, Present, at_card, here
from pages.parts.staff_text import plain

#: Where a window keeps the card it began with.
_CARD = "card-begun-with"
#: Where a window keeps what it read last: the card and whose it is; whether the practice is under Part 2.
_READ, _PART_2 = "card-read", "part-2-read"


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

    @property
    def part_2(self) -> bool:
        """Whether the practice is under Part 2; where the records are away, as this window read it last."""
        with suppress(StoreUnavailable):
            st.session_state[_PART_2] = self.here.portal.part_2
        return bool(st.session_state[_PART_2])

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
    card, therapist = _records(who, code)
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


def _records(who: Here, code: str) -> tuple[Card, Therapist]:
    """Return the card and whose it is, or say why not, and stop.

    Where the records are away, what this window read of them last is enough to go on choosing: it says so on top, and
    only a save has to wait.
    """
    # A container is there with and without words, so that what comes below does not move and lose its state.
    with st.container():
        try:
            card = cards.usable(who.portal.database, code, who.now)
            found = card, practice.of_card(who.portal.database, card)
            if _PART_2 not in st.session_state:
                st.session_state[_PART_2] = who.portal.part_2
        except StoreUnavailable as problem:
            kept: tuple[Card, Therapist] | None = st.session_state.get(_READ)
            if kept is None or kept[0].code != code:
                _away(problem)
            st.error(at_card(kept[0].language).words.problem(problem))
            return kept
        except SaysoError as problem:
            st.title(who.words("common.not_kept.title"))
            st.error(who.words.problem(problem))
            st.stop()
    st.session_state[_READ] = found
    return found


def _away(problem: StoreUnavailable) -> NoReturn:
    words = at_card().words
    st.title(words("problem.later"))
    say_away(problem, words)
    st.stop()


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

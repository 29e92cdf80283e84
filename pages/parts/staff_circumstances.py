"""Special cases of one card: what is noted and what follows from it, and the form that notes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Protocol

import streamlit as st

from core import knowing, special
from core import plain as in_words
from core.card import shown
from core.model.circumstances import Circumstances
from core.model.post import latest_session
from core.people import Person
from core.text import Words
from pages.parts import staff_words
from pages.parts.form import start_from
from pages.parts.staff_day import ask_day
from pages.parts.staff_frame import Desk
from pages.parts.staff_text import facts, lines

_FLAGS = ("died", "crisis", "court_ordered", "works_here", "part_2")
#: The form's fields, which begin anew after a step back.
FIELDS = ("special-ended", "special-majority", "special-guardians", *(f"special-{flag}" for flag in _FLAGS))
#: A birth and a therapy lie within so many years of today.
_YEARS = timedelta(days=366 * 100)


class Do(Protocol):
    """Does one step, says so on the next screen, and keeps the way back."""

    def __call__(
        self, step: Callable[[], object], done: str, undo: Callable[[], object], forget: tuple[str, ...]
    ) -> None:
        """Do it."""


def state(person: Person, desk: Desk) -> list[str]:
    """Return where a card stands, in sentences: a no where a special case makes it one."""
    if means_no(person, desk) and not person.attention:
        return [desk.words("special.means_no")]
    return staff_words.state(person, desk.now, desk.words)


def means_no(person: Person, desk: Desk) -> bool:
    """Whether nothing counts here, whatever was chosen: death, majority, a new notice, a signature on hold."""
    in_force = person.standing.in_force
    return any(
        knowing.has_lapsed(person.holder, held, desk.now) or knowing.doubts(person.holder, held) for held in in_force
    )


def at_a_glance(person: Person, desk: Desk) -> list[str]:
    """Return what is noted of a card's holder, a few words each."""
    return [state for state, _ in noted(person, desk)]


def show_noted(desk: Desk, person: Person) -> None:
    """Show at the top of a card what is noted, what follows, and what holds a signature back."""
    facts(noted(person, desk))
    found = [doubt for held in person.standing.in_force for doubt in knowing.doubts(person.holder, held)]
    lines(desk.words(f"special.doubt.{doubt}") for doubt in dict.fromkeys(found))


def noted(person: Person, desk: Desk) -> list[tuple[str, str]]:
    """Return what is noted of a card's holder, each with what follows from it."""
    t, about = desk.words, person.holder.about
    flags = [(t(f"special.{flag}.label"), t(f"special.{flag}.follows")) for flag in _FLAGS if getattr(about, flag)]
    return [*_therapy(about, desk), *_age(about, desk), *flags]


def _therapy(about: Circumstances, desk: Desk) -> list[tuple[str, str]]:
    t, day = desk.words, about.therapy_ended
    if day is None:
        return []
    case = "therapy_ended" if day <= latest_session(desk.now) else "therapy_ends"
    return [(t(f"special.{case}.state", date=in_words.day(day, t)), t(f"special.{case}.follows"))]


def _age(about: Circumstances, desk: Desk) -> list[tuple[str, str]]:
    t, day, ended = desk.words, about.majority_on, about.has_come_of_age(desk.now)
    if day is None:
        return []
    date_said = in_words.day(day, t)
    if about.is_guardian:
        case = "guardian_ended" if ended else "guardian"
        return [(t(f"special.{case}.state", date=date_said), t(f"special.{case}.follows"))]
    if ended:
        return [(t("special.of_age.state", date=date_said), t("special.of_age.follows"))]
    names = _names(desk, about) or t("special.minor.nobody")
    return [(t("special.minor.state", date=date_said), t("special.minor.follows", guardians=names))]


def _names(desk: Desk, about: Circumstances) -> str:
    called = ((code, desk.vault.holder(code).alias) for code in about.guardians)
    return ", ".join(f"{alias} {shown(code)}".strip() for code, alias in called)


def show(desk: Desk, person: Person, do: Do) -> None:
    """Show the form that notes special cases. ``do`` does what was asked for."""
    t, before, code = desk.words, person.holder.about, person.card.code
    st.header(t("special.title"))
    with st.expander(t("special.change"), key="special"), st.form("special-form", border=False):
        st.write(t("special.what"))
        about, guardians = _fields(before, desk)
        if not st.form_submit_button(t("special.save.button"), key="special-save", width="stretch"):
            return
    do(
        lambda: special.note(desk.vault, code, about, guardians, desk.now),
        t("special.saved"),
        undo=lambda: special.put(desk.vault, code, before, desk.now),
        forget=FIELDS,
    )


def _fields(before: Circumstances, desk: Desk) -> tuple[Circumstances, str]:
    t = desk.words
    ended = _day("special-ended", before.therapy_ended, t("special.therapy_ended.label"), desk)
    st.caption(t("special.therapy_ended.hint"))
    majority, guardians = _minor(before, desk)
    flags = {flag: _flag(flag, t, raised=getattr(before, flag)) for flag in _FLAGS}
    return Circumstances(therapy_ended=ended, majority_on=majority, **flags), guardians


def _minor(before: Circumstances, desk: Desk) -> tuple[date | None, str]:
    t = desk.words
    if before.is_guardian:
        st.write(t("special.guardian.noted"))
        return None, ""
    majority = _day("special-majority", before.majority_on, t("special.majority.label"), desk)
    st.caption(t("special.majority.hint"))
    start_from("special-guardians", ", ".join(map(shown, before.guardians)) or None)
    typed = st.text_input(t("special.guardians.label"), key="special-guardians", autocomplete="off")
    st.caption(t("special.guardians.hint"))
    return majority, typed


def _day(key: str, before: date | None, label: str, desk: Desk) -> date | None:
    start_from(key, before)
    today = desk.now.date()
    return ask_day(desk.words, label, key=key, first=today - _YEARS, last=today + _YEARS)


def _flag(flag: str, t: Words, *, raised: bool) -> bool:
    start_from(f"special-{flag}", raised or None)
    ticked = st.checkbox(t(f"special.{flag}.label"), key=f"special-{flag}")
    st.caption(t(f"special.{flag}.follows"))
    return ticked

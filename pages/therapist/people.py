"""People: what each card allows at a glance, and one card whole."""

from __future__ import annotations

import streamlit as st

from core import people
from core.card import shown
from core.errors import SaysoError
from core.people import Person
from core.web.own_assets import drawing
from pages.parts import staff_circumstances, staff_person, staff_words
from pages.parts.form import start_from
from pages.parts.staff_frame import desk, heading
from pages.parts.staff_text import glance, lines, plain

_OPEN, _SEARCH, _SHOWN = "person", "people-search", "people-shown"
_STEP = 25


def _list() -> None:
    heading(t("people.title"))
    # Kept apart from the field, which goes while one card is open.
    start_from("search", st.session_state.get(_SEARCH))
    search = st.text_input(t("people.search.label"), key="search", autocomplete="off")
    st.session_state[_SEARCH] = search
    found = people.list_people(who.vault, who.now, search)
    if not found and not search.strip():
        st.html(drawing("empty-people", 160, 96))
    if not found:
        st.write(t("people.not_found" if search.strip() else "people.empty"))
    shown_now = st.session_state.get(_SHOWN, _STEP)
    for person in found[:shown_now]:
        _row(person)
    if len(found) > shown_now and st.button(t("people.more.button"), key="more", width="stretch"):
        st.session_state[_SHOWN] = shown_now + _STEP
        st.rerun()


def _row(person: Person) -> None:
    with st.container(border=True, key=f"row-{person.card.number}"):
        st.header(plain(person.name))
        st.caption(t("people.row", code=shown(person.card.code), number=person.card.number))
        lines([*staff_circumstances.state(person, who), *staff_circumstances.at_a_glance(person, who)])
        stopped = person.standing.on_hold or person.standing.withdrawn or staff_circumstances.means_no(person, who)
        if len(person.standing.documents) == 1 and not stopped:
            glance(staff_words.glance(person.standing.documents[0], t))
            st.caption(staff_words.ends(person.standing.documents[0], t))
        if st.button(t("people.open.button", name=plain(person.name)), key=f"open-{person.card.number}"):
            staff_person.forget_undo()
            st.session_state[_OPEN] = person.card.code
            st.rerun()


def _one(code: str) -> None:
    if st.button(t("people.back.button"), key="back", type="tertiary"):
        del st.session_state[_OPEN]
        st.rerun()
    try:
        person = people.find_person(who.vault, code, who.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    heading(plain(person.name))
    staff_person.show(who, person)


who = desk("people")
t = who.words
chosen = st.session_state.get(_OPEN)
if chosen is None:
    _list()
else:
    _one(chosen)

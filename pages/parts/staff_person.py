"""One card whole: where it stands, what waits for a comparison, its name, its other cards, its history."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import importing, naming, people
from core import plain as in_words
from core.card import shown
from core.errors import SaysoError
from core.people import Person
from core.standing import choices_of
from core.store.vaults import Holder, Record
from pages.parts import guard, staff_circumstances, staff_paper, staff_restored, staff_words
from pages.parts.form import start_from
from pages.parts.staff_frame import Desk, tell
from pages.parts.staff_text import code, facts, lines, plain

_UNDO, _ALIAS = "undo", "alias"


def show(desk: Desk, person: Person) -> None:
    """Show one card and what can be done with it."""
    _offer_undo(desk)
    records = people.history(desk.vault, person.card.code)
    _head(desk, person)
    _to_compare(desk, person, records)
    staff_restored.show(desk, person, records, partial(_do, desk))
    _in_force(desk, person)
    staff_circumstances.show(desk, person, partial(_do, desk))
    _name(desk, person)
    _other_cards(desk, person)
    _paper(desk, person)
    _history(desk, records)


def _head(desk: Desk, person: Person) -> None:
    t = desk.words
    pairs = [(t("staff.card"), shown(person.card.code)), (t("staff.stub"), str(person.card.number))]
    if person.last_import:
        pairs.append((t("people.last"), in_words.day(person.last_import, t)))
    if person.holder.confirmed_at:
        pairs.append((t("people.confirmed"), in_words.day(person.holder.confirmed_at, t)))
    facts(pairs)
    lines([*staff_circumstances.state(person, desk), *staff_words.holds(person.standing.holds, t)])
    staff_circumstances.show_noted(desk, person)


def _to_compare(desk: Desk, person: Person, records: list[Record]) -> None:
    t = desk.words
    for number, key in enumerate(person.standing.pending_keys):
        # The newest one is the one whose code stands on the client's screen.
        newest = next(record.token for record in records if record.token.body.client_key == key)
        with st.container(border=True, key=f"compare-{number}"):
            st.header(t("people.compare"))
            st.write(t("inbox.compare.other" if person.holder.confirmed_key else "inbox.compare.first"))
            st.caption(t("people.compare.made", date=in_words.day(newest.body.issued_at, t)))
            code(newest.acknowledgement)
            if st.button(t("people.confirm.button"), key=f"confirm-{key.hex()[:12]}", type="primary", width="stretch"):
                _do(
                    desk,
                    lambda key=key: importing.confirm_key(desk.vault, person.card.code, key, desk.now),  # type: ignore[misc]
                    t("people.confirmed.done"),
                )


def _in_force(desk: Desk, person: Person) -> None:
    t = desk.words
    for held in person.standing.in_force:
        st.header(t("people.in_force" if person.holder.confirmed_key else "people.waiting"))
        facts(
            [
                (t("staff.made_on"), in_words.day(held.body.issued_at, t)),
                *staff_words.document_facts(choices_of(held), t),
            ]
        )


def _name(desk: Desk, person: Person) -> None:
    t, before = desk.words, person.holder.alias
    st.header(t("people.name"))
    with st.form("name", border=False):
        start_from(_ALIAS, before)
        typed = st.text_input(t("people.name.label"), key=_ALIAS, max_chars=40, autocomplete="off")
        st.caption(t("people.name.hint"))
        if not st.form_submit_button(t("people.name.button"), key="rename"):
            return
    _do(
        desk,
        lambda: people.rename(desk.vault, person.card.code, typed),
        t("people.name.done"),
        undo=lambda: people.rename(desk.vault, person.card.code, before),
        forget=(_ALIAS,),
    )


def _other_cards(desk: Desk, person: Person) -> None:
    t = desk.words
    st.header(t("people.cards"))
    for other in people.linked_to(desk.vault, person.card.code):
        _linked(desk, person, other)
    with st.form("link", border=False):
        typed = st.text_input(t("people.link.label"), key="other", autocomplete="off")
        st.caption(t("people.link.hint"))
        if not st.form_submit_button(t("people.link.button"), key="link-cards"):
            return
    _do(
        desk,
        lambda: naming.link(desk.vault, person.card.code, typed, desk.now),
        t("people.link.done"),
        forget=("other",),
    )


def _linked(desk: Desk, person: Person, other: Holder) -> None:
    t = desk.words
    name = plain(other.alias or shown(other.card))
    with st.container(horizontal=True, key=f"linked-{other.card}"):
        st.text(f"{other.alias} {shown(other.card)}".strip())
        if st.button(t("people.unlink.button", name=name), key=f"unlink-{other.card}"):
            _do(
                desk,
                lambda: people.unlink(desk.vault, other.card, desk.now),
                t("people.unlink.done"),
                undo=lambda: people.link(desk.vault, person.card.code, other.card, desk.now),
            )


def _paper(desk: Desk, person: Person) -> None:
    t = desk.words
    st.header(t("paper.person"))
    st.write(t("paper.what"))
    if st.button(t("paper.enter.button"), key="paper", width="stretch"):
        staff_paper.begin(person.card.code)
        st.switch_page(guard.PAGES["paper"])


def _history(desk: Desk, records: list[Record]) -> None:
    t = desk.words
    st.header(t("people.history"))
    if not records:
        st.write(t("people.history.empty"))
    for record in records:
        token = record.token
        title = t("people.history.row", kind=staff_words.kind(token, t), date=in_words.day(token.body.issued_at, t))
        with st.expander(title, key=f"history-{token.digest.hex()[:12]}"):
            facts(
                [
                    (t("people.imported"), in_words.day(record.imported_at, t)),
                    (t("inbox.ack"), token.acknowledgement),
                ]
            )
            lines(staff_words.seals(token, t))
            if token.body.kind == "preferences":
                facts(staff_words.document_facts(choices_of(record.held), t))


def forget_undo() -> None:
    """Drop the way back: another card is looked at."""
    st.session_state.pop(_UNDO, None)


def _do(
    desk: Desk,
    step: Callable[[], object],
    done: str,
    undo: Callable[[], object] | None = None,
    forget: tuple[str, ...] = (),
) -> None:
    """Do one step, say so on the next screen, and keep the way back."""
    try:
        step()
    except SaysoError as problem:
        st.error(desk.words.problem(problem))
        return
    tell(done)
    for key in forget:
        st.session_state.pop(key, None)
    st.session_state[_UNDO] = undo
    st.rerun()


def _offer_undo(desk: Desk) -> None:
    undo = st.session_state.get(_UNDO)
    if undo is not None and st.button(desk.words("people.undo.button"), key="undo-last"):
        _do(desk, undo, desk.words("people.undone"), forget=(_ALIAS, *staff_circumstances.FIELDS))

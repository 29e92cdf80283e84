"""After a restore from a backup: what was in force waits until the client was asked."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core import importing
from core import plain as in_words
from core.people import Person
from core.store.vaults import Record
from pages.parts.staff_frame import Desk
from pages.parts.staff_text import code


def show(desk: Desk, person: Person, records: list[Record], do: Callable[[Callable[[], object], str], None]) -> None:
    """Show the code to compare and one button, where a restore is all that is to be confirmed."""
    waits = {hold.token.digest for hold in person.standing.holds if hold.reason == "restored"}
    if not waits or person.holder.confirmed_key is None:
        return
    t = desk.words
    with st.container(border=True, key="restored"):
        st.header(t("restored.title"))
        st.write(t("restored.ask"))
        for record in records:
            if record.token.digest in waits:
                st.caption(t("people.compare.made", date=in_words.day(record.token.body.issued_at, t)))
                code(record.token.acknowledgement)
        if st.button(t("restored.button"), key="still-holds", width="stretch"):
            do(lambda: importing.still_holds(desk.vault, person.card.code, desk.now), t("restored.done"))

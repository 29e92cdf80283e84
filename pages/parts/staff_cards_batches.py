"""Picking one of the practice's latest batches."""

from __future__ import annotations

import streamlit as st

from core import plain as in_words
from core.store import card_batches, practice
from core.store.card_batches import Batch
from pages.parts.staff_frame import Counter
from pages.parts.staff_text import plain

#: Older ones are found by their numbers.
_SHOWN = 12


def pick(who: Counter, key: str) -> Batch | None:
    """Let one of the latest finished batches be picked; None until one is."""
    t, database = who.words, who.here.portal.database
    found = {one.id: one for one in card_batches.latest(database, _SHOWN) if one.finished}
    if not found:
        st.write(t("cards.batch.none"))
        return None
    names = {one.id: one.name for one in practice.list_therapists(database)}

    def shown(batch_id: str) -> str:
        one = found[batch_id]
        day, name = in_words.day(one.made_at, t), plain(names[one.therapist_id])
        if one.first == one.last:
            return t("cards.batch.one", number=one.first, name=name, day=day)
        return t("cards.batch", first=one.first, last=one.last, name=name, day=day)

    # None is picked ahead: a new batch would come before the one that was, and the wrong one be blocked.
    picked = st.radio(t("cards.batch.label"), list(found), index=None, format_func=shown, key=key)
    return None if picked is None else found[picked]

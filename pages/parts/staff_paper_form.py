"""The choices of a paper form, in the order of the client's screens. Nothing is preset."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import streamlit as st

from core import plain as in_words
from core.drafts import Draft, Way
from core.model.circumstances import offered_topics
from core.model.taxonomy import NOTE_BYTES, TAXONOMY
from core.text import Words
from pages.parts.form import one_of, start_from, tick
from pages.parts.staff_frame import Counter

_DRAFT = "paper-draft"


def entered(desk: Counter, code: str) -> Draft:
    """Show the form of one card and return what was entered so far. It outlives a look at another page."""
    t = desk.words
    draft: Draft = st.session_state.get(_DRAFT) or Draft(code)
    if draft.card != code:
        forget()
        draft = Draft(code)
    draft = replace(draft, way=cast("Way | None", _way(t, draft)))
    if draft.way == "each":
        draft = _limits(desk, _places(t, draft))
    draft = replace(draft, guardian=tick(t("guardian.label"), key="paper-f-guardian", value=draft.guardian))
    st.session_state[_DRAFT] = draft
    return draft


def forget() -> None:
    """Begin anew with nothing entered."""
    for key in [key for key in st.session_state if str(key).startswith("paper-f-")]:
        del st.session_state[key]
    st.session_state.pop(_DRAFT, None)


def _way(t: Words, draft: Draft) -> str | None:
    hints = {"no": t("paper.way.no.hint"), "each": t("paper.way.each.hint")}
    return one_of(
        t("paper.way"),
        ["no", "each"],
        lambda way: t(f"choose.way.{way}.label"),
        key="paper-f-way",
        value=draft.way,
        hints=hints.__getitem__,
    )


def _places(t: Words, draft: Draft) -> Draft:
    st.caption(t("paper.unclear"))
    chosen = {}
    for channel in TAXONOMY.channel_ids:
        answer = one_of(
            t(f"channel.{channel}.label"),
            TAXONOMY.treatments_for(channel),
            lambda treatment: t(f"treatment.{treatment}.label"),
            key=f"paper-f-channel-{channel}",
            value=draft.channels.get(channel),
        )
        if answer:
            chosen[channel] = answer
    return replace(draft, channels=chosen)


def _limits(desk: Counter, draft: Draft) -> Draft:
    t = desk.words
    st.header(t("limits.materials"))
    materials = tuple(
        term
        for term in TAXONOMY.material_ids
        if tick(in_words.material(term, t), key=f"paper-f-material-{term}", value=term in draft.materials)
    )
    recognise = tick(t("recognise_self.label"), key="paper-f-recognise", value=draft.may_recognise_self)
    term = _months("term", TAXONOMY.term_months, draft.term_months, t)
    st.header(t("check.topics"))
    topics = tuple(
        term
        for term in offered_topics(part_2=desk.here.portal.part_2)
        if tick(t(f"topic.{term}.label"), key=f"paper-f-topic-{term}", value=term in draft.topics)
    )
    draft = replace(draft, materials=materials, may_recognise_self=recognise, term_months=term, topics=topics)
    therapy = one_of(
        t("limits.therapy"),
        [term.id for term in TAXONOMY.therapy],
        lambda term: t(f"therapy.{term}.label"),
        key="paper-f-therapy",
        value=draft.therapy,
    )
    gap = _months("gap", TAXONOMY.gap_months, draft.gap_months, t)
    return replace(draft, therapy=therapy, gap_months=gap, note=_note(t, draft))


def _months(family: str, offered: tuple[int, ...], value: int | None, t: Words) -> int | None:
    chosen = one_of(
        t("limits.term" if family == "term" else "limits.gap"),
        [str(months) for months in offered],
        lambda months: t(f"{family}.{months}.label"),
        key=f"paper-f-{family}",
        value=None if value is None else str(value),
    )
    return None if chosen is None else int(chosen)


def _note(t: Words, draft: Draft) -> str:
    start_from("paper-f-note", draft.note or None)
    typed = st.text_input(t("print.form.note"), key="paper-f-note", autocomplete="off").strip()
    over = len(typed.encode()) - NOTE_BYTES
    if over > 0:
        st.error(t("limits.note.too_long", over=over))
    return typed

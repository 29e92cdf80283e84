"""Limits, only after some yes: what may be used, how long, and what to leave out."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.drafts import Draft, tidy_note
from core.model.circumstances import offered_topics
from core.model.taxonomy import NOTE_BYTES, TAXONOMY
from core.plain import material
from pages.parts import prose
from pages.parts.client import Visit, back_and_on, visit
from pages.parts.client_help import offer
from pages.parts.form import as_set, fold, one_of, start_from, tick
from pages.parts.problems import Problems


def _materials(seen: Visit, draft: Draft) -> Draft:
    t = seen.words
    ticked = [
        term
        for term in TAXONOMY.material_ids
        if tick(material(term, t), key=f"material-{term}", value=term in draft.materials)
    ]
    if "disguised" in draft.treatments().values():
        prose.show(prose.heading(t("check.recognise")))
        recognise = tick(t("recognise_self.label"), key="recognise", value=draft.may_recognise_self)
        prose.show(prose.paragraph(t("recognise_self.hint"), "aside"))
        draft = replace(draft, may_recognise_self=recognise)
    return replace(draft, materials=tuple(ticked))


def _term(seen: Visit, draft: Draft, problems: Problems) -> Draft:
    t = seen.words
    prose.show(prose.heading(t("limits.term")), prose.paragraph(t("limits.term.hint"), "aside"))
    problems.place("term")
    chosen = one_of(
        t("limits.term"),
        [str(months) for months in TAXONOMY.term_months],
        lambda months: t(f"term.{months}.label"),
        key="term",
        value=str(draft.term_months) if draft.term_months else None,
        headed=True,
    )
    return replace(draft, term_months=int(chosen) if chosen else None)


def _topics(seen: Visit, draft: Draft) -> Draft:
    t = seen.words
    part_2 = seen.part_2
    offered = offered_topics(part_2=part_2)
    draft = replace(draft, topics=tuple(term for term in draft.topics if term in offered))
    state = t("limits.topics.some" if draft.topics else "limits.topics.none")
    part = fold(t("limits.topics", state=as_set(state)), key="topics")
    if not part.open:
        return draft
    with part:
        st.write(t("limits.topics.intro"))
        ticked = [
            term for term in offered if tick(t(f"topic.{term}.label"), key=f"topic-{term}", value=term in draft.topics)
        ]
        if part_2:
            st.caption(t("limits.topics.part_2"))
    return replace(draft, topics=tuple(ticked))


def _when(seen: Visit, draft: Draft) -> Draft:
    t = seen.words
    therapy, gap = draft.therapy or "after", 6 if draft.gap_months is None else draft.gap_months
    state = t("limits.when.state", therapy=t(f"therapy.{therapy}.label"), gap=t(f"gap.{gap}.label"))
    part = fold(t("limits.when", state=as_set(state)), key="when")
    if not part.open:
        return draft
    with part:
        chosen = one_of(
            t("limits.therapy"),
            [term.id for term in TAXONOMY.therapy],
            lambda term: t(f"therapy.{term}.label"),
            key="therapy",
            value=draft.therapy,
        )
        months = one_of(
            t("limits.gap"),
            [str(gap) for gap in TAXONOMY.gap_months],
            lambda gap: t(f"gap.{gap}.label"),
            key="gap",
            value=None if draft.gap_months is None else str(draft.gap_months),
        )
    return replace(draft, therapy=chosen, gap_months=int(months) if months else None)


def _note(seen: Visit, draft: Draft) -> tuple[Draft, int]:
    t = seen.words
    state = t("limits.note.some") if draft.note else t("limits.note.none")
    # Drawn folded too: what is typed and too long to be kept is still there when it is opened again.
    with st.expander(t("limits.note", state=as_set(state)), key="note-folded"):
        start_from("note", draft.note or None)
        typed = tidy_note(st.text_input(t("limits.note.label"), key="note", autocomplete="off"))
        st.caption(t("limits.note.hint"))
        over = len(typed.encode()) - NOTE_BYTES
        if over > 0:
            st.error(t("limits.note.too_long", over=over))
            return draft, over
    return replace(draft, note=typed), 0


seen = visit()
t = seen.words
if not seen.draft.has_yes:
    st.switch_page("client/choose.py")
problems = Problems()
prose.show(prose.title(t("limits.title")), prose.paragraph(t("limits.intro")), prose.heading(t("limits.materials")))
draft = _materials(seen, seen.draft)
draft = _term(seen, draft, problems)
draft = _topics(seen, draft)
draft = _when(seen, draft)
draft, over = _note(seen, draft)
prose.show(prose.heading(t("notice.locked")), prose.points([t(f"locked.{term.id}.label") for term in TAXONOMY.locked]))
seen.keep(draft)
if back_and_on(t, "choose") and over <= 0:
    if draft.term_months is None:
        problems.say("term", t("limits.pick_term"))
    else:
        st.switch_page("client/check.py" if draft.understood or draft.offered_a_person else "client/questions.py")
offer(t, seen.therapist, seen.card, "who", "talk")

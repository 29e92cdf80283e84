"""Four questions that check whether the words were clear. A miss explains and asks again."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.drafts import QUESTIONS
from pages.parts import prose
from pages.parts.client import back_and_on, visit
from pages.parts.client_help import offer
from pages.parts.form import one_of
from pages.parts.problems import Problems

OPTIONS = {
    "care": ["less", "nothing", "price"],
    "stop": ["gone", "copies_stay", "stays"],
    "guess": ["no", "yes"],
    "silence": ["yes", "later", "no"],
}

seen = visit()
t, draft = seen.words, seen.draft
if not draft.has_yes:
    st.switch_page("client/choose.py")
problems = Problems()

if draft.offered_a_person:
    prose.show(
        prose.title(t("questions.title")),
        prose.paragraph(t("questions.person")),
        prose.paragraph(t("questions.person.now")),
    )
    if back_and_on(t, "limits", t("questions.to_choose")):
        st.switch_page("client/choose.py")
    st.stop()

prose.show(prose.title(t("questions.title")), prose.paragraph(t("questions.intro")))
answers: dict[str, str] = {}
unanswered: list[str] = []
picked: dict[str, str] = {}
for question in QUESTIONS:
    if question in draft.right:
        right = f"{t(f'questions.{question}.{QUESTIONS[question]}')}. {t('questions.right')}"
        prose.show(prose.paragraph(t(f"questions.{question}"), "strong"), prose.paragraph(right))
        continue
    # A new key after a miss: the question is asked afresh, with nothing chosen.
    missed = draft.misses.get(question, 0)
    if missed:
        st.warning(t(f"questions.{question}.again"))
    key = f"question-{question}-{missed}"
    problems.place(key)
    answer = one_of(
        t(f"questions.{question}"),
        OPTIONS[question],
        lambda option, question=question: t(f"questions.{question}.{option}"),
        key=key,
        value=draft.answered.get(key),
    )
    if answer:
        answers[question] = answer
        picked[key] = answer
    else:
        unanswered.append(key)
# Kept like every choice: the page may be loaded again, for another language or after a bad line.
draft = replace(draft, answered=picked)
seen.keep(draft)
if back_and_on(t, "limits", t("questions.check") if not draft.understood else None):
    if draft.understood:
        st.switch_page("client/check.py")
    if unanswered:
        problems.say(unanswered[0], t("questions.answer_all"))
    else:
        for question, answer in answers.items():
            draft = draft.answer(question, answer)
        seen.keep(draft)
        if draft.understood:
            st.switch_page("client/check.py")
        st.rerun()
offer(t, seen.therapist, seen.card, "talk")

"""The questions on a client's own page: those that wait, a yes that stands, and earlier ones."""

from __future__ import annotations

import streamlit as st

from core import own_page, plain
from core.received import Question
from pages.parts.client_own import Own
from pages.parts.client_past import said, take_back
from pages.parts.client_reply import reference


def waiting(own: Own, open_: list[Question]) -> None:
    """Show that a question waits, and nothing of what it asks."""
    if not open_:
        return
    t = own.words
    st.header(t("mine.questions"))
    for question in open_:
        date = plain.day(question.request.answer_by, t)
        st.write(t("mine.question", therapist=own.name, date=date))
        _look(own, question, t("mine.question.button"))


def earlier(own: Own, closed: list[Question]) -> None:
    """Show what came of earlier questions, each yes that stands first."""
    t, elsewhere = own.words, _taken_back_elsewhere(own)
    live = [one for one in closed if one.can_be_taken_back(own.now) and one.request_id not in elsewhere]
    if live:
        st.header(t("mine.yeses"))
        _listed(own, live)
    # Closed ahead of its day, and perhaps by somebody else: that is not to be looked for among the earlier ones.
    by_card = [one for one in closed if one.no_by_card and own.now < one.request.closes_at]
    if by_card:
        st.header(t("mine.closed"))
        _listed(own, by_card)
    rest = [one for one in closed if one not in live and one not in by_card]
    if rest:
        with st.expander(t("mine.earlier"), key="earlier"):
            _listed(own, rest)


def _listed(own: Own, questions: list[Question]) -> None:
    t = own.words
    for question in questions:
        with st.container(key=f"question-{reference(question)}"):
            st.write(f"**{t('mine.asked', date=plain.day(question.request.issued_at, t))}**")
            for sentence in said(own, question):
                st.write(sentence)
            _look(own, question, t("mine.again.button"))
            if question.request_id not in _taken_back_elsewhere(own):
                take_back(own, question)


def _taken_back_elsewhere(own: Own) -> set[bytes]:
    """Return the questions whose yes is up in a post: it is taken back where that is shown."""
    return {one.reference for one in own.client.letters.posts if one.can_be_taken_back}


def _look(own: Own, question: Question, label: str) -> None:
    if st.button(label, key=f"read-{reference(question)}", width="stretch"):
        own_page.read(own.client, question)
        st.switch_page("client/answer.py")

"""One question to a client about one exact draft, and their answer."""

from __future__ import annotations

import streamlit as st

from core import plain
from core.model.body import Answer, Withdrawal
from core.received import Question
from core.saving import Saved
from pages.parts import client_question, client_reply
from pages.parts.client_help import offer
from pages.parts.client_own import Own, let_in, proof
from pages.parts.client_past import said, take_back
from pages.parts.session import at_card


def _read(own: Own, question: Question) -> None:
    t, saved = own.words, _sent(own, question)
    if saved:
        st.success(t("answer.done" if saved.sent else "answer.by_hand", therapist=own.name))
    if question.state(own.now):
        _answered(own, question)
    if saved:
        proof(own, saved)
    if not question.state(own.now):
        st.write(t("answer.asks", therapist=own.name))
        st.write(f"**{t('answer.free')}**")
        st.write(t("answer.talk"))
    client_question.show(own, question.request)
    _ask(own, question)
    offer(t, own.client.therapist, own.client.card, "answer", "talk", "real")


def _sent(own: Own, question: Question) -> Saved | None:
    """Return the answer to this question, or its being taken back, where that is what was sent from here last."""
    saved = own.client.last_sent
    content = saved.token.body.content if saved else None
    about = content.request_id if isinstance(content, Answer) else None
    about = content.reference if isinstance(content, Withdrawal) else about
    return saved if about == question.request_id else None


def _answered(own: Own, question: Question) -> None:
    with st.container(key="answered"):
        for sentence in said(own, question):
            st.write(sentence)
        take_back(own, question)


def _ask(own: Own, question: Question) -> None:
    t = own.words
    if question.is_open(own.now):
        st.header(t("answer.yours"))
        st.write(t("answer.silence", date=plain.day(question.request.answer_by, t)))
        client_reply.ask(own, question)
    elif question.may_say(own.now):
        with st.expander(t("answer.stricter"), key="stricter"):
            client_reply.ask(own, question)


heading = st.empty()
who = at_card()
own = let_in(who, heading, who.words("answer.title"))
question = own.client.open_question if own else None
# Another heading is another screen: it takes the focus, and the page starts at its top.
answered = own is not None and question is not None and question.state(own.now) is not None
heading.title(who.words("answer.said.title" if answered else "answer.title"))
if own and question:
    if own.client.back.stopped:
        st.info(own.words("answer.stopped"))
    _read(own, question)
else:
    st.write(who.words("answer.none" if own else "answer.enter"))
if st.button(who.words("answer.back"), key="back", width="stretch"):
    st.switch_page("client/mine.py")

"""The answer to one question: five alike, nothing preset; what is sent is said before it is sent."""

from __future__ import annotations

from typing import cast

import streamlit as st

from core import answering, own_page, plain
from core.answering import FEELINGS, Feeling, Reply
from core.answers import COOLING_OFF
from core.errors import SaysoError
from core.model.body import AnswerChoice
from core.received import Question
from pages.parts.client_own import Own
from pages.parts.form import one_of


def ask(own: Own, question: Question) -> None:
    """Ask for an answer, of those that can still change something, and send it."""
    t, ref = own.words, reference(question)
    label = t("answer.yours")
    answer = one_of(
        label,
        question.may_say(own.now),
        lambda one: t(f"answer.choice.{one}.label"),
        key=f"answer-{ref}",
        value=None,
        hints=lambda one: t(f"answer.choice.{one}.hint"),
        headed=True,
    )
    reply = _reply(own, ref, cast("AnswerChoice | None", answer))
    if reply is not None:
        _check(own, question, reply)


def reference(question: Question) -> str:
    """Return what ties a button to one question, so that a tap in another window never answers this one."""
    return question.request_id.hex()[:12]


def _reply(own: Own, ref: str, answer: AnswerChoice | None) -> Reply | None:
    if answer == "yes":
        feeling = _feeling(own, ref)
        return Reply(answer, feeling) if feeling else None
    if answer == "yes_if_changed":
        return Reply(answer, note=_note(own, ref))
    return Reply(answer) if answer else None


def _note(own: Own, ref: str) -> str:
    t = own.words
    note = st.text_input(t("answer.note.label"), key=f"note-{ref}", autocomplete="off")
    st.caption(t("answer.note.hint"))
    over = answering.letters_over(note)
    if over:
        st.error(t("answer.note.too_long", over=over))
    return note


def _feeling(own: Own, ref: str) -> Feeling | None:
    t = own.words
    st.header(t("answer.feeling"))
    st.write(t("answer.feeling.why"))
    chosen = one_of(
        t("answer.feeling"),
        FEELINGS,
        lambda one: t(f"answer.feeling.{one}.label"),
        key=f"feeling-{ref}",
        value=None,
        headed=True,
    )
    return cast("Feeling | None", chosen)


def _check(own: Own, question: Question, reply: Reply) -> None:
    t = own.words
    # The button stays while a note is too long: a field is only read once it is left, which tapping it does.
    fits = not answering.letters_over(reply.note)
    if fits:
        _what_is_sent(own, reply)
    by_mailbox = own.here.portal.outbox.mailbox_on
    label = t("answer.send", therapist=own.name) if by_mailbox else t("answer.send.by_hand")
    if st.button(label, key=f"send-{reference(question)}", type="primary", width="stretch") and fits:
        _send(own, question, reply)


def _what_is_sent(own: Own, reply: Reply) -> None:
    t, sent = own.words, reply.as_sent()
    st.header(t("answer.check"))
    if sent.answer != reply.answer:
        st.info(t("answer.check.pressured", therapist=own.name))
    else:
        st.write(f"**{t(f'answer.choice.{sent.answer}.label')}**")
    date = plain.day(own.now + COOLING_OFF, t)
    st.write(t(f"answer.then.{sent.answer}", therapist=own.name, date=date))


def _send(own: Own, question: Question, reply: Reply) -> None:
    try:
        own_page.answer(own.client, question, reply, own.now)
    except SaysoError as problem:
        st.error(own.words.problem(problem))
        return
    # How it feels is for this screen only: nothing of it stays, not even until the next one is drawn.
    for field in ("answer", "feeling", "note"):
        st.session_state.pop(f"{field}-{reference(question)}", None)
    st.rerun()

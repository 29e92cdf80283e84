"""What a client said to a question, in words, and taking a yes back."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from core import own_page, plain
from core.errors import SaysoError
from core.received import Question
from pages.parts.client_own import Own, sent_now
from pages.parts.client_reply import reference
from pages.parts.staff_text import plain as as_typed


def said(own: Own, question: Question) -> Iterator[str]:
    """Yield what a question came to: the answer, its note, what it means now, and how far it is."""
    t, state = own.words, question.state(own.now)
    if state is None:
        return
    if state == "silence":
        yield t("answer.said.silence", date=plain.day(question.request.answer_by, t))
        return
    if question.no_by_card and (question.taken_back or question.answered not in {"no", "no_never_ask"}):
        yield t("answer.said.card")
        yield progress(own, question.no_by_card)
        return
    if question.answered_at and state != "taken_back":
        label, day = t(f"answer.choice.{question.answered}.label"), plain.day(question.answered_at, t)
        yield t("answer.said", date=day, label=label)
    else:
        yield t("answer.said.taken_back")
    if question.note:
        yield t("answer.said.note", note=as_typed(question.note))
    ready = question.ready_at
    if question.can_be_taken_back(own.now) and ready and own.now < ready:
        yield t("answer.then.yes", therapist=own.name, date=plain.day(ready, t))
    if question.progress:
        yield progress(own, question.progress)


def progress(own: Own, how_far: str) -> str:
    """Return how far a word is; where nothing goes by mailbox, that this page can not tell."""
    if how_far == "sent" and not own.here.portal.outbox.mailbox_on:
        return own.words("mine.progress.by_hand")
    return own.words(f"mine.progress.{how_far}")


def take_back(own: Own, question: Question) -> None:
    """Offer to take a yes back, with one tap."""
    if question.can_be_taken_back(own.now):
        take_back_button(own, question.request_id, own.words("mine.undo.yes.button"), reference(question))


def take_back_button(own: Own, taken: bytes, label: str, key: str) -> None:
    """Show a button that takes one post back, and do it. ``taken``: the question's id or the draft's hash."""
    if not st.button(label, key=f"undo-{key}", width="stretch"):
        return
    try:
        own_page.take_back(own.client, taken, own.now)
    except SaysoError as problem:
        st.error(own.words.problem(problem))
        return
    sent_now()
    st.switch_page("client/mine.py")

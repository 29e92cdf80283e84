"""The answer to "May I post this?": one word on top, then why, what would change it, and what to do first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

import streamlit as st

from core import may_post
from core import plain as in_words
from core.may_post import Reply
from core.model.checklist import Checklist
from core.model.posted import Piece
from core.model.question import Question
from core.model.verdict import Reason, Verdict
from core.text import Words
from pages.parts import staff_ask, staff_post_form
from pages.parts.guard import way_on
from pages.parts.staff_frame import Desk
from pages.parts.staff_text import lines, plain

#: A sign for each answer, always beside its words.
_SIGNS = {
    "open": "…",
    "no": "✕",
    "not_yet": "◔",
    "ask": "?",
    "allowed": "✓",
    "out_of_scope": "–",
    "inbox_first": "!",
}
#: Which draft the page of posts opens.
_POSTS = "posts-open"
Name = Callable[[str], str]


def show(desk: Desk, reply: Reply, question: Question, checked: Checklist | None, name: Name) -> None:
    """Show what is behind the answer of this moment."""
    t = desk.words
    if reply.gaps:
        st.write(t("post.gaps", gaps="; ".join(t(f"post.gap.{gap}") for gap in reply.gaps)))
    if reply.headline == "inbox_first":
        way_on(t("post.inbox.button"), "therapist/inbox.py", main=True)
    _listed(t("post.why"), _reasons(reply, name, t))
    _leave_out(reply, question, t)
    _listed(t("post.change"), _changes(reply, t))
    if reply.verdict is not None:
        done = checked is not None and checked.is_complete
        _listed(t("post.steps"), (_step(step, t, done=done) for step in reply.verdict.steps))


def word(verdict: Verdict | None, t: Words) -> str:
    """Return the one word for a kept draft. None: the inbox comes first."""
    if verdict is None:
        return t("post.answer.inbox_first")
    if verdict.on is not None:
        return t("post.answer_on", date=in_words.day(verdict.on, t))
    return t(f"post.answer.{verdict.answer}")


def sign(verdict: Verdict | None) -> str:
    """Return the sign that stands beside the word."""
    return _SIGNS[verdict.answer if verdict else "inbox_first"]


def headline(reply: Reply, name: Name, t: Words) -> None:
    """Show the one word and what it means."""
    top, verdict = reply.headline, reply.verdict
    title = word(verdict, t) if verdict is not None and verdict.answer == top else t(f"post.answer.{top}")
    asked = ", ".join(name(code) for code in verdict.ask) if verdict else ""
    said = t(f"post.say.{top}", names=asked)
    # Read out again on each change, so that the answer is heard as it is seen.
    st.html(
        f'<div class="verdict {top.replace("_", "-")}" role="status"><p class="word"><span aria-hidden="true">'
        f"{_SIGNS[top]}</span> {escape(title)}</p><p>{escape(said)}</p></div>"
    )


def ways_on(piece: Piece | None, question: Question, reply: Reply, name: Name, t: Words) -> None:
    """Show where to go on from the answer to a kept draft: to asking a client, or to noting that it is out."""
    as_kept = piece is not None and may_post.is_as_kept(question, piece)
    if piece is None or not as_kept:
        if reply.headline == "ask":
            st.caption(t("ask.keep_first"))
    elif reply.headline == "ask" and reply.verdict is not None:
        for code in reply.verdict.ask:
            if st.button(t("ask.person.button", name=plain(name(code))), key=f"post-ask-{code}", width="stretch"):
                staff_ask.open_form(piece.id, code)
                st.switch_page("therapist/ask.py")
    elif reply.headline in {"allowed", "out_of_scope"} and st.button(
        t("ask.posted.button"), key="post-posted", width="stretch"
    ):
        st.session_state[_POSTS] = piece.id
        st.switch_page("therapist/posts.py")


def why(reply: Reply, name: Name, t: Words) -> None:
    """Show the reasons of an answer, and what would change it."""
    _listed(t("post.why"), _reasons(reply, name, t))
    _listed(t("post.change"), _changes(reply, t))


def _listed(title: str, sentences: Iterable[str]) -> None:
    found = list(dict.fromkeys(sentences))
    if found:
        st.header(title)
        lines(found)


def _reasons(reply: Reply, name: Name, t: Words) -> Iterable[str]:
    if reply.other_account:
        yield t("post.other_account")
    for reason in reply.verdict.reasons if reply.verdict else ():
        what = ", ".join(_specific(reason, one, t) for one in reply.specifics(reason))
        yield t(f"post.rule.{reason.rule}", name=name(reason.person) if reason.person else "", what=what)


def _specific(reason: Reason, one: str, t: Words) -> str:
    if reason.rule == "topic_left_out":
        return t(f"post.topic.{one}.label")
    return t(f"post.material.{one}.label" if reason.rule == "material_left_out" else f"channel.{one}.label")


def _changes(reply: Reply, t: Words) -> Iterable[str]:
    if reply.other_account:
        yield t("post.other_account.change")
    for reason in reply.verdict.reasons if reply.verdict else ():
        yield t(f"post.change.{reason.rule}")


def _leave_out(reply: Reply, question: Question, t: Words) -> None:
    places = reply.stories_to_leave_out()
    for place, number in zip(places, staff_post_form.remember_noes(places, question.words), strict=True):
        st.button(
            t("post.leave_out.button", number=place + 1),
            key=f"post-leave-out-{place}",
            on_click=staff_post_form.leave_out,
            args=(number,),
        )
    if "details" in reply.gaps:
        st.warning(t("post.left_out"))


def _step(step: str, t: Words, *, done: bool) -> str:
    return t("post.step_done") if step == "deidentify" and done else t(f"post.step.{step}")

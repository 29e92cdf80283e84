"""My page: choices, questions, posts, change and stop. By the personal link or the typed code."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import own_page, plain
from core import visit as visits
from core.errors import SaysoError
from core.own_record import is_about_one_post
from core.received import ends_soon
from core.saving import Saved
from core.wire import Answer, Choices
from pages.parts import client_posts, client_questions, prose
from pages.parts.client import Visit, take_up
from pages.parts.client_help import offer
from pages.parts.client_own import Own, is_sent_now, just_sent, let_in, sent_now
from pages.parts.client_past import progress
from pages.parts.form import link, start_from
from pages.parts.session import Here, at_card

#: What is said of each thing that can be sent from here: when it was, and when it goes out by hand.
_SENT = {
    "answer": ("answer.done", "answer.by_hand"),
    "one_post": ("mine.undo.done", "mine.undo.by_hand"),
    "everything": ("mine.stop.done", "mine.stop.by_hand"),
}


def _enter(who: Here) -> None:
    t = who.words
    st.write(t("mine.enter"))
    start_from("mine-card", who.portal.cards.get(who.binding))
    card_code = st.text_input(t("mine.card"), key="mine-card", autocomplete="off")
    personal = st.text_input(t("mine.code"), key="mine-code", autocomplete="off")
    if st.button(t("mine.open"), type="primary", width="stretch", key="open"):
        try:
            visits.enter(who.portal, who.binding, card_code, personal, st.context.ip_address or "", who.now)
        except SaysoError as problem:
            st.error(t.problem(problem))
        else:
            st.rerun()
    st.write(t("mine.lost"))
    link(t("common.back"), "/")


def _just_sent(own: Own) -> Saved | None:
    """Show what was sent from here last, unless it was choices: these have a page of their own."""
    saved, t = own.client.last_sent, own.words
    content = saved.token.body.content if saved else None
    if saved is None or isinstance(content, Choices):
        return None
    done, by_hand = _SENT["answer" if isinstance(content, Answer) else content.scope]
    just_sent(own, saved, t(done if saved.sent else by_hand, therapist=own.name))
    return saved


def _chosen(own: Own) -> None:
    t, last = own.words, own.client.back.last
    if last is None or is_about_one_post(last.body):
        st.write(t("mine.no_record"))
        return
    sent_on, how_far = plain.day(last.body.issued_at, t), progress(own, own.client.letters.progress(last))
    content = last.body.content
    if not isinstance(content, Choices):
        st.write(t("mine.stopped", date=sent_on))
        st.write(how_far)
        return
    document = content.preferences
    st.header(t("mine.chosen"))
    st.caption(f"{t('mine.on', date=sent_on)}. {how_far}")
    prose.show(prose.answers(plain.places(document, t)))
    if own.client.back.words_changed:
        st.write(t("mine.words_changed"))
    elif document.expires_at:
        ended = document.has_ended(own.now)
        st.write(t("mine.ended" if ended else "mine.ends", date=plain.day(document.expires_at, t)))


def _ends_soon(own: Own) -> None:
    t, letters = own.words, own.client.letters
    names = {one.posted.post: t("mine.soon.post", account=one.posted.account) for one in letters.posts}
    soon = ends_soon(own.client.back.last, letters, own.now)
    if soon:
        st.header(t("mine.soon"))
        prose.show(prose.answers([(names.get(what) or t("mine.soon.choices"), plain.day(at, t)) for what, at in soon]))


def _posts(own: Own) -> None:
    if own.client.letters.posts:
        st.header(own.words("mine.posts"))
    for post in own.client.letters.posts:
        client_posts.show(own, post)


def _change(own: Own) -> None:
    if st.button(own.words("mine.change"), key="change", width="stretch"):
        client = own.client
        draft = visits.change(client.card, client.back)
        take_up(client.card)
        Visit(own.here, client.card, client.therapist, draft).keep(draft)
        st.switch_page("client/choose.py")


def _stop(own: Own) -> None:
    t = own.words
    if own.client.back.stopped:
        return
    st.write(t("mine.stop.what"))
    if st.button(t("mine.stop"), key="stop", width="stretch"):
        try:
            own_page.stop(own.client, own.now)
        except SaysoError as problem:
            st.error(t.problem(problem))
            return
        sent_now()
        st.rerun()


def _page(own: Own, heading: DeltaGenerator) -> None:
    if is_sent_now() and _sent_screen(own, heading):
        return
    heading.title(own.words("mine.title"))
    letters = own.client.letters
    open_ = [one for one in letters.questions if one.is_open(own.now)]
    _just_sent(own)
    client_questions.waiting(own, open_)
    _chosen(own)
    _ends_soon(own)
    _posts(own)
    client_questions.earlier(own, [one for one in letters.questions if one not in open_])
    if not letters.questions and not letters.posts:
        st.write(own.words("mine.nothing_waits"))
    _change(own)
    _stop(own)
    offer(own.words, own.client.therapist, own.client.card, "saw", "who", "talk", "real", posts_listed=True)


def _sent_screen(own: Own, heading: DeltaGenerator) -> bool:
    """Show what just went out, alone. Another heading takes the focus, and the page starts at its top."""
    saved = _just_sent(own)
    if saved is None:
        return False
    heading.title(own.words("mine.sent.title" if saved.sent else "mine.by_hand.title"))
    if st.button(own.words("answer.back"), key="back", width="stretch"):
        is_sent_now(forget=True)
        st.rerun()
    return True


who = at_card()
heading = st.empty()
link_said = who.portal.said.get(who.binding)
if link_said:
    st.error(who.words("mine.link", sentence=who.words.problem(link_said)))
own = let_in(who, heading, who.words("mine.title"))
if own is None:
    heading.title(who.words("mine.title"))
    _enter(who)
else:
    _page(own, heading)

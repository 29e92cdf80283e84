"""My page: see what was chosen, change it, stop. By the personal link or the typed code."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import plain, qr
from core import visit as visits
from core.errors import SaysoError
from core.keys import ClientKeys
from core.store import cards, practice
from core.store.cards import Card
from core.store.practice import Therapist
from core.visit import Return
from core.wire import Choices
from pages.parts.client import Visit, take_up
from pages.parts.form import code, lines, link, start_from
from pages.parts.session import Here, here
from pages.parts.staff_text import plain as as_typed


@dataclass(frozen=True)
class Mine:
    """A client on their own page."""

    here: Here
    card: Card
    therapist: Therapist
    back: Return


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
            st.error(problem.sentence)
        else:
            st.rerun()
    st.write(t("mine.lost"))
    link(t("common.back"), "/")


def _find(who: Here, seed: bytes) -> Mine | None:
    code = who.portal.cards.get(who.binding)
    if code is None:
        return None
    card = cards.usable(who.portal.database, code, who.now)
    therapist = practice.find_therapist(who.portal.database, card.therapist_id)
    back = visits.come_back(who.portal.database, card, ClientKeys(seed), who.now)
    return Mine(here(card.language), card, therapist, back)


def _chosen(mine: Mine) -> None:
    t = mine.here.words
    last = mine.back.last
    if last is None:
        st.write(t("mine.no_record"))
        return
    sent_on = plain.day(last.body.issued_at, t)
    if not isinstance(last.body.content, Choices):
        st.write(t("mine.stopped", date=sent_on))
        return
    document = last.body.content.preferences
    st.header(t("mine.chosen"))
    st.caption(t("mine.on", date=sent_on))
    lines(plain.places(document, t))
    if document.expires_at:
        ended = document.has_ended(mine.here.now)
        st.write(t("mine.ended" if ended else "mine.ends", date=plain.day(document.expires_at, t)))


def _change(mine: Mine) -> None:
    if st.button(mine.here.words("mine.change"), key="change", width="stretch"):
        draft = visits.change(mine.card, mine.back)
        take_up(mine.card)
        Visit(mine.here, mine.card, mine.therapist, draft).keep(draft)
        st.switch_page("client/choose.py")


def _stop(mine: Mine) -> None:
    t = mine.here.words
    if mine.back.stopped:
        return
    st.write(t("mine.stop.what"))
    if st.button(t("mine.stop"), key="stop", width="stretch"):
        portal = mine.here.portal
        try:
            stopped = visits.stop(portal.outbox, mine.card, mine.therapist, mine.back, mine.here.now)
        except SaysoError as problem:
            st.error(problem.sentence)
            return
        portal.forms.put(mine.here.binding, stopped)
        visits.after_stop(portal, mine.here.binding, mine.card.code)
        st.rerun()


def _stopped(mine: Mine) -> None:
    t = mine.here.words
    stopped = mine.here.portal.forms.get(mine.here.binding)
    if stopped is None or not mine.back.stopped:
        return
    st.success(t("mine.stop.done" if stopped.sent else "mine.stop.by_hand", therapist=as_typed(mine.therapist.name)))
    st.header(t("done.ack"))
    st.html(f'<p class="ack">{stopped.acknowledgement}</p>')
    if not stopped.sent:
        with st.container(key="token-qr"):
            st.image(qr.png(qr.matrix(stopped.token.text, qr.TOKEN_MASK)), caption=t("done.qr.alt"), width="stretch")
        code(stopped.token.text, size="token")


who = here()
t = who.words
st.title(t("mine.title"))
seed = who.portal.personal.get(who.binding)
try:
    mine = _find(who, seed) if seed else None
except SaysoError as problem:
    who.portal.personal.forget(who.binding)
    st.error(problem.sentence)
    mine = None
if mine is None:
    _enter(who)
else:
    _stopped(mine)
    _chosen(mine)
    st.write(mine.here.words("mine.nothing_waits"))
    _change(mine)
    _stop(mine)

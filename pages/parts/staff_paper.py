"""Around a paper form: whose it is, keeping it, what follows, and handing this screen to the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from core import from_paper, naming, people
from core.card import shown
from core.drafts import Draft
from core.errors import SaysoError
from core.paper import form
from core.saving import Letter
from core.store import practice
from core.store.cards import Card
from pages.parts import guard, staff_paper_form, staff_words
from pages.parts.session import Here, origin
from pages.parts.staff_frame import Counter
from pages.parts.staff_language import ask_language
from pages.parts.staff_text import facts, plain

#: The card whose form is entered.
CARD = "paper-card"
_DONE, _HANDED, _TRIED = "paper-done", "paper-handed", "paper-tried"


@dataclass(frozen=True)
class _Kept:
    """A form that was kept. ``waits``: in the mailbox of a therapist who has not opened it."""

    name: str
    draft: Draft
    issued_at: datetime
    waits: bool


def card() -> str | None:
    """Return the code of the card whose form is entered."""
    code: str | None = st.session_state.get(CARD)
    return code


def begin(code: str) -> None:
    """Begin with the form of one card."""
    forget()
    st.session_state[CARD] = code


def forget() -> None:
    """Begin anew: another card, or another form."""
    for key in (CARD, _DONE, _TRIED):
        st.session_state.pop(key, None)
    staff_paper_form.forget()


def pick_card(desk: Counter) -> None:
    """Ask whose form it is."""
    t = desk.words
    st.header(t("paper.card"))
    with st.form("paper-pick", border=False):
        typed = st.text_input(t("paper.card.label"), key="paper-typed", autocomplete="off")
        st.caption(t("paper.card.hint") if desk.vault else t("paper.card.office.hint"))
        if not st.form_submit_button(t("paper.card.button"), type="primary", key="paper-use", width="stretch"):
            return
    try:
        st.session_state[CARD] = _meant(desk, typed)
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        st.rerun()


def _meant(desk: Counter, typed: str) -> str:
    # The office knows no names.
    if desk.vault is None:
        return naming.card_at(desk.database, desk.therapist_ids, typed).code
    return naming.meant(desk.vault, typed, desk.now).card.code


def whose(desk: Counter, code: str) -> tuple[Card, str]:
    """Return the card of a form, and what it is called here. Raises a ``CardProblem``."""
    if desk.vault is None:
        card = naming.card_at(desk.database, desk.therapist_ids, code)
        return card, shown(card.code)
    person = people.find_person(desk.vault, code, desk.now)
    return person.card, person.name


def show_card(desk: Counter, card: Card, name: str) -> None:
    """Say whose form is entered, and let it be another's."""
    t = desk.words
    st.header(plain(name))
    facts([(t("staff.card"), shown(card.code)), (t("staff.stub"), str(card.number))])
    if st.button(t("paper.other_card.button"), key="paper-other"):
        forget()
        st.rerun()


def print_form(desk: Counter, card: Card | None = None) -> None:
    """Offer the empty form, for one card or for any of one therapist's."""
    t, portal, code = desk.words, desk.here.portal, card.code if card else ""
    if card is None and len(desk.therapist_ids) != 1:
        return
    therapist = practice.find_therapist(portal.database, card.therapist_id if card else desk.therapist_ids[0])
    found = practice.find_practice(portal.database)
    name = found.name if found else ""
    st.header(t("paper.print"))
    st.write(t("paper.print.what"))
    language = card.language if card else ask_language(t("language.form.label"), "paper-language", t.language)
    empty = form.PaperForm(therapist.name, name, therapist.accounts, code, language, portal.part_2)
    st.download_button(
        t("paper.print.card.button" if code else "paper.print.button"),
        partial(form.pdf, empty),
        "paper-form.pdf",
        "application/pdf",
        key="paper-print",
        on_click="ignore",
        width="stretch",
    )


def keep(desk: Counter, card: Card, name: str, draft: Draft) -> None:
    """Say what of the form cannot be kept as it is, and keep it when asked to."""
    t = desk.words
    for why in from_paper.left_open(draft):
        st.info(t(f"paper.left_open.{why}"))
    if not st.button(t("paper.save.button"), type="primary", key="paper-save", width="stretch"):
        return
    try:
        letter = _letter(desk, card, draft)
        standing = from_paper.enter(desk.here.portal, letter, desk.vault, desk.now)
    except SaysoError as problem:
        st.error(t.problem(problem))
        return
    st.session_state[_DONE] = _Kept(name, draft, letter.token.body.issued_at, standing is None)
    st.rerun()


def _letter(desk: Counter, card: Card, draft: Draft) -> Letter:
    # Kept for a second try, so that whatever happened to the first, the form arrives once.
    tried: tuple[Draft, Letter] | None = st.session_state.get(_TRIED)
    if tried is None or tried[0] != draft:
        tried = (draft, from_paper.write(desk.here.portal, card, draft, desk.now))
        st.session_state[_TRIED] = tried
    return tried[1]


def done(desk: Counter) -> bool:
    """Show a form that was kept and the ways on from there. Returns whether there is one."""
    kept: _Kept | None = st.session_state.get(_DONE)
    if kept is None:
        return False
    t = desk.words
    result = "waits" if kept.waits else "yes" if kept.draft.has_yes else "no"
    st.success(t(f"paper.done.{result}", name=plain(kept.name)))
    st.header(t("paper.kept"))
    facts(staff_words.document_facts(from_paper.document(kept.draft, kept.issued_at), t))
    for why in from_paper.left_open(kept.draft):
        st.info(t(f"paper.left_open.{why}"))
    if kept.draft.has_yes:
        _offer_to_confirm(desk, kept.draft)
    if st.button(t("paper.next.button"), key="paper-next", width="stretch"):
        forget()
        st.rerun()
    return True


def _offer_to_confirm(desk: Counter, draft: Draft) -> None:
    t, portal = desk.words, desk.here.portal
    st.header(t("paper.confirm"))
    if not from_paper.can_be_confirmed_here(portal):
        base = portal.public_url or origin()
        st.write(t("paper.confirm.elsewhere", address=plain(f"{base}/c/{draft.card}")))
        return
    st.write(t("paper.confirm.what"))
    st.caption(t("paper.confirm.tabs"))
    if st.button(t("paper.confirm.button"), type="primary", key="paper-confirm", width="stretch"):
        from_paper.hand_over(portal, desk.here.binding, draft)
        guard.lock(desk.here)
        st.session_state[_HANDED] = draft.card
        st.rerun()


def show_handed_over(who: Here) -> None:
    """Where this screen was just made the client's, show only the way to their page, and stop."""
    code = st.session_state.get(_HANDED)
    if code is None:
        return
    if who.portal.vaults.get(who.binding, touch=False) or who.portal.offices.get(who.binding, touch=False):
        # Somebody unlocked it again: the screen is theirs.
        del st.session_state[_HANDED]
        return
    t = who.words
    st.title(t("paper.handed.title"))
    st.write(t("paper.handed"))
    st.write(t("paper.handed.print", other=t("done.other"), leave=t("leave.button")))
    # A document of its own: nothing of this one is left behind it.
    st.html(f'<div class="ways"><a class="button" href="/c/{code}" target="_self">{t("paper.handed.link")}</a></div>')
    guard.way_on(t("paper.handed.back.button"), guard.PAGES["inbox"])
    st.stop()

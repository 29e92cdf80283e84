"""Cards: make a sheet, hand cards out by their stubs' numbers, block lost ones."""

from __future__ import annotations

import streamlit as st

from core import batches, naming
from core.errors import SaysoError
from core.sheet import PRESETS, check_base, trial_sheet
from core.store import cards, practice
from core.store.cards import Order
from pages.parts import guard
from pages.parts.form import start_from
from pages.parts.staff_frame import desk, heading, tell
from pages.parts.staff_text import plain

_SHEET, _LAST = "sheet", "handed-out-last"


def _counts() -> None:
    found = cards.counts(who.vault.database, who.vault.therapist_id)
    st.write(t("cards.counts", printed=found["printed"], handed_out=found["handed_out"], blocked=found["blocked"]))


def _hand_out() -> None:
    st.subheader(t("cards.hand_out"))
    st.write(t("cards.hand_out.what"))
    with st.form("hand-out", border=False, clear_on_submit=False):
        number = st.text_input(t("cards.number.label"), key="number", autocomplete="off")
        alias = st.text_input(t("cards.alias.label"), key="alias", max_chars=40, autocomplete="off")
        st.caption(t("cards.alias.hint"))
        sent = st.form_submit_button(t("cards.hand_out.button"), type="primary", key="hand-out-do", width="stretch")
    if sent:
        try:
            person = naming.hand_out(who.vault, number, alias, who.now)
        except SaysoError as problem:
            st.error(problem.sentence)
        else:
            tell(t("cards.handed_out", number=person.card.number, name=plain(person.name)))
            st.session_state[_LAST] = person.card.number
            for key in ("number", "alias"):
                del st.session_state[key]
            st.rerun()
    _take_back()


def _take_back() -> None:
    last = st.session_state.get(_LAST)
    if last is not None and st.button(t("cards.take_back.button", number=last), key="take-back"):
        cards.take_back(who.vault.database, last, who.now)
        del st.session_state[_LAST]
        tell(t("cards.taken_back", number=last), "info")
        st.rerun()


def _base() -> str:
    fixed = who.here.portal.settings.public_url
    if fixed:
        st.write(t("cards.base.fixed", address=plain(fixed)))
        return fixed
    start_from("base", who.here.portal.public_url or batches.origin(st.context.url or ""))
    typed = st.text_input(t("cards.base.label"), key="base", autocomplete="off")
    st.caption(t("cards.base.hint"))
    return typed


def _key(name: str) -> str:
    return name.replace("-", "_")


def _fits(name: str) -> str:
    stock = PRESETS[name].stock
    return t("cards.fits", stock=", ".join(stock)) if stock else t(f"cards.preset.{_key(name)}.hint")


def _make() -> None:
    st.subheader(t("cards.make"))
    presets = list(PRESETS)
    preset = st.radio(
        t("cards.preset.label"),
        presets,
        format_func=lambda name: t(f"cards.preset.{_key(name)}.label"),
        captions=[_fits(name) for name in presets],
        key="preset",
    )
    base = _base()
    for warning in check_base(base) if base else []:
        st.warning(t(warning))
    # With bounds of its own the field would quietly keep the number before; the core says what is wrong.
    count = st.number_input(t("cards.count.label"), value=10, step=1, key="count")
    offset = _offset()
    if st.button(t("cards.make.button"), type="primary", key="make", width="stretch"):
        _made(preset, base, int(count), offset)
    _download()
    st.download_button(
        t("cards.test.button"),
        lambda: trial_sheet(PRESETS[preset], offset),
        "test-sheet.pdf",
        "application/pdf",
        key="test-sheet",
        on_click="ignore",
        width="stretch",
    )


def _offset() -> tuple[float, float]:
    with st.expander(t("cards.offset.label")):
        st.write(t("cards.offset.what"))
        across = st.number_input(t("cards.offset.across.label"), value=0.0, step=0.5, key="offset-x")
        down = st.number_input(t("cards.offset.down.label"), value=0.0, step=0.5, key="offset-y")
    return float(across), float(down)


def _made(preset: str, base: str, count: int, offset: tuple[float, float]) -> None:
    bar = st.progress(0.0, t("cards.making"))
    vault = who.vault
    try:
        order = Order(vault.therapist_id, "en", batches.site(base), preset, count)
        batch = batches.make(
            vault.database, order, who.now, offset, lambda done, steps: bar.progress(done / steps, t("cards.making"))
        )
        practice.change_practice(vault.database, public_url=order.base)
    except SaysoError as problem:
        bar.empty()
        st.error(problem.sentence)
        return
    st.session_state[_SHEET] = batch
    st.rerun()


def _download() -> None:
    batch: batches.Batch | None = st.session_state.get(_SHEET)
    if batch is None:
        return
    st.success(t("cards.made", first=batch.first, last=batch.last))
    st.download_button(
        t("cards.download.button"),
        batch.pdf,
        "cards.pdf",
        "application/pdf",
        key="download",
        on_click="ignore",
        type="primary",
        width="stretch",
    )


def _block() -> None:
    st.subheader(t("cards.block"))
    st.write(t("cards.block.what"))
    with st.form("block", border=False):
        typed = st.text_input(t("cards.numbers.label"), key="lost", autocomplete="off")
        st.caption(t("cards.numbers.hint"))
        if not st.form_submit_button(t("cards.block.button"), key="block-do", width="stretch"):
            return
    try:
        blocked = cards.block(who.vault.database, naming.numbers(who.vault, typed))
    except SaysoError as problem:
        st.error(problem.sentence)
    else:
        tell(t("cards.blocked", count=blocked), "info")
        st.rerun()


def _paper() -> None:
    st.subheader(t("paper.person"))
    st.write(t("paper.what"))
    guard.way_on(t("paper.enter.button"), guard.PAGES["paper"])


who = desk("cards")
t = who.words
heading(t("cards.title"))
_counts()
_hand_out()
_make()
_paper()
_block()

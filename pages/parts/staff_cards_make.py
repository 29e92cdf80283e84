"""What cards to make: so many for one therapist, or a list for several."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import batches, ordering
from core.errors import SaysoError
from core.ordering import Line
from core.sheet import PRESETS, check_base, trial_sheet
from core.store import practice
from core.store.cards import Order
from core.store.practice import Therapist
from core.text import LANGUAGES
from pages.parts.form import one_of, start_from
from pages.parts.staff_frame import Counter
from pages.parts.staff_language import ask_language
from pages.parts.staff_text import plain

#: Of a long list of faults so many are shown at a time.
_FAULTS = 20


def form(who: Counter) -> None:
    """Show the form that makes cards."""
    t = who.words
    preset, offset = _paper(who)
    base = _base(who)
    for warning in check_base(base) if base else []:
        st.warning(t(warning))
    therapists = practice.list_at_work(who.here.portal.database)
    lines = _lines(who, therapists)
    if st.button(t("cards.make.button"), type="primary", key="make", width="stretch"):
        _start(who, lines, base, preset, offset)
    st.download_button(
        t("cards.test.button"),
        lambda: trial_sheet(PRESETS[preset], offset, t.language),
        "test-sheet.pdf",
        "application/pdf",
        key="test-sheet",
        on_click="ignore",
        width="stretch",
    )


def _paper(who: Counter) -> tuple[str, tuple[float, float]]:
    t, presets = who.words, list(PRESETS)
    preset = st.radio(
        t("cards.preset.label"),
        presets,
        format_func=lambda name: t(f"cards.preset.{_key(name)}.label"),
        captions=[_fits(who, name) for name in presets],
        key="preset",
    )
    with st.expander(t("cards.offset.label"), key="offset"):
        st.write(t("cards.offset.what"))
        across = st.number_input(t("cards.offset.across.label"), value=0.0, step=0.5, key="offset-x")
        down = st.number_input(t("cards.offset.down.label"), value=0.0, step=0.5, key="offset-y")
    return preset, (float(across), float(down))


def _key(name: str) -> str:
    return name.replace("-", "_")


def _fits(who: Counter, name: str) -> str:
    t, stock = who.words, PRESETS[name].stock
    return t("cards.fits", stock=", ".join(stock)) if stock else t(f"cards.preset.{_key(name)}.hint")


def _base(who: Counter) -> str:
    t, fixed = who.words, who.here.portal.settings.public_url
    if fixed:
        st.write(t("cards.base.fixed", address=plain(fixed)))
        return fixed
    start_from("base", who.here.portal.public_url or batches.origin(st.context.url or ""))
    typed = st.text_input(t("cards.base.label"), key="base", autocomplete="off")
    st.caption(t("cards.base.hint"))
    return typed


def _lines(who: Counter, therapists: Sequence[Therapist]) -> list[Line] | None:
    """Return what to make, or None where a list is not right yet."""
    t = who.words
    ways = {"one": t("cards.way.one.label"), "list": t("cards.way.list.label")}
    way = st.radio(t("cards.way.label"), list(ways), format_func=ways.__getitem__, key="way")
    return _one(who, therapists) if way == "one" else _listed(who, therapists)


def _one(who: Counter, therapists: Sequence[Therapist]) -> list[Line] | None:
    t, therapist_id = who.words, therapists[0].id if len(therapists) == 1 else None
    if therapist_id is None:
        names = {one.id: plain(one.name) for one in therapists}
        # Nobody is chosen ahead for the office: a card for the wrong therapist would look like any other.
        own = who.vault.therapist_id if who.vault else None
        therapist_id = one_of(t("cards.for.label"), list(names), names.__getitem__, key="cards-for", value=own)
    # With bounds of its own the field would quietly keep the number before; the core says what is wrong.
    count = st.number_input(t("cards.count.label"), value=10, step=1, key="count")
    language = ask_language(t("language.cards.label"), "cards-language", LANGUAGES[0])
    st.caption(t("language.cards.hint"))
    return None if therapist_id is None else [Line(therapist_id, language, int(count))]


def _listed(who: Counter, therapists: Sequence[Therapist]) -> list[Line] | None:
    t = who.words
    st.write(t("cards.lines.what"))
    typed = st.text_area(t("cards.lines.label"), key="lines", height=140, placeholder="")
    file = st.file_uploader(t("cards.lines.file.label"), type=["csv", "txt"], key="lines-file")
    text = ordering.decoded(file.getvalue()[: ordering.MOST_BYTES + 1]) if file is not None else typed
    if not text.strip() and file is None:
        return None
    found = ordering.read(text, therapists, t)
    if found.faults:
        shown = found.faults[:_FAULTS]
        if more := len(found.faults) - len(shown):
            shown.append(t("cards.lines.more", count=more))
        st.error("  \n".join(shown))
        return None
    st.info(t("cards.lines.right", lines=len(found.lines), count=f"{found.cards:,}"))
    return found.lines


def _start(who: Counter, lines: list[Line] | None, base: str, preset: str, offset: tuple[float, float]) -> None:
    portal = who.here.portal
    if lines is None:
        listed = st.session_state.get("way") == "list"
        st.error(who.words("cards.lines.first" if listed else "cards.for.first"))
        return
    try:
        site = batches.site(base)
        orders = [Order(line.therapist_id, line.language, site, preset, line.count) for line in lines]
        portal.press.start(who.id, orders, offset)
        practice.change_address(portal.database, site)
    except SaysoError as problem:
        st.error(who.words.problem(problem))
        return
    st.rerun()

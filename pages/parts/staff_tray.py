"""Tokens that wait for a decision: many at once, or each on its own."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import streamlit as st

from core import importing
from core.errors import AlreadyImported, NotHandedOut
from core.importing import Outcome, Preview
from core.text import Words
from pages.parts import staff_token
from pages.parts.staff_frame import Desk, changes, tell
from pages.parts.staff_text import lines

#: So many are shown whole, one below the other; the others come after them.
_SHOWN = 3
#: Looking at more than this takes long enough to keep what was seen.
_MANY = 20

Progress = Callable[[int, int], None]


def looked(
    name: str, stamp: Hashable, count: int, words: Words, look: Callable[[Progress], list[Outcome]]
) -> list[Outcome]:
    """Return what was seen of ``count`` tokens. Many are looked at once, with progress, until ``stamp`` changes."""
    if count <= _MANY:
        return look(lambda _done, _total: None)
    stamp, key = (stamp, changes()), f"looked-{name}"
    kept: tuple[object, list[Outcome]] | None = st.session_state.get(key)
    if kept is None or kept[0] != stamp:
        bar = st.progress(0.0, words("inbox.opening", done=0, total=count))
        seen = look(_shown_on(bar, words, "inbox.opening"))
        bar.empty()
        kept = st.session_state[key] = (stamp, seen)
    return kept[1]


def show(desk: Desk, name: str, outcomes: list[Outcome]) -> list[int]:
    """Show what waits and let the therapist decide. Returns the positions that were imported just now."""
    _refused(desk.words, outcomes)
    fine = _each_once(outcomes)
    if len(fine) > 1:
        done = _all_at_once(desk, name, fine)
        if done:
            return done
    for position in list(fine)[:_SHOWN]:
        if staff_token.show(desk, name, fine[position]):
            return [position]
    if len(fine) > _SHOWN:
        st.caption(desk.words("inbox.more", count=len(fine) - _SHOWN))
    return []


def _each_once(outcomes: list[Outcome]) -> dict[int, Preview]:
    """The same token twice in a pile is one decision: the first of them."""
    first: dict[bytes, int] = {}
    for one in outcomes:
        if one.preview:
            first.setdefault(one.preview.token.digest, one.position)
    return {one.position: one.preview for one in outcomes if one.preview and one.position in first.values()}


def _refused(t: Words, outcomes: list[Outcome]) -> None:
    refused = [one for one in outcomes if one.refusal]
    if len(outcomes) == 1 and refused:
        show_as = st.info if isinstance(refused[0].refusal, AlreadyImported) else st.error
        show_as(t.problem(refused[0].refusal))
    elif refused:
        st.error(t("inbox.refused", count=len(refused)))
        lines(_sentence(t, one.position, one) for one in refused)


def _sentence(t: Words, position: int, one: Outcome) -> str:
    return t("inbox.position", position=position, sentence=t.problem(one.refusal) if one.refusal else "")


def _all_at_once(desk: Desk, name: str, fine: dict[int, Preview]) -> list[int]:
    t = desk.words
    with st.container(border=True, key=f"all-{name}"):
        st.write(t("inbox.all.what", count=len(fine)))
        waved = not all(look.handed_out for look in fine.values()) and st.checkbox(
            t("inbox.all.waved.label"), key=f"all-waved-{name}"
        )
        if not st.button(t("inbox.all.button", count=len(fine)), key=f"all-keep-{name}", width="stretch"):
            return []
        bar = st.progress(0.0, t("inbox.importing", done=0, total=len(fine)))
        outcomes = importing.keep_many(
            desk.vault,
            fine.values(),
            desk.now,
            _shown_on(bar, t, "inbox.importing"),
            not_handed_out_is_fine=waved,
        )
    return _summary(t, dict(zip(fine, outcomes, strict=True)))


def _summary(t: Words, outcomes: dict[int, Outcome]) -> list[int]:
    kept = [position for position, one in outcomes.items() if one.preview]
    known = [position for position, one in outcomes.items() if isinstance(one.refusal, AlreadyImported)]
    aside = [position for position, one in outcomes.items() if isinstance(one.refusal, NotHandedOut)]
    tell(t("inbox.all.done", count=len(kept)), "success" if kept else "info")
    if aside:
        tell(t("inbox.all.aside", count=len(aside)), "warning")
    if known:
        tell(t("inbox.all.known", count=len(known)), "info")
    for position in outcomes.keys() - {*kept, *known, *aside}:
        tell(_sentence(t, position, outcomes[position]), "warning")
    return [*kept, *known]


def _shown_on(bar: object, words: Words, key: str) -> Progress:
    def progress(done: int, total: int) -> None:
        bar.progress(done / total, words(key, done=done, total=total))  # type: ignore[attr-defined]

    return progress

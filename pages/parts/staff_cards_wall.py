"""The practice's logo on cards, and the poster for the wall."""

from __future__ import annotations

import streamlit as st

from core.errors import SaysoError
from core.paper import logos, poster
from core.store import logo, practice
from pages.parts.staff_frame import Counter, tell
from pages.parts.staff_language import ask_language

_FILE, _SIZE = "logo-file", "poster-size"


def logo_and_poster(who: Counter) -> None:
    """Show the logo as it is kept, take another one, and offer the poster."""
    t, kept = who.words, logo.find(who.database)
    st.header(t("cards.wall"))
    with st.expander(t("cards.logo.label"), key="logo"):
        _logo(who, kept)
    st.write(t("cards.poster.what"))
    sizes = {"letter": t("cards.poster.letter.label"), "a4": t("cards.poster.a4.label")}
    size = st.radio(t("cards.poster.label"), list(sizes), format_func=sizes.__getitem__, key=_SIZE, horizontal=True)
    language = ask_language(t("language.poster.label"), "poster-language", t.language)
    here = practice.find_practice(who.database)
    st.download_button(
        t("cards.poster.button"),
        lambda: poster.pdf(here.name if here else "", kept, size, language),
        "poster.pdf",
        "application/pdf",
        key="poster",
        on_click="ignore",
        width="stretch",
    )


def _logo(who: Counter, kept: bytes) -> None:
    t = who.words
    st.write(t("cards.logo.what"))
    if kept:
        st.image(kept, width=160)
        if st.button(t("cards.logo.none.button"), key="logo-none", width="stretch"):
            logo.keep(who.database, b"")
            tell(t("cards.logo.gone"), "info")
            st.rerun()
    file = st.file_uploader(t("cards.logo.file.label"), type=["png", "jpg", "jpeg"], key=_FILE)
    if file is None or not st.button(t("cards.logo.button"), key="logo-keep", width="stretch"):
        return
    try:
        logo.keep(who.database, logos.prepared(file.getvalue()))
    except SaysoError as problem:
        st.error(t.problem(problem))
    else:
        tell(t("cards.logo.kept"))
        st.rerun()

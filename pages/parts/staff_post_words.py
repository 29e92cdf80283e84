"""The exact words of a draft, the same in a client's language, or the finished file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import may_post
from core.errors import SaysoError
from core.model.question import Question
from core.text import Words
from pages.parts.form import start_from


def ask(t: Words, said: dict[str, Any], files: int, *, foreign: bool) -> tuple[str, str, bytes | None]:
    """Ask for the draft. Returns the words, their translation, and the file or None.

    ``said``: what was said so far, kept up to date here. ``files``: the number of the file field. ``foreign``:
    whether a client in it reads another language.
    """
    st.header(t("post.draft"))
    text = _area("text", t("post.text.label"), said, 220)
    st.caption(t("post.text.hint"))
    with st.expander(t("ask.translation"), expanded=foreign or bool(said.get("translation")), key="post-translation"):
        st.caption(t("ask.translation.hint"))
        translation = _area("translation", t("ask.translation.label"), said, 160)
    _check_length(text, translation, t)
    upload = st.file_uploader(t("post.file.label"), key=f"post-f-file-{files}")
    st.caption(t("post.file.hint"))
    if upload is not None:
        st.info(t("post.file.counts"))
        return text, translation, upload.getvalue()
    if said.get("kept-file"):
        st.info(t("post.file.kept"))
    return text, translation, None


def _area(field: str, label: str, said: dict[str, Any], height: int) -> str:
    start_from(f"post-f-{field}", said.get(field))
    said[field] = st.text_area(label, key=f"post-f-{field}", height=height)
    text: str = said[field]
    return text


def _check_length(text: str, translation: str, t: Words) -> None:
    try:
        may_post.check_length(Question(text=text, translation=translation))
    except SaysoError as problem:
        st.error(t.problem(problem))

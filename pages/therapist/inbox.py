"""Inbox: what clients sent, and what they bring by hand. Nothing counts before it was looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from core import arriving, importing, people
from core.errors import SaysoError
from core.web.own_assets import drawing
from pages.parts import staff_aside, staff_posts_flags, staff_tray
from pages.parts.staff_frame import desk, heading
from pages.parts.staff_text import plain

_TRAY, _PROBLEMS, _CAMERA = "tray", "tray-problems", "camera-on"


def _mailbox() -> None:
    st.header(t("inbox.mailbox"))
    count = people.unopened(who.vault)
    if not count:
        st.html(drawing("empty-inbox", 160, 96))
        st.write(t("inbox.mailbox.empty"))
        return
    seen = staff_tray.looked(
        "mailbox", count, count, t, lambda progress: importing.look_at_mailbox(who.vault, who.now, progress)
    )
    if staff_tray.show(who, "mailbox", seen):
        st.rerun()
    staff_aside.offer(who, seen)


def _take(texts: list[str], problems: list[str]) -> None:
    """Put tokens on the tray in the place of what lay there."""
    st.session_state[_TRAY] = dict(enumerate(texts, start=1))
    st.session_state[_PROBLEMS] = problems


def _take_pasted() -> None:
    _take(importing.tokens_in(st.session_state.get("pasted") or ""), [])


def _take_files(key: str, read: Callable[[bytes], list[str]]) -> None:
    given = st.session_state.get(key) or []
    texts: list[str] = []
    problems: list[str] = []
    files = given if isinstance(given, list) else [given]
    for file in files:
        try:
            texts += read(file.getvalue())
        except SaysoError as problem:
            # Of several files, which one: said on this screen and nowhere else.
            which = t("inbox.which_file", name=plain(file.name), sentence=t.problem(problem))
            problems.append(which if len(files) > 1 else t.problem(problem))
    _take(texts, problems)
    if texts and key == "camera":
        st.session_state[_CAMERA] = False


def _by_hand() -> None:
    st.header(t("inbox.by_hand"))
    ways = [t(f"inbox.tab.{way}.label") for way in ("paste", "file", "photo", "camera")]
    paste, file, photo, camera = st.tabs(ways, key="ways")
    with paste:
        st.text_area(t("inbox.paste.label"), key="pasted", height=120)
        st.button(t("inbox.look.button"), key="look", on_click=_take_pasted, width="stretch")
    with file:
        st.file_uploader(
            t("inbox.file.label"),
            type=["txt"],
            accept_multiple_files=True,
            key="files",
            on_change=_take_files,
            args=("files", arriving.tokens_in_file),
        )
    with photo:
        st.file_uploader(
            t("inbox.photo.label"),
            type=["png", "jpg", "jpeg", "webp"],
            accept_multiple_files=True,
            key="photos",
            on_change=_take_files,
            args=("photos", arriving.tokens_in_picture),
        )
    with camera:
        _camera()
    _tray()


def _camera() -> None:
    # The browser asks for the camera as soon as the picture is there, so it comes only when asked for.
    if not st.session_state.get(_CAMERA):
        if st.button(t("inbox.camera.button"), key="camera-start", width="stretch"):
            st.session_state[_CAMERA] = True
            st.rerun()
        return
    st.camera_input(
        t("inbox.camera.label"),
        key="camera",
        on_change=_take_files,
        args=("camera", arriving.tokens_in_picture),
        # A token's code is 81 modules wide: at the widget's own 480 lines a phone held further away is not read.
        resolution="1080p",
    )
    if st.button(t("inbox.camera.stop.button"), key="camera-stop", width="stretch"):
        st.session_state[_CAMERA] = False
        st.rerun()


def _tray() -> None:
    for sentence in st.session_state.get(_PROBLEMS, []):
        st.error(sentence)
    waiting: dict[int, str] = st.session_state.get(_TRAY, {})
    if not waiting:
        return
    places = list(waiting)
    seen = staff_tray.looked(
        "by-hand",
        tuple(waiting.items()),
        len(waiting),
        t,
        lambda progress: importing.look_at_many(who.vault, list(waiting.values()), who.now, progress),
    )
    # Each keeps the place it came in, also when those before it are gone.
    seen = [replace(one, position=places[one.position - 1]) for one in seen]
    done = staff_tray.show(who, "by-hand", seen)
    if done:
        st.session_state[_TRAY] = {place: text for place, text in waiting.items() if place not in done}
        st.rerun()
    if st.button(t("inbox.clear.button"), key="clear", type="tertiary"):
        _take([], [])
        st.rerun()


who = desk("inbox")
t = who.words
heading(t("inbox.title"))
with st.container():
    staff_posts_flags.show(who)
with st.container():
    _mailbox()
    staff_aside.listed(who)
_by_hand()

"""A plain Streamlit app that shows what it is told to: the same screens and widgets as the portal's, and nothing else.

`bench.flow` starts it to compare. ``BENCH_SCREENS`` names a JSON file: for each screen, for each run of it, its
elements. No middleware, no database, no rule, no words of its own.
"""

from __future__ import annotations

import gc
import json
import os
from functools import lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import streamlit as st
from PIL import Image

Elements = list[dict[str, Any]]


@lru_cache(maxsize=1)
def screens() -> list[list[Elements]]:
    """Return what to show."""
    told: list[list[Elements]] = json.loads(Path(os.environ["BENCH_SCREENS"]).read_text("utf-8"))
    return told


@lru_cache(maxsize=1)
def square() -> bytes:
    """Return a picture of about the size of a QR code's."""
    out = BytesIO()
    Image.effect_noise((73, 73), 200).convert("1").resize((292, 292)).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=1)
def leave_out_the_program() -> None:
    """Leave what is loaded out of the search for garbage, as the portal does, so that the pages alone are compared."""
    gc.collect()
    gc.freeze()


def show(element: dict[str, Any]) -> bool:
    """Show one element. Returns whether it is a button that was tapped."""
    kind, key, label = element["kind"], element.get("key"), element.get("label", "")
    if kind == "button":
        return bool(st.button(label, type=element["type"], key=key, width="stretch"))
    if kind == "radio":
        _ask(element)
    elif kind == "checkbox":
        st.checkbox(label, key=key)
    elif kind == "text_input":
        st.text_input(label, key=key)
    elif kind == "download_button":
        st.download_button(label, b"x", key=key, on_click="ignore", width="stretch")
    else:
        _say(kind, label)
    return False


def _ask(element: dict[str, Any]) -> None:
    options: list[str] = element["options"]
    st.radio(
        element["label"],
        options,
        index=None,
        captions=element["captions"] or None,
        key=element["key"],
        label_visibility="visible" if element["visible"] else "collapsed",
    )


def _say(kind: str, text: str) -> None:
    if kind == "imgs":
        st.image(square(), width="stretch")
    elif kind == "empty":
        st.empty()
    elif kind == "html":
        st.html(text)
    elif kind == "heading":
        st.header(text)
    else:
        st.write(text)


def screen(number: int) -> None:
    """Show one screen as it was when it ran for the so-manieth time; its main button leads to the next."""
    states = screens()[number]
    runs = st.session_state.get(f"runs-{number}", 0)
    st.session_state[f"runs-{number}"] = runs + 1
    tapped = [show(element) for element in states[min(runs, len(states) - 1)]]
    if any(tapped):
        st.switch_page(pages[number + 1])


if os.environ.get("BENCH_FROZEN"):
    leave_out_the_program()
pages = [
    st.Page(partial(screen, number), title="Bare", url_path=f"screen-{number}") for number in range(len(screens()))
]
st.navigation(pages, position="hidden").run()

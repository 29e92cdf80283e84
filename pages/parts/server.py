"""What the server asks of Streamlit: to end a browser's sessions, and to say sorry for a broken page."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.common import user_key_from_element_id
from streamlit.runtime.state.session_state import Serialized, Value

from core.errors import SaysoError, StoreUnavailable
from pages.parts.away import say_away
from pages.parts.session import at_card


def end_sessions(binding: str) -> None:
    """Drop every session of one browser, so that nothing typed there is kept, connected or not. From any thread."""
    if not Runtime.exists():
        return
    runtime = Runtime.instance()
    sessions = runtime._session_mgr  # noqa: SLF001 there is no public way to end somebody's session

    def close() -> None:
        for session in [info.session for info in sessions.list_sessions()]:
            if session._user_info.get("binding") == binding:  # noqa: SLF001 the same
                sessions.close_session(session.id)

    runtime._get_async_objs().eventloop.call_soon_threadsafe(close)  # noqa: SLF001 the same


def stands_on_screen(key: str) -> bool:
    """Whether the browser sent along what stands in the field ``key``, which no page took up yet.

    So it is when a session was lost: the screen is still there, and the session that drew it is not.
    """
    context = get_script_run_ctx()
    if context is None:
        return False
    sent = context.session_state._state._new_widget_state.states  # noqa: SLF001 there is no public way to ask
    return any(user_key_from_element_id(one) == key and _says_something(state) for one, state in sent.items())


def _says_something(state: Serialized | Value) -> bool:
    # A question that is drawn anew sends along that nothing is picked.
    return state.value.WhichOneof("value") is not None if isinstance(state, Serialized) else state.value is not None


def say_sorry(error: Exception) -> bool:
    """Show a kind sentence where a page broke: the failure's own, where it has one. The log names where."""
    t = at_card().words
    if isinstance(error, StoreUnavailable):
        say_away(error, t)
        return True
    st.error(t.problem(error) if isinstance(error, SaysoError) else t("problem.broken"))
    return True

"""What a client's phone is sent of a page, and when: on a slow one, drawing is what takes long.

Streamlit sends each piece as it is made, and runs a page from its first line at each tap. A slow phone then draws the
whole page once more for the tap that leads away from it, and draws nothing of a new page before all of it. So a page
is sent in one go at its end, and nothing is sent of one that leads on to another. Where much appears at once, what
fills the screen goes ahead, and the rest follows when the phone has had time to draw it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import sleep
from types import MethodType
from typing import cast

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import RerunException, get_script_run_ctx
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner, ScriptRunnerEvent
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

#: Seconds in which a slow phone draws one screenful, of which it takes some 0.2 to 0.3.
PAUSE = 0.2
_LOOKS = 10
#: Where a window keeps which page it shows, and which parts of it were drawn already.
_PAGE, _DRAWN = "sent-page", "sent-parts"


class _Held:
    """The pieces of one run that are made and not sent yet."""

    def __init__(self, context: ScriptRunContext) -> None:
        self._context = context
        self._send = context._enqueue  # noqa: SLF001 there is no public way to hold a piece back
        self._pieces: list[ForwardMsg] = []

    def begin(self) -> None:
        """Hold back from here on."""
        self._context._enqueue = self._take  # noqa: SLF001 the same

    def send(self) -> None:
        """Send what was held back, in its order."""
        pieces, self._pieces = self._pieces, []
        # Past the look whether the run is to end: where a page has stopped, what it drew before is to be seen.
        runner: ScriptRunner = cast("MethodType", self._send).__self__
        for piece in pieces:
            runner.on_event.send(runner, event=ScriptRunnerEvent.ENQUEUE_FORWARD_MSG, forward_msg=piece)

    def end(self, *, leaves: bool) -> None:
        """Hold nothing back any more. ``leaves``: for another page, so that nobody would see what was held."""
        self._context._enqueue = self._send  # noqa: SLF001 the same
        if not leaves:
            self.send()

    def _take(self, piece: ForwardMsg) -> None:
        self._pieces.append(piece)
        # As each piece does that is sent: here a run ends that another tap has overtaken.
        self._context.yield_check()


_running: dict[int, _Held] = {}


@contextmanager
def in_one_go(page: str) -> Iterator[None]:
    """Send what the block draws at its end, and nothing of it where it leads on to another page or runs anew.

    ``page``: the address of the page that is drawn.
    """
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE], st.session_state[_DRAWN] = page, frozenset()
    held, leaves = _Held(context), False
    held.begin()
    _running[id(context)] = held
    try:
        yield
    except RerunException:
        leaves = True
        raise
    finally:
        del _running[id(context)]
        held.end(leaves=leaves)


def shown_first(part: str, keep: Callable[[], None] = lambda: None) -> None:
    """Let the phone draw what there is before it is sent the rest, the first time that ``part`` is on this page.

    Call it where what stands above fills a phone's screen. What is there already costs a phone little, so a page that
    stays is still sent in one go. ``keep``: keeps what was chosen so far, so that a phone that goes away meanwhile
    loses nothing; a tap meanwhile is answered at once.
    """
    context = get_script_run_ctx()
    held = _running.get(id(context))
    if context is None or held is None or part in st.session_state[_DRAWN]:
        return
    st.session_state[_DRAWN] |= {part}
    keep()
    held.send()
    for _ in range(_LOOKS):
        sleep(PAUSE / _LOOKS)
        context.yield_check()

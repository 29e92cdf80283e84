"""A phone without a screen. It speaks with the real server as the frontend does: forms first, then the websocket.

``Phone`` knows addresses, cookies and widgets; what a client does with it is in `bench.way`. Nothing is cut short: each
tap is one message with the state of every widget on the screen, and it is over when the server says the page is done.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

#: Seconds until an answer that does not come counts as a lost connection.
PATIENCE = 60
_WIDGETS = ("button", "checkbox", "radio", "text_input")
_SAID = ("heading", "html", "markdown", "alert")


class CutOff(Exception):
    """The connection went away. Nothing that was chosen is lost on purpose: the phone may start again."""


class Lost(Exception):
    """The screen is not the one that was expected."""


@dataclass
class Phone:
    """One browser. ``base``: scheme, host and port. ``trust``: for a server whose certificate is the caller's own.

    ``taps``: how long each answer took, in seconds. ``met``: a header of the websocket's answer, where it is asked for.
    """

    base: str
    trust: ssl.SSLContext | None = None
    cookie: str = ""
    taps: list[float] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    elements: list[Element] = field(default_factory=list)
    _page: str = ""
    _widgets: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _values: dict[str, WidgetState] = field(default_factory=dict)
    _socket: ClientConnection | None = None

    async def get(self, path: str) -> int:
        """Open a server-made page. Returns the status. Raises ``CutOff``."""
        return await asyncio.to_thread(self._ask, "GET", path)

    async def post(self, path: str, **form: str) -> int:
        """Send a form. Returns the status. Raises ``CutOff``."""
        return await asyncio.to_thread(self._ask, "POST", path, form)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        try:
            answer = self._answer(method, path, urlencode(form) if form is not None else None)
        except (OSError, HTTPException) as gone:
            raise CutOff from gone
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        if "set-cookie" in self.headers:
            self.cookie = self.headers["set-cookie"].partition(";")[0]
        return answer.status

    def _answer(self, method: str, path: str, body: str | None) -> HTTPResponse:
        parts = urlsplit(self.base)
        made = (
            HTTPSConnection(parts.netloc, timeout=PATIENCE, context=self.trust)
            if parts.scheme == "https"
            else HTTPConnection(parts.netloc, timeout=PATIENCE)
        )
        headers = {"Cookie": self.cookie, "Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            made.request(method, path, body, headers)
            answer = made.getresponse()
            answer.read()
        finally:
            made.close()
        return answer

    async def open(self, page: str) -> None:
        """Open the app at a page, in a new session. Raises ``CutOff``."""
        await self.close()
        self._page, self._values = "", {}
        try:
            self._socket = await connect(
                self.base.replace("http", "ws", 1) + "/_stcore/stream",
                subprotocols=["streamlit", "-"],  # type: ignore[list-item]
                origin=self.base,  # type: ignore[arg-type]
                additional_headers={"Cookie": self.cookie},
                ssl=self.trust if self.base.startswith("https") else None,
                compression=None,
                max_size=None,
                open_timeout=PATIENCE,
                proxy=None,
            )
        except (OSError, WebSocketException, TimeoutError) as gone:
            raise CutOff from gone
        answer = self._socket.response
        self.headers = {name.lower(): value for name, value in answer.headers.raw_items()} if answer else {}
        await self._run(name=page)

    async def tap(self, key: str) -> None:
        """Tap a button."""
        await self._run(WidgetState(id=self._find(key, "button").id, trigger_value=True))

    async def tick(self, key: str) -> None:
        """Tick a box."""
        await self._run(self._keep(WidgetState(id=self._find(key, "checkbox").id, bool_value=True)))

    async def pick(self, key: str, label: str) -> None:
        """Pick the option of a question whose label begins like this."""
        radio = self._find(key, "radio")
        option = next((one for one in radio.options if one.startswith(label)), None)
        if option is None:
            raise Lost(f"{key} has no such option")
        await self._run(self._keep(WidgetState(id=radio.id, string_value=option)))

    async def close(self) -> None:
        """Go away, as a phone does whose browser is closed."""
        if self._socket:
            await self._socket.close()
            self._socket = None

    def shows(self, text: str) -> bool:
        """Whether this stands on the screen."""
        return any(text in one for one in self.said)

    def _keep(self, state: WidgetState) -> WidgetState:
        self._values[state.id] = state
        return state

    def _find(self, key: str, kind: str) -> Any:
        found, widget = self._widgets.get(key, ("", None))
        if found != kind:
            raise Lost(f"no {kind} {key} among {sorted(self._widgets)}")
        return widget

    async def _run(self, changed: WidgetState | None = None, *, name: str = "") -> None:
        message = BackMsg()
        client = message.rerun_script
        client.page_name, client.page_script_hash = name, self._page
        client.widget_states.widgets.extend(self._values.values())
        if changed is not None and changed.id not in self._values:
            client.widget_states.widgets.append(changed)
        begun = perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._exchange(message)
        except (OSError, WebSocketException, TimeoutError) as gone:
            raise CutOff from gone
        self.taps.append(perf_counter() - begun)

    async def _exchange(self, message: BackMsg) -> None:
        if self._socket is None:
            raise CutOff
        await self._socket.send(message.SerializeToString())
        elements: list[Element] = []
        async for received in self._socket:
            got = ForwardMsg.FromString(received if isinstance(received, bytes) else received.encode())
            kind = got.WhichOneof("type")
            if kind == "new_session":
                elements = []
            elif kind == "navigation":
                self._page = got.navigation.page_script_hash
            elif kind == "delta" and got.delta.WhichOneof("type") == "new_element":
                elements.append(got.delta.new_element)
            elif kind == "script_finished" and got.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self._look(elements)
                return
        raise CutOff

    def _look(self, elements: list[Element]) -> None:
        self.elements = elements
        self.said, self._widgets = [], {}
        for element in elements:
            kind = element.WhichOneof("type") or ""
            content: Any = getattr(element, kind)
            if kind in _SAID:
                self.said.append(content.body)
            elif kind in _WIDGETS:
                # An id is $$ID-HASH-KEY.
                self._widgets[content.id.split("-", 2)[2]] = (kind, content)
                if kind != "button" and getattr(content, "set_value", False):
                    self._set_by_server(kind, content)
        shown = {content.id for _, content in self._widgets.values()}
        self._values = {id_: state for id_, state in self._values.items() if id_ in shown}

    def _set_by_server(self, kind: str, content: Any) -> None:
        state = WidgetState(id=content.id)
        if kind == "checkbox":
            state.bool_value = content.value
        elif kind == "radio":
            state.string_value = content.raw_value
        else:
            state.string_value = content.value
        self._values[content.id] = state

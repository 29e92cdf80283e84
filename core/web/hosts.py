"""Answers only under the portal's own names and to its own pages: no foreign name, no foreign page's websocket."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web.responses import plain


class Hosts:
    """Answers 421 under any other name. ``allowed``: host names; an empty list or ``*`` allows all."""

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self.app = app
        self._allowed = frozenset(name.strip().lower().strip("[]") for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what was asked under a known name."""
        if scope["type"] == "lifespan" or (self._knows(_header(scope, "host")) and not _is_foreign(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await plain("Not known under this name.", 421)(scope, receive, send)

    def _knows(self, host: str) -> bool:
        if not self._allowed or "*" in self._allowed:
            return True
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name in self._allowed


def _is_foreign(scope: Scope) -> bool:
    """Whether another site's page asks for a websocket.

    Streamlit would answer that only after asking a server on the internet for this machine's address.
    """
    origin = _header(scope, "origin")
    if scope["type"] != "websocket" or not origin:
        return False
    try:
        return urlsplit(origin).netloc != _header(scope, "host")
    except ValueError:
        return True


def _header(scope: Scope, name: str) -> str:
    return Headers(scope=scope).get(name, "")

"""Ties a session to one browser, so that nobody who learns a session's id can take it over.

The browser holds a random HttpOnly, SameSite=Strict cookie. On its way in, the cookie's SHA-256
becomes a header that Streamlit compares (``server.trustedUserHeaders``) and shows to pages as
``st.user["binding"]``; a header of that name sent from outside is dropped. Without the cookie
no session is opened.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Portal-Binding"

_KEY = "sayso.binding"
_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
#: Answers that a shared cache may keep carry no cookie.
_CACHED = ("/static/", "/assets/")


def cookie_name(*, secure: bool) -> str:
    """Return the cookie's name. Under TLS its prefix makes the browser refuse one set by another host or path."""
    return "__Host-binding" if secure else "binding"


def binding_of(scope: Scope) -> str:
    """Return what names this browser: the SHA-256 of its cookie, in hex. Raises ``KeyError`` without `Binding`."""
    return str(scope[_KEY])


def is_secure(scope: Scope) -> bool:
    """Whether the browser came over TLS, by the proxy's word where there is a believed one."""
    return scope.get("scheme") in {"https", "wss"}


class Binding:
    """Sets the cookie, and turns it into the header. ``draw``: makes 43 random URL-safe characters."""

    def __init__(self, app: ASGIApp, draw: Callable[[], str] = lambda: secrets.token_urlsafe(32)) -> None:
        self.app = app
        self._draw = draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bind one request or websocket to its browser."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        held = HTTPConnection(scope).cookies.get(cookie_name(secure=is_secure(scope)), "")
        known = bool(_VALUE.fullmatch(held))
        if scope["type"] == "websocket" and not known:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        value = held if known else self._draw()
        binding = sha256(value.encode()).hexdigest()
        bound = {**scope, _KEY: binding, "headers": _with_header(scope, binding)}
        await self.app(bound, receive, send if known or not _may_set(scope) else _setting(scope, send, value))


def _with_header(scope: Scope, binding: str) -> list[tuple[bytes, bytes]]:
    name = HEADER.lower().encode()
    kept = [(key, value) for key, value in scope["headers"] if key.lower() != name]
    return [*kept, (name, binding.encode())]


def _may_set(scope: Scope) -> bool:
    # A page opened from another site arrives without a Strict cookie although the browser may hold one:
    # setting a new one here would cut off what it already does in this portal.
    came_from = HTTPConnection(scope).headers.get("sec-fetch-site")
    return came_from != "cross-site" and not scope["path"].startswith(_CACHED)


def _setting(scope: Scope, send: Send, value: str) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            # No lifetime: it ends with the browser and leaves nothing behind.
            headers.append("Set-Cookie", _cookie(value, secure=is_secure(scope)))
        await send(message)

    return send_with_cookie


def forgetting_cookie(*, secure: bool) -> str:
    """Return the Set-Cookie line that takes the cookie away."""
    return f"{_cookie('', secure=secure)}; Max-Age=0"


def _cookie(value: str, *, secure: bool) -> str:
    attributes = "; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if secure else "")
    return f"{cookie_name(secure=secure)}={value}{attributes}"

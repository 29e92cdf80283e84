"""A tiny ASGI client: one request, or one websocket handshake, through a real application or middleware."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True)
class Answer:
    """What came back. ``headers``: pairs, names in lower case."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return ", ".join(value for key, value in self.headers if key == name.lower())

    @property
    def cookie(self) -> str:
        """The first Set-Cookie's ``name=value``."""
        return self.header("set-cookie").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


def request(
    app: ASGIApp,
    path: str,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    body: bytes | Iterable[bytes] = b"",
    **more: Any,
) -> Answer:
    """Send one request. ``body``: one piece, or several. ``more``: other keys of the scope."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    waiting = [
        {"type": "http.request", "body": piece, "more_body": i < len(pieces) - 1} for i, piece in enumerate(pieces)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    try:
        asyncio.run(app(scope_of(path, method, headers, **more), receive, send))
    except Exception:
        # A fault is answered, and then raised for the server to log.
        if not sent:
            raise
    start = next(message for message in sent if message["type"] == "http.response.start")
    pairs = [(key.decode().lower(), value.decode()) for key, value in start["headers"]]
    return Answer(start["status"], pairs, b"".join(message.get("body", b"") for message in sent))


def handshake(app: ASGIApp, path: str, headers: dict[str, str] | None = None, **more: Any) -> list[Any]:
    """Ask for a websocket, and return what the application sent."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = scope_of(path, None, headers, **({"scheme": "ws"} | more)) | {"type": "websocket", "subprotocols": []}
    asyncio.run(app(scope, receive, send))
    return sent


def scope_of(path: str, method: str | None, headers: dict[str, str] | None, **more: Any) -> dict[str, Any]:
    """Return the scope of one request to ``localhost``."""
    given = {"host": "localhost:8501", "accept": "text/html"} | (headers or {})
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(key.lower().encode(), value.encode()) for key, value in given.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 8501),
    } | more


class Seen:
    """An application that keeps what reached it, and answers with one line."""

    def __init__(self, content_type: str = "text/html; charset=utf-8", cache: str = "") -> None:
        self.scopes: list[Scope] = []
        self.bodies: list[bytes] = []
        self._headers = [(b"content-type", content_type.encode())] + (
            [(b"cache-control", cache.encode())] * bool(cache)
        )

    def header(self, name: str) -> list[str]:
        """Every value of a header that reached it last."""
        return [value.decode() for key, value in self.scopes[-1]["headers"] if key == name.lower().encode()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": b"seen"})

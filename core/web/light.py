"""Makes server-made pages light, so that the first words are there with the first answer.

The look stands in the page instead of behind a second round trip, and the page is compressed. Only what a GET answers:
that holds nothing but what its address asks for, while the answer to a form may hold a personal code beside what was
sent, and the size of a compressed page tells of such a pair.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.compression import preferred
from core.web.faces import page_of

#: Made anew for each visitor, so quick rather than as small as can be.
_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda data: brotli.compress(data, mode=brotli.MODE_TEXT, quality=5),
    "gzip": lambda data: gzip.compress(data, compresslevel=6, mtime=0),
}


class Light:
    """``look``: the portal's stylesheet. ``address``: where it is else, and so how a page names it."""

    def __init__(self, app: ASGIApp, look: str, address: str) -> None:
        self.app = app
        self._named = f'<link rel="stylesheet" href="{address}">'.encode()
        self._look = f"<style>{look}</style>".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make one page light, and pass on everything else as it is."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(_plain(scope), receive, send)
            return
        held: list[Message] = []

        async def send_light(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
            elif held and message["type"] == "http.response.body":
                held.append(message)
                if not message.get("more_body"):
                    await self._send(scope, held, send)
            else:
                await send(message)

        await self.app(_plain(scope), receive, send_light)

    async def _send(self, scope: Scope, held: list[Message], send: Send) -> None:
        start, body = held[0], b"".join(message.get("body", b"") for message in held[1:])
        encoding = preferred(Headers(scope=scope).get("accept-encoding", ""))
        headers = MutableHeaders(scope=start)
        if "accept-encoding" not in headers.get("vary", "").lower():
            headers.add_vary_header("Accept-Encoding")
        if encoding:
            # The app's own frame is mostly opened with the look already in the cache.
            full = body if page_of(scope["path"]) else body.replace(self._named, self._look, 1)
            body = _ENCODERS[encoding](full)
            headers["Content-Encoding"] = encoding
        headers["Content-Length"] = str(len(body))
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _plain(scope: Scope) -> Scope:
    # Streamlit would compress whatever it passes on, answers to forms too.
    if scope["type"] != "http":
        return scope
    return {**scope, "headers": [header for header in scope["headers"] if header[0] != b"accept-encoding"]}


def _is_page(start: Message) -> bool:
    headers = Headers(raw=start.get("headers", []))
    return headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers

"""The headers on every answer."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.binding import is_secure
from core.web.faces import page_of
from core.web.policy import Document

#: Two years. Subdomains may be other people's affair.
_HSTS = "max-age=63072000"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A card's address is its code: no search engine shall keep one.
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_OFF = ("accelerometer", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")


class Headers:
    """Adds what each answer carries. ``policies``: the content security policy of each kind of document."""

    def __init__(self, app: ASGIApp, policies: Mapping[Document, str]) -> None:
        self.app = app
        self._policies = policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to one answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(scope, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _add(self, scope: Scope, headers: MutableHeaders) -> None:
        document = _document(scope["path"], headers.get("content-type", ""))
        headers.update(_ALWAYS)
        headers["Content-Security-Policy"] = self._policies[document]
        headers["Permissions-Policy"] = _permissions(document)
        if "immutable" not in headers.get("cache-control", ""):
            headers["Cache-Control"] = "no-store"
        if is_secure(scope):
            headers["Strict-Transport-Security"] = _HSTS


def _document(path: str, content_type: str) -> Document:
    if not content_type.startswith("text/html"):
        return "other"
    return page_of(path) or "own"


def _permissions(document: Document) -> str:
    camera = "(self)" if document == "staff" else "()"
    return ", ".join([f"camera={camera}", *(f"{feature}=()" for feature in _OFF)])

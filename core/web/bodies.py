"""Bounds how much a request may send, so that nobody fills the memory."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.responses import plain

#: Forms are small. A photo of a token from a phone is not.
FORM = 16 * 1024
UPLOAD = 11 * 1024 * 1024
_UPLOADS = "/_stcore/upload_file/"


_refusal = plain("Too large.", 413)


class _TooMuch(Exception):
    """More was sent than the address takes."""


class Bodies:
    """Answers 413 to a request with too long a body, whether or not it said so beforehand."""

    def __init__(self, app: ASGIApp, form: int = FORM, upload: int = UPLOAD) -> None:
        self.app = app
        self._form = form
        self._upload = upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request whose body stays within its bound."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bound = self._upload if scope["path"].startswith(_UPLOADS) else self._form
        if _announced(scope) > bound:
            await _refusal(scope, receive, send)
            return
        started = False

        async def send_once_started(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, _counting(receive, bound), send_once_started)
        except _TooMuch:
            if not started:
                await _refusal(scope, receive, send)


def _announced(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "0")
    return int(length) if length.isdigit() else 0


def _counting(receive: Receive, bound: int) -> Receive:
    got = 0

    async def receive_counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > bound:
            raise _TooMuch
        return message

    return receive_counted

"""A fault of the portal's own becomes a kind page, with all its headers, and one clean line in the log."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.web.problems import broken
from core.web.responses import words_of_phone

_LOGGER = logging.getLogger("sayso")


class Faults:
    """Answers 500 where nothing was answered yet. The log names the error's kind and place (`core.web.logs`)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request, and answer for what breaks."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_once_started(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, send_once_started)
        except Exception:
            _LOGGER.exception("a request broke")
            if not started:
                await broken(words_of_phone(scope))(scope, receive, send)

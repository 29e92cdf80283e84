"""``/healthz``: whether the portal can work. Says nothing else, and nothing about anybody."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.web.asked import METHODS
from core.web.responses import plain


def health(is_up: Callable[[], bool]) -> Route:
    """Return the route. ``is_up``: whether the database answers."""

    async def answer(request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        if await run_in_threadpool(is_up):
            return plain("ok", 200)
        return plain("The records cannot be reached.", 503)

    return Route("/healthz", answer, methods=METHODS)

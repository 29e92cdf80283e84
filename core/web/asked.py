"""One request to a server-made page, in plain values; and the route that hands it to a plain function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core import language
from core.errors import SaysoError
from core.portal import is_this_machine
from core.text import Words
from core.web.binding import binding_of, is_secure
from core.web.problems import foreign, problem


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and what for. ``form``: the fields sent; ``code``: a card's code in the address, as typed."""

    binding: str
    address: str
    #: Where to come back to with a GET: this page, or the one that its form stood on.
    back: str = field(repr=False)
    accept_language: str
    base: str
    secure: bool
    this_machine: bool
    form: Mapping[str, str] = field(repr=False)
    code: str = field(repr=False)


Handler = Callable[[Asked], Response]
Reader = Callable[[Asked], Words]
Method = Literal["GET", "POST"]


#: Streamlit answers what no route takes with its own page, so a route takes every method and refuses itself.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def of_phone(asked: Asked) -> Words:
    """Return the words for whoever is known only by their phone."""
    return Words(language.of_phone(asked.accept_language))


def route(path: str, handler: Handler, method: Method, leave_to: str = "", words: Reader = of_phone) -> Route:
    """Return a route that runs ``handler`` in a thread. What it raises becomes a kind page with that way out.

    ``words``: finds those of who asks, for such a page.
    """
    taken = {method, "HEAD"} if method == "GET" else {method}

    async def endpoint(request: Request) -> Response:
        if request.method not in taken:
            return Response(status_code=405, headers={"Allow": ", ".join(sorted(taken))})
        if request.method == "POST" and _foreign(request):
            return foreign(of_phone(await _asked(request)))
        asked = await _asked(request)
        try:
            return await run_in_threadpool(handler, asked)
        except SaysoError as error:
            return problem(error, await run_in_threadpool(words, asked), leave_to, asked.back)

    return Route(path, endpoint, methods=METHODS)


async def _asked(request: Request) -> Asked:
    host = request.headers.get("host", "")
    address = request.client.host if request.client else None
    forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    return Asked(
        binding=binding_of(request.scope),
        address=address or "",
        back=_back(request),
        accept_language=request.headers.get("accept-language", ""),
        base=f"{request.url.scheme}://{host}",
        secure=is_secure(request.scope),
        this_machine=is_this_machine(host, address, forwarded=forwarded),
        form=await _form(request),
        code=request.path_params.get("code", ""),
    )


def _back(request: Request) -> str:
    if request.method in {"GET", "HEAD"}:
        return request.url.path
    code = request.path_params.get("code", "")
    return f"/c/{code}" if code else "/"


async def _form(request: Request) -> dict[str, str]:
    if request.method != "POST":
        return {}
    body = (await request.body()).decode("utf-8", "replace")
    return dict(parse_qsl(body, max_num_fields=20))


def _foreign(request: Request) -> bool:
    """Whether another site's page sends this. Older browsers say so only by ``Origin``."""
    came_from = request.headers.get("sec-fetch-site")
    if came_from is not None:
        return came_from not in {"same-origin", "none"}
    # Without a referrer a browser's own form says "null" too, so that tells nothing.
    origin = request.headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.headers.get("host")

"""``/metrics``: how much there is to do and how long it takes, for whoever runs the machine. Nobody is in it.

Only a program on the same machine is answered; for everybody else, and through any proxy, the address does not exist.
What is counted is kept coarse on purpose: all forms of a card are one row, and all client pages another, because who
watches a small practice and sees "one more stop" may know whose it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import StoreUnavailable
from core.portal import is_this_machine
from core.web.faces import page_of

ADDRESS = "/metrics"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_CARD = re.compile(r"/[cC]/[^/]+(/[^/]+)?")
_FORMS = frozenset({"/card", "/leave", "/mine/key", "/demo"})
_FOLDERS = ("/static/", "/assets/", "/media/", "/_stcore/")

# When the first of a kind came is a moment in somebody's day.
disable_created_metrics()  # type: ignore[no-untyped-call]


def template_of(path: str) -> str:
    """Return the kind of address, one of a dozen. It holds nothing of what stands in the address."""
    if page := page_of(path):
        return f"/{{{page} page}}"
    if found := _CARD.fullmatch(path):
        return "/c/{code}/{form}" if found[1] else "/c/{code}"
    if path in _FORMS:
        return "/{form}"
    if path in {"/", "/healthz", ADDRESS}:
        return path
    folder = next((one for one in _FOLDERS if path.startswith(one)), None)
    return f"{folder}{{file}}" if folder else "other"


@dataclass
class Figures:
    """What one process counts. ``oldest_waiting``: seconds; raises ``StoreUnavailable``."""

    oldest_waiting: Callable[[], int]
    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=True))

    def __post_init__(self) -> None:
        registry = self.registry
        self.requests = Counter(
            "sayso_requests", "Requests answered, by kind of address.", ("route", "status"), registry=registry
        )
        self.seconds = Histogram(
            "sayso_request_seconds", "From request to whole answer.", ("route",), buckets=_BUCKETS, registry=registry
        )
        self.sessions = Gauge("sayso_sessions_open", "Browsers connected to the app now.", registry=registry)
        self.waiting = Gauge(
            "sayso_oldest_waiting_seconds", "Age of the oldest parcel no therapist has opened.", registry=registry
        )
        self.up = Gauge("sayso_database_up", "Whether the database answered just now.", registry=registry)
        # Memory, processor time and open files of this process, under their usual names.
        ProcessCollector(registry=registry)

    def note(self, path: str, status: int, took: float) -> None:
        """Count one answer. ``took``: seconds."""
        route = template_of(path)
        self.requests.labels(route, str(status)).inc()
        self.seconds.labels(route).observe(took)

    def written(self) -> bytes:
        """Return everything in Prometheus's text format."""
        try:
            self.waiting.set(self.oldest_waiting())
            self.up.set(1)
        except StoreUnavailable:
            self.waiting.set(float("nan"))
            self.up.set(0)
        return generate_latest(self.registry)


class Counted:
    """Counts what passes, and answers ``/metrics`` to this machine alone."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self.app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything else."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._joined(scope, receive, send)
        elif scope["path"] == ADDRESS and scope["method"] == "GET" and _from_here(scope):
            await self._answer(scope, receive, send)
        else:
            await self._passed(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        text = await run_in_threadpool(self._figures.written)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        await Response(text, headers=headers, media_type=CONTENT_TYPE_PLAIN_0_0_4)(scope, receive, send)

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = perf_counter(), 500

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            self._figures.note(scope["path"], status, perf_counter() - begun)

    async def _joined(self, scope: Scope, receive: Receive, send: Send) -> None:
        joined = False

        async def send_noted(message: Message) -> None:
            nonlocal joined
            if message["type"] == "websocket.accept" and not joined:
                joined = True
                self._figures.sessions.inc()
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            if joined:
                self._figures.sessions.dec()


def _from_here(scope: Scope) -> bool:
    headers, peer = Headers(scope=scope), scope.get("client")
    forwarded = "x-forwarded-for" in headers or "forwarded" in headers
    return is_this_machine(headers.get("host", ""), peer[0] if peer else None, forwarded=forwarded)

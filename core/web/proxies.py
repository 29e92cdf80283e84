"""Believes ``X-Forwarded-For`` and ``X-Forwarded-Proto`` from the proxies that are named, and from no others."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware import Middleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


def behind(proxies: Sequence[str]) -> tuple[Middleware, ...]:
    """Return what reads the headers of these proxies: addresses or networks. None for none."""
    if not proxies:
        return ()
    return (Middleware(ProxyHeadersMiddleware, trusted_hosts=list(proxies)),)

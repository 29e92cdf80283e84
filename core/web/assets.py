"""Serves scripts, styles and fonts: compressed, immutable, from memory. Only what is there at start exists."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.web import own_assets
from core.web.compression import Compressed, preferred
from core.web.responses import not_found

#: What is served, by the end of its name; the second says whether compressing gains anything.
_TYPES = {
    ".js": ("text/javascript; charset=utf-8", True),
    ".css": ("text/css; charset=utf-8", True),
    ".svg": ("image/svg+xml", True),
    ".woff2": ("font/woff2", False),
    ".png": ("image/png", False),
    ".gif": ("image/gif", False),
}
_FOREVER = "public, max-age=31536000, immutable"
_FOLDERS = ("/static/", own_assets.PREFIX)


def find(frontend: Path) -> dict[str, Path]:
    """Return every asset by its address. ``frontend``: the folder with Streamlit's ``index.html``."""
    files = (path for path in (frontend / "static").rglob("*") if path.suffix in _TYPES)
    streamlit = {f"/{path.relative_to(frontend).as_posix()}": path for path in files}
    return streamlit | own_assets.addresses()


class Assets:
    """Answers for the asset folders; everything else is passed on."""

    def __init__(self, app: ASGIApp, files: Mapping[str, Path], compressed: Compressed) -> None:
        self.app = app
        self._files = files
        self._compressed = compressed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one asset."""
        if scope["type"] != "http" or not scope["path"].startswith(_FOLDERS):
            await self.app(scope, receive, send)
            return
        path = self._files.get(scope["path"])
        if path is None or scope["method"] not in {"GET", "HEAD"}:
            await not_found(scope)(scope, receive, send)
            return
        response = await self._response(path, Headers(scope=scope))
        await response(scope, receive, send)

    async def _response(self, path: Path, asked: Headers) -> Response:
        content_type, compressible = _TYPES[path.suffix]
        encoding = preferred(asked.get("accept-encoding", "")) if compressible else None
        # The name changes with the content, so with the encoding it names these very bytes.
        headers = {"ETag": f'"{path.name}-{encoding or "plain"}"', "Cache-Control": _FOREVER}
        if compressible:
            headers["Vary"] = "Accept-Encoding"
        if headers["ETag"] in asked.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if encoding is None:
            body = await run_in_threadpool(path.read_bytes)
        else:
            headers["Content-Encoding"] = encoding
            body = await run_in_threadpool(self._compressed.body, path, encoding)
        return Response(body, headers=headers | {"Content-Type": content_type})

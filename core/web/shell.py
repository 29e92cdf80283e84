"""Answers page addresses with Streamlit's page in the portal's own frame.

The first words, the way out and the look are there before the app is: React replaces what stands
inside ``#root`` when it mounts, and leaves alone what stands outside.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core.text import Words
from core.web.faces import PAGES, PageFace, page_of
from core.web.frontend import Frontend
from core.web.responses import rendered


def shells(frontend: Frontend, leave_to: str, words: Words) -> dict[PageFace, bytes]:
    """Return the frame of client pages and of staff pages. ``leave_to``: where "Leave now" goes."""
    faces: set[PageFace] = set(PAGES.values())
    return {
        face: rendered("shell.html", words, frontend=frontend, leave_to=leave_to, face=face).encode() for face in faces
    }


class Shell:
    """Answers GET for the addresses of pages; everything else is passed on."""

    def __init__(self, app: ASGIApp, documents: Mapping[PageFace, bytes]) -> None:
        self.app = app
        self._documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one page's frame."""
        page = page_of(scope["path"]) if scope["type"] == "http" else None
        if page is None:
            await self.app(scope, receive, send)
        elif scope["method"] in {"GET", "HEAD"}:
            await HTMLResponse(self._documents[page])(scope, receive, send)
        else:
            await Response(status_code=405, headers={"Allow": "GET, HEAD"})(scope, receive, send)

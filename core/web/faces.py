"""Which face shows which page, and which addresses exist at all. Anything else is a 404.

A hidden Streamlit page is still reachable, so this table is one half of the access control; the
router's own page table, made from the same entries, is the other.
"""

from __future__ import annotations

import re
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

from core.oidc import CALLBACK
from core.settings import Face
from core.web.responses import not_found

PageFace = Literal["client", "staff"]

#: Every Streamlit page by its address, without the slash, and the face it belongs to.
PAGES: dict[str, PageFace] = {
    "explain": "client",
    "choose": "client",
    "limits": "client",
    "questions": "client",
    "check": "client",
    "done": "client",
    "mine": "client",
    "answer": "client",
    "setup": "staff",
    "unlock": "staff",
    "inbox": "staff",
    "people": "staff",
    "may_i_post": "staff",
    "ask": "staff",
    "posts": "staff",
    "paper": "staff",
    "cards": "staff",
    "therapists": "staff",
    "join": "staff",
    "settings": "staff",
}

#: Streamlit's own addresses that its frontend needs; the agent API and metrics are not among them.
_FRONTEND = frozenset({"/_stcore/health", "/_stcore/host-config", "/_stcore/stream"})
_FRONTEND_FOLDERS = ("/media/", "/_stcore/bidi-components/")
_UPLOADS = "/_stcore/upload_file/"
_UPLOADING = frozenset({"PUT", "DELETE", "OPTIONS"})
#: The portal's own routes.
_OWN = frozenset({"/", "/card", "/leave", "/language", "/healthz", "/mine/key"})
_CARD = re.compile(r"/[cC]/[^/]+(/(start|change|no|stop|question))?")
#: Setting up is for staff, the demo too.
_STAFF_ONLY = frozenset({"/demo"})
_CLIENT_ONLY = frozenset({"/card", "/mine/key"})
#: Streamlit's own, for a practice with a sign-in of its own in front of the staff pages.
SIGN_IN = frozenset({"/auth/login", "/auth/logout", CALLBACK})


def page_of(path: str) -> PageFace | None:
    """Return whose Streamlit page ``path`` is, or None where it is none."""
    return PAGES.get(path.removeprefix("/"))


def shown(page: PageFace, face: Face) -> bool:
    """Whether a portal with this ``face`` shows pages of ``page``."""
    return face in {"all", page}


def exists(path: str, face: Face, *, sign_in: bool = False) -> bool:
    """Whether ``path`` is an address of a portal with this ``face``. Assets are served before this is asked.

    ``sign_in``: whether the practice has a sign-in of its own in front of the staff pages.
    """
    if path in SIGN_IN:
        return sign_in and shown("staff", face)
    if page := page_of(path):
        return shown(page, face)
    if path in _STAFF_ONLY or path.startswith(_UPLOADS):
        return shown("staff", face)
    if path in _CLIENT_ONLY or _CARD.fullmatch(path):
        return shown("client", face)
    return path in _OWN | _FRONTEND or path.startswith(_FRONTEND_FOLDERS)


def _answers(scope: Scope) -> bool:
    """Whether an address is asked as it can be: an upload is put or taken away, and Streamlit has none to show."""
    if scope["type"] == "websocket":
        return not scope["path"].startswith(_UPLOADS)
    return not scope["path"].startswith(_UPLOADS) or scope["method"] in _UPLOADING


class Faces:
    """Answers 404 for every address that this face does not have. ``sign_in``: as for `exists`."""

    def __init__(self, app: ASGIApp, face: Face, *, sign_in: bool = False) -> None:
        self.app = app
        self._face = face
        self._sign_in = sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what exists."""
        if scope["type"] == "lifespan" or (self._has(scope["path"]) and _answers(scope)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await not_found(scope)(scope, receive, send)

    def _has(self, path: str) -> bool:
        return exists(path, self._face, sign_in=self._sign_in)

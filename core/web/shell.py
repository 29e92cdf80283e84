"""Answers page addresses with Streamlit's page in the portal's own frame.

The first words, the way out and the look are there before the app is: React replaces what stands
inside ``#root`` when it mounts, and leaves alone what stands outside. A client's first two screens stand there
too (`core.web.early`), until the app shows them itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core import reader, text
from core.portal import Portal
from core.text import Words, template
from core.web import early
from core.web.binding import binding_of
from core.web.faces import PAGES, PageFace, page_of
from core.web.frontend import Frontend
from core.web.responses import rendered

#: Finds the language of whoever asks for a page of this face, and the screen that stands there before the app does.
Finder = Callable[[PageFace, Scope], tuple[str, str]]
#: The frames by whose they are, in which language, and whether such a screen stands there.
Documents = Mapping[tuple[PageFace, str, bool], bytes]
#: Where that screen goes.
_EARLY: Final = b"<!-- early -->"


def shells(frontend: Frontend, leave_to: str) -> Documents:
    """Return the frames of client and of staff pages in each language. ``leave_to``: where "Leave now" goes."""
    faces: set[PageFace] = set(PAGES.values())
    return {
        (face, language, has_early): rendered(
            "shell.html",
            Words(language),
            frontend=frontend,
            leave_to=leave_to if face == "client" else "",
            face=face,
            back="/",
            phrases=phrases(Words(language)),
            early=_EARLY.decode() if has_early else "",
        ).encode()
        for face in faces
        for language in text.LANGUAGES
        for has_early in (False, True)
    }


def phrases(words: Words) -> str:
    """Return what the frontend says by itself and what to say instead, as JSON: pairs. Empty for English."""
    english = Words()
    if words.language == english.language:
        return ""
    keys = [key for key in template("frontend") if words(key) != english(key)]
    return json.dumps([[english(key), words(key)] for key in keys], ensure_ascii=False, separators=(",", ":"))


def reader_in(portal: Portal) -> Finder:
    """Return what finds a reader's language and first screen in a portal: on staff pages no card has a say in it."""

    def find(face: PageFace, scope: Scope) -> tuple[str, str]:
        binding, accept_language = binding_of(scope), Headers(scope=scope).get("accept-language", "")
        card = reader.card_language(portal, binding) if face == "client" else ""
        words = reader.words(portal, binding, accept_language, card)
        return words.language, early.screen(portal, binding, scope["path"], words)

    return find


class Shell:
    """Answers GET for the addresses of pages; everything else is passed on."""

    def __init__(self, app: ASGIApp, documents: Documents, find: Finder) -> None:
        self.app = app
        self._find = find
        self._documents = documents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one page's frame."""
        page = page_of(scope["path"]) if scope["type"] == "http" else None
        if page is None:
            await self.app(scope, receive, send)
        elif scope["method"] in {"GET", "HEAD"}:
            language, screen = await run_in_threadpool(self._find, page, scope)
            document = self._documents[page, language, bool(screen)].replace(_EARLY, screen.encode())
            await HTMLResponse(document)(scope, receive, send)
        else:
            await Response(status_code=405, headers={"Allow": "GET, HEAD"})(scope, receive, send)

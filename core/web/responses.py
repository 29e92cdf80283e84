"""The plain answers: pages made from a template, and one-line texts for programs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Scope

from core import language
from core.text import Words
from core.web.own_assets import address_of, drawing

_TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, words: Words, **values: Any) -> str:
    """Return a template filled in. ``words`` is there for it to call; every value is escaped."""
    filled = (
        _environment()
        .get_template(template)
        .render(words=words, asset=address_of, drawing=drawing, languages=language.names(), **values)
    )
    return filled.strip() + "\n"


def page(template: str, words: Words, status: int = 200, **values: Any) -> Response:
    """Return a server-made page."""
    return HTMLResponse(rendered(template, words, **values), status)


def words_of_phone(scope: Scope) -> Words:
    """Return the words for whoever is known only by their phone."""
    return Words(language.of_phone(Headers(scope=scope).get("accept-language", "")))


def plain(text: str, status: int) -> Response:
    """Return one line of text."""
    return PlainTextResponse(f"{text}\n", status)


def not_found(scope: Scope) -> Response:
    """Return the 404: a kind page for a person, one line for a program."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return plain("Not found.", 404)
    words = words_of_phone(scope)
    return page("said.html", words, 404, title=words("lost.title"), lines=[words("lost.what")])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

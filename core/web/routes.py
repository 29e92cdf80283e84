"""The table of the server's own addresses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.routing import Route

from core.portal import Portal
from core.web.asked import Handler, Method, route
from core.web.health import health
from core.web.home import Home
from core.web.languages import Languages, of_browser
from core.web.leave import Leaving
from core.web.welcome import Welcome


def routes(portal: Portal, preloads: tuple[str, ...], end_sessions: Callable[[str], None]) -> tuple[Route, ...]:
    """Return every route. ``end_sessions``: drops what the app holds for one binding."""
    home, welcome, leaving = Home(portal), Welcome(portal, preloads), Leaving(portal, end_sessions)
    card_pages: tuple[tuple[str, Handler, Method], ...] = (
        ("", welcome.show, "GET"),
        ("/start", welcome.start, "POST"),
        ("/change", welcome.change, "POST"),
        ("/no", welcome.no, "POST"),
        ("/stop", welcome.stop, "POST"),
        ("/question", welcome.no_to_question, "POST"),
    )
    leave_to = portal.settings.leave_to
    words = partial(of_browser, portal)
    return (
        health(portal.database.is_up),
        route("/", home.show, "GET"),
        route("/card", home.find_card, "POST", leave_to, words),
        route("/demo", home.start_demo, "POST", words=words),
        route("/language", Languages(portal).pick, "POST"),
        route("/leave", leaving.leave, "POST"),
        route("/mine/key", leaving.take_key, "POST"),
        # A QR code is in upper case, and so is the address in it.
        *(
            route(f"/{folder}/{{code}}{end}", handler, method, leave_to, words)
            for folder in "cC"
            for end, handler, method in card_pages
        ),
    )

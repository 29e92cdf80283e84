"""Kind pages for what goes wrong: what happened, and what to do."""

from __future__ import annotations

from starlette.responses import Response

from core.errors import CardBlocked, CardExpired, CardUnknown, SaysoError, StoreFull, StoreUnavailable, TooManyTries
from core.text import Words
from core.web.responses import page

#: The status of each error, and the key of its page's heading.
_KINDS: dict[type[SaysoError], tuple[int, str]] = {
    CardUnknown: (404, "problem.unknown"),
    CardBlocked: (410, "problem.blocked"),
    CardExpired: (410, "problem.expired"),
    TooManyTries: (429, "problem.tries"),
    StoreUnavailable: (503, "problem.later"),
    StoreFull: (503, "problem.later"),
}


def problem(error: SaysoError, words: Words, leave_to: str = "", back: str = "") -> Response:
    """Return the page for an error that people can meet, at the address ``back``. ``leave_to``: for "Leave now"."""
    status, title = _KINDS.get(type(error), (400, "problem.other"))
    again = words("problem.again") if status == 404 else ""
    lines = [words.problem(error)]
    response = page(
        "problem.html", words, status, title=words(title), lines=lines, again=again, leave_to=leave_to, back=back
    )
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(60 * int(str(error.details.get("minutes", 1))))
    return response


def foreign(words: Words) -> Response:
    """Return the page for a form that another site's page sent."""
    return page("problem.html", words, 403, title=words("problem.other"), lines=[words("problem.foreign")], again="")


def broken(words: Words) -> Response:
    """Return the page for a fault of the portal itself."""
    lines = [words("problem.broken")]
    return page("problem.html", words, 500, title=words("problem.later"), lines=lines, again="")

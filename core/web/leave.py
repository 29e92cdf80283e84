"""Leaving, and coming back by the personal link. Both take what they need from the body, never the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import PlainTextResponse, Response

from core import visit
from core.errors import SaysoError
from core.portal import Portal, clock
from core.web.asked import Asked
from core.web.binding import forgetting_cookie
from core.web.languages import of_browser
from core.web.responses import page

#: The cookie by which Streamlit knows its own forms.
_FORMS = "_streamlit_xsrf"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a browser's own memory here begins and ends with. ``end_sessions``: drops what the app holds."""

    portal: Portal
    end_sessions: Callable[[str], None]

    def leave(self, asked: Asked) -> Response:
        """Forget everything of this browser, and go to a neutral site."""
        words = of_browser(self.portal, asked)
        # First what may still be writing, then what it wrote.
        self.end_sessions(asked.binding)
        self.portal.forget_browser(asked.binding)
        self.portal.forms.forget(asked.binding)
        self.portal.forget_form(asked.form.get("form", ""))
        response = page("left.html", words, to=self.portal.settings.leave_to)
        # A redirect from a form would fall under form-action, wherever the neutral site sends on to.
        response.headers["Refresh"] = f"0; url={self.portal.settings.leave_to}"
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        # Older browsers, and those without TLS, do not know that header.
        response.headers.append("Set-Cookie", forgetting_cookie(secure=asked.secure))
        response.headers.append("Set-Cookie", f"{_FORMS}=; Path=/; Max-Age=0; SameSite=Strict")
        return response

    def take_key(self, asked: Asked) -> Response:
        """Take ``CARD.CODE`` from the personal link. Says only whether it fits; the page says why not."""
        card, _, personal = asked.form.get("key", "").partition(".")
        try:
            visit.enter(self.portal, asked.binding, card, personal, asked.address, clock())
        except SaysoError as error:
            self.portal.said.put(asked.binding, error.sentence)
            return PlainTextResponse(f"{error.id}\n", 400)
        return Response(status_code=204)

"""The practice's own sign-in on its way through: Streamlit's three addresses for it, with kinder answers.

Streamlit speaks OpenID Connect (`core.oidc`); this says what went wrong in a sentence, leads back to the staff
pages, and keeps of the answer only what is needed: who signed in, for as long as the browser is open. A browser
comes back from the provider without its Strict cookie, and needs none: the page it is led to asks for the rest itself.
"""

from __future__ import annotations

from http.cookies import Morsel, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.oidc import CALLBACK, Provider
from core.portal import Portal
from core.web.binding import binding_of, is_secure
from core.web.faces import SIGN_IN
from core.web.responses import page, words_of_phone

_LOGIN, _LOGOUT = "/auth/login", "/auth/logout"
#: Where staff begin, and come back to.
_DOOR = "/unlock"
#: Streamlit's cookies: a sign-in that is under way, who signed in, and what nobody here needs: the provider's tokens.
_UNDER_WAY, _WHO, _TOKENS = "_streamlit_session", "_streamlit_user", "_streamlit_user_tokens"


def secrets(provider: Provider | None, cookie_secret: str) -> dict[str, dict[str, object]]:
    """Return what ``st.App`` takes as secrets, so that none has to be written to a file. Empty for no provider."""
    if provider is None:
        return {}
    return {
        "auth": {
            "redirect_uri": provider.redirect,
            "cookie_secret": cookie_secret,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "server_metadata_url": provider.metadata,
            # A code that somebody overheard is worth nothing without what only this portal knows (PKCE).
            "client_kwargs": {"scope": "openid email profile", "code_challenge_method": "S256"},
        }
    }


def in_front(portal: Portal) -> tuple[Middleware, ...]:
    """Return what stands around the sign-in, where the practice has one."""
    return () if portal.settings.provider is None else (Middleware(SignIn, portal=portal),)


class SignIn:
    """Stands around Streamlit's addresses for signing in. Signing out closes what this browser has open."""

    def __init__(self, app: ASGIApp, portal: Portal) -> None:
        self.app = app
        self._portal = portal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is asked, or answer it."""
        if scope["type"] != "http" or scope["path"] not in SIGN_IN:
            await self.app(scope, receive, send)
            return
        answer = _at_once(scope)
        if answer is None:
            if scope["path"] == _LOGOUT:
                self._close(binding_of(scope))
            if scope["path"] == _LOGIN:
                scope = _afresh(scope)
            answer = await self._asked(scope, receive, send)
        if answer is not None:
            await answer(scope, receive, send)

    async def _asked(self, scope: Scope, receive: Receive, send: Send) -> Response | None:
        """Let Streamlit answer. Returns what to say in its place where that says nothing to a person."""
        instead: Response | None = None

        async def send_or_not(message: Message) -> None:
            nonlocal instead
            if message["type"] == "http.response.start":
                _harden(message, secure=is_secure(scope))
                instead = _instead(scope, message)
            if instead is None:
                await send(message)

        await self.app(scope, receive, send_or_not)
        return instead

    def _close(self, binding: str) -> None:
        for shelf in (self._portal.vaults, self._portal.offices, self._portal.recovery):
            shelf.forget(binding)


def _at_once(scope: Scope) -> Response | None:
    """Answer what the app need not see: other sites' pages, a refusal, and the way back from signing out."""
    if scope["method"] != "GET":
        return Response(status_code=405, headers={"Allow": "GET"})
    given = parse_qs(scope["query_string"].decode("latin-1"))
    if scope["path"] == CALLBACK:
        # What the provider says of it is not ours: Streamlit would put it into the log.
        return _not_signed_in(scope) if "error" in given else None if "code" in given else _to_door()
    foreign = Headers(scope=scope).get("sec-fetch-site") in {"cross-site", "same-site"}
    return _to_door() if foreign else None


def _instead(scope: Scope, start: Message) -> Response | None:
    headers = MutableHeaders(scope=start)
    kept = headers.getlist("set-cookie")
    if scope["path"] == _LOGIN and start["status"] >= 400:
        return _not_there(scope)
    if scope["path"] != CALLBACK:
        to_provider = not headers.get("location", "/").startswith("/")
        return None if to_provider else _with(_to_door(), kept)
    signed_in = any(one.startswith(f"{_WHO}=") and "Max-Age=0" not in one for one in kept)
    return _with(_to_door() if signed_in else _not_signed_in(scope), kept)


def _afresh(scope: Scope) -> Scope:
    """Leave sign-ins that were begun and given up behind: together they would outgrow a cookie."""
    cookies = [
        (name, b"; ".join(one for one in value.split(b"; ") if not one.startswith(f"{_UNDER_WAY}=".encode())))
        if name == b"cookie"
        else (name, value)
        for name, value in scope["headers"]
    ]
    return {**scope, "headers": cookies}


def _harden(start: Message, *, secure: bool) -> None:
    headers = MutableHeaders(scope=start)
    lines = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for cookie in (cookie for line in lines for cookie in SimpleCookie(line).values()):
        if not cookie.key.startswith(_TOKENS) or _ends(cookie):
            headers.append("set-cookie", _hardened(cookie, secure=secure))


def _ends(cookie: Morsel[str]) -> bool:
    return cookie["max-age"] == "0" or "1970" in cookie["expires"]


def _hardened(cookie: Morsel[str], *, secure: bool) -> str:
    if not _ends(cookie):
        # It ends with the browser.
        cookie["max-age"] = cookie["expires"] = ""
    # Only the way back from the provider comes from another site, and it needs only the first.
    cookie["samesite"] = "Lax" if cookie.key == _UNDER_WAY else "Strict"
    cookie["secure"], cookie["httponly"] = secure, True
    return cookie.OutputString()


def _to_door() -> Response:
    return RedirectResponse(_DOOR, 303)


def _with(answer: Response, cookies: list[str]) -> Response:
    for line in cookies:
        answer.headers.append("set-cookie", line)
    return answer


def _not_signed_in(scope: Scope) -> Response:
    words = words_of_phone(scope)
    return page(
        "problem.html",
        words,
        403,
        title=words("oidc.failed.title"),
        lines=[words("oidc.failed")],
        again=words("oidc.again.link"),
        to=_DOOR,
    )


def _not_there(scope: Scope) -> Response:
    words = words_of_phone(scope)
    return page(
        "problem.html",
        words,
        503,
        title=words("oidc.away.title"),
        lines=[words("oidc.away")],
        again=words("oidc.again.link"),
        to=_DOOR,
    )

"""What stands around Streamlit's own addresses for signing in: its answers, its cookies, and who may ask."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from core.portal import Portal
from core.settings import Settings
from core.web.faces import SIGN_IN, Faces
from core.web.sign_in import SignIn, in_front, secrets
from tests.core.web.asgi import Seen, request

PROVIDER = "https://login.example.org"
WHOLE = {
    "oidc_metadata": f"{PROVIDER}/.well-known/openid-configuration",
    "oidc_client_id": "sayso",
    "oidc_client_secret": "what only two servers know",
    "oidc_redirect": "https://staff.example.org/oauth2callback",
}
BINDING = {"sayso.binding": "one browser"}


@dataclass
class Streamlit:
    """Answers as Streamlit does at its addresses: a redirect, and its cookies. ``seen``: the paths it was asked for."""

    to: str = "/"
    status: int = 302
    cookies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.seen: list[str] = []
        self.sent = ""

    async def __call__(self, scope, receive, send) -> None:
        self.seen.append(scope["path"])
        self.sent = Request(scope).headers.get("cookie", "")
        answer = RedirectResponse(self.to, self.status) if self.status < 400 else Response("no", self.status)
        for line in self.cookies:
            answer.headers.append("set-cookie", line)
        await answer(scope, receive, send)


@pytest.fixture
def portal(tmp_path) -> Portal:
    return Portal(Settings.model_validate({"data": tmp_path, **WHOLE}), b"of these tests")


def ask(portal, streamlit, path, **more):
    return request(SignIn(streamlit, portal), path, **(BINDING | more))


def test_the_addresses_are_there_only_with_a_provider_and_never_on_the_client_face() -> None:
    for path in SIGN_IN:
        found = {
            (face, sign_in): request(Faces(Seen(), face, sign_in=sign_in), path).status
            for face in ("all", "client", "staff")
            for sign_in in (True, False)
        }
        assert {which for which, status in found.items() if status == 200} == {("all", True), ("staff", True)}


def test_without_a_provider_and_on_the_client_face_nothing_stands_in_front(tmp_path) -> None:
    for more in ({}, WHOLE | {"face": "client"}):
        portal = Portal(Settings.model_validate({"data": tmp_path, **more}), b"of these tests")
        assert in_front(portal) == ()
        assert secrets(portal.settings.provider, "x") == {}


def test_streamlit_is_given_the_provider_with_pkce_always_on(portal) -> None:
    auth = secrets(portal.settings.provider, "of the cookies")["auth"]
    assert auth["client_secret"] == WHOLE["oidc_client_secret"]
    assert auth["redirect_uri"] == WHOLE["oidc_redirect"]
    assert auth["client_kwargs"]["code_challenge_method"] == "S256"


def test_a_sign_in_goes_to_the_provider_and_nowhere_else(portal) -> None:
    answer = ask(portal, Streamlit(to=f"{PROVIDER}/authorize?x=1"), "/auth/login")
    assert (answer.status, answer.header("location")) == (302, f"{PROVIDER}/authorize?x=1")
    # A link that lay about too long: Streamlit would lead to the page for clients.
    assert ask(portal, Streamlit(), "/auth/login").header("location") == "/unlock"


def test_a_sign_in_begins_without_those_given_up(portal) -> None:
    streamlit = Streamlit(to=f"{PROVIDER}/authorize")
    ask(portal, streamlit, "/auth/login", headers={"cookie": "binding=abc; _streamlit_session=old; other=1"})
    assert streamlit.sent == "binding=abc; other=1"


def test_a_provider_that_does_not_answer_is_one_kind_sentence(portal) -> None:
    answer = ask(portal, Streamlit(status=400), "/auth/login")
    assert answer.status == 503
    assert "cannot be reached right now" in answer.text
    assert 'href="/unlock"' in answer.text


def test_the_way_back_leads_to_the_door_with_only_the_cookie_that_is_needed(portal) -> None:
    kept = (
        "_streamlit_user=abc; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
        "_streamlit_user_1=def; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
        "_streamlit_user_tokens=secret; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
        "_streamlit_user_tokens_1=secret; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
        "_streamlit_session=null; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly; samesite=lax",
    )
    answer = ask(portal, Streamlit(cookies=kept), "/oauth2callback", query_string=b"code=1&state=2", scheme="https")
    assert (answer.status, answer.header("location")) == (303, "/unlock")
    lines = [value for name, value in answer.headers if name == "set-cookie"]
    assert [line.partition("=")[0] for line in lines] == ["_streamlit_user", "_streamlit_user_1", "_streamlit_session"]
    assert all("Secure" in line and "HttpOnly" in line for line in lines)
    assert all("SameSite=Strict" in line and "Max-Age" not in line for line in lines[:2])
    assert "1970" in lines[2]


def test_without_tls_a_cookie_is_not_marked_as_if_there_were_any(portal) -> None:
    kept = ("_streamlit_session=abc; path=/; Max-Age=1209600; httponly; samesite=lax",)
    answer = ask(portal, Streamlit(to=f"{PROVIDER}/authorize", cookies=kept), "/auth/login")
    assert answer.header("set-cookie") == "_streamlit_session=abc; HttpOnly; Path=/; SameSite=Lax"


def test_a_way_back_that_signed_nobody_in_says_so_and_clears_what_was_kept(portal) -> None:
    gone = ('_streamlit_user=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=lax',)
    answer = ask(portal, Streamlit(cookies=gone), "/oauth2callback", query_string=b"code=1&state=2")
    assert answer.status == 403
    assert "Sign in again" in answer.text
    assert "Max-Age=0" in answer.header("set-cookie")


def test_what_the_provider_says_of_a_refusal_is_neither_shown_nor_passed_on_to_be_logged(portal) -> None:
    streamlit = Streamlit()
    answer = ask(portal, streamlit, "/oauth2callback", query_string=b"error=no&error_description=SECRETSAUCE&code=1")
    assert answer.status == 403
    assert "SECRETSAUCE" not in answer.text
    assert streamlit.seen == []


def test_the_way_back_from_signing_out_leads_to_the_door(portal) -> None:
    assert ask(portal, Streamlit(), "/oauth2callback").header("location") == "/unlock"


def test_signing_out_ends_what_the_browser_has_open_even_where_the_provider_is_away(portal) -> None:
    portal.offices.put("one browser", "office")
    portal.offices.put("another browser", "office")
    assert ask(portal, Streamlit(), "/auth/logout").header("location") == "/unlock"
    assert portal.offices.get("one browser") is None
    assert portal.offices.get("another browser") == "office"


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_elsewhere_can_neither_sign_in_nor_out(portal, path, site) -> None:
    streamlit = Streamlit(to=f"{PROVIDER}/x")
    portal.offices.put("one browser", "office")
    answer = ask(portal, streamlit, path, headers={"sec-fetch-site": site})
    assert (answer.header("location"), streamlit.seen) == ("/unlock", [])
    assert portal.offices.get("one browser") == "office"


@pytest.mark.parametrize("path", sorted(SIGN_IN))
def test_only_a_get_is_answered(portal, path) -> None:
    streamlit = Streamlit()
    assert ask(portal, streamlit, path, method="POST").status == 405
    assert streamlit.seen == []


def test_everything_else_passes_untouched(portal) -> None:
    app = Starlette(routes=[Route("/inbox", lambda _request: Response("seen")), Mount("/", app=Seen())])
    assert request(SignIn(app, portal), "/inbox", **BINDING).body == b"seen"

"""One browser, one cookie: how it is set, what reaches Streamlit, and who gets no session."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest

from core.web.binding import HEADER, Binding, binding_of, forgetting_cookie
from tests.core.web.asgi import Seen, handshake, request

VALUE = "A" * 43
OTHER = "B" * 43


def hashed(value: str) -> str:
    return sha256(value.encode()).hexdigest()


def test_a_new_browser_gets_a_cookie_that_no_script_and_no_other_site_can_use() -> None:
    set_cookie = request(Binding(Seen()), "/").header("set-cookie")
    assert re.fullmatch(r"binding=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict", set_cookie)


def test_under_tls_the_cookie_is_bound_to_this_host() -> None:
    set_cookie = request(Binding(Seen()), "/", scheme="https").header("set-cookie")
    assert re.fullmatch(r"__Host-binding=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict; Secure", set_cookie)


def test_two_browsers_never_get_the_same_cookie() -> None:
    app = Binding(Seen())
    assert len({request(app, "/").cookie for _ in range(50)}) == 50


def test_the_cookie_ends_with_the_browser() -> None:
    set_cookie = request(Binding(Seen()), "/").header("set-cookie").lower()
    assert "max-age" not in set_cookie
    assert "expires" not in set_cookie


def test_a_known_browser_keeps_its_cookie_and_streamlit_sees_its_hash() -> None:
    seen = Seen()
    answer = request(Binding(seen), "/", headers={"cookie": f"binding={VALUE}"})
    assert answer.header("set-cookie") == ""
    assert seen.header(HEADER) == [hashed(VALUE)]
    assert binding_of(seen.scopes[-1]) == hashed(VALUE)


def test_the_first_answer_already_works_with_the_cookie_it_sets() -> None:
    seen = Seen()
    value = request(Binding(seen), "/").cookie.removeprefix("binding=")
    assert binding_of(seen.scopes[-1]) == hashed(value)


@pytest.mark.parametrize("name", [HEADER, HEADER.lower(), HEADER.upper()])
def test_a_header_from_outside_is_dropped(name) -> None:
    seen = Seen()
    request(Binding(seen), "/", headers={"cookie": f"binding={VALUE}", name: hashed(OTHER)})
    assert seen.header(HEADER) == [hashed(VALUE)]
    handshake(Binding(seen), "/_stcore/stream", headers={"cookie": f"binding={VALUE}", name: hashed(OTHER)})
    assert seen.header(HEADER) == [hashed(VALUE)]


@pytest.mark.parametrize(
    "cookie", ["", "binding=", "binding=short", f"binding={VALUE}x", f"other={VALUE}", "binding=" + "é" * 43]
)
def test_without_a_cookie_that_was_given_out_no_session_is_opened(cookie) -> None:
    seen = Seen()
    sent = handshake(Binding(seen), "/_stcore/stream", headers={"cookie": cookie} if cookie else {})
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert seen.scopes == []


def test_a_header_alone_opens_no_session() -> None:
    seen = Seen()
    sent = handshake(Binding(seen), "/_stcore/stream", headers={HEADER: hashed(VALUE)})
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert seen.scopes == []


def test_under_tls_the_plain_cookie_counts_for_nothing() -> None:
    seen = Seen()
    sent = handshake(Binding(seen), "/_stcore/stream", headers={"cookie": f"binding={VALUE}"}, scheme="wss")
    assert [message["type"] for message in sent] == ["websocket.close"]
    sent = handshake(Binding(seen), "/_stcore/stream", headers={"cookie": f"__Host-binding={VALUE}"}, scheme="wss")
    assert [message["type"] for message in sent] == ["websocket.accept"]


def test_a_page_opened_from_another_site_does_not_cut_the_browser_off_from_what_it_does_here() -> None:
    # The browser holds back a Strict cookie then, so its absence says nothing.
    assert request(Binding(Seen()), "/", headers={"sec-fetch-site": "cross-site"}).header("set-cookie") == ""
    assert request(Binding(Seen()), "/", headers={"sec-fetch-site": "none"}).header("set-cookie")
    assert request(Binding(Seen()), "/_stcore/health", headers={"sec-fetch-site": "same-origin"}).header("set-cookie")


@pytest.mark.parametrize("path", ["/static/js/index.js", "/assets/sayso.css"])
def test_what_a_shared_cache_may_keep_carries_no_cookie(path) -> None:
    assert request(Binding(Seen()), path).header("set-cookie") == ""


def test_leaving_takes_the_very_same_cookie_away() -> None:
    assert forgetting_cookie(secure=True).startswith("__Host-binding=; Path=/; HttpOnly; SameSite=Strict; Secure")
    assert forgetting_cookie(secure=False).endswith("Max-Age=0")

"""The headers on every answer, and the three kinds of document."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest

from core.web.faces import PAGES
from core.web.headers import Headers
from core.web.policy import policies
from tests.core.web.asgi import Seen, request

INLINE = "\n      window.prerenderReady = false\n    "
POLICIES = policies([INLINE])
ALL_PATHS = ["/", "/c/K7QM2XPF", *(f"/{page}" for page in PAGES)]


def directives(policy: str) -> dict[str, set[str]]:
    parts = [part.split() for part in policy.split("; ")]
    assert len({part[0] for part in parts}) == len(parts)
    return {part[0]: set(part[1:]) for part in parts}


def asked(path: str, seen: Seen | None = None, **more) -> dict[str, set[str]]:
    return directives(request(Headers(seen or Seen(), POLICIES), path, **more).header("content-security-policy"))


@pytest.mark.parametrize("path", ALL_PATHS)
def test_nothing_may_come_from_anywhere_else(path) -> None:
    policy = asked(path)
    assert policy["default-src"] == {"'none'"}
    assert policy["base-uri"] == policy["object-src"] == policy["frame-ancestors"] == {"'none'"}
    own = {"'none'", "'self'", "data:", "blob:"}
    assert {source for sources in policy.values() for source in sources if not source.startswith("'sha256-")} <= own


@pytest.mark.parametrize("path", ALL_PATHS)
def test_no_document_runs_script_that_stands_in_it_or_is_made_up_on_the_way(path) -> None:
    loose = {"'unsafe-inline'", "'unsafe-eval'", "blob:", "data:", "*"}
    assert asked(path)["script-src"].isdisjoint(loose)
    assert asked(path)["style-src"].isdisjoint(loose)


def test_streamlits_own_inline_script_is_allowed_by_its_hash_and_no_other() -> None:
    wanted = "'sha256-" + b64encode(sha256(INLINE.encode()).digest()).decode() + "'"
    assert asked("/explain")["script-src"] == {"'self'", wanted}
    assert asked("/")["script-src"] == {"'self'"}


def test_only_staff_documents_may_use_the_camera_and_read_its_picture() -> None:
    for page, face in PAGES.items():
        answer = request(Headers(Seen(), POLICIES), f"/{page}")
        staff = face == "staff"
        assert ("camera=(self)" in answer.header("permissions-policy")) is staff
        assert ("camera=()" in answer.header("permissions-policy")) is not staff
        assert ("data:" in directives(answer.header("content-security-policy"))["connect-src"]) is staff
        assert ("data:" in directives(answer.header("content-security-policy"))["img-src"]) is staff


def test_what_is_no_document_may_load_nothing_at_all() -> None:
    assert asked("/media/abc.svg", Seen("image/svg+xml")) == {
        "default-src": {"'none'"},
        "base-uri": {"'none'"},
        "form-action": {"'none'"},
        "frame-ancestors": {"'none'"},
        "object-src": {"'none'"},
    }


@pytest.mark.parametrize("path", [*ALL_PATHS, "/_stcore/health"])
def test_every_answer_keeps_to_itself(path) -> None:
    answer = request(Headers(Seen(), POLICIES), path)
    assert answer.header("x-content-type-options") == "nosniff"
    assert answer.header("referrer-policy") == "no-referrer"
    assert answer.header("cross-origin-opener-policy") == "same-origin"
    assert answer.header("cross-origin-resource-policy") == "same-origin"
    assert answer.header("x-frame-options") == "DENY"
    assert "noindex" in answer.header("x-robots-tag")
    for feature in ("microphone", "geolocation", "display-capture", "payment"):
        assert f"{feature}=()" in answer.header("permissions-policy")


def test_nothing_is_kept_by_a_cache_but_what_never_changes() -> None:
    assert request(Headers(Seen(), POLICIES), "/explain").header("cache-control") == "no-store"
    assert request(Headers(Seen(cache="no-cache"), POLICIES), "/").header("cache-control") == "no-store"
    assert (
        request(Headers(Seen(cache="public, max-age=60"), POLICIES), "/media/x").header("cache-control") == "no-store"
    )
    forever = "public, max-age=31536000, immutable"
    assert request(Headers(Seen(cache=forever), POLICIES), "/static/js/a.js").header("cache-control") == forever


def test_tls_is_asked_for_from_then_on_only_where_it_is_there() -> None:
    assert request(Headers(Seen(), POLICIES), "/").header("strict-transport-security") == ""
    answer = request(Headers(Seen(), POLICIES), "/", scheme="https")
    assert int(answer.header("strict-transport-security").partition("max-age=")[2]) >= 31_536_000

"""The whole stack as ``portal.py`` hands it to Streamlit."""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit.web.server.app_discovery import discover_asgi_app

from core.web.binding import HEADER
from tests.core.web.asgi import request

ROOT = Path(streamlit.__file__).parent
PORTAL = Path(__file__).resolve().parents[3] / "portal.py"


def test_streamlit_finds_the_app_with_all_its_middleware() -> None:
    # A call through a helper would not be found, and every middleware would silently be lost.
    found = discover_asgi_app(PORTAL)
    assert found.is_asgi_app
    assert found.import_string == "portal:app"


def test_a_fault_of_the_portal_is_a_kind_page_that_says_nothing_of_it(site) -> None:
    def breaks(_request: Request) -> Response:
        raise RuntimeError("K7QM-2XPF")

    app = site.app_with(Route("/healthz", breaks))
    answer = site.ask("/healthz", app=app)
    assert answer.status == 500
    assert "K7QM" not in answer.text
    assert answer.text.count("<h1") == 1
    assert answer.header("content-security-policy")


def test_no_address_of_its_own_falls_through_to_streamlits_page(site) -> None:
    for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        for path in (
            "/",
            "/card",
            "/demo",
            "/leave",
            "/mine/key",
            "/healthz",
            "/c/K7QM2XPF",
            "/C/K7QM2XPF/no",
            "/mine",
        ):
            answer = site.ask(path, method=method)
            assert answer.body != b"seen", (method, path)
            assert answer.status in {200, 303, 400, 404, 405}, (method, path)


def test_headers_are_on_every_answer_also_on_refusals(site) -> None:
    for path in ("/", "/nowhere", "/static/absent.js", "/healthz", "/explain"):
        answer = site.ask(path)
        assert answer.header("x-content-type-options") == "nosniff", path
        assert answer.header("content-security-policy"), path
        assert answer.header("referrer-policy") == "no-referrer", path


def test_health_says_ok_and_nothing_else(site) -> None:
    answer = site.ask("/healthz", headers={"accept": "*/*"})
    assert (answer.status, answer.text) == (200, "ok\n")


def test_health_says_so_when_the_records_cannot_be_reached(site) -> None:
    site.portal.database.close()
    (site.portal.settings.data / "sayso.sqlite3").unlink()
    (site.portal.settings.data / "sayso.sqlite3").mkdir()
    answer = site.ask("/healthz", headers={"accept": "*/*"})
    assert answer.status == 503
    assert answer.text == "The records cannot be reached.\n"


def test_routes_see_the_browser_that_asks(site) -> None:
    def echo(request: Request) -> Response:
        return PlainTextResponse(request.headers[HEADER])

    app = site.app_with(Route("/healthz", echo))
    first = site.ask("/healthz", app=app).text
    assert len(first) == 64
    assert site.ask("/healthz", app=app).text == first


def test_the_stack_belongs_to_a_plain_starlette_application(site) -> None:
    assert isinstance(site.app, Starlette)
    assert request(site.app, "/").status == 200

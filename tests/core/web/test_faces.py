"""Which addresses each face has. Everything else is a 404 that says what to do."""

from __future__ import annotations

import pytest

from core.web.faces import PAGES, Faces, exists, page_of, shown
from tests.core.web.asgi import Seen, handshake, request

CLIENT = [f"/{page}" for page, face in PAGES.items() if face == "client"]
STAFF = [f"/{page}" for page, face in PAGES.items() if face == "staff"]
BOTH = ["/", "/leave", "/healthz", "/_stcore/health", "/_stcore/host-config", "/media/abc.png"]
#: Addresses that Streamlit would answer and nobody here needs.
CLOSED = [
    "/_stcore/agent",
    "/_stcore/agent/interact",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/",
    "/component/anything/index.html",
    "/app/static/secret.txt",
    "/auth/login",
    "/oauth2callback",
    "/favicon.png",
    "/manifest.json",
    "/index.html",
    "/explain/",
    "/c/",
    "/c/K7QM2XPF/",
    "/c/K7QM2XPF/other",
    "/c/K7QM2XPF/no/more",
    "/explain/_stcore/health",
    "/Explain",
    "//evil.example",
    "/../portal.py",
    "/.streamlit/config.toml",
    "/data/sayso.sqlite3",
    "/wp-login.php",
]


def status(path: str, face: str) -> int:
    return request(Faces(Seen(), face), path).status


@pytest.mark.parametrize("path", CLIENT)
def test_a_client_page_is_on_the_client_face_and_not_on_the_staff_face(path) -> None:
    assert [status(path, face) for face in ("all", "client", "staff")] == [200, 200, 404]


@pytest.mark.parametrize("path", [*STAFF, "/demo"])
def test_a_staff_address_is_on_the_staff_face_and_not_on_the_client_face(path) -> None:
    assert [status(path, face) for face in ("all", "client", "staff")] == [200, 404, 200]


@pytest.mark.parametrize(
    ("method", "staff"), [("PUT", 200), ("DELETE", 200), ("OPTIONS", 200), ("GET", 404), ("POST", 404)]
)
def test_an_upload_is_put_or_taken_away_on_the_staff_face_and_never_shown(method, staff) -> None:
    path = "/_stcore/upload_file/session/file"
    answers = [request(Faces(Seen(), face), path, method=method).status for face in ("all", "client", "staff")]
    assert answers == [staff, 404, staff]


@pytest.mark.parametrize(
    "path", ["/c/K7QM2XPF", "/C/K7QM2XPF", "/C/K7QM2XPF/no", "/c/K7QM2XPF/question", "/card", "/mine/key"]
)
def test_a_card_is_on_the_client_face_and_not_on_the_staff_face(path) -> None:
    assert [status(path, face) for face in ("all", "client", "staff")] == [200, 200, 404]


@pytest.mark.parametrize("path", BOTH)
def test_what_both_faces_need_is_on_both(path) -> None:
    assert [status(path, face) for face in ("all", "client", "staff")] == [200, 200, 200]


@pytest.mark.parametrize("path", CLOSED)
def test_everything_else_is_a_404_on_every_face(path) -> None:
    assert [status(path, face) for face in ("all", "client", "staff")] == [404, 404, 404]


def test_a_person_gets_a_kind_page_and_a_program_one_line() -> None:
    page = request(Faces(Seen(), "all"), "/nowhere")
    assert page.header("content-type").startswith("text/html")
    assert page.text.count("<h1") == 1
    assert "/nowhere" not in page.text
    line = request(Faces(Seen(), "all"), "/nowhere", headers={"accept": "*/*"})
    assert line.header("content-type").startswith("text/plain")
    assert len(line.body) < 40


def test_the_app_is_reached_by_its_one_websocket() -> None:
    assert handshake(Faces(Seen(), "client"), "/_stcore/stream")[0]["type"] == "websocket.accept"
    assert handshake(Faces(Seen(), "client"), "/other")[0]["type"] == "websocket.close"


def test_page_names_are_what_streamlit_can_carry() -> None:
    assert all(page.replace("_", "").isalpha() and page.islower() for page in PAGES)
    assert page_of("/explain") == "client"
    assert page_of("/") is None
    assert page_of("") is None
    assert not exists("", "all")
    assert shown("staff", "all")

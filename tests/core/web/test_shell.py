"""The frame around Streamlit's page: its own words and look, and nothing of what the page does not need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import streamlit

from core.web import frontend as frontends
from core.web.assets import find
from core.web.faces import PAGES
from core.web.shell import Shell, shells
from tests.core.web.asgi import Seen, request

FOLDER = Path(streamlit.__file__).parent / "static"
LEAVE_TO = "https://neutral.example"


@pytest.fixture(scope="module")
def frontend() -> frontends.Frontend:
    return frontends.read(FOLDER)


@pytest.fixture(scope="module")
def shell(frontend) -> Shell:
    # Whoever asks reads English here; which language a reader gets is tested with the switch.
    return Shell(Seen(), shells(frontend, LEAVE_TO), lambda _face, _scope: ("en", ""))


@pytest.fixture(scope="module")
def client(shell) -> str:
    return request(shell, "/explain").text


@pytest.fixture(scope="module")
def staff(shell) -> str:
    return request(shell, "/inbox").text


@pytest.mark.parametrize("page", PAGES)
def test_every_page_address_answers_with_a_frame(shell, page) -> None:
    answer = request(shell, f"/{page}")
    assert answer.status == 200
    assert answer.header("content-type").startswith("text/html")
    assert request(shell, f"/{page}", "POST").status == 405


def test_other_addresses_are_passed_on(shell) -> None:
    assert request(shell, "/").body == b"seen"


def test_a_frame_is_in_a_language_and_neutral_to_whoever_looks_on(client, staff) -> None:
    for text in (client, staff):
        assert text.startswith('<!doctype html>\n<html lang="en"')
        assert re.findall(r"<title>(.*)</title>", text) == ["My page"]
        head = text.partition("<body>")[0].lower()
        assert not re.search(r"sayso|consent|therap|story", re.sub(r'(href|src)="[^"]*"', "", head))


def test_the_way_out_stands_on_client_pages_outside_what_the_app_replaces(client, staff) -> None:
    before_root, _, _ = client.partition('<div id="root">')
    assert '<form class="leave" method="post" action="/leave"' in before_root
    assert f'data-leave="{LEAVE_TO}"' in before_root
    assert "/leave" not in staff


def test_first_words_are_there_before_the_app_is(client) -> None:
    inside = client.partition('<div id="root">')[2].partition("</div>")[0]
    assert "One moment" in inside


def test_someone_without_script_is_told_which_ways_are_left(client) -> None:
    words = client.partition("<noscript>")[2].partition("</noscript>")[0]
    assert "<h1>" in words
    assert "scan your card again" in words


def test_nothing_is_loaded_from_anywhere_else(client, staff) -> None:
    for text in (client, staff):
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', text)
        assert addresses
        assert all(address.startswith("/") and not address.startswith("//") for address in addresses)


def test_everything_the_frame_names_exists(client, staff) -> None:
    files = find(FOLDER)
    for text in (client, staff):
        named = re.findall(r'(?:href|src)="(/(?:static|assets)/[^"]*)"', text)
        assert len(named) > 20
        assert [address for address in named if address not in files] == []


def test_what_streamlits_own_page_starts_is_started(client, frontend) -> None:
    original = (FOLDER / "index.html").read_text("utf-8")
    assert frontend.scripts
    for name in re.findall(r'<script[^>]* src="\./([^"]+)"', original):
        assert f'src="/{name}"' in client
    for name in re.findall(r'rel="(?:modulepreload|stylesheet)"[^>]* href="\./([^"]+)"', original):
        assert f'href="/{name}"' in client


def test_the_inline_script_is_byte_for_byte_what_the_policy_hashes(client, frontend) -> None:
    assert re.findall(r"<script>(.*?)</script>", client, re.DOTALL) == list(frontend.inline)


def test_no_font_is_fetched_and_no_program_is_invited(client) -> None:
    assert ".woff2" not in client
    assert "agent" not in client
    assert "streamlit" not in re.sub(r'(href|src)="[^"]*"', "", client).lower()


def test_the_portals_script_runs_before_the_app(client) -> None:
    assert client.index("/assets/sayso") < client.index('type="module"')


def test_parts_that_client_pages_use_are_fetched_ahead_with_all_they_need(frontend) -> None:
    for part in ("Radio", "Checkbox", "Button", "TextInput"):
        assert any(f"/{part}." in address for address in frontend.modules), part
    scripts = FOLDER / "static" / "js"
    loaded = {address.rpartition("/")[2] for address in (*frontend.modules, *frontend.scripts)}
    for address in frontend.modules:
        text = (scripts / address.rpartition("/")[2]).read_text("utf-8")
        assert set(re.findall(r'from"\./([\w.-]+\.js)"', text)) <= loaded, address


def test_heavy_parts_are_not_fetched_ahead(frontend) -> None:
    total = sum((FOLDER / address[1:]).stat().st_size for address in (*frontend.modules, *frontend.scripts))
    assert total < 3_200_000
    assert not any("DataFrame" in address or "Plotly" in address for address in frontend.modules)

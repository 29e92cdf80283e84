"""Under which names the portal answers."""

from __future__ import annotations

import pytest

from core.web.hosts import Hosts
from tests.core.web.asgi import Seen, handshake, request

KNOWN = ["localhost", "127.0.0.1", "::1", "Sayso.Example.Org"]


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "sayso.example.org", "SAYSO.example.org:443"],
)
def test_its_own_names_are_answered_with_or_without_a_port(host) -> None:
    assert request(Hosts(Seen(), KNOWN), "/", headers={"host": host}).status == 200
    assert handshake(Hosts(Seen(), KNOWN), "/_stcore/stream", headers={"host": host})[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8501", "", "[::1", "localhost@evil.example"],
)
def test_a_foreign_name_that_points_here_opens_nothing(host) -> None:
    seen = Seen()
    assert request(Hosts(seen, KNOWN), "/", headers={"host": host}).status == 421
    assert handshake(Hosts(seen, KNOWN), "/_stcore/stream", headers={"host": host})[0]["type"] == "websocket.close"
    assert seen.scopes == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999", "http://[::1"])
def test_a_foreign_page_gets_no_websocket(origin) -> None:
    seen = Seen()
    sent = handshake(Hosts(seen, KNOWN), "/_stcore/stream", headers={"host": "localhost:8501", "origin": origin})
    assert sent[0]["type"] == "websocket.close"
    assert seen.scopes == []


def test_its_own_page_gets_its_websocket() -> None:
    headers = {"host": "localhost:8501", "origin": "http://localhost:8501"}
    assert handshake(Hosts(Seen(), KNOWN), "/_stcore/stream", headers=headers)[0]["type"] == "websocket.accept"


@pytest.mark.parametrize("allowed", [[], ["*"]])
def test_where_no_names_are_given_any_is_answered(allowed) -> None:
    assert request(Hosts(Seen(), allowed), "/", headers={"host": "any.example"}).status == 200

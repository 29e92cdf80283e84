"""Server-made pages are light: one answer holds the words and the look, compressed. Nothing else is touched."""

from __future__ import annotations

import gzip

import brotli
import pytest

from core.web import own_assets
from core.web.light import Light
from tests.core.web.asgi import Seen, request

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


def light(app: Seen) -> Light:
    return Light(app, own_assets.look(), own_assets.address_of("sayso.css"))


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_first_words_come_with_their_look_in_one_small_answer(clinic_site, encoding) -> None:
    path = f"/c/{clinic_site.cards[0].code}" if hasattr(clinic_site, "cards") else "/"
    answer = clinic_site.ask(path, headers={"accept-encoding": encoding})
    assert answer.header("content-encoding") == encoding
    assert answer.header("vary") == "Accept-Encoding"
    assert int(answer.header("content-length")) == len(answer.body) < 8 * 1024
    text = UNPACK[encoding](answer.body).decode()
    assert f"<style>{own_assets.look()}</style>" in text
    assert 'rel="stylesheet"' not in text
    assert "stRadio" not in text
    assert text.count("<h1") == 1


def test_the_apps_own_frame_is_compressed_and_names_its_look(clinic_site) -> None:
    answer = clinic_site.ask("/explain", headers={"accept-encoding": "br"})
    text = brotli.decompress(answer.body).decode()
    assert own_assets.address_of("sayso.css") in text
    assert own_assets.address_of("app.css") in text
    assert len(answer.body) < len(text) / 2


def test_an_old_phone_gets_the_page_as_it_is(clinic_site) -> None:
    answer = clinic_site.ask("/")
    assert answer.header("content-encoding") == ""
    assert own_assets.address_of("sayso.css") in answer.text


def test_what_answers_a_form_is_not_compressed_for_it_may_hold_a_code(clinic_site) -> None:
    answer = clinic_site.ask("/card", {"code": "nothing"}, headers={"accept-encoding": "br, gzip"})
    assert answer.header("content-encoding") == ""
    assert "<h1" in answer.text


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", ""])
def test_only_pages_are_touched(content_type) -> None:
    answer = request(light(Seen(content_type)), "/healthz", headers={"accept-encoding": "br"})
    assert (answer.body, answer.header("content-encoding")) == (b"seen", "")


def test_a_page_in_pieces_is_put_together() -> None:
    async def in_pieces(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        for number in range(3):
            await send({"type": "http.response.body", "body": b"words %d " % number, "more_body": number < 2})

    answer = request(Light(in_pieces, "", "none"), "/", headers={"accept-encoding": "br"})
    assert brotli.decompress(answer.body) == b"words 0 words 1 words 2 "

"""Assets: compressed once, immutable, and only those that exist."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.web import own_assets
from core.web.assets import Assets, find
from core.web.compression import ENCODERS, Compressed, folders, preferred
from tests.core.web.asgi import Seen, request

SCRIPT = "const words = 'the same words again and again, ';\n" * 200
FONT = bytes(range(256)) * 8
JS, WOFF = "/static/js/app.Ab12.js", "/static/media/face.Cd34.woff2"


@pytest.fixture
def frontend(tmp_path) -> Path:
    for path, content in ((JS, SCRIPT.encode()), (WOFF, FONT), ("/static/js/notes.txt", b"no asset")):
        file = tmp_path / "streamlit" / path[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (tmp_path / "streamlit" / "secret.js").write_text("outside")
    return tmp_path / "streamlit"


@pytest.fixture
def assets(frontend, tmp_path) -> Assets:
    return Assets(Seen(), find(frontend), Compressed([tmp_path / "cache"]))


def get(app: Assets, path: str, accept: str = "", method: str = "GET", **headers: str):
    given = {"accept-encoding": accept} if accept else {}
    return request(app, path, method, headers=given | {key.replace("_", "-"): value for key, value in headers.items()})


def test_a_browser_that_takes_brotli_gets_brotli(assets) -> None:
    answer = get(assets, JS, "gzip, deflate, br, zstd")
    assert answer.header("content-encoding") == "br"
    assert brotli.decompress(answer.body).decode() == SCRIPT
    assert len(answer.body) < len(SCRIPT) / 10


def test_one_that_takes_only_gzip_gets_gzip(assets) -> None:
    answer = get(assets, JS, "gzip, deflate")
    assert answer.header("content-encoding") == "gzip"
    assert gzip.decompress(answer.body).decode() == SCRIPT


@pytest.mark.parametrize("accept", ["", "identity", "br;q=0, gzip;q=0", "deflate"])
def test_one_that_takes_neither_gets_the_plain_file(assets, accept) -> None:
    answer = get(assets, JS, accept)
    assert answer.header("content-encoding") == ""
    assert answer.text == SCRIPT


def test_caches_keep_each_form_apart_and_for_good(assets) -> None:
    answers = [get(assets, JS, accept) for accept in ("br", "gzip", "")]
    assert {answer.header("vary") for answer in answers} == {"Accept-Encoding"}
    assert {answer.header("cache-control") for answer in answers} == {"public, max-age=31536000, immutable"}
    assert len({answer.header("etag") for answer in answers}) == 3
    assert {answer.header("content-type") for answer in answers} == {"text/javascript; charset=utf-8"}
    assert [answer.header("content-length") for answer in answers] == [str(len(answer.body)) for answer in answers]


def test_what_a_browser_has_is_not_sent_again(assets) -> None:
    etag = get(assets, JS, "br").header("etag")
    again = get(assets, JS, "br", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")
    assert get(assets, JS, "gzip", if_none_match=etag).status == 200


def test_what_is_compressed_already_is_left_as_it_is(assets) -> None:
    answer = get(assets, WOFF, "br, gzip")
    assert (answer.header("content-encoding"), answer.header("vary"), answer.body) == ("", "", FONT)
    assert answer.header("content-type") == "font/woff2"


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/absent.js",
        "/static/js/notes.txt",
        "/static/../secret.js",
        "/static/js/../../secret.js",
        "/static/%2e%2e/secret.js",
        "/static/",
        "/assets/",
        "/assets/../assets.py",
        "/assets/sayso.css",
    ],
)
def test_only_assets_that_were_there_at_start_exist(assets, path) -> None:
    assert get(assets, path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_assets_are_only_read(assets, method) -> None:
    assert get(assets, JS, method=method).status == 404


def test_other_addresses_are_passed_on(assets) -> None:
    assert get(assets, "/explain").body == b"seen"


def test_compressing_is_done_once_and_kept_for_the_next_start(frontend, tmp_path) -> None:
    path = frontend / JS[1:]
    first = Compressed([tmp_path / "cache"])
    body = first.body(path, "br")
    kept = list((tmp_path / "cache").iterdir())
    assert [file.read_bytes() for file in kept] == [body]
    otherwise = brotli.compress(SCRIPT.encode(), quality=1)
    assert otherwise != body
    kept[0].write_bytes(otherwise)
    assert first.body(path, "br") == body
    assert Compressed([tmp_path / "cache"]).body(path, "br") == otherwise


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("broken", ["another script", "cut off", "empty", "no file"])
def test_what_was_kept_is_taken_only_if_it_is_the_script(frontend, tmp_path, encoding, broken) -> None:
    path = frontend / JS[1:]
    body = Compressed([tmp_path / "cache"]).body(path, encoding)
    (kept,) = (tmp_path / "cache").iterdir()
    if broken == "no file":
        kept.unlink()
        kept.mkdir()
    else:
        kept.write_bytes(
            {"another script": ENCODERS[encoding](b"alert(1)"), "cut off": body[:-9], "empty": b""}[broken]
        )
    assert Compressed([tmp_path / "cache"]).body(path, encoding) == body


def test_where_the_first_place_takes_nothing_the_second_is_used(frontend, tmp_path) -> None:
    (tmp_path / "no folder").write_text("in the way")
    places = [tmp_path / "no folder", tmp_path / "cache"]
    body = Compressed(places).body(frontend / JS[1:], "br")
    assert [file.read_bytes() for file in (tmp_path / "cache").iterdir()] == [body]


def test_all_portals_of_one_machine_share_what_is_compressed(tmp_path) -> None:
    ours, other = folders(tmp_path / "one"), folders(tmp_path / "two")
    assert ours[0] == other[0]
    assert (ours[-1], other[-1]) == (tmp_path / "one", tmp_path / "two")


def test_where_nothing_can_be_kept_a_visitor_gets_the_script_all_the_same(frontend, tmp_path) -> None:
    (tmp_path / "no folder").write_text("in the way")
    app = Assets(Seen(), find(frontend), Compressed([tmp_path / "no folder"]))
    assert brotli.decompress(get(app, JS, "br").body).decode() == SCRIPT


def test_a_changed_file_is_compressed_anew_at_the_next_start(frontend, tmp_path) -> None:
    path = frontend / JS[1:]
    Compressed([tmp_path / "cache"]).body(path, "br")
    path.write_text("something else")
    assert brotli.decompress(Compressed([tmp_path / "cache"]).body(path, "br")) == b"something else"


def test_it_works_without_a_place_to_keep_anything(frontend) -> None:
    assert brotli.decompress(Compressed([]).body(frontend / JS[1:], "br")).decode() == SCRIPT


def test_the_portals_own_assets_change_their_address_with_their_content() -> None:
    for name in ("sayso.css", "sayso.js", "icon.svg"):
        address = own_assets.address_of(name)
        assert own_assets.addresses()[address].name == name
        assert address.startswith("/assets/")
    assert len(own_assets.addresses()) == len(list(own_assets.FOLDER.iterdir()))


@given(st.text(max_size=60))
def test_any_accept_encoding_is_read_without_a_fault(header) -> None:
    assert preferred(header) in {"br", "gzip", None}


@given(st.lists(st.sampled_from(["gzip", "br", "zstd", "deflate"]), unique=True), st.sampled_from([", ", ","]))
def test_brotli_comes_before_gzip_in_whatever_order_they_are_named(names, comma) -> None:
    wanted = "br" if "br" in names else "gzip" if "gzip" in names else None
    assert preferred(comma.join(names)) == wanted


def test_a_browser_may_refuse_an_encoding_by_weight() -> None:
    assert preferred("br;q=0, gzip;q=0.5") == "gzip"
    assert preferred("br; q=0.1, gzip;q=1") == "br"
    assert preferred("br;q=x") is None

"""How much a request may send."""

from __future__ import annotations

import pytest

from core.web.bodies import Bodies
from tests.core.web.asgi import Seen, request

UPLOAD = "/_stcore/upload_file/session/file"


def bounded(seen: Seen) -> Bodies:
    return Bodies(seen, form=100, upload=1000)


@pytest.mark.parametrize("pieces", [[b"x" * 100], [b"x" * 50, b"x" * 50], [b""]])
def test_what_fits_arrives_whole(pieces) -> None:
    seen = Seen()
    assert request(bounded(seen), "/card", "POST", body=pieces).status == 200
    assert seen.bodies == [b"".join(pieces)]


@pytest.mark.parametrize("pieces", [[b"x" * 101], [b"x" * 60, b"x" * 60], [b"x"] * 101])
def test_what_does_not_fit_is_refused_even_if_it_did_not_say_so(pieces) -> None:
    seen = Seen()
    assert request(bounded(seen), "/card", "POST", body=pieces).status == 413
    assert seen.bodies == []


def test_what_says_that_it_will_not_fit_is_refused_before_a_byte_is_read() -> None:
    seen = Seen()
    assert request(bounded(seen), "/card", "POST", headers={"content-length": "101"}).status == 413
    assert seen.scopes == []


def test_a_length_that_is_no_number_is_no_way_round() -> None:
    for length in ("-1", "1e9", "abc", "0x10"):
        answer = request(bounded(Seen()), "/card", "POST", headers={"content-length": length}, body=b"x" * 101)
        assert answer.status == 413


def test_an_upload_may_be_larger_and_is_bounded_too() -> None:
    assert request(bounded(Seen()), UPLOAD, "PUT", body=b"x" * 1000).status == 200
    assert request(bounded(Seen()), UPLOAD, "PUT", body=b"x" * 1001).status == 413

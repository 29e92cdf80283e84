"""Tokens that come by hand, in files and pictures."""

from __future__ import annotations

import pytest

from core import arriving, qr, token
from core.errors import FileTooLarge, NotAnImage
from core.keys import ClientKeys
from tests.core.clinic import NOW


@pytest.fixture
def texts(clinic):
    return [clinic.write(ClientKeys.new(), NOW, card).token.text for card in clinic.cards[:3]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("between", ["\n", "\r\n\r\n", " and then ", ""])
def test_every_token_in_a_file_is_found(texts, encoding, between):
    data = between.join(texts).encode(encoding)
    if encoding in {"utf-16-le", "utf-16-be"}:
        data = "\ufeff".encode(encoding) + data
    found = arriving.tokens_in_file(data)
    assert len(found) == 3
    assert all(token.startswith(text) for token, text in zip(found, texts, strict=True))


def test_a_file_that_is_no_text_is_one_thing_to_refuse():
    assert len(arriving.tokens_in_file(bytes(range(256)))) == 1


def test_a_file_may_be_one_mebibyte_and_no_more():
    assert arriving.tokens_in_file(b"A" * arriving.LARGEST_FILE)
    with pytest.raises(FileTooLarge):
        arriving.tokens_in_file(b"A" * (arriving.LARGEST_FILE + 1))


def test_a_picture_gives_the_token_its_code_says(texts):
    assert arriving.tokens_in_picture(qr.png(qr.matrix(texts[0]))) == [texts[0]]


def test_a_file_that_is_no_picture_is_refused():
    with pytest.raises(NotAnImage):
        arriving.tokens_in_picture(b"not a picture")


@pytest.mark.parametrize("mark", ["> ", ">", ">> ", "> > ", " > "])
def test_a_token_quoted_in_a_mail_is_read_however_its_lines_are_wrapped(clinic, mark):
    text = clinic.save(ClientKeys.new()).token.text
    wrapped = [text[start : start + 72] for start in range(0, len(text), 72)]
    mail = "On Monday they wrote:\n" + "".join(f"{mark}{line}\r\n" for line in ["Hello", "", *wrapped, "", "Ann"])
    (found,) = arriving.tokens_in_file(mail.encode())
    assert token.envelope_of(found) == token.envelope_of(text)

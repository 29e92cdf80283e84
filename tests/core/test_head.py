"""The signed head: the same as JSON and as a printed line, and nothing else is taken for one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.audit import follow, sign
from core.errors import BadInput
from core.head import read_head
from core.keys import SigningKey

KEY = SigningKey(b"k" * 32)
AT = int(datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp())
HEAD = sign(follow(None, AT, "0123456789abcdef", "set_up", bytes(32), bytes(32)), "0123456789abcdef", KEY, AT)


def as_json(**changes):
    return json.dumps(HEAD.as_json() | changes)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**32), st.integers(0, 2**32))
def test_a_head_comes_back_from_json_and_from_its_line(seed, sequence, at):
    key = SigningKey(seed)
    last = follow(None, 0, "", "backup", seed, seed)
    head = sign(last, "0123456789abcdef", key, at)
    assert head.is_signed
    assert read_head(json.dumps(head.as_json())) == head
    assert read_head(head.line) == head


def test_a_head_is_one_short_line_either_way():
    assert len(as_json()) < 400
    assert len(HEAD.line) < 320
    assert "\n" not in as_json() + HEAD.line
    assert set(HEAD.line) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ :-")


def test_a_printed_line_may_be_typed_as_people_type():
    prefix, sequence, at, therapist, groups = HEAD.line.split()
    typed = f"{prefix} {sequence}\n{at}  {therapist}\n{groups.lower().replace('-', ' ').replace('0', 'o')}\n"
    assert read_head(typed) == HEAD


def test_a_head_says_what_it_is_about():
    said = HEAD.as_json()
    assert (said["sequence"], said["at"], said["therapist"]) == (1, "2026-11-22T10:00:00Z", "0123456789abcdef")
    assert said["hash"] == HEAD.hash.hex()


@pytest.mark.parametrize("field", ["sequence", "at", "therapist", "hash", "signing_public_key", "signature"])
def test_a_head_with_one_part_changed_is_not_signed(field):
    other = sign(follow(None, 1, "", "backup", b"1" * 32, bytes(32)), "ffffffffffffffff", SigningKey(b"x" * 32), AT + 1)
    changes = {field: 2 if field == "sequence" else other.as_json()[field]}
    assert not read_head(as_json(**changes)).is_signed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "SAYSO-HEAD-1",
        HEAD.line[:-1],
        HEAD.line + "0",
        HEAD.line.replace("SAYSO-HEAD-1", "SAYSO-HEAD-2"),
        as_json(version=2),
        as_json(sequence="1"),
        as_json(sequence=True),
        as_json(hash="00"),
        as_json(hash=None),
        as_json(at="2026-11-22T10:00:00"),
        as_json(at=5),
        as_json(at="9999-99-99"),
        as_json(therapist=None),
        as_json(signature="AAAA"),
        as_json(signing_public_key=7),
    ],
)
def test_anything_else_is_refused_in_one_sentence(text):
    with pytest.raises(BadInput, match=r"^This is no head of a record\.[^\n]*$"):
        read_head(text)


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "replace")))
@example("SAYSO-HEAD-1 1 2026-11-22T10:00:00Z x U")
def test_no_text_makes_it_stumble(text):
    with pytest.raises(BadInput):
        read_head(text)

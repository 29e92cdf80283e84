"""Requests and notices as bytes: signed by the therapist, sealed to the client, and nothing else is believed."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import letter, parcel, seal
from core.errors import BadInput
from core.keys import SealingKey, SigningKey
from core.letter import NotALetter, in_parcel, open_letter, seal_letter
from core.model import notice
from core.model.notice import NotANotice, PostedNotice, PostedPlace, Seen, TakenDown
from core.model.request import NotARequest, content_hash, end_of, parse, request_id, tidy_text
from tests.core.test_answers import ASKED

THERAPIST, STRANGER = SigningKey(b"\x03" * 32), SigningKey(b"\x04" * 32)
CLIENT, OTHER = SealingKey(b"\x05" * 32), SealingKey(b"\x06" * 32)
kinds = st.sampled_from(["request", "seen", "posted", "taken_down"])
DATA = ASKED.request.to_bytes()
PLAIN = json.loads(DATA)


# --- letters --------------------------------------------------------------------------------------


@given(kinds, st.binary(max_size=5000))
def test_a_letter_comes_back_byte_for_byte(kind, content):
    sealed = seal_letter(kind, content, THERAPIST, CLIENT.public)
    assert open_letter(kind, sealed, CLIENT, THERAPIST.public) == content


@given(kinds, kinds, st.integers(0, 400), st.integers(0, 7))
def test_a_letter_opens_for_its_client_purpose_and_signer_and_unchanged_only(kind, other, place, bit):
    sealed = seal_letter(kind, DATA, THERAPIST, CLIENT.public)
    changed = bytearray(sealed)
    changed[place % len(changed)] ^= 1 << bit
    attempts = [
        (kind, sealed, OTHER, THERAPIST.public),
        (kind, sealed, CLIENT, STRANGER.public),
        (kind, bytes(changed), CLIENT, THERAPIST.public),
        (kind, sealed[:-1], CLIENT, THERAPIST.public),
    ]
    if other != kind:
        attempts.append((other, sealed, CLIENT, THERAPIST.public))
    for attempt in attempts:
        with pytest.raises(NotALetter):
            open_letter(*attempt)


def test_a_letter_is_laid_out_as_the_format_says():
    sealed = seal.seal(THERAPIST.sign(b"sayso/v1/request" + DATA) + DATA, CLIENT.public, b"sayso/v1/request")
    assert open_letter("request", sealed, CLIENT, THERAPIST.public) == DATA
    plain = CLIENT.open(seal_letter("request", DATA, THERAPIST, CLIENT.public), b"sayso/v1/request")
    assert plain == THERAPIST.sign(b"sayso/v1/request" + DATA) + DATA


def test_a_signature_for_one_purpose_is_none_for_another():
    signed_as_seen = THERAPIST.sign(b"sayso/v1/seen" + DATA) + DATA
    sealed = seal.seal(signed_as_seen, CLIENT.public, b"sayso/v1/request")
    with pytest.raises(NotALetter):
        open_letter("request", sealed, CLIENT, THERAPIST.public)


def test_letters_of_every_kind_are_alike_from_outside():
    sizes = {len(in_parcel(kind, DATA, THERAPIST, CLIENT.public)) for kind in letter.Kind.__args__}
    assert sizes == {4096}
    for kind in letter.Kind.__args__:
        opened = parcel.unpack(in_parcel(kind, DATA, THERAPIST, CLIENT.public), CLIENT.private)
        assert opened.kind == kind


def test_a_draft_that_is_too_long_to_send_is_said_so():
    with pytest.raises(BadInput):
        in_parcel("request", bytes(66_000), THERAPIST, CLIENT.public)


# --- requests -------------------------------------------------------------------------------------


def spelled(**changes):
    return json.dumps(PLAIN | changes).encode()


def test_a_request_has_just_the_fields_of_the_format():
    assert set(PLAIN) == {
        *("version", "card", "issued_at", "salt", "draft", "translation", "channels", "account", "audience", "paid"),
        *("changed", "kept", "others_included", "comments_off", "remix_off", "post_on", "take_down_on", "answer_by"),
        "content_hash",
    }
    assert PLAIN["issued_at"] == "2026-11-22T10:00:00Z"
    assert PLAIN["salt"] == b64encode(bytes(32)).decode()
    assert (PLAIN["post_on"], PLAIN["take_down_on"], PLAIN["answer_by"]) == ("2026-12-20", "2027-04-20", "2026-11-25")


def test_a_request_is_hashed_as_received():
    spaced = json.dumps(PLAIN, indent=1).encode()
    assert parse(spaced) == parse(DATA) == ASKED.request
    assert request_id(spaced) == sha256(spaced).digest() != request_id(DATA)


def test_the_content_is_hashed_from_salt_draft_and_translation():
    said = "Café", "Un café"
    expected = sha256(bytes(32) + "Café".encode() + "Un café".encode()).hexdigest()
    assert content_hash(bytes(32), *said) == expected
    assert content_hash(bytes(32), said[0], None) == sha256(bytes(32) + "Café".encode()).hexdigest()


@given(st.text(max_size=60))
def test_text_is_tidied_once_and_for_all(text):
    tidy = tidy_text(text)
    assert tidy_text(tidy) == tidy
    assert "\r" not in tidy


def test_the_last_day_ends_at_midnight_utc():
    assert end_of(date(2026, 11, 25)) == datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize("field", sorted(set(PLAIN) - {"version", "translation", "changed", "kept"}))
def test_a_request_that_leaves_a_field_out_is_none(field):
    with pytest.raises(NotARequest):
        parse(json.dumps({name: value for name, value in PLAIN.items() if name != field}).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"not json",
        b"\xff\xfe",
        b"[" * 100_000,
        spelled(extra=1),
        spelled(version=2),
        spelled(card="k7qm2xpf"),
        spelled(card="K7QM-2XPF"),
        spelled(salt="AAAA"),
        spelled(salt="-" * 44),
        spelled(salt=7),
        spelled(draft=""),
        spelled(draft="Another draft."),
        spelled(draft="Cafe\u0301", content_hash=content_hash(bytes(32), "Cafe\u0301", None)),
        spelled(draft="a\r\nb", content_hash=content_hash(bytes(32), "a\r\nb", None)),
        spelled(translation=""),
        spelled(translation="Hola"),
        spelled(channels=[]),
        spelled(channels=["billboard"]),
        spelled(paid=0),
        spelled(comments_off="yes"),
        spelled(issued_at=1_795_000_000),
        spelled(issued_at="2026-11-22"),
        spelled(issued_at="2026-11-22T10:00:00"),
        spelled(answer_by="25 November"),
        spelled(answer_by=None),
        spelled(content_hash=PLAIN["content_hash"].upper()),
        DATA.replace(b'"paid":false', b'"paid":false,"paid":true'),
    ],
)
def test_what_breaks_a_rule_is_no_request(data):
    with pytest.raises(NotARequest) as refused:
        parse(data)
    assert str(refused.value) == ""
    assert refused.value.__suppress_context__


# --- notices --------------------------------------------------------------------------------------

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
PLACES = (PostedPlace(channel="post", address="https://example.org/1"),)
NOTICES = [
    Seen(card="K7QM2XPF", at=AT, token="ab" * 32, closed=("cd" * 32,)),
    PostedNotice(
        card="K7QM2XPF",
        at=AT,
        post="0" * 16,
        content_hash="cd" * 32,
        form="composite",
        request_id=None,
        account="@willow",
        places=PLACES,
        lasting=False,
        take_down_on=None,
    ),
    TakenDown(card="K7QM2XPF", at=AT, post="0" * 16, places=PLACES),
]


@pytest.mark.parametrize("told", NOTICES, ids=notice.kind_of)
def test_a_notice_comes_back_as_it_was(told):
    assert notice.parse(notice.kind_of(told), told.to_bytes()) == told
    assert json.loads(told.to_bytes())["at"] == "2026-12-01T09:30:00Z"


def test_a_token_that_closed_nothing_is_told_as_ever():
    told = Seen(card="K7QM2XPF", at=AT, token="ab" * 32)
    assert set(json.loads(told.to_bytes())) == {"version", "card", "at", "token"}
    assert notice.parse("seen", told.to_bytes()) == told
    with pytest.raises(NotANotice):
        notice.parse("seen", json.dumps({**json.loads(told.to_bytes()), "closed": ["no hash"]}).encode())


@pytest.mark.parametrize("told", NOTICES, ids=notice.kind_of)
def test_what_breaks_a_rule_is_no_notice(told):
    kind = notice.kind_of(told)
    plain = json.loads(told.to_bytes())
    for broken in (plain | {"more": 1}, plain | {"at": 0}, {**plain, "version": 2}, []):
        with pytest.raises(NotANotice):
            notice.parse(kind, json.dumps(broken).encode())
    with pytest.raises(NotANotice):
        notice.parse(next(other for other in notice.KINDS if other != kind), told.to_bytes())

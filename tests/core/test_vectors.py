"""Every vector: what opens says what it must, and what is broken gets its own refusal."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from core import card, token, wire
from core.commands.token_open import as_json
from core.errors import CardUnknown, TokenRefused, WrongClientCode
from core.keys import ClientKeys, SealingKey, SigningKey, TherapistKeys
from tools.vectors import make

VECTORS = Path(__file__).parents[1] / "vectors"


def loaded(name):
    return json.loads((VECTORS / f"{name}.json").read_text("utf-8"))


def read(text, private, now):
    return token.read(text, [SealingKey(bytes.fromhex(private))], datetime.fromisoformat(now))


ACCEPTED = loaded("accepted")["vectors"]
OTHER_IMPLEMENTATION = loaded("hpke_core")["vectors"]
REFUSED = loaded("refused")
TYPED = loaded("typed")
CODES = loaded("codes")


def named(vector):
    return vector["name"]


@pytest.mark.parametrize("vector", ACCEPTED + OTHER_IMPLEMENTATION, ids=named)
def test_a_good_token_opens_and_says_what_was_sealed(vector):
    opened = read(vector["text"], vector["therapist_private"], vector["now"])
    assert as_json(opened) == vector["opened"]
    assert opened.envelope.hex() == vector["envelope"]


@pytest.mark.parametrize("vector", ACCEPTED + OTHER_IMPLEMENTATION, ids=named)
def test_what_was_read_is_written_back_to_the_same_bytes(vector):
    opened = read(vector["text"], vector["therapist_private"], vector["now"])
    assert wire.encode(opened.body).hex() == vector["body"]
    assert opened.text == vector["text"]


@pytest.mark.parametrize("vector", [v for v in ACCEPTED + OTHER_IMPLEMENTATION if v["client_seed"]], ids=named)
def test_signing_the_same_choices_again_gives_the_same_body(vector):
    opened = read(vector["text"], vector["therapist_private"], vector["now"])
    recipient = SealingKey(bytes.fromhex(vector["therapist_private"])).public
    again = token.issue(opened.body, recipient, ClientKeys(bytes.fromhex(vector["client_seed"])))
    assert wire.encode(again.body).hex() == vector["body"]


@pytest.mark.parametrize("vector", REFUSED["vectors"], ids=named)
def test_a_broken_token_gets_its_own_refusal(vector):
    with pytest.raises(TokenRefused) as refused:
        read(vector["text"], REFUSED["therapist_private"], REFUSED["now"])
    assert refused.value.id == vector["refusal"]


@pytest.mark.parametrize("vector", TYPED["vectors"], ids=named)
def test_a_token_is_read_however_a_person_brings_it(vector):
    assert read(vector["text"], TYPED["therapist_private"], TYPED["now"]).envelope.hex() == TYPED["envelope"]


def test_there_are_enough_of_each():
    assert len(REFUSED["vectors"]) >= 200
    assert len(OTHER_IMPLEMENTATION) == 50
    assert len({vector["text"] for vector in REFUSED["vectors"]}) == len(REFUSED["vectors"])
    refusals = {vector["refusal"] for vector in REFUSED["vectors"]}
    ids = {"not_a_token", "copying_error", "newer_version", "other_therapist", "cannot_be_opened", "bad_signature"}
    assert refusals == ids | {"malformed"}
    kinds = {(vector["opened"]["kind"], vector["opened"]["signed"]) for vector in ACCEPTED}
    assert len(kinds) == 6


def test_the_script_still_makes_the_files_that_are_kept():
    for name, content in make.files().items():
        assert (VECTORS / name).read_text("utf-8") == content


@pytest.mark.parametrize("entry", CODES["cards"], ids=lambda entry: entry["code"])
def test_a_card_code_is_valid_and_shown_in_two_groups(entry):
    assert card.is_valid(entry["code"])
    assert card.shown(entry["code"]) == entry["shown"]
    assert card.parse(entry["shown"]) == entry["code"]


@pytest.mark.parametrize("entry", CODES["cards_typed"], ids=lambda entry: repr(entry["typed"]))
def test_a_card_code_is_read_as_a_person_types_it(entry):
    assert card.parse(entry["typed"]) == entry["code"]


@pytest.mark.parametrize("typed", CODES["cards_refused"], ids=repr)
def test_a_mistyped_card_code_is_refused(typed):
    with pytest.raises(CardUnknown):
        card.parse(typed)


@pytest.mark.parametrize("entry", CODES["clients"], ids=lambda entry: entry["code"][-1])
def test_a_client_code_and_its_keys_follow_from_the_seed(entry):
    keys = ClientKeys(bytes.fromhex(entry["seed"]))
    assert keys.code == entry["code"]
    assert keys.signing_public.hex() == entry["signing_public"]
    assert keys.sealing.private.hex() == entry["sealing_private"]
    assert keys.sealing_public.hex() == entry["sealing_public"]
    assert ClientKeys.from_code(entry["code"].lower()) == keys


@pytest.mark.parametrize("typed", CODES["clients_refused"], ids=repr)
def test_a_mistyped_client_code_is_refused(typed):
    with pytest.raises(WrongClientCode):
        ClientKeys.from_code(typed)


@pytest.mark.parametrize("entry", CODES["therapists"], ids=lambda entry: entry["key_id"])
def test_key_id_and_check_words_follow_from_the_public_keys(entry):
    keys = TherapistKeys(
        SealingKey(bytes.fromhex(entry["private_key"])), SigningKey(bytes.fromhex(entry["signing_private_key"]))
    )
    assert keys.sealing.public.hex() == entry["public_key"]
    assert keys.signing.public.hex() == entry["signing_public_key"]
    assert keys.sealing.key_id.hex() == entry["key_id"]
    assert list(keys.words()) == entry["words"]

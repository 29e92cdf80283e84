"""The parts of a token by themselves: its hash and code, a text of another length, and several keys of one name."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import pytest

from core import crockford, token
from core.errors import CannotBeOpened, CopyingError, NotAToken, OtherTherapist
from core.keys import SealingKey
from core.model.body import Body, Withdrawal
from tests.core.bodies import NOW, THERAPIST

STOP = Body(Withdrawal("everything"), "K7QM2XPF", NOW, None, 1, bytes(8), "en", signed=False)
SENT = token.issue(STOP, THERAPIST.public)


@dataclass(frozen=True)
class Namesake(SealingKey):
    """Another key that happens to have the same name: eight bytes are no proof."""

    @property
    def key_id(self) -> bytes:
        return THERAPIST.key_id


def with_checksum(envelope):
    return token.PREFIX + crockford.encode(envelope[:-4] + sha256(envelope[:-4]).digest()[:4])


def test_a_token_is_known_by_the_hash_of_its_envelope():
    assert SENT.digest == sha256(SENT.envelope).digest()


def test_the_code_both_sides_compare_is_fifty_bits_in_two_groups():
    bits = "".join(f"{byte:08b}" for byte in sha256(SENT.envelope).digest())[:50]
    symbols = "".join(crockford.ALPHABET[int(bits[i : i + 5], 2)] for i in range(0, 50, 5))
    assert SENT.acknowledgement == token.acknowledgement(SENT.envelope) == f"{symbols[:5]}-{symbols[5:]}"


def test_a_text_is_the_prefix_and_the_envelope():
    assert SENT.text == token.text_of(SENT.envelope)
    assert token.envelope_of(SENT.text) == SENT.envelope
    assert token.read(SENT.text, [THERAPIST], NOW) == SENT


@pytest.mark.parametrize(
    "envelope", [SENT.envelope + bytes(5), SENT.envelope[:-5], SENT.envelope[:4], b""], ids=["long", "short", "4", "0"]
)
def test_another_length_is_a_copying_error_even_with_check_bytes_that_fit(envelope):
    with pytest.raises(CopyingError):
        token.envelope_of(with_checksum(envelope))


def test_a_prefix_in_letters_that_only_look_alike_is_none():
    for prefix in ("\u017fAYSO1:", "SAY\u017fO1:"):
        with pytest.raises(NotAToken):
            token.envelope_of(SENT.text.replace(token.PREFIX, prefix))


def test_each_key_of_that_name_is_tried():
    other = Namesake(bytes([9]) * 32)
    for keys in ([other, THERAPIST], [THERAPIST, other], [other, other, THERAPIST]):
        assert token.read(SENT.text, keys, NOW) == SENT
    with pytest.raises(CannotBeOpened):
        token.read(SENT.text, [other], NOW)


def test_a_key_of_another_name_is_not_tried():
    with pytest.raises(OtherTherapist):
        token.read(SENT.text, [SealingKey(bytes([9]) * 32)], NOW)

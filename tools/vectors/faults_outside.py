"""What can be wrong with a token before its body is believed: text, envelope, sealing, signature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.vectors import hpke, layout
from tools.vectors.layout import Client, closed, drawn, head

Refused = tuple[str, str, str]  # name, refusal, text

THERAPIST = drawn("therapist")
RECIPIENT = layout.public_of(THERAPIST)
EPHEMERAL = drawn("ephemeral of the broken")
_STRANGER = layout.public_of(drawn("another therapist"))
_FIELD = 2**255 - 19
_ORDER_EIGHT = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


@dataclass(frozen=True)
class Good:
    """A token that opens: its signed body, its envelope and who signed it."""

    body: bytes
    envelope: bytes
    client: Client

    @property
    def text(self) -> str:
        """Its 491 characters."""
        return layout.text(self.envelope)


def _of_text(good: Good) -> Iterator[Refused]:
    text, symbols = good.text, good.text[7:]
    starts = ("", " \n\t ", symbols, "SAYSO1" + symbols, "SAYSO2:" + symbols, "SAYSO:" + symbols, "SAYS01:" + symbols)
    starts += ("SAYSOI:" + symbols, ":" + symbols, "AYSO1:" + symbols, "http://" + text, "\u017fAYSO1:" + symbols)
    starts += ("SAYSO1;" + symbols, "SAYSO1\uff1a" + symbols)
    for start in starts:
        yield f"begins {start[:8]!a}", "not_a_token", start
    for foreign in "Uu*~$=!@_/+.:\"'\0\u00e9\u0131\u0130\u017f\uff10\u0660\u200b\ufeff\u2010\u00ad\U0001f600":
        yield f"{foreign!a} in the middle", "not_a_token", text[:250] + foreign + text[251:]
    yield "a foreign character behind the end", "not_a_token", text + "!"
    yield "base64 of the envelope", "not_a_token", "SAYSO1:" + "abc+/u="
    # A foreign character is looked for before anything is counted.
    yield "too short, and a foreign character", "not_a_token", text[:100] + "U"


def _of_copying(good: Good) -> Iterator[Refused]:
    text = good.text
    for length in (7, 8, 9, 10, 15, 250, 483, 489, 490):
        yield f"cut after {length} characters", "copying_error", text[:length]
    for place in (7, 8, 30, 100, 250, 400, 488):
        yield f"symbol {place} left out", "copying_error", text[:place] + text[place + 1 :]
        other = "0" if text[place] != "0" else "G"
        yield f"symbol {place} is another", "copying_error", text[:place] + other + text[place + 1 :]
        yield f"symbol {place} twice", "copying_error", text[:place] + text[place] + text[place:]
    place = next(i for i in range(200, 480) if text[i] != text[i + 1])
    swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    yield "two neighbours changed places", "copying_error", swapped
    yield "a symbol too many", "copying_error", text + "0"
    yield "eight symbols too many", "copying_error", text + "0" * 8
    yield "the whole token twice, once without its beginning", "copying_error", text + text[7:]
    last = layout.SYMBOLS.index(text[-1])
    for bits in range(1, 16):
        yield f"pad bits {bits:04b}", "copying_error", text[:-1] + layout.SYMBOLS[last | bits]
    content, check = good.envelope[:-4], good.envelope[-4:]
    for byte in range(4):
        wrong = bytearray(check)
        wrong[byte] ^= 1
        yield f"check byte {byte}", "copying_error", layout.text(content + wrong)
    yield "check bytes of zero", "copying_error", layout.text(content + bytes(4))
    yield "one byte less, with check bytes", "copying_error", layout.text(closed(content[:-1]))
    yield "one byte more, with check bytes", "copying_error", layout.text(closed(content + b"\0"))


def _changed(envelope: bytes, place: int, value: Callable[[int], int]) -> str:
    content = bytearray(envelope[:-4])
    content[place] = value(content[place])
    return layout.text(closed(bytes(content)))


def _of_envelope(good: Good) -> Iterator[Refused]:
    for version in (0, 2, 255):
        yield f"version {version}", "newer_version", _changed(good.envelope, 0, lambda _, v=version: v)
    for suite in (0, 2, 3, 255):
        yield f"suite {suite}", "newer_version", _changed(good.envelope, 1, lambda _, s=suite: s)
    for place in range(2, 10):
        yield f"key id, byte {place}", "other_therapist", _changed(good.envelope, place, lambda byte: byte ^ 1)
    sealed_to_stranger = layout.envelope(good.body, _STRANGER, EPHEMERAL)
    yield "made for another therapist", "other_therapist", layout.text(sealed_to_stranger)
    for place in (10, 25, 40, 42, 43, 100, 200, 281, 282, 290, 297):
        yield f"sealed byte {place}", "cannot_be_opened", _changed(good.envelope, place, lambda byte: byte ^ 0x10)


def _sealed(body: bytes, info: bytes | None = None, recipient: bytes = RECIPIENT, **how: object) -> str:
    start = head(RECIPIENT)
    info = b"sayso/v1/token" + start if info is None else info
    return layout.text(closed(start + hpke.seal(body, recipient, info, EPHEMERAL, **how)))  # type: ignore[arg-type]


def _of_sealing(good: Good) -> Iterator[Refused]:
    start = head(RECIPIENT)
    spoilt = {
        "sealed to another key under our key id": _sealed(good.body, recipient=_STRANGER),
        "info without the envelope's head": _sealed(good.body, b"sayso/v1/token"),
        "info of another version": _sealed(good.body, b"sayso/v2/token" + start),
        "info of a request": _sealed(good.body, b"sayso/v1/request"),
        "no info": _sealed(good.body, b""),
        "associated data": _sealed(good.body, aad=start),
        "ChaCha20-Poly1305": _sealed(good.body, aead=hpke.CHACHA20_POLY1305),
        "an encapsulated key of zero": layout.text(closed(start + bytes(32) + good.envelope[42:-4])),
        "an encapsulated key of low order": layout.text(closed(start + b"\1" + bytes(31) + good.envelope[42:-4])),
        "nothing but zeros": layout.text(closed(start + bytes(288))),
    }
    for name, text in spoilt.items():
        yield name, "cannot_be_opened", text


def _of_signature(good: Good) -> Iterator[Refused]:
    body, start = good.body, head(RECIPIENT)
    sign = good.client.signing.sign
    scalar = int.from_bytes(body[208:240], "little") + _ED25519_ORDER
    spoilt = {
        "a signature of zeros": body[:176] + bytes(64),
        "a signature that is malleable": body[:208] + scalar.to_bytes(32, "little"),
        "signed by another key": body[:176]
        + Client(drawn("stranger", 16)).signing.sign(b"sayso/v1/body" + start + body[:176]),
        "signed without the context": body[:176] + sign(start + body[:176]),
        "signed under another context": body[:176] + sign(b"sayso/v1/request" + start + body[:176]),
        "signed without the envelope's head": body[:176] + sign(b"sayso/v1/body" + body[:176]),
        "signed for another therapist": body[:176] + sign(b"sayso/v1/body" + head(_STRANGER) + body[:176]),
        "signed without its end": body[:176] + sign(b"sayso/v1/body" + start + body[:175]),
        "no signing key": body[:128] + bytes(32) + body[160:],
        "the flag alone, without key and signature": body[:128] + bytes(112),
    }
    for name, changed in spoilt.items():
        yield name, "bad_signature", _sealed(changed)
    # Ed25519 points of small order: some libraries let a signature of nobody pass under such a key.
    for y in (0, 1, _FIELD - 1, _FIELD, _FIELD + 1, _ORDER_EIGHT, _FIELD - _ORDER_EIGHT):
        for sign_bit in (0, 1):
            key = (y | sign_bit << 255).to_bytes(32, "little")
            nobody = body[:128] + key + body[160:176] + (1).to_bytes(32, "little") + bytes(32)
            yield f"a key of small order, y {y:#x}, sign {sign_bit}", "bad_signature", _sealed(nobody)
    # Believed only after the signature: a field that would be malformed, or of a newer taxonomy, is not looked at.
    fields = {0: "kind", 1: "flags", 3: "taxonomy", 7: "issued_at", 11: "expires_at", 15: "sequence", 16: "card"}
    fields |= {24: "notice", 32: "language", 34: "video", 39: "promotion", 41: "topics", 47: "zero", 80: "note length"}
    fields |= {48: "client's sealing key", 81: "note", 127: "end of the content", 128: "client key", 160: "previous"}
    fields |= {176: "signature", 239: "end of the signature"}
    for place, name in fields.items():
        changed_byte = bytearray(body)
        changed_byte[place] ^= 4
        yield f"changed after signing: {name}", "bad_signature", _sealed(bytes(changed_byte))


def refused(good: Good) -> Iterator[Refused]:
    """Each text that must be refused before a field of its body is believed."""
    for part in (_of_text, _of_copying, _of_envelope, _of_sealing, _of_signature):
        yield from part(good)

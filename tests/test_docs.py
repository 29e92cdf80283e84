"""docs/token-format.md says what the code does, number by number, and its example is one whole token."""

from __future__ import annotations

import json
import re
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core import card, crockford, errors, token, wire, wire_content
from core.commands.token_open import as_json
from core.keys import ClientKeys, SealingKey
from core.model.taxonomy import TAXONOMY
from tools.vectors import hpke, layout

TEXT = (Path(__file__).parent.parent / "docs" / "token-format.md").read_text("utf-8")
VECTORS = Path(__file__).parent / "vectors"


def section(title):
    return re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)[1]


def example():
    """Each labelled line of the worked example, its continuation lines joined."""
    found, label = {}, ""
    for block in re.findall(r"^```\n(.*?)^```", TEXT[TEXT.index("## 10.") :], re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            label, continued = line[:20].strip() or label, line.startswith(" ")
            found.setdefault(label, []).append(
                line[20:].strip() if not continued else found[label].pop() + line.strip()
            )
    assert all(len(set(values)) == 1 for values in found.values()), "a label has two values"
    return {label: values[0] for label, values in found.items()}


LINES = example()


def said(label):
    return bytes.fromhex(LINES[label])


FIELDS = (
    *("kind", "flags", "taxonomy", "issued_at", "expires_at", "sequence", "card", "notice", "language", "channels"),
    *("materials", "topics", "may_recognise_self", "therapy", "gap_months", "term_months", "zero", "client X25519"),
    *("note length", "note", "client Ed25519", "previous"),
)


def body():
    return b"".join(said(field) for field in FIELDS) + said("signature")


def test_the_example_s_keys_follow_from_what_is_given():
    therapist, client = SealingKey(said("therapist private")), ClientKeys(said("client seed"))
    assert (therapist.public, therapist.key_id) == (said("therapist public"), said("key id"))
    assert ClientKeys.from_code(LINES["client code"]) == client
    assert client.code == LINES["client code"]
    assert (client.signing_public, client.sealing_public) == (said("client Ed25519"), said("client X25519"))
    assert client.sealing.private == said("client opens with")
    assert layout.Client(said("client seed")).derived("sign") == said("client signs with")


def test_the_example_s_signature_holds_over_the_bytes_it_names():
    head = said("envelope")[:10]
    assert said("signed bytes") == b"sayso/v1/body" + head + body()[:176]
    Ed25519PublicKey.from_public_bytes(said("client Ed25519")).verify(said("signature"), said("signed bytes"))


def test_the_example_s_envelope_is_its_body_sealed():
    sealed = hpke.seal(body(), said("therapist public"), said("info"), said("one-time private"))
    assert said("info") == b"sayso/v1/token" + said("envelope")[:10]
    assert sealed == said("enc") + said("ciphertext and tag")
    content = bytes([1, 1]) + said("key id") + sealed
    assert said("check bytes") == sha256(content).digest()[:4]
    assert said("envelope") == content + said("check bytes")


def test_the_example_opens_to_the_json_beside_it():
    opened = token.read(
        LINES["text"], [SealingKey(said("therapist private"))], datetime.fromisoformat("2026-11-22T10Z")
    )
    assert opened.envelope == said("envelope")
    assert sha256(opened.envelope).digest() == said("SHA-256")
    assert opened.acknowledgement == LINES["acknowledgement"]
    assert wire.encode(opened.body) == body()
    assert as_json(opened) == json.loads(re.search(r"```json\n(.*?)```", TEXT, re.DOTALL)[1])


def test_the_example_is_the_first_vector():
    first = json.loads((VECTORS / "accepted.json").read_text("utf-8"))["vectors"][0]
    assert (first["text"], first["body"]) == (LINES["text"], body().hex())


ORDER = [
    "not_a_token",
    "copying_error",
    "newer_version",
    "other_therapist",
    "cannot_be_opened",
    "bad_signature",
    "malformed",
]
TITLES = ("5. Body", "Kind 1: preferences", "Kind 2: answer", "Kind 3: withdrawal")


def rows(title):
    for at, size, field in re.findall(r"^\| (\d+) \| (\d+) \| (?:`(.*?)`)?", section(title), re.MULTILINE):
        yield int(at), int(size), field


def test_the_tables_lay_out_the_body_without_a_gap():
    for title, begin, end in zip(TITLES, (0, 34, 34, 34), (240, 128, 128, 128), strict=True):
        place = begin
        for at, size, _ in rows(title):
            assert at == place
            place += size
        assert place == end == (wire.BODY if title == TITLES[0] else 128)


def test_the_tables_name_the_fields_where_the_vectors_have_them():
    named = {field: (at, size) for title in TITLES for at, size, field in rows(title) if field}
    assert named == layout.FIELDS


def test_the_envelope_s_table_ends_at_its_length():
    *_, (at, size) = re.findall(r"^\| (\d+) \| (\d+) \|", section("4. Envelope"), re.MULTILINE)
    assert int(at) + int(size) == token.ENVELOPE
    assert f"{token.SYMBOLS} symbols, {token.TEXT} characters" in section("3. Text")


def codes(paragraph):
    return {name: int(code) for name, code in re.findall(r"`(\w+)` (\d+)", paragraph)}


def test_codes_and_bits_are_those_of_the_taxonomy():
    text = section("Kind 1: preferences")
    starts = ("Treatment codes", "Bits of `materials`", "Bits of `topics`")
    treatments, materials, topics = (codes(text[text.index(start) :].split("\n\n")[0]) for start in starts)
    assert treatments == TAXONOMY.treatment_codes
    assert materials == {term.id: term.bit for term in TAXONOMY.materials}
    assert topics == {term.id: term.bit for term in TAXONOMY.topics}


def numbered(title):
    return {name: int(code) for code, name in re.findall(r"(\d) `(\w+)`", section(title))}


def test_answers_and_scopes_have_their_numbers():
    assert numbered("Kind 2: answer") == wire_content._ANSWER_CODES
    assert numbered("Kind 3: withdrawal") == wire_content._SCOPE_CODES


def test_refusals_are_listed_in_the_order_of_checking_and_no_other():
    listed = re.findall(r"^\| `(\w+)` \|", section("6. Reading"), re.MULTILINE)
    in_order = [refusal.id for refusal in errors.TokenRefused.__subclasses__()]
    assert set(listed) | {"other_card", "already_imported"} == set(in_order)
    assert listed == ORDER


@pytest.mark.parametrize("alphabet", [crockford.ALPHABET, crockford.CHECK_ALPHABET])
def test_the_alphabets_are_printed_whole(alphabet):
    assert f"`{alphabet}`" in TEXT


def test_the_card_in_the_text_is_a_real_one():
    shown = re.search(r"Shown `(\w{4}-\w{4})`", TEXT)[1]
    assert card.shown(card.parse(shown)) == shown


def test_each_file_of_vectors_is_named():
    listed = set(re.findall(r"^\| `(\w+\.json)` \|", TEXT, re.MULTILINE))
    assert listed == {path.name for path in VECTORS.glob("*.json")}

"""``python -m core``: JSON in and out, one sentence and exit 2 for a failure, nothing secret in either."""

from __future__ import annotations

import base64
import io
import json
import stat
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from core import token, wire
from core.__main__ import COMMANDS, main
from core.commands import Console
from core.keys import ClientKeys, SealingKey
from core.text import notice_hash
from tools.vectors.accepted import EXAMPLE, NEVERS

NOW = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)
SEED = "00112233445566778899aabbccddeeff"
CARD = "K7QM2XPF"


class Answer:
    """What one call left behind."""

    def __init__(self, words, stdin=b""):
        stdin = stdin if isinstance(stdin, bytes) else json.dumps(stdin).encode()
        out, err = io.StringIO(), io.StringIO()
        self.code = main([str(word) for word in words], Console(io.BytesIO(stdin), out, err, lambda: NOW))
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def json(self):
        return json.loads(self.out)


def failed(answer, error="bad_input"):
    """Whether this is a failure as the command line promises: an id for programs, one sentence for people."""
    assert (answer.code, answer.json) == (2, {"error": error})
    assert answer.err.endswith(".\n")
    assert answer.err.count("\n") == 1
    return answer.err


def done(answer):
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.count("\n") == 1
    return answer.json


@pytest.fixture
def keys(tmp_path):
    """A key file and what was printed of it."""
    path = tmp_path / "keys.json"
    return path, done(Answer(["keys", "new", "--private", path]))


def seal(keys, document, *more):
    return Answer(["token", "seal", "--to", keys[1]["public_key"], "--card", CARD, *more], document)


def opened(keys, text, *more):
    return Answer(["token", "open", "--private", keys[0], *more], text.encode())


# --- keys ------------------------------------------------------------------------------------


def test_new_keys_are_written_for_their_owner_alone(keys):
    path, printed = keys
    written = json.loads(path.read_text("utf-8"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(written) == {"suite", "public_key", "private_key", "signing_public_key", "signing_private_key"}
    assert set(printed) == {"suite", "public_key", "signing_public_key", "key_id", "words"}
    assert {name: written[name] for name in ("suite", "public_key", "signing_public_key")} == {
        name: printed[name] for name in ("suite", "public_key", "signing_public_key")
    }
    assert len(printed["key_id"]) == 16
    assert len(printed["words"]) == 4


def test_a_key_file_is_never_overwritten(keys):
    path, _ = keys
    before = path.read_bytes()
    failed(Answer(["keys", "new", "--private", path]), "would_overwrite")
    assert path.read_bytes() == before


def test_a_link_is_not_followed_to_write_keys(tmp_path):
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    failed(Answer(["keys", "new", "--private", link]), "would_overwrite")
    assert not (tmp_path / "elsewhere").exists()


def test_keys_cannot_be_written_where_there_is_no_folder(tmp_path):
    failed(Answer(["keys", "new", "--private", tmp_path / "none" / "keys.json"]))


# --- seal and open ---------------------------------------------------------------------------


def test_what_was_sealed_is_what_is_opened(keys):
    sealed = done(seal(keys, EXAMPLE, "--seed", SEED, "--sequence", 7, "--previous", "ab" * 16))
    assert set(sealed) == {"token", "acknowledgement"}
    client = ClientKeys(bytes.fromhex(SEED))
    assert done(opened(keys, sealed["token"] + "\n")) == {
        "kind": "preferences",
        "signed": True,
        "understood": True,
        "guardian": False,
        "paper": False,
        "card": CARD,
        "issued_at": EXAMPLE["issued_at"],
        "expires_at": EXAMPLE["expires_at"],
        "sequence": 7,
        "previous": "ab" * 16,
        "notice": notice_hash("en").hex(),
        "language": "en",
        "client_key": key_text(client.signing_public),
        "acknowledgement": sealed["acknowledgement"],
        "preferences": EXAMPLE,
    }


def key_text(key):
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def test_a_seed_made_here_is_told_once(keys):
    sealed = done(seal(keys, EXAMPLE))
    client = ClientKeys(bytes.fromhex(sealed["seed"]))
    assert done(opened(keys, sealed["token"]))["client_key"] == key_text(client.signing_public)
    assert done(seal(keys, EXAMPLE))["seed"] != sealed["seed"]


def test_an_unsigned_token_has_no_key_and_no_seed(keys):
    sealed = done(seal(keys, EXAMPLE, "--unsigned"))
    assert set(sealed) == {"token", "acknowledgement"}
    told = done(opened(keys, sealed["token"]))
    assert (told["signed"], told["client_key"], told["previous"]) == (False, None, "00" * 16)


def test_what_a_document_leaves_out_is_protective_and_dated_now(keys):
    told = done(opened(keys, done(seal(keys, {"channels": NEVERS["channels"]}))["token"]))
    assert told["preferences"] == NEVERS
    later = done(seal(keys, {"channels": NEVERS["channels"]}, "--now", "2026-12-24T20:00:00+02:00"))
    told = done(opened(keys, later["token"], "--now", "2026-12-24T18:00:00Z"))
    assert told["issued_at"] == "2026-12-24T18:00:00Z"


def test_now_decides_what_is_dated_ahead(keys):
    text = done(seal(keys, EXAMPLE))["token"]
    assert done(opened(keys, text, "--now", "2026-11-21T10:00:00Z"))
    assert "a day ahead" in failed(opened(keys, text, "--now", "2026-11-21T09:59:59Z"), "malformed")


def test_a_public_key_may_begin_with_a_hyphen(tmp_path):
    number = next(n for n in range(500) if key_text(SealingKey(n.to_bytes(32)).public).startswith("-"))
    to = key_text(SealingKey(number.to_bytes(32)).public)
    assert done(Answer(["token", "seal", "--to", to, "--card", CARD], EXAMPLE))["token"].startswith("SAYSO1:")
    assert done(Answer(["token", "seal", f"--to={to}", "--card", CARD], EXAMPLE))["token"].startswith("SAYSO1:")


def issued(keys, content, expires_at=None, *, signed=True):
    body = wire.Body(content, CARD, NOW.replace(microsecond=0), expires_at, 1, bytes(8), "en", signed)
    written = json.loads(keys[0].read_text("utf-8"))
    recipient = base64.urlsafe_b64decode(written["public_key"] + "=")
    return token.issue(body, recipient, ClientKeys(bytes.fromhex(SEED))).text


def test_an_answer_is_told_with_its_request(keys):
    told = done(opened(keys, issued(keys, wire.Answer(b"\xab" * 32, "yes_if_changed", "please"))))
    assert told["kind"] == "answer"
    assert told["answer"] == {"request_id": "ab" * 32, "answer": "yes_if_changed", "note": "please"}
    assert "preferences" not in told


def test_a_yes_is_told_with_its_end(keys):
    end = datetime(2027, 6, 1, tzinfo=UTC)
    assert (
        done(opened(keys, issued(keys, wire.Answer(b"\xab" * 32, "yes"), end)))["expires_at"] == "2027-06-01T00:00:00Z"
    )


@pytest.mark.parametrize(("reference", "told"), [(bytes(32), None), (b"\xcd" * 32, "cd" * 32)])
def test_a_withdrawal_is_told_with_what_it_takes_back(keys, reference, told):
    answer = done(opened(keys, issued(keys, wire.Withdrawal("one_post", reference), signed=False)))
    assert answer["kind"] == "withdrawal"
    assert answer["withdrawal"] == {"scope": "one_post", "reference": told}


# --- failures --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"", "not_a_token"),
        (b"hello", "not_a_token"),
        (b"\xff\xfe\x00", "not_a_token"),
        (b"SAYSO1:00", "copying_error"),
        (b"SAYSO1:\xc3\xa9", "not_a_token"),
    ],
)
def test_what_is_no_token_has_its_id(keys, text, error):
    failed(Answer(["token", "open", "--private", keys[0]], text), error)


def test_a_token_for_someone_else_has_its_id(keys, tmp_path):
    text = done(seal(keys, EXAMPLE))["token"]
    other = tmp_path / "other.json"
    done(Answer(["keys", "new", "--private", other]))
    failed(Answer(["token", "open", "--private", other], text.encode()), "other_therapist")


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"note": NaN}',
        b"[" * 100_000,
        b'{"channels": {}, "channels": {}}',
        {},
        {**EXAMPLE, "expires_at": None},
        {**EXAMPLE, "surname": "x"},
        {**EXAMPLE, "channels": {"video": "never"}},
        {**EXAMPLE, "understood": False},
        {**EXAMPLE, "issued_at": None},
        {**EXAMPLE, "note": "x" * 48},
        {**NEVERS, "issued_at": "2106-03-01T00:00:00Z"},
    ],
    ids=range(16),
)
def test_a_document_that_breaks_a_rule_is_refused(keys, document):
    failed(seal(keys, document))


def test_a_refusal_names_the_field_and_the_rule(keys):
    assert "gap_months must be 6, 3 or 0" in failed(seal(keys, {**EXAMPLE, "gap_months": 4}))
    assert "therapy: " in failed(seal(keys, {**EXAMPLE, "therapy": "sometimes"}))


CANARY = "canary-77"


@pytest.mark.parametrize(
    "words",
    [
        [],
        [CANARY],
        ["keys"],
        ["keys", CANARY],
        ["keys", "new"],
        ["keys", "new", "--private"],
        ["token"],
        ["token", CANARY],
        ["token", "open"],
        ["token", "open", "--private", f"/nowhere/{CANARY}"],
        ["token", "open", "--private", "/"],
        ["token", "open", "--private", "a\0b"],
        ["token", "seal", "--to", "A" * 43],
        ["token", "seal", "--card", CARD],
        *(
            ["token", "seal", "--to", "A" * 42 + "E", "--card", CARD, *more]
            for more in (
                ["--seed", CANARY],
                ["--seed", "00" * 15],
                ["--seed", " 0" * 16],
                ["--previous", CANARY],
                ["--sequence", "0"],
                ["--sequence", "4294967296"],
                ["--sequence", "１"],
                ["--now", CANARY],
                ["--now", "2026-11-22"],
                ["--now", "2026-11-22T10:00:00"],
                ["--now", "9999-12-31T23:59:59-23:00"],
                ["--now", "0001-01-01T00:00:00+23:00"],
                ["--unsigned", "--previous", "ab" * 16],
                ["--card", CANARY],
                ["--card", "K7QM2XPG"],
                ["--to", CANARY],
                ["--to", "A" * 42 + "F"],
                ["--to", "A" * 43],
                ["--to", "A" * 43 + "="],
                [CANARY],
                [f"--{CANARY}"],
                [f"--unsigned={CANARY}"],
                ["--un"],
            )
        ),
    ],
    ids=" ".join,
)
def test_a_bad_argument_is_one_sentence_and_never_repeated(words):
    answer = Answer(words, EXAMPLE)
    assert CANARY not in failed(answer) + answer.out


@pytest.mark.parametrize("field", ["note", "therapy", "topics", "channels", "issued_at", CANARY])
def test_no_choice_is_repeated_in_an_error(keys, field):
    for value in (CANARY * 9, [CANARY], {CANARY: CANARY}, {**EXAMPLE["channels"], CANARY: CANARY}):
        answer = seal(keys, {**EXAMPLE, field: value})
        assert CANARY not in failed(answer) + answer.out


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document | {"suite": 2},
        lambda document: {k: v for k, v in document.items() if k != "suite"},
        lambda document: {k: v for k, v in document.items() if k != "private_key"},
        lambda document: document | {"private_key": "x"},
        lambda document: document | {"private_key": 5},
        lambda document: document | {"public_key": document["signing_public_key"]},
        lambda document: [document],
    ],
)
def test_a_spoilt_key_file_is_refused_and_not_told(keys, spoil):
    path, _ = keys
    document = json.loads(path.read_text("utf-8"))
    private = document["private_key"]
    path.write_text(json.dumps(spoil(document)), "utf-8")
    assert private not in failed(Answer(["token", "open", "--private", path], b"x"))


def test_a_fault_of_our_own_is_told_without_a_stack_trace(tmp_path):
    class Broken(io.BytesIO):
        def read(self, *_):
            raise RuntimeError(CANARY)

    out, err = io.StringIO(), io.StringIO()
    done(Answer(["keys", "new", "--private", tmp_path / "keys.json"]))
    words = ["token", "open", "--private", str(tmp_path / "keys.json")]
    assert main(words, Console(Broken(), out, err, lambda: NOW)) == 2
    assert json.loads(out.getvalue()) == {"error": "error"}
    assert CANARY not in err.getvalue()


# --- the process -----------------------------------------------------------------------------


def run(*words, stdin=b""):
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, words)], input=stdin, capture_output=True, check=False
    )


def test_the_process_itself_reads_stdin_and_prints_json(tmp_path):
    made = run("keys", "new", "--private", tmp_path / "keys.json")
    to = json.loads(made.stdout)["public_key"]
    sealed = run("token", "seal", "--to", to, "--card", "k7qm-2xpf", stdin=json.dumps(EXAMPLE).encode())
    told = run("token", "open", "--private", tmp_path / "keys.json", stdin=json.loads(sealed.stdout)["token"].encode())
    assert [made.returncode, sealed.returncode, told.returncode] == [0, 0, 0]
    assert json.loads(told.stdout)["preferences"] == EXAMPLE
    failure = run("token", "open", "--private", tmp_path / "keys.json", stdin=b"x")
    assert (failure.returncode, failure.stdout) == (2, b'{"error": "not_a_token"}\n')
    assert failure.stderr.count(b"\n") == 1


@pytest.mark.parametrize("words", [["--help"], ["keys", "--help"], ["token", "seal", "--help"]])
def test_help_is_help_and_no_failure(words):
    helped = run(*words)
    assert helped.returncode == 0
    assert b"usage: python -m core" in helped.stdout


def test_a_command_loads_only_what_it_needs():
    loaded = "import sys; from core.__main__ import COMMANDS; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.split()
    for heavy in ("streamlit", "sqlalchemy", "reportlab", "mnemonic", "babel", "pydantic", *COMMANDS.values()):
        assert heavy not in names

"""docs/audit.md says what the code does: its example is a real entry, its tables name each kind, fact and fault."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import get_args

from core import facts
from core.audit import KINDS, FaultName, follow, sign, verify
from core.head import read_head
from core.keys import SigningKey
from core.store import audit
from tests.core.recorded import a_year

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "audit.md").read_text("utf-8")
LINES = dict(re.findall(r"^(\S.{0,18}\S) {2,}(\S.*)$", TEXT[TEXT.index("## Worked example") :], re.MULTILINE))
THERAPIST = "0123456789abcdef"


def table(title):
    part = TEXT[TEXT.index(f"\n## {title}\n") :].split("\n## ")[1]
    return re.findall(r"^\| `(\w+)` \| (.*) \|$", part, re.MULTILINE)


def example():
    told = [
        facts.Fact(LINES[f"{which}name"], LINES[f"{which}text"], bytes.fromhex(LINES[f"{which}salt"]))
        for which in ("", "second ")
    ]
    commitment = facts.commitment(fact.leaf for fact in told)
    return told, follow(None, 1795341600, THERAPIST, "post", commitment, sha256(b"sealed").digest())


def test_the_example_is_an_entry():
    told, entry = example()
    assert [fact.leaf.hex() for fact in told] == [LINES["leaf"], LINES["second leaf"]]
    assert entry.commitment.hex() == LINES["commitment"]
    assert entry.detail.hex() == LINES["SHA-256 of sealed"]
    assert entry.hash.hex() == LINES["hash"]
    assert facts.NOTHING.hex() == LINES["no facts at all"]


def test_the_example_s_head_is_that_of_its_entry_both_ways():
    _, entry = example()
    head = sign(entry, THERAPIST, SigningKey(bytes(range(32))), 1795341660)
    written = re.search(r"```json\n(.*?)\n```", TEXT[TEXT.index("## Worked example") :], re.DOTALL)[1]
    assert json.loads(written) == head.as_json()
    assert read_head(re.search(r"^SAYSO-HEAD-1 .*$", TEXT, re.MULTILINE)[0]) == head
    assert verify([entry], head).ok


def test_the_tables_name_each_kind_and_each_fault():
    assert {name for name, _ in table("Facts")} == set(KINDS)
    assert {name for name, _ in table("Checking")} == set(get_args(FaultName))


def test_the_entry_s_table_names_each_column():
    assert [name for name, _ in table("Entry")] == audit.audit.columns.keys()


def test_each_fact_that_is_written_stands_in_the_table(clinic):
    a_year(clinic)
    named = {kind: set(re.findall(r"`([\w.]+)`", cell)) for kind, cell in table("Facts")}
    named["answer"] |= named["import"]
    with clinic.database.read() as connection:
        written = [(entry.kind, fact.name) for entry, told in audit.opened(connection, clinic.vault) for fact in told]
    assert written
    assert {
        (kind, name) for kind, name in written if name not in named[kind] and not name.startswith("channel.")
    } == set()

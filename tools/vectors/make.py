"""``python -m tools.vectors.make``: write ``tests/vectors/*.json``, the same bytes each time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tools.vectors import codes, layout
from tools.vectors.accepted import NOW, PREFERENCES, Case, Document, cases
from tools.vectors.faults import Fault, faults
from tools.vectors.faults_outside import EPHEMERAL, RECIPIENT, THERAPIST, Good, refused

TARGET = Path(__file__).resolve().parents[2] / "tests" / "vectors"


def _body(case: Case, changes: layout.Fields | None = None) -> bytes:
    data = bytearray(layout.body(case.fields))
    layout.put(data, changes or {})
    return layout.signed(bytes(data), RECIPIENT, case.client) if case.client else bytes(data)


def accepted(case: Case) -> Document:
    """Return a token that must open, with everything on the way to it."""
    ephemeral = layout.drawn(f"ephemeral of {case.name}")
    body = _body(case)
    sealed = layout.envelope(body, RECIPIENT, ephemeral)
    return {
        "name": case.name,
        "therapist_private": THERAPIST.hex(),
        "client_seed": case.seed.hex() if case.client else None,
        "ephemeral_private": ephemeral.hex(),
        "now": NOW,
        "body": body.hex(),
        "envelope": sealed.hex(),
        "text": layout.text(sealed),
        "opened": case.opened | {"acknowledgement": layout.acknowledgement(sealed)},
    }


def typed(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which one token may come back from a person, each to be read the same."""
    symbols = text[7:]
    yield "lower case", text.lower()
    yield "O for 0", text[:7] + symbols.replace("0", "O")
    yield "o for 0 and l for 1", text[:7].lower() + symbols.lower().replace("0", "o").replace("1", "l")
    yield "I for 1", text[:7] + symbols.replace("1", "I")
    yield "i for 1", text[:7] + symbols.replace("1", "i")
    yield "lines of 64", "\r\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    yield "a line break in the beginning", text[:3] + "\n" + text[3:]
    yield "groups of four", " ".join(text[i : i + 4] for i in range(0, len(text), 4))
    yield "hyphens", "-".join(text[i : i + 5] for i in range(0, len(text), 5))
    yield "white space around", f"\n\t {text}\u00a0\u2003\u3000\n\n"


def broken(fault: Fault) -> Document:
    """Return a token that must be refused for what its body says."""
    body = _body(fault.case, fault.changes)
    sealed = layout.envelope(body, RECIPIENT, EPHEMERAL)
    return {"name": fault.name, "refusal": fault.refusal, "body": body.hex(), "text": layout.text(sealed)}


def _documents() -> Iterator[tuple[str, Document]]:
    example = accepted(PREFERENCES)
    text = str(example["text"])
    yield "codes", codes.document()
    yield "accepted", {"vectors": [accepted(case) for case in cases()]}
    yield (
        "typed",
        {
            "therapist_private": THERAPIST.hex(),
            "now": NOW,
            "envelope": example["envelope"],
            "vectors": [{"name": name, "text": form} for name, form in typed(text)],
        },
    )
    envelope = bytes.fromhex(str(example["envelope"]))
    good = Good(bytes.fromhex(str(example["body"])), envelope, layout.Client(PREFERENCES.seed))
    outside = [{"name": name, "refusal": refusal, "text": form} for name, refusal, form in refused(good)]
    yield (
        "refused",
        {"therapist_private": THERAPIST.hex(), "now": NOW, "vectors": outside + [broken(fault) for fault in faults()]},
    )


def files() -> dict[str, str]:
    """Return each file's name and text."""
    return {f"{name}.json": json.dumps(document, indent=1) + "\n" for name, document in _documents()}


if __name__ == "__main__":
    for name, content in files().items():
        (TARGET / name).write_text(content, "utf-8")
        print(name, len(content))

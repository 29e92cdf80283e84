"""``import FILE…``: tokens from files into an open vault. One bad one does not stop the rest."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core import arriving, importing
from core.commands import Command, Console, unlocking
from core.errors import BadInput, NotHandedOut
from core.importing import Outcome


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="text with one token or many")
    parser.add_argument("--handed-out", action="store_true", help="note cards as handed out where nobody did")
    unlocking.configure(parser)


def _run(arguments: Namespace, console: Console) -> dict[str, object]:
    texts = [text for path in arguments.files for text in _tokens(path)]
    vault, now = unlocking.vault(arguments, console), console.clock()
    seen = importing.look_at_many(vault, texts, now)
    looks = [(outcome.position, outcome.preview) for outcome in seen if outcome.preview]
    kept = importing.keep_many(vault, [look for _, look in looks], now, not_handed_out_is_fine=arguments.handed_out)
    done = [(position, outcome) for (position, _), outcome in zip(looks, kept, strict=True)]
    return _report([*((one.position, one) for one in seen if one.refusal), *done])


def _tokens(path: Path) -> list[str]:
    try:
        return arriving.tokens_in_file(path.read_bytes())
    except (OSError, ValueError):
        raise BadInput(problem="A file cannot be read. Check its name and whether you may read it.") from None


def _report(outcomes: list[tuple[int, Outcome]]) -> dict[str, object]:
    """What became of each token, by its place in the files, from 1."""
    imported, refused, aside = [], [], []
    for position, outcome in sorted(outcomes, key=lambda one: one[0]):
        if outcome.preview:
            imported.append(outcome.preview.token.acknowledgement)
        elif isinstance(outcome.refusal, NotHandedOut):
            aside.append({"position": position, "number": outcome.refusal.details["number"]})
        elif outcome.refusal:
            refused.append({"position": position, "error": outcome.refusal.id})
    return {"imported": imported, "refused": refused, "set_aside": aside}


COMMAND = Command("Import tokens from files.", _configure, _run)

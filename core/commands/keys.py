"""``keys new``: draw a therapist's two key pairs and keep the private halves in a file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.commands import Command, Console, keyfile
from core.keys import TherapistKeys


def _configure(parser: ArgumentParser) -> None:
    new = parser.add_subparsers(required=True, metavar="new").add_parser("new", help="draw new keys")
    new.add_argument(
        "--private", type=Path, required=True, metavar="FILE", help="written for you alone; never replaced"
    )
    new.set_defaults(run=_new)


def _new(arguments: Namespace, _console: Console) -> dict[str, object]:
    keys = TherapistKeys.new()
    keyfile.write(arguments.private, keys)
    return {**keyfile.public_part(keys), "key_id": keys.sealing.key_id.hex(), "words": list(keys.words())}


COMMAND = Command("A therapist's keys.", _configure)

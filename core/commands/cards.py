"""``cards new``: register cards, draw them as a sheet, and read every code back before the sheet is offered."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core import batches
from core.card import address
from core.commands import Command, Console, keyfile, unlocking
from core.errors import BadInput, WouldOverwrite
from core.keys import TherapistKeys
from core.sheet import PRESETS, check_base
from core.store import cards, practice
from core.store.cards import Order
from core.store.database import Database
from core.text import Words

#: What a card calls a therapist who is new here and was given no name.
_NAMELESS = "Your therapist"


def _configure(parser: ArgumentParser) -> None:
    new = parser.add_subparsers(required=True, metavar="new").add_parser("new", help="make cards and their sheet")
    new.add_argument("--keys", type=Path, required=True, metavar="FILE", help="what `keys new` wrote")
    new.add_argument("--name", default=_NAMELESS, help="how clients see the therapist, where the key is new here")
    new.add_argument("--base", required=True, metavar="URL", help="the public address, scheme and host only")
    new.add_argument("--count", type=_count, required=True, metavar="N", help="how many cards")
    new.add_argument("--sheet", required=True, metavar="PRESET", help=", ".join(PRESETS))
    new.add_argument("--pdf", type=Path, required=True, metavar="FILE", help="never replaced")
    new.set_defaults(run=_new)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len("10000"):
        raise ArgumentTypeError("a whole number is needed")
    return int(text)


def _new(arguments: Namespace, console: Console) -> dict[str, object]:
    keys, base = keyfile.read(arguments.keys), batches.site(arguments.base)
    database = unlocking.database(console)
    with _new_file(arguments.pdf) as file:
        order = Order(_therapist(database, keys, arguments.name, console), "en", base, arguments.sheet, arguments.count)
        batch = batches.make(database, [order], console.clock(), file)
    for warning in check_base(base):
        console.stderr.write(Words()(warning) + "\n")
    made = cards.of_therapist(database, order.therapist_id)
    codes = [card.code for card in made if batch.first <= card.number <= batch.last]
    return {"cards": [{"code": code, "url": address(base, code)} for code in codes]}


def _therapist(database: Database, keys: TherapistKeys, name: str, console: Console) -> str:
    with database.write() as connection:
        return practice.register_therapist(connection, name, keys.sealing.public, keys.signing.public, console.clock())


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner alone, because a sheet opens a page for whoever has it; none is left after a failure."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WouldOverwrite from None
    except (OSError, ValueError):
        raise BadInput(problem="The sheet cannot be written there. Check that its folder exists.") from None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


COMMAND = Command("Cards with a QR code.", _configure)

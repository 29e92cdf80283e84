"""``export``: what is held, for people and for other systems, with the record's signed head inside."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from core import exporting
from core.commands import Command, Console, files, unlocking
from core.errors import BadInput
from core.exporting import FORMATS, Export, Place
from core.settings import Settings
from core.store import practice
from core.store.vaults import Vault


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--format", required=True, metavar="FORMAT", help=", ".join(FORMATS))
    parser.add_argument("--out", type=Path, metavar="FILE", help="written for you alone, never replaced; else printed")
    parser.add_argument("--address", default="", metavar="TEXT", help="the practice's postal address, for iso27560")
    parser.add_argument("--jurisdiction", default="", metavar="TEXT", help="where its law applies, for iso27560")
    unlocking.configure(parser)


def _run(arguments: Namespace, console: Console) -> dict[str, object] | None:
    if arguments.format not in FORMATS:
        raise BadInput(problem=f"Say a format that is known here: {', '.join(FORMATS)}.")
    if arguments.out:
        files.check_new(arguments.out)
    vault = unlocking.vault(arguments, console)
    made = exporting.make(vault, arguments.format, console.clock(), _place(arguments, vault))
    if arguments.out is None:
        console.stdout.write(made.text)
        return None
    files.write_new(arguments.out, made.text.encode())
    return _told(made, arguments)


def _place(arguments: Namespace, vault: Vault) -> Place:
    kept = practice.find_practice(vault.database)
    site = Settings().public_url or (kept.public_url if kept else "")
    return Place(site, arguments.address.strip(), arguments.jurisdiction.strip())


def _told(made: Export, arguments: Namespace) -> dict[str, object]:
    return {"format": arguments.format, "cards": made.cards, "head": made.head}


COMMAND = Command("What is held, in a format for others.", _configure, _run)

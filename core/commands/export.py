"""``export``: what is held, for people and for other systems, with the record's signed head inside."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from errno import EOPNOTSUPP, EPERM
from pathlib import Path
from secrets import token_hex

from core import exporting
from core.commands import Command, Console, unlocking
from core.errors import BadInput, WouldOverwrite
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
        _check(arguments.out)
    vault = unlocking.vault(arguments)
    made = exporting.make(vault, arguments.format, console.clock(), _place(arguments, vault))
    if arguments.out is None:
        console.stdout.write(made.text)
        return None
    write_new(arguments.out, made.text.encode())
    return _told(made, arguments)


def _place(arguments: Namespace, vault: Vault) -> Place:
    kept = practice.find_practice(vault.database)
    site = Settings().public_url or (kept.public_url if kept else "")
    return Place(site, arguments.address.strip(), arguments.jurisdiction.strip())


def _told(made: Export, arguments: Namespace) -> dict[str, object]:
    return {"format": arguments.format, "cards": made.cards, "head": made.head}


def _check(path: Path) -> None:
    # Before anything is noted in the record.
    if path.exists():
        raise WouldOverwrite
    if not path.parent.is_dir():
        raise _cannot_be_written()


def write_new(path: Path, data: bytes) -> None:
    """Write a new file for its owner alone: all of it or none. Raises ``WouldOverwrite`` or ``BadInput``."""
    part = path.with_name(f".{token_hex(8)}")
    try:
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _move(part, path)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise WouldOverwrite from None
    except (OSError, ValueError):
        raise _cannot_be_written() from None


def _move(part: Path, path: Path) -> None:
    # A link, unlike a rename, leaves a file alone that came there meanwhile. Not every stick knows links.
    try:
        os.link(part, path)
    except OSError as refused:
        if refused.errno not in {EPERM, EOPNOTSUPP} or path.exists():
            raise
        part.rename(path)


def _cannot_be_written() -> BadInput:
    return BadInput(problem="The file cannot be written there. Check that its folder exists and has room.")


COMMAND = Command("What is held, in a format for others.", _configure, _run)

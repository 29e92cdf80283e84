"""Opening a vault from the command line: the passphrase from a file, or typed where nobody sees it."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from getpass import getpass
from pathlib import Path

from core.commands import Console
from core.errors import BadInput
from core.settings import Settings
from core.store import practice, restorations
from core.store.database import Database
from core.store.limits import Limits, Purpose
from core.store.outside import LAST_ENTRY_FILE
from core.store.vaults import Vault, open_vault
from core.text import Words


def configure(parser: ArgumentParser) -> None:
    """Add what ``vault`` needs to a parser."""
    parser.add_argument("--therapist", metavar="ID", help="whose vault, where there are several")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line; asked for where absent")


def database(console: Console) -> Database:
    """Return the portal's database, its tables brought to this version. Raises ``StoreUnavailable``.

    Where it is an old copy that was put back, everybody is on hold from here on, and it is said on stderr.
    """
    return enter(console)[0]


def enter(console: Console) -> tuple[Database, bool]:
    """Return the database as ``database`` does, and whether it was an old copy that was put back."""
    found = unmigrated()
    found.migrate()
    # The role of the client face cannot read the record, and adds nothing to it.
    old = Settings().face != "client" and restorations.recognise(found, console.clock())
    if old:
        console.stderr.write(Words()("restored.old_copy") + "\n")
    return found, old


def unmigrated() -> Database:
    """Return the portal's database as it is, for who finds it empty or only reads. Raises ``StoreUnavailable``."""
    settings = Settings()
    return Database(settings.database, outside=settings.data / LAST_ENTRY_FILE)


def vault(arguments: Namespace, console: Console) -> Vault:
    """Open the vault. Wrong passphrases are counted together with those typed in the portal.

    Raises ``WrongPassphrase``, ``TooManyTries``, or ``BadInput`` where it is not clear whose or with what.
    """
    opened = database(console)
    therapists = [one.id for one in practice.list_vaults(opened)]
    wanted = [one for one in therapists if arguments.therapist in {None, one}]
    if len(wanted) != 1:
        raise BadInput(problem="Say whose vault to open with --therapist. There is none, or more than one.")
    passphrase = _passphrase(arguments.passphrase_file)
    tries: list[tuple[Purpose, str]] = [("unlock", "command line"), ("unlock_anywhere", wanted[0])]
    with Limits(opened, _secret()).attempt(tries, console.clock()):
        return open_vault(opened, wanted[0], passphrase)


def _secret() -> bytes:
    """Return what the portal signs cookies with, by which its limits are counted; its file, where it is not set."""
    given = os.environ.get("STREAMLIT_SERVER_COOKIE_SECRET", "")
    if given:
        return given.encode()
    try:
        return (Settings().data / "cookie-secret").read_text("ascii").strip().encode()
    except (OSError, ValueError):
        return b""


def _passphrase(file: Path | None) -> str:
    if file is None:
        try:
            return getpass("Passphrase: ")
        except EOFError:
            raise BadInput(problem="No passphrase was typed. Type it, or name its file: --passphrase-file.") from None
    return first_line(file)


def first_line(file: Path) -> str:
    """Return the first line of a passphrase file. Raises ``BadInput``."""
    try:
        return file.read_text("utf-8").split("\n")[0].rstrip("\r")
    except (OSError, ValueError):
        raise BadInput(
            problem="The passphrase file cannot be read. Check its name and whether you may read it."
        ) from None

"""Opening a vault from the command line: the passphrase from a file, or typed where nobody sees it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from getpass import getpass
from pathlib import Path

from core.errors import BadInput
from core.settings import Settings
from core.store import practice
from core.store.database import Database
from core.store.vaults import Vault, open_vault


def configure(parser: ArgumentParser) -> None:
    """Add what ``vault`` needs to a parser."""
    parser.add_argument("--therapist", metavar="ID", help="whose vault, where there are several")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line; asked for where absent")


def database() -> Database:
    """Return the portal's database, its tables brought to this version. Raises ``StoreUnavailable``."""
    found = Database(Settings().database)
    found.migrate()
    return found


def vault(arguments: Namespace) -> Vault:
    """Open the vault. Raises ``WrongPassphrase``, or ``BadInput`` where it is not clear whose or with what."""
    opened = database()
    therapists = [one.id for one in practice.list_vaults(opened)]
    wanted = [one for one in therapists if arguments.therapist in {None, one}]
    if len(wanted) != 1:
        raise BadInput(problem="Say whose vault to open with --therapist. There is none, or more than one.")
    return open_vault(opened, wanted[0], _passphrase(arguments.passphrase_file))


def _passphrase(file: Path | None) -> str:
    if file is None:
        return getpass("Passphrase: ")
    try:
        return file.read_text("utf-8").split("\n")[0].rstrip("\r")
    except (OSError, ValueError):
        raise BadInput(
            problem="The passphrase file cannot be read. Check its name and whether you may read it."
        ) from None

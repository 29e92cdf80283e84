"""What a backup is locked with, and what opens it, as the command line is told."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from getpass import getpass
from pathlib import Path

from core.commands import keyfile, unlocking
from core.commands.arguments import public_key
from core.locked_file import Lock, Opener, Passphrase, PrivateKey, PublicKey
from core.store import practice


def configure_lock(parser: ArgumentParser) -> None:
    """Add what ``lock`` needs to a parser."""
    parser.add_argument("--to", type=public_key, metavar="KEY", help="a public key that `keys new` printed elsewhere")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line; asked for where absent")


def lock(arguments: Namespace) -> Lock:
    """Return what is to lock a backup. Raises ``BadInput``, also for a passphrase that is too short."""
    if arguments.to is not None:
        return PublicKey(arguments.to)
    given = _passphrase(arguments.passphrase_file)
    practice.check_passphrase(given.text)
    return given


def configure_opener(parser: ArgumentParser) -> None:
    """Add what ``opener`` needs to a parser."""
    parser.add_argument("--private", type=Path, metavar="FILE", help="the key file that `keys new` wrote")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="its first line; asked for where absent")


def opener(arguments: Namespace) -> Opener:
    """Return what is to open a backup. Raises ``BadInput``."""
    if arguments.private is not None:
        return PrivateKey(keyfile.read_sealing_key(arguments.private))
    return _passphrase(arguments.passphrase_file)


def _passphrase(file: Path | None) -> Passphrase:
    return Passphrase(getpass("Passphrase of the backup: ") if file is None else unlocking.first_line(file))

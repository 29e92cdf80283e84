"""New files of the command line: whole or not at all, for their owner alone, never in the place of another."""

from __future__ import annotations

import os
from errno import EOPNOTSUPP, EPERM
from pathlib import Path
from secrets import token_hex

from core.errors import BadInput, WouldOverwrite


def check_new(path: Path) -> None:
    """Raise ``WouldOverwrite`` or ``BadInput`` where a new file cannot come, before anything is noted."""
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

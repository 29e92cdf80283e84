"""The commands of ``python -m core``, a file each. ``core/__main__.py`` holds the table of them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, TextIO


@dataclass(frozen=True, slots=True)
class Console:
    """What a command reads and writes, and its clock (aware UTC)."""

    stdin: BinaryIO
    stdout: TextIO
    stderr: TextIO
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Found:
    """A check that found something: it ran, ``said`` is printed, and the exit code is 1."""

    said: object


Run = Callable[[Namespace, Console], object]


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line.

    ``configure`` adds its arguments to a parser. ``run`` returns what is printed as JSON, or ``None``
    where it printed by itself; a command with actions of its own leaves it to each action's ``run`` default.
    """

    description: str
    configure: Callable[[ArgumentParser], None]
    run: Run | None = None

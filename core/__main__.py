"""The command line: ``python -m core …``. JSON goes in and comes out, so that others can build on it.

A failure prints one sentence on stderr and ``{"error": "<id>"}`` on stdout, and exits 2. A check that ran and
found something to fix (``doctor``) prints what it found and exits 1. A command's
module is imported only when it is called for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module

from core.commands import Command, Console, Found
from core.commands.arguments import Parser
from core.errors import BadInput, SaysoError

#: First word on the command line → the module that holds its ``Command`` as ``COMMAND``.
COMMANDS = {
    "audit": "core.commands.audit",
    "backup": "core.commands.backup",
    "cards": "core.commands.cards",
    "decide": "core.commands.decide",
    "doctor": "core.commands.doctor",
    "export": "core.commands.export",
    "import": "core.commands.imports",
    "keys": "core.commands.keys",
    "restore": "core.commands.restore",
    "roles": "core.commands.roles",
    "token": "core.commands.token",
}


def main(words: Sequence[str], console: Console) -> int:
    """Run one command and return its exit code: 0, 1 where a check found something, 2 for a failure of any kind."""
    try:
        result = _run(words, console)
    except SaysoError as failure:
        return _failed(console, failure)
    except Exception:  # noqa: BLE001 - a stack trace could carry a choice or a key out
        return _failed(console, SaysoError())
    if isinstance(result, Found):
        console.stdout.write(json.dumps(result.said) + "\n")
        return 1
    if result is not None:
        console.stdout.write(json.dumps(result) + "\n")
    return 0


def _run(words: Sequence[str], console: Console) -> object:
    name, *rest = words or [""]
    if name in {"-h", "--help"}:
        console.stdout.write(f"usage: python -m core {{{','.join(COMMANDS)}}} … (--help after each tells more)\n")
        return None
    if name not in COMMANDS:
        raise BadInput(problem=f"Say first what to do: {', '.join(COMMANDS)}.")
    command: Command = import_module(COMMANDS[name]).COMMAND
    parser = Parser(prog=f"python -m core {name}", description=command.description)
    command.configure(parser)
    arguments = parser.parse_args(rest)
    run = command.run if command.run is not None else arguments.run
    return run(arguments, console)


def _failed(console: Console, failure: SaysoError) -> int:
    console.stderr.write(failure.sentence + "\n")
    console.stdout.write(json.dumps({"error": failure.id} | failure.report) + "\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Console(sys.stdin.buffer, sys.stdout, sys.stderr, lambda: datetime.now(UTC))))

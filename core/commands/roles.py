"""``roles``: the rights of the public face in a PostgreSQL database, printed as SQL or given at once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from core.commands import Command, Console, unlocking
from core.store import roles


def _configure(parser: ArgumentParser) -> None:
    parser.add_argument("--client", required=True, metavar="ROLE", help="the role that the client face signs in with")
    parser.add_argument("--apply", action="store_true", help="give the rights, and do not only print them")


def _run(arguments: Namespace, console: Console) -> dict[str, object] | None:
    database = unlocking.database(console)
    if arguments.apply:
        with database.write() as connection:
            roles.grant(connection, arguments.client)
        return {"role": "client", "tables": sorted(roles.CLIENT)}
    with database.read() as connection:
        lines = roles.statements(connection, arguments.client)
    console.stdout.writelines(f"{line};\n" for line in lines)
    return None


COMMAND = Command("What the public face may do in the database.", _configure, _run)

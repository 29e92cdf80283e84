"""A PostgreSQL server of one's own for a run of tests, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

import psycopg


def programs() -> Path:
    """Return the folder of the server's programs. Raises ``LookupError`` where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not folders:
        raise LookupError("PostgreSQL is not installed: on Debian, apt install postgresql")
    return folders[0]


@dataclass
class Server:
    """A running server. Databases are made by copying one that stands ready, which takes a fortieth of a second."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def address(self, name: str = "postgres", user: str = "sayso") -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://{user}@/{name}?host={quote(str(self.folder))}"

    def do(self, statement: str, name: str = "postgres") -> None:
        """Do something as the owner of the server, outside any transaction."""
        with psycopg.connect(host=str(self.folder), user="sayso", dbname=name, autocommit=True) as connection:
            connection.execute(statement)

    def make(self, template: str = "template1") -> str:
        """Make a database like another one and return its name."""
        name = f"made_{next(self._numbers)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever is using it."""
        self.do(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop at once, as a machine that loses its power does."""
        _run(self.folder, "pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off"
        _run(
            self.folder,
            "pg_ctl",
            *("-D", str(self.folder / "data"), "-o", settings, "-l", str(self.folder / "log"), "-w", "start"),
        )


@contextmanager
def running() -> Iterator[Server]:
    """Run a server in a folder of its own, and leave nothing behind."""
    # A short name, because the path of a socket has to be short.
    made = Server(Path(mkdtemp(prefix="pg")))
    try:
        if os.geteuid() == 0:
            shutil.chown(made.folder, "postgres", "postgres")
        data = str(made.folder / "data")
        _run(
            made.folder,
            "initdb",
            *("-D", data, "-A", "trust", "-U", "sayso", "--no-sync", "-E", "UTF8", "--locale=C"),
        )
        made.start()
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(made.folder)


def _run(folder: Path, program: str, *arguments: str) -> None:
    # The server refuses to run as root.
    owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    command = [*owner, str(programs() / program), *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

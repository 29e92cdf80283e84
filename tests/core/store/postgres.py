"""A PostgreSQL server of one's own for a run of tests, on a socket in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote


def programs() -> Path:
    """Return the folder of the server's programs. Raises ``LookupError`` where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not folders:
        raise LookupError("PostgreSQL is not installed: on Debian, apt install postgresql")
    return folders[0]


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run a server in an empty folder; yields the SQLAlchemy address of its one database."""
    here = programs()
    # The server refuses to run as root.
    owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    start = ["-D", str(data), "-o", settings, "-l", str(folder / "log"), "-w", "start"]
    init = ["-D", str(data), "-A", "trust", "-U", "sayso", "--no-sync", "-E", "UTF8", "--locale=C"]

    def run(program: str, *arguments: str) -> None:
        command = [*owner, str(here / program), *arguments]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run("initdb", *init)
    run("pg_ctl", *start)
    try:
        yield f"postgresql+psycopg://sayso@/postgres?host={quote(str(folder))}"
    finally:
        run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")

"""Fixtures of the core: a migrated database, and a practice at work, each a copy of its own.

``database``: empty tables. ``clinic``: a set-up practice with an open vault and cards. ``client``: somebody there who
wants to be asked; ``free``: somebody who need not be. Stretching a
passphrase takes a fifth of a second by design, so one practice is set up a run and its database copied.

Whatever uses them in ``store/`` runs on SQLite and on a real PostgreSQL, which starts with the first test that
needs it; so do, in ``make test-deep``, the modules of ``ON_BOTH``. A test of what only one of them does is
marked ``in_a_file`` or ``on_a_server``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.store import practice
from core.store.database import Database
from core.store.practice import SetUp, Therapist
from tests.core.clinic import NOW, PASSPHRASE, Clinic, found
from tests.core.store import postgres
from tests.core.store.postgres import Server
from tests.core.story import Client

#: Whether this run may take its time.
DEEP = os.environ.get("SAYSO_TESTS") == "deep"
#: Modules here whose tests run on both where there is time; those in ``store/`` always do.
ON_BOTH = {
    "test_backup",
    "test_batches",
    "test_crash",
    "test_hand_over",
    "test_importing",
    "test_may_post",
    "test_naming",
    "test_people",
    "test_posting",
    "test_requests",
    "test_restored",
    "test_review_story",
    "test_saving",
    "test_staff_keys",
    "test_take_downs",
}


def pytest_configure(config):
    config.addinivalue_line("markers", "in_a_file: what only a database in a file does")
    config.addinivalue_line("markers", "on_a_server: what only a database on a server does")


def pytest_generate_tests(metafunc):
    if "store" in metafunc.fixturenames:
        metafunc.parametrize("store", _stores(metafunc), indirect=True)


def _stores(metafunc) -> list[str]:
    marked = {mark.name for mark in metafunc.definition.iter_markers()}
    if "on_a_server" in marked:
        return ["postgresql"]
    module = metafunc.module.__name__
    both = ".store." in module or (DEEP and module.rpartition(".")[2] in ON_BOTH)
    return ["sqlite", "postgresql"] if both and "in_a_file" not in marked else ["sqlite"]


@dataclass(frozen=True)
class Store:
    """Where a test keeps its database: a folder, and a server where it is on one."""

    folder: Path
    server: Server | None
    request: pytest.FixtureRequest

    def copy(self, template: str, name: str = "sayso") -> str:
        """Return the address of a new copy of ``empty`` tables, or of a ``practice``."""
        if self.server is not None:
            return self.server.address(self.server.make(template))
        path = self.folder / f"{name}.sqlite3"
        made = self.request.getfixturevalue(f"{template}_file")
        shutil.copy(made if template == "empty" else made[0], path)
        return f"sqlite:///{path}"

    def nothing(self) -> str:
        """Return the address of a database without tables."""
        if self.server is not None:
            return self.server.address(self.server.make())
        return f"sqlite:///{self.folder}/bare.sqlite3"

    def practice(self) -> tuple[Therapist, str]:
        """The therapist of the practice, and their recovery code."""
        name = "practice_file" if self.server is None else "practice_on_server"
        return self.request.getfixturevalue(name)[-2:]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server with a database of ``empty`` tables to copy."""
    with postgres.running() as made:
        made.do("CREATE DATABASE empty")
        database = Database(made.address("empty"))
        database.migrate()
        database.close()
        yield made


@pytest.fixture(scope="session")
def practice_on_server(server) -> tuple[Therapist, str]:
    """A database called ``practice`` to copy, set up like the one in ``practice_file``."""
    server.do("CREATE DATABASE practice TEMPLATE empty")
    return _set_up(server.address("practice"))


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "sayso.sqlite3"
    made = Database(f"sqlite:///{path}")
    made.migrate()
    made.close()
    return path


@pytest.fixture(scope="session")
def practice_file(empty_file, tmp_path_factory) -> tuple[Path, Therapist, str]:
    path = tmp_path_factory.mktemp("practice") / "sayso.sqlite3"
    shutil.copy(empty_file, path)
    return path, *_set_up(f"sqlite:///{path}")


def _set_up(address: str) -> tuple[Therapist, str]:
    made = Database(address)
    answers = SetUp("Willow Street Practice", "Robin Example", ("@willowstreet",), PASSPHRASE)
    therapist, recovery_code = practice.set_up(made, answers, NOW)
    made.close()
    return therapist, recovery_code


@pytest.fixture
def store(request, tmp_path) -> Store:
    on_server = getattr(request, "param", "sqlite") == "postgresql"
    return Store(tmp_path, request.getfixturevalue("server") if on_server else None, request)


@pytest.fixture
def database(store) -> Iterator[Database]:
    made = Database(store.copy("empty"), wait=5)
    yield made
    _let_go(store, made)


@pytest.fixture
def bare(store) -> Iterator[Database]:
    """A database without tables."""
    made = Database(store.nothing(), wait=5)
    yield made
    _let_go(store, made)


@pytest.fixture
def clinic(store) -> Iterator[Clinic]:
    therapist, recovery_code = store.practice()
    made = found(store.copy("practice", "clinic"), therapist, recovery_code)
    yield made
    _let_go(store, made.database)


@pytest.fixture
def client(clinic) -> Client:
    """Somebody who wants to be asked about each story, and whom the therapist knows."""
    one = Client(clinic, clinic.card)
    one.chooses()
    return one


@pytest.fixture
def free(clinic) -> Client:
    """Somebody who lets a disguised story of theirs be posted without being asked."""
    one = Client(clinic, clinic.cards[1])
    one.chooses(treatment="disguised", may_recognise_self=True)
    return one


def _let_go(store: Store, database: Database) -> None:
    name = database.engine.url.database
    database.close()
    if store.server is not None:
        store.server.drop(name)

"""Fixtures of the core: a migrated database, and a practice at work, each on a file of its own.

``database``: empty tables. ``clinic``: a set-up practice with an open vault and cards. Stretching a
passphrase takes a fifth of a second by design, so one practice is set up a run and its file copied.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import practice
from core.store.database import Database
from core.store.practice import SetUp, Therapist
from tests.core.clinic import NOW, PASSPHRASE, Clinic, found


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
    made = Database(f"sqlite:///{path}")
    answers = SetUp("Willow Street Practice", "Robin Example", ("@willowstreet",), PASSPHRASE)
    therapist, recovery_code = practice.set_up(made, answers, NOW)
    made.close()
    return path, therapist, recovery_code


@pytest.fixture
def database(empty_file, tmp_path) -> Iterator[Database]:
    path = tmp_path / "sayso.sqlite3"
    shutil.copy(empty_file, path)
    made = Database(f"sqlite:///{path}", wait=5)
    yield made
    made.close()


@pytest.fixture
def clinic(practice_file, tmp_path) -> Iterator[Clinic]:
    original, therapist, recovery_code = practice_file
    path = tmp_path / "clinic.sqlite3"
    shutil.copy(original, path)
    made = found(path, therapist, recovery_code)
    yield made
    made.database.close()

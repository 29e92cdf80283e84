"""The size and order of the house: small files, small functions, no drawers."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest

from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for folder in ("core", "pages", "tools", "bench") for path in (ROOT / folder).rglob("*.py")) + [
    path for path in [ROOT / "portal.py"] if path.exists()
]
ALL = SOURCES + sorted((ROOT / "tests").rglob("*.py"))
LONGEST_FILE = 400
DRAWERS = re.compile(r"^(utils?|helpers?|common|misc|shared|lib|tools?)$")


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function's name with how many lines its body has, without its docstring."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def lengths() -> list[int]:
    return [lines for path in SOURCES for _, lines in functions(path)]


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


def test_files_are_short() -> None:
    assert median(len(path.read_text("utf-8").splitlines()) for path in SOURCES) <= 120


def test_functions_are_short() -> None:
    assert median(lengths()) <= 8


def test_nine_functions_in_ten_have_at_most_thirty_lines() -> None:
    assert quantiles(lengths(), n=10)[-1] <= 30


def test_there_is_no_drawer_for_odd_things() -> None:
    names = {part.removesuffix(".py") for path in ALL for part in path.relative_to(ROOT).parts[1:]}
    assert {name for name in names if DRAWERS.match(name)} == set()


def test_the_locks_name_no_package_index() -> None:
    locks = sorted(ROOT.glob("requirements*.txt"))
    assert len(locks) == 2
    for lock in locks:
        assert re.findall(r"\w+://\S+|^-.*", lock.read_text("utf-8"), re.MULTILINE) == []


def test_each_locked_package_is_checked_by_hash() -> None:
    for lock in ROOT.glob("requirements*.txt"):
        entries = re.split(r"\n(?=[a-z0-9])", lock.read_text("utf-8"), flags=re.IGNORECASE)
        packages = [entry for entry in entries if "==" in entry]
        assert packages
        assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_nothing_private_is_kept_in_the_repository() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    kept = [name for name in listed.splitlines() if re.search(r"(^|/)data/|\.sqlite3?|secret|\.pem$|\.key$", name)]
    assert kept == []


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", (folder / "README.md").read_text("utf-8")))
    assert linked == {path.name for path in folder.glob("*.md")} - {"README.md"}


def documents() -> dict[str, str]:
    """Everything that tells people how to run this, by its path."""
    kept = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*")]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in kept}


def test_each_setting_that_documents_name_exists() -> None:
    known = {f"SAYSO_{name.upper()}" for name in Settings.model_fields}
    named = {name for text in documents().values() for name in re.findall(r"SAYSO_[A-Z_]*[A-Z]", text)}
    assert named
    assert named - known == set()


def test_each_make_command_that_documents_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    known = set(re.findall(r"^([\w./-]+):", makefile, re.MULTILINE))
    commands = {name for text in documents().values() for name in re.findall(r"(?:`|&& )make ([a-z.][\w./-]*)", text)}
    assert commands
    assert commands - known == set()


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        (path.name, link)
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not (path.parent / link).exists()
    ]
    assert broken == []

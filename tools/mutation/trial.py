"""One change under the tests: a process of its own, the changed module in place of the real one.

What the tests need of the project and of libraries, and does not rest on the changed module, is imported once,
before: each trial is a fork, so that most take well below a second.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

PROFILE = "mutation"
#: A test that takes this many seconds is left to the ordinary run: it would be run for each change.
LONG = 3.0
_GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Result:
    """How the tests went. ``killer``: the first test that failed, or why none was reached; empty where all passed.

    ``seconds``: processor time. ``loaded``: the modules that were imported. ``took``: seconds a test.
    """

    killer: str
    seconds: float
    loaded: tuple[str, ...] = ()
    took: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Tests:
    """The tests of one module, the ones that notice most run first. ``limit``: seconds of processor time."""

    files: Sequence[str]
    limit: float = 600
    took: dict[str, float] = field(default_factory=dict)
    kills: dict[str, int] = field(default_factory=dict)

    def sort(self, items: list[Any]) -> None:
        """Put test items into the order in which they are run, and leave out those that take long."""
        items[:] = [item for item in items if self.took.get(item.nodeid, 0.0) < LONG]
        items.sort(key=lambda item: (-self.kills.get(item.nodeid, 0), self.took.get(item.nodeid, 0.0)))


class _Watch:
    """A pytest plugin: orders the tests, and keeps what failed and how long each took."""

    def __init__(self, tests: Tests) -> None:
        self.tests, self.failed, self.took = tests, "", dict[str, float]()

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        self.tests.sort(items)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failed = self.failed or "could not be imported"

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.took[report.nodeid] = self.took.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed = self.failed or report.nodeid


class Changed(MetaPathFinder, Loader):
    """Finds one module, changed. ``code``: makes the change, in the process of the trial."""

    def __init__(self, path: Path, code: Callable[[], CodeType]) -> None:
        self.name, self.path, self.code = ".".join(path.with_suffix("").parts), path.resolve(), code

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """Return this module's, and no other's."""
        return spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the changed code."""
        exec(self.code(), module.__dict__)  # noqa: S102 - the project's own module, with one change


def warm_up(loaded: Sequence[str], module: str) -> None:
    """Import all that does not rest on ``module``. ``loaded``: what a first run of the tests imported."""
    ours = {name for name in loaded if name.split(".")[0] in {"core", "tests", "pages", "tools"}}
    resting = _resting_on(module, ours)
    for name in loaded:
        is_test = name.startswith("tests")
        if not is_test and name not in resting and not name.startswith("__"):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    _draw_once()
    gc.freeze()


def _draw_once() -> None:
    # Hypothesis reads every module for constants the first time it draws: once here, and not in each trial.
    from hypothesis import given, settings
    from hypothesis import strategies as st

    @settings(max_examples=1, database=None)
    @given(st.integers())
    def law(_: int) -> None:
        pass

    with warnings.catch_warnings(action="ignore"):
        law()


def _resting_on(module: str, ours: set[str]) -> set[str]:
    uses = {name: _imports(name) & (ours | {module}) for name in ours}
    found = {module}
    while more := {name for name, used in uses.items() if name not in found and used & found}:
        found |= more
    return found


def _imports(name: str) -> set[str]:
    stem = Path(*name.split("."))
    path = next((one for one in (stem.with_suffix(".py"), stem / "__init__.py") if one.exists()), None)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())) if path else ():
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    # A package rests on what its parts are imported for.
    return found | {one.rpartition(".")[0] for one in found if "." in one}


def run(tests: Tests, change: Changed | None) -> Result:
    """Run the tests, with a module changed or (None) as it is."""
    if change and change.name in sys.modules:
        raise RuntimeError(f"{change.name} is imported already: a change to it would not be seen")
    reading, writing = os.pipe()
    with tempfile.TemporaryDirectory(prefix="trial-", ignore_cleanup_errors=True) as folder:
        child = os.fork()
        if child == 0:
            os.close(reading)
            _in_the_child(tests, change, writing, folder)
        os.close(writing)
        with os.fdopen(reading) as answer:
            said = answer.read()
        _, status, used = os.wait4(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
    return _result(said, status, used.ru_utime + used.ru_stime)


def _result(said: str, status: int, seconds: float) -> Result:
    if os.WIFSIGNALED(status):
        is_late = os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGALRM}
        return Result("timeout" if is_late else "the process died", seconds)
    code, failed, loaded, took = json.loads(said) if said else (os.WEXITSTATUS(status) or 1, "", [], {})
    return Result(failed or ("could not be imported" if code else ""), seconds, tuple(loaded), took)


def _in_the_child(tests: Tests, change: Changed | None, writing: int, folder: str) -> None:
    code, watch = 1, _Watch(tests)
    try:
        os.setpgid(0, 0)
        gc.disable()
        _limit(tests.limit)
        _quiet()
        if change:
            sys.meta_path.insert(0, change)
        code = _pytest(tests.files, watch, folder)
    finally:
        said = json.dumps([code, watch.failed, [] if change else sorted(sys.modules), watch.took])
        with os.fdopen(writing, "w") as answer:
            answer.write(said)
        os._exit(0)


def _pytest(files: Sequence[str], watch: _Watch, folder: str) -> int:
    import pytest
    from hypothesis import HealthCheck, Phase, settings

    # No shrinking: that a test fails is enough. Always the same examples, so that a figure can be had again.
    settings.register_profile(
        PROFILE,
        max_examples=20,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    options = ["-q", "-x", "--assert=plain", "--noconftest", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
    options += [f"--basetemp={folder}/t", "--hypothesis-profile", PROFILE]
    return int(pytest.main([*options, *files], plugins=[watch]))


def _limit(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
    resource.setrlimit(resource.RLIMIT_AS, (6 * _GIGABYTE, 6 * _GIGABYTE))
    # Something that waits uses no processor time.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(int(seconds) * 10)


def _quiet() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

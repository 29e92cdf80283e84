"""`make mutate`: change a module in one small place after another, and see that a test notices each (docs/mutation.md).

    python -m tools.mutate                          every module in the table below
    python -m tools.mutate core/policy.py           some
    python -m tools.mutate --like 'in_therapy'      only changes whose name holds these words

Exit code 1 where a change survives that docs/mutation.md does not explain, or where it explains one that does not.
"""

from __future__ import annotations

import argparse
import ast
import sys
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import CodeType
from typing import cast

from tools.mutation.changes import Change, changes
from tools.mutation.explained import PAGE, explained
from tools.mutation.trial import Changed, Tests, run, warm_up

_VERDICT = ("policy", "policy_edges", "policy_records", "policy_examples")
#: Which tests are to notice a change, by the end of their file's name: quick ones, that need no database.
MODULES: dict[str, tuple[str, ...]] = {
    "core/policy.py": _VERDICT,
    "core/model/post.py": ("post", *_VERDICT, "decide"),
    "core/model/person.py": ("person", *_VERDICT, "decide"),
    "core/model/preferences.py": ("preferences", "document_version", "policy", "decide"),
    "core/wire.py": ("wire", "wire_fields", "vectors"),
    "core/wire_content.py": ("wire", "wire_fields", "vectors"),
    "core/token.py": ("token", "token_parts", "vectors"),
    "core/seal.py": ("seal", "token_parts", "vectors"),
    "core/crockford.py": ("crockford", "card", "vectors"),
    "core/answers.py": ("answers", "answer_edges"),
    "core/asking.py": ("asking", "asking_edges"),
    "core/standing.py": ("standing", "standing_edges"),
    "core/endings.py": ("endings",),
}


@dataclass(slots=True)
class Tally:
    """What became of the changes to one module. ``survivors``: their names."""

    killed: int = 0
    late: int = 0
    survivors: list[str] = field(default_factory=list)

    @property
    def all(self) -> int:
        """How many changes there were."""
        return self.killed + self.late + len(self.survivors)


def main() -> int:
    """Run it. Returns the exit code."""
    options = _options()
    page = explained(PAGE.read_text()) if PAGE.exists() else {}
    is_fine, table = True, []
    for path in options.modules or MODULES:
        start = time.monotonic()
        tally = _apart(Path(path), options.like)
        known = page.get(path, set())
        is_fine &= _report(path, tally, known, is_whole=not options.like)
        told = sum(name in known for name in tally.survivors)
        numbers = (tally.all, tally.killed, tally.late, told, len(tally.survivors) - told)
        table.append(f"| `{path}` | " + " | ".join(map(str, numbers)) + " |")
        print(f"{table[-1]} {time.monotonic() - start:.0f} s", flush=True)
    print("\n| module | changes | noticed | by time | explained | open |\n|---|---|---|---|---|---|", *table, sep="\n")
    return 0 if is_fine else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Mutation testing, see docs/mutation.md")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    parser.add_argument("--like", action="append", default=[], help="only changes whose name holds one of these")
    return parser.parse_args()


def _apart(path: Path, like: list[str]) -> Tally:
    """Try the changes to one module in a process of its own: what is imported for it must not meet the next one."""
    apart = get_context("fork")
    answer = apart.SimpleQueue()
    process = apart.Process(target=lambda: answer.put(_try_all(path, like)))
    process.start()
    process.join()
    if process.exitcode:
        sys.exit(process.exitcode)
    return cast("Tally", answer.get())


def _try_all(path: Path, like: list[str]) -> Tally:
    files = (Path(f"tests/core/test_{name}.py") for name in MODULES[path.as_posix()])
    tests = Tests([str(file) for file in files if file.exists()])
    module = ".".join(path.with_suffix("").parts)
    first = run(tests, None)
    if first.killer:
        sys.exit(f"{path}: the tests fail without any change: {first.killer}")
    # Twice the time is no proof of an endless loop; four times and a while more is.
    tests.took, tests.limit = first.took, first.seconds * 4 + 20
    warm_up(first.loaded, module)
    tree, tally = ast.parse(path.read_text()), Tally()
    for change in changes(tree):
        if not like or any(words in change.name for words in like):
            _try_one(path, change, tree, tests, tally)
    return tally


def _try_one(path: Path, change: Change, tree: ast.Module, tests: Tests, tally: Tally) -> None:
    def changed() -> CodeType:
        # In a process of its own: the tree here stays as it is.
        change.make()
        return compile(ast.fix_missing_locations(tree), str(path), "exec")

    result = run(tests, Changed(path, changed))
    if not result.killer:
        tally.survivors.append(change.name)
        print(f"{path}:{change.line} survived: {change.name}", flush=True)
    elif result.killer == "timeout":
        tally.late += 1
        print(f"{path}:{change.line} by time: {change.name}", flush=True)
    else:
        tally.killed += 1
        tests.kills[result.killer] = tests.kills.get(result.killer, 0) + 1


def _report(path: str, tally: Tally, known: set[str], *, is_whole: bool) -> bool:
    survived = set(tally.survivors)
    for name in sorted(survived - known):
        print(f"{path}: no test notices, and nothing explains: {name}")
    gone = known - survived if is_whole else set()
    for name in sorted(gone):
        print(f"{path}: explained, but noticed or no longer there: {name}")
    return survived <= known and not gone


if __name__ == "__main__":
    sys.exit(main())

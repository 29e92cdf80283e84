"""The tool that changes the rules: what it changes, what it leaves alone, and that a change is really made."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tools.mutate import MODULES
from tools.mutation.changes import changes
from tools.mutation.explained import PAGE, explained

ROOT = Path(__file__).resolve().parent.parent


def names(code):
    return {change.name for change in changes(ast.parse(code))}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x = a < b", {"`module` `a < b` ⇒ `a <= b`", "`module` `a < b` ⇒ `a >= b`"}),
        ("x = a and b", {"`module` `a and b` ⇒ `a or b`", "`module` `and a` ⇒ ``", "`module` `and b` ⇒ ``"}),
        ("x = 5", {"`module` `5` ⇒ `6`", "`module` `5` ⇒ `4`"}),
        ("x = True", {"`module` `True` ⇒ `False`"}),
        ("x = 'id'", {"`module` `'id'` ⇒ `'idx'`"}),
        ("x = 'Words people read.'", set()),
        ("def f():\n    return x", {"`f` `return x` ⇒ `return None`"}),
        ("def f():\n    yield x", {"`f` `yield x` ⇒ `yield from ()`"}),
        ("def f():\n    '''Doc.'''", set()),
        ("import a", set()),
        ("__all__ = ['a', 'b']", set()),
        ("@dataclass(frozen=True)\nclass A:\n    '''Doc.'''\n    a: Literal[1]", set()),
        ("class A(BaseModel):\n    a: Literal[1]", {"`A` `1` ⇒ `2`", "`A` `1` ⇒ `0`"}),
        ("Form = Literal['a']", set()),
        ("def f(a: Literal[1]) -> Literal[2]: ...", set()),
        (
            "x = [a for a in b if c]",
            {"`module` `for a in b if c` ⇒ `for a in b`", "`module` `for a in b if c` ⇒ `for a in b if not c`"},
        ),
    ],
)
def test_each_kind_of_change_is_made_and_nothing_else(code, expected):
    assert names(code) == expected


def test_two_changes_that_read_alike_have_two_names():
    twice = [change.name for change in changes(ast.parse("x = [1, 1]")) if change.after.startswith("2")]
    assert twice == ["`module` `1` ⇒ `2`", "`module` `1` ⇒ `2 #2`"]


def test_a_change_is_made_in_its_own_place_alone():
    tree = ast.parse("x = [1, 1]")
    [_, second] = [change for change in changes(tree) if change.after.startswith("2")]
    second.make()
    assert ast.unparse(tree) == "x = [1, 2]"


def test_what_a_page_explains_is_read_by_file():
    page = (
        "### `core/a.py`\n\n- `f` `a` ⇒ `b`: it is the same.\n- not one\n\n### `core/b.py`\n\n- `g` `and c` ⇒ ``: so.\n"
    )
    assert explained(page) == {"core/a.py": {"`f` `a` ⇒ `b`"}, "core/b.py": {"`g` `and c` ⇒ ``"}}


def test_the_page_explains_only_changes_that_are_made():
    for path, known in explained((ROOT / PAGE).read_text("utf-8")).items():
        assert path in MODULES
        assert known <= names((ROOT / path).read_text("utf-8"))


def test_every_module_and_its_tests_are_there():
    for path, tests in MODULES.items():
        assert (ROOT / path).exists()
        assert all((ROOT / f"tests/core/test_{name}.py").exists() for name in tests)


def test_a_change_is_really_made_and_really_noticed():
    command = [sys.executable, "-m", "tools.mutate", "core/crockford.py", "--like", "`check_symbol` `37`"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.splitlines()[-1] == "| `core/crockford.py` | 2 | 2 | 0 | 0 | 0 |"

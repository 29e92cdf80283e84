"""Which small changes are made to a module, one at a time, on its syntax tree.

A change is a slot of the tree and what is put there instead. What is left alone: sentences people read (any
string with a space in it), docstrings, imports, ``__all__``, what ``dataclass`` is told (mypy holds that nothing
frozen is changed), and annotations, but for those of pydantic models, which are rules.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.mutation.replacements import replacements

_LEFT_ALONE = (ast.Import, ast.ImportFrom, ast.expr_context, ast.alias)
_SIGNS: dict[type, str] = {ast.And: "and ", ast.Or: "or "}
_ANNOTATIONS = {"annotation", "returns", "type_comment"}


@dataclass(slots=True)
class Change:
    """One change. ``scope``: the function or class it is in, by its dotted name, or ``module``."""

    scope: str
    line: int
    before: str
    after: str
    parent: ast.AST = field(repr=False)
    slot: str = field(repr=False)
    index: int | None = field(repr=False)
    new: ast.AST = field(repr=False)

    def make(self) -> None:
        """Put it into the tree it was found in."""
        if self.index is None:
            setattr(self.parent, self.slot, self.new)
        else:
            getattr(self.parent, self.slot)[self.index] = self.new

    @property
    def name(self) -> str:
        """How docs/mutation.md names it; the same as long as the code around it is."""
        return f"`{self.scope}` `{self.before}` ⇒ `{self.after}`"


def changes(tree: ast.Module) -> list[Change]:
    """Return every change to a module, each under a name of its own."""
    found = list(_inside(tree, "module", is_model=False))
    seen: Counter[str] = Counter()
    for change in found:
        seen[change.name] += 1
        if seen[change.name] > 1:
            change.after += f" #{seen[change.name]}"
    return found


def _only_annotates(module: ast.Module, node: ast.Assign) -> bool:
    """Whether it names a type, and no pydantic model is there to read it: an annotation like any other."""
    name = _text(node.targets[0])
    named = name[:1].isupper() and name[1:2].islower()
    return named and not any(isinstance(one, ast.ClassDef) and _is_model(one) for one in module.body)


def _is_model(node: ast.ClassDef) -> bool:
    return any(_text(base) == "BaseModel" for base in node.bases)


def _inside(parent: ast.AST, scope: str, *, is_model: bool) -> Iterator[Change]:
    for slot, value in ast.iter_fields(parent):
        if slot in _ANNOTATIONS and not (is_model and isinstance(parent, ast.AnnAssign)):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not _is_left_alone(parent, node):
                yield from _of_one(parent, slot, index, node, scope, is_model=is_model)


def _of_one(
    parent: ast.AST, slot: str, index: int | None, node: ast.AST, scope: str, *, is_model: bool
) -> Iterator[Change]:
    for new in replacements(parent, slot, node):
        ast.copy_location(new, node)
        before, after = _difference(node, new)
        yield Change(scope, getattr(node, "lineno", 0), before, after, parent, slot, index, new)
    inner = scope
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        inner = node.name if scope == "module" else f"{scope}.{node.name}"
        is_model = isinstance(node, ast.ClassDef) and _is_model(node)
    yield from _inside(node, inner, is_model=is_model)


def _is_left_alone(parent: ast.AST, node: Any) -> bool:
    if isinstance(node, _LEFT_ALONE):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return _text(node.targets[0]) == "__all__" or (isinstance(parent, ast.Module) and _only_annotates(parent, node))
    return isinstance(node, ast.keyword) and isinstance(parent, ast.Call) and _text(parent.func) == "dataclass"


def _difference(node: ast.AST, new: ast.AST) -> tuple[str, str]:
    """What is there, and what instead; where one of several parts is left out, that part and nothing."""
    if isinstance(node, ast.Call) and isinstance(new, ast.Call) and _text(node.func) != _text(new.func):
        return _text(node), _text(new)
    for slot in ("values", "elts", "keys", "keywords"):
        parts = getattr(node, slot, None) or []
        rest = getattr(new, slot) if type(new) is type(node) and parts else [new]
        gone = [part for part in parts if part not in rest]
        if len(gone) == 1 and len(parts) > 1 - (slot == "keywords"):
            return _SIGNS.get(type(getattr(node, "op", None)), "") + _text(gone[0]), ""
    return _text(node), _text(new)


def _text(node: ast.AST) -> str:
    """The code of a node, on one line."""
    if isinstance(node, ast.ExceptHandler):
        return f"except {_text(node.type) if node.type else ''}: {_text(node.body[0])}"
    if isinstance(node, ast.comprehension):
        return " ".join(["for", _text(node.target), "in", _text(node.iter), *(f"if {_text(one)}" for one in node.ifs)])
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())

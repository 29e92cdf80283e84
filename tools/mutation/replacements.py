"""What may stand in a place of the syntax tree instead of what stands there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
}
_OTHER_NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "reversed": "iter",
    "isdisjoint": "issubset",
    "union": "intersection",
    "fullmatch": "match",
    "match": "search",
}
#: Calls that may be left out: what they are called on stands for them.
_MAY_GO = {"lower", "upper", "strip", "rstrip", "replace", "astimezone", "removeprefix", "translate"}


def replacements(parent: ast.AST, slot: str, node: ast.AST) -> Iterator[ast.AST]:
    """Yield whatever may stand in for ``node``, which is ``slot`` of ``parent``."""
    if isinstance(node, ast.expr) and slot == "test" and not isinstance(parent, ast.Assert):
        yield from (ast.Constant(value=always) for always in (True, False))
    if isinstance(node, ast.Tuple) and isinstance(parent, ast.Subscript):
        return
    for kind, of in _BY_KIND:
        if isinstance(node, kind):
            yield from of(node)


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARED[type(operator)]:
            ops = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _both(node: ast.BoolOp) -> Iterator[ast.AST]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for place in range(len(node.values)):
        rest = node.values[:place] + node.values[place + 1 :]
        yield ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    yield node.operand


def _binary(node: ast.BinOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.BitOr | ast.BitAnd):
        yield node.left
        yield node.right
    if type(node.op) in _CALCULATED:
        yield ast.BinOp(node.left, _CALCULATED[type(node.op)](), node.right)


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    value: Any = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str) and " " not in value:
        yield ast.Constant(value + "x")
    elif isinstance(value, bytes):
        yield ast.Constant(value + b"x")


def _call(node: ast.Call) -> Iterator[ast.AST]:
    called = node.func
    if isinstance(called, ast.Name) and called.id in _OTHER_NAMES:
        other = _OTHER_NAMES[called.id]
        yield ast.Call(ast.Name(other, ast.Load()), node.args, [] if other == "list" else node.keywords)
    if isinstance(called, ast.Attribute):
        if called.attr in _OTHER_NAMES:
            other = _OTHER_NAMES[called.attr]
            yield ast.Call(ast.Attribute(called.value, other, ast.Load()), node.args, node.keywords)
        if called.attr in _MAY_GO:
            yield called.value
    yield from _fewer_keywords(node)


def _fewer_keywords(node: ast.Call) -> Iterator[ast.AST]:
    for place, given in enumerate(node.keywords):
        if given.arg in {"default", "key"}:
            yield ast.Call(node.func, node.args, node.keywords[:place] + node.keywords[place + 1 :])


def _either(node: ast.IfExp) -> Iterator[ast.AST]:
    yield node.body
    yield node.orelse


def _display(node: ast.Tuple | ast.List | ast.Set) -> Iterator[ast.AST]:
    if len(node.elts) < 2 or isinstance(getattr(node, "ctx", None), ast.Store):
        return
    for place in range(len(node.elts)):
        rest = node.elts[:place] + node.elts[place + 1 :]
        yield ast.Set(rest) if isinstance(node, ast.Set) else type(node)(rest, ast.Load())


def _dictionary(node: ast.Dict) -> Iterator[ast.AST]:
    for place in range(len(node.keys)):
        yield ast.Dict(node.keys[:place] + node.keys[place + 1 :], node.values[:place] + node.values[place + 1 :])


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


def _comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    for place in range(len(node.ifs)):
        others = node.ifs[:place] + node.ifs[place + 1 :]
        yield ast.comprehension(node.target, node.iter, others, node.is_async)
        negated = ast.UnaryOp(ast.Not(), node.ifs[place])
        yield ast.comprehension(node.target, node.iter, [*others, negated], node.is_async)


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield ast.Return(ast.Constant(None))


def _expression(node: ast.Expr) -> Iterator[ast.AST]:
    if isinstance(node.value, ast.Yield | ast.YieldFrom):
        # Nothing is given, and it stays a generator.
        yield ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
    else:
        yield ast.Pass()


def _dropped(_node: ast.stmt) -> Iterator[ast.AST]:
    yield ast.Pass()


def _assign(node: ast.Assign) -> Iterator[ast.AST]:
    # To drop a plain name would only be a name that is not known.
    if isinstance(node.targets[0], ast.Attribute | ast.Subscript):
        yield ast.Pass()


def _break(_node: ast.Break) -> Iterator[ast.AST]:
    yield ast.Continue()


def _continue(_node: ast.Continue) -> Iterator[ast.AST]:
    yield ast.Break()


def _handler(node: ast.ExceptHandler) -> Iterator[ast.AST]:
    yield ast.ExceptHandler(node.type, node.name, [ast.Raise(None, None)])


_BY_KIND: tuple[tuple[type | tuple[type, ...], Callable[[Any], Iterator[ast.AST]]], ...] = (
    (ast.Compare, _compare),
    (ast.BoolOp, _both),
    (ast.UnaryOp, _unary),
    (ast.BinOp, _binary),
    (ast.Constant, _constant),
    (ast.Call, _call),
    (ast.IfExp, _either),
    ((ast.Tuple, ast.List, ast.Set), _display),
    (ast.Dict, _dictionary),
    (ast.Slice, _slice),
    (ast.comprehension, _comprehension),
    (ast.Return, _return),
    (ast.Expr, _expression),
    ((ast.Raise, ast.AugAssign), _dropped),
    (ast.Assign, _assign),
    (ast.Break, _break),
    (ast.Continue, _continue),
    (ast.ExceptHandler, _handler),
)

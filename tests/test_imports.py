"""Who may import whom, held against the sentence in docs/architecture.md."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAVES_MAY_USE = {"errors", "model", "card", "crockford"}


def sentence(pattern: str) -> str:
    """The part of docs/architecture.md that a pattern names, on one line."""
    text = " ".join((ROOT / "docs" / "architecture.md").read_text("utf-8").split())
    found = re.search(pattern, text)
    assert found, f"docs/architecture.md no longer words this as {pattern}"
    return found[1]


def heights() -> dict[str, int]:
    """Each part of core with how high its layer lies, as docs/architecture.md words it."""
    layers = sentence(r"Inside core: `(errors → [^`]+)`").split("→")
    return {part: height for height, layer in enumerate(layers) for part in re.findall(r"\w+", layer)}


def leaves() -> set[str]:
    """The parts of core that may be used from anywhere."""
    return set(re.findall(r"`(\w+)`", sentence(r"__main__`\. ((?:`\w+`,? ?)+)are leaves")))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, at its top or inside a function, with dots."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name}: imports here are absolute"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parts() -> dict[str, set[str]]:
    """Each part of core (a file or a folder right below it) with the parts it imports."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "core").rglob("*.py"):
        part = path.relative_to(ROOT / "core").parts[0].removesuffix(".py")
        used = {name.split(".")[1] for name in imports(path) if name.startswith("core.")}
        found.setdefault(part, set()).update(used - {part})
    del found["__init__"]
    return found


def test_every_part_of_core_has_its_place_in_the_direction() -> None:
    assert set(parts()) <= heights().keys() | leaves()


def test_a_part_imports_only_from_its_own_layer_or_below() -> None:
    height, may = heights(), LEAVES_MAY_USE | leaves()
    found = {(part, other) for part, used in parts().items() for other in used}
    assert {(part, other) for part, other in found if part in leaves() and other not in may} == set()
    layered = {(part, other) for part, other in found if part not in leaves() and other not in leaves()}
    assert {(part, other) for part, other in layered if height[other] > height[part]} == set()


def test_there_are_no_circles_in_core() -> None:
    modules: dict[str, set[str]] = {}
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in (ROOT / "core").rglob("*.py")}
    for name, path in names.items():
        # `from core import card` names core.card; `from core.card import draw` names it with one part more.
        used = {known for found in imports(path) for known in (found, found.rpartition(".")[0]) if known in names}
        modules[name] = used - {name}
    TopologicalSorter(modules).prepare()


def test_core_knows_nothing_of_streamlit_or_of_pages() -> None:
    foreign = {"streamlit", "pages", "portal", "tools", "tests", "bench"}
    found = {(path.name, name) for path in (ROOT / "core").rglob("*.py") for name in imports(path)}
    assert {(file, name) for file, name in found if name.split(".")[0] in foreign} == set()


def test_pages_use_only_core_streamlit_and_the_standard_library() -> None:
    allowed = {"core", "streamlit", "pages", *sys.stdlib_module_names}
    found = {(str(path.relative_to(ROOT)), name) for path in (ROOT / "pages").rglob("*.py") for name in imports(path)}
    assert {(file, name) for file, name in found if name.split(".")[0] not in allowed} == set()


def test_pages_share_only_through_parts() -> None:
    found = {(str(path.relative_to(ROOT)), name) for path in (ROOT / "pages").rglob("*.py") for name in imports(path)}
    assert {(file, name) for file, name in found if name.startswith("pages.") and ".parts." not in f"{name}."} == set()


def test_pages_reach_no_crypto_and_no_tables() -> None:
    hidden = re.compile(r"core\.(seal|vault|store\.(schema|database|migrations))(\.|$)")
    found = {(str(path.relative_to(ROOT)), name) for path in (ROOT / "pages").rglob("*.py") for name in imports(path)}
    assert {(file, name) for file, name in found if hidden.match(name)} == set()

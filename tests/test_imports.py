"""Who may import whom, held against the sentence in docs/architecture.md."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Above every layer: the process's own assembly, and what starts it.
TOP = ({"portal"}, {"web"}, {"commands"}, {"__main__"})
LEAVES = {"qr", "sheet", "receipt", "text", "settings", "shelf"}
LEAVES_MAY_USE = LEAVES | {"errors", "model", "card", "crockford"}


def layers() -> list[set[str]]:
    """The layers of core, lowest first, as docs/architecture.md words them."""
    text = " ".join((ROOT / "docs" / "architecture.md").read_text("utf-8").split())
    sentence = re.search(r"Inside core: `(errors → [^`]+)`", text)
    assert sentence, "docs/architecture.md no longer words the direction as `errors → …`"
    return [set(re.findall(r"\w+", layer)) for layer in sentence[1].split("→")]


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


def heights() -> dict[str, int]:
    return {part: height for height, layer in enumerate([*layers(), *TOP]) for part in layer}


def test_every_part_of_core_has_its_place_in_the_direction() -> None:
    assert set(parts()) <= set(heights()) | LEAVES


def test_a_part_imports_only_from_its_own_layer_or_below() -> None:
    height = heights()
    upward = {(part, other) for part, used in parts().items() for other in used if not _may(height, part, other)}
    assert upward == set()


def _may(height: dict[str, int], part: str, other: str) -> bool:
    if part in LEAVES:
        return other in LEAVES_MAY_USE
    return other in LEAVES or height[other] <= height[part]


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

"""Keeps the catalogues: ``make words``. Nothing that was translated is lost.

The template of the failures is made from the code; then each language's files are brought up to their templates. A
sentence whose English changed keeps its translation, marked fuzzy, with the English it was made for beside it: until
somebody has looked at it, English is shown. What is new stays open. At the end it says what there is to do.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from inspect import getmembers, isclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from core import errors

ROOT = Path(__file__).resolve().parent.parent
TEXT = ROOT / "core" / "text"
ERRORS = "errors"
_BEFORE = "Made for: "
#: Read only where the portal is started or at the command line, which speak English.
_ENGLISH_ONLY = re.compile(r"core/(__main__|backup|head|settings|seal|store/roles|commands/.*)\.py")
_HEADER = """# Gettext template: msgctxt is the key, msgid is the English.
# What went wrong, and what to do. Made from the code by tools/words.py.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
#: Their faults are told to people as part of a refused token.
_FAULTS = re.compile(r"core/(wire\w*|model/preferences)\.py")


def sentences() -> dict[str, str]:
    """Return every sentence of the code about what went wrong, by its key, in a steady order."""
    kinds = [kind for _, kind in getmembers(errors, isclass) if issubclass(kind, errors.SaysoError)]
    found = {f"error.{kind.id}": _one_line(kind.__doc__ or "") for kind in kinds}
    said = {text: None for path in sorted((ROOT / "core").rglob("*.py")) for text in _said_in(path)}
    del found["error.bad_input"]  # only a place for what is said below
    for text in said:
        found[_key(text, found)] = text
    return dict(sorted(found.items()))


def _said_in(path: Path) -> Iterator[str]:
    place = path.relative_to(ROOT).as_posix()
    if _ENGLISH_ONLY.fullmatch(place):
        return
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        for said in _sentences_of(node, faults=bool(_FAULTS.fullmatch(place))):
            text = _written(said)
            if text and re.search(r"[a-z]{3}", re.sub(r"\{\w+\}", "", text)):
                yield text


def _sentences_of(node: ast.AST, *, faults: bool) -> Iterator[ast.expr]:
    """Yield what a node says: the ``problem`` of a failure, the conditions of a table, the second part of a check."""
    if (isinstance(node, ast.keyword) and node.arg == "problem") or (
        isinstance(node, ast.Assign) and any(_is_named(target, "problem") for target in node.targets)
    ):
        yield from _branches(node.value)
    elif isinstance(node, ast.Dict):
        yield from (key for key in node.keys if key is not None and _written(key).endswith("."))
    elif faults and isinstance(node, ast.Call) and node.args and _is_named(node.func, "check", "ValueError"):
        yield node.args[-1]


def _is_named(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _branches(node.body)
        yield from _branches(node.orelse)
    else:
        yield node


def _written(node: ast.expr) -> str:
    """Return a text as it is written, with a place for each value: ``{stub}``. Empty for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        _place(part.value) if isinstance(part, ast.FormattedValue) else _written(part) for part in node.values
    )


def _place(node: ast.expr) -> str:
    name: str = re.findall(r"[A-Za-z]\w*", ast.unparse(node))[-1]
    return f"{{{name.strip('_').lower()}}}"


def _key(text: str, taken: dict[str, str]) -> str:
    words = re.findall(r"[a-z0-9]+", text.lower())
    made = ("problem." + "_".join(words[:count]) for count in range(min(6, len(words)), len(words) + 1))
    return next(key for key in made if key not in taken)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def refreshed(old: Catalog, wanted: Catalog) -> Catalog:
    """Return a translation with just the sentences that are wanted: kept, marked as changed, or open."""
    new = Catalog(
        locale=old.locale,
        domain=wanted.domain,
        project="Sayso",
        version="1",
        header_comment=old.header_comment,
        charset="utf-8",
        creation_date=old.creation_date,
        revision_date=old.revision_date,
        fuzzy=False,
    )
    known = {message.context: message for message in old if message.id}
    for message in wanted:
        if message.id:
            _carry_over(new, message, known.get(message.context))
    return new


def _carry_over(new: Catalog, wanted: Message, known: Message | None) -> None:
    changed = known is not None and bool(known.string) and known.id != wanted.id
    fuzzy = known is not None and (changed or known.fuzzy)
    # Babel writes an English before as a comment of its own kind, but does not read it back.
    before = [one for one in known.user_comments if one.startswith(_BEFORE)] if known and fuzzy else []
    new.add(
        wanted.id,
        known.string if known else "",
        context=wanted.context,
        flags={"fuzzy"} if fuzzy else (),
        auto_comments=wanted.auto_comments,
        user_comments=[*wanted.user_comments, *([f"{_BEFORE}{known.id}"] if known and changed else before)],
    )


def still_open(catalogue: Catalog) -> list[str]:
    """Return the keys of the sentences that nobody translated, or whose English changed since."""
    return [str(message.context) for message in catalogue if message.id and (message.fuzzy or not message.string)]


def refresh(text: Path, now: datetime) -> dict[str, list[str]]:
    """Bring each language's files in a folder up to its templates. Returns what is open, by ``es/client``."""
    found = {}
    for language in sorted(path.name for path in text.iterdir() if re.fullmatch(r"[a-z]{2}", path.name)):
        for pot in sorted(text.glob("*.pot")):
            path = text / language / f"{pot.stem}.po"
            empty = Catalog(locale=language, domain=pot.stem, creation_date=now, revision_date=now)
            new = refreshed(_read(path, language) if path.exists() else empty, _read(pot))
            _write(path, new)
            found[f"{language}/{pot.stem}"] = still_open(new)
    return found


def _read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=path.stem, abort_invalid=True)


def _write(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=0)


def main() -> None:
    """Refresh everything, and say what is open."""
    write_template(TEXT / f"{ERRORS}.pot")
    for name, keys in refresh(TEXT, datetime.now(UTC)).items():
        sys.stdout.write(f"{name}: {len(keys)} open{': ' if keys else ''}{', '.join(keys)}\n")


def write_template(path: Path) -> None:
    """Write the template of the failures as the other templates are written."""
    entries = (f'msgctxt "{key}"\nmsgid {_quoted(text)}\nmsgstr ""\n' for key, text in sentences().items())
    path.write_text("\n".join([_HEADER, *entries]), "utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    main()

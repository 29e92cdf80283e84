"""The survivors that docs/mutation.md explains, read from the page itself."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path("docs/mutation.md")
_HEADING = re.compile(r"^### `(core/[a-z_/]+\.py)`$")
_LINE = re.compile(r"^- (`[^`]+` `[^`]+` ⇒ `[^`]*`): \S")


def explained(page: str) -> dict[str, set[str]]:
    """Return the names of the changes a page explains, by the file they are in."""
    found: dict[str, set[str]] = {}
    current: set[str] = set()
    for line in page.splitlines():
        if heading := _HEADING.match(line):
            current = found.setdefault(heading[1], set())
        elif entry := _LINE.match(line):
            current.add(entry[1])
    return found

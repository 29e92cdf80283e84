"""What Streamlit's own page loads: read from its ``index.html`` at start, so that an upgrade changes nothing here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

#: Parts of the frontend that it loads only when a page first uses them, by the beginning of their file name.
CLIENT_PARTS = ("Button", "Checkbox", "Html", "Radio", "TextInput", "ImageList", "DownloadButton")
_IMPORT = re.compile(rb'(?:from|import)\s*"\./([\w.-]+\.js)"')


@dataclass(frozen=True, slots=True)
class Frontend:
    """What the page needs. Addresses begin with ``/``; ``inline`` is text, in order."""

    inline: tuple[str, ...]
    scripts: tuple[str, ...]
    modules: tuple[str, ...]
    styles: tuple[str, ...]


@dataclass
class _Reader(HTMLParser):
    inline: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("src"):
            self.scripts.append(_absolute(given["src"]))
        elif tag == "script":
            self._in_script = True
        elif tag == "link" and given.get("rel") == "modulepreload":
            self.modules.append(_absolute(given["href"]))
        elif tag == "link" and given.get("rel") == "stylesheet":
            self.styles.append(_absolute(given["href"]))

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False


@cache
def read(folder: Path) -> Frontend:
    """Return what the page in ``folder`` loads, with the parts that client pages use. Raises ``OSError``.

    Looked up once in a process: what is installed does not change under a running one.
    """
    reader = _Reader()
    reader.feed((folder / "index.html").read_text("utf-8"))
    modules = dict.fromkeys(reader.modules)
    modules |= dict.fromkeys(address for part in CLIENT_PARTS for address in _with_imports(folder, part))
    wanted = (address for address in modules if address not in reader.scripts)
    return Frontend(tuple(reader.inline), tuple(reader.scripts), tuple(wanted), tuple(reader.styles))


def _with_imports(folder: Path, part: str) -> Iterator[str]:
    """Yield a part's file and all that it loads in turn."""
    scripts = folder / "static" / "js"
    waiting = [path.name for path in scripts.glob(f"{part}.*.js")]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen or not (scripts / name).is_file():
            continue
        seen.add(name)
        yield f"/static/js/{name}"
        waiting += [found.decode() for found in _IMPORT.findall((scripts / name).read_bytes())]


def _absolute(address: str | None) -> str:
    return "/" + (address or "").removeprefix("./").lstrip("/")

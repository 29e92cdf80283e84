"""The portal's own stylesheet, script and icon, under addresses that change with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
PREFIX = "/assets/"


@cache
def addresses() -> dict[str, Path]:
    """Return every address with its file."""
    return {_address(path): path for path in sorted(FOLDER.iterdir()) if path.is_file()}


@cache
def address_of(name: str) -> str:
    """Return the address of the file ``name``. Raises ``KeyError``."""
    return {path.name: address for address, path in addresses().items()}[name]


@cache
def look() -> str:
    """Return the stylesheet that every page has; app.css is the app's alone."""
    return (FOLDER / "sayso.css").read_text("utf-8")


def _address(path: Path) -> str:
    return f"{PREFIX}{path.stem}.{sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"

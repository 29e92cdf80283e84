"""The portal's own stylesheet, script and icon, under addresses that change with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup

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


def drawing(name: str, width: int, height: int, kind: str = "calm") -> Markup:
    """Return the HTML of one drawing, decoration only: screen readers pass it by, and no word of a page is in it.

    ``width`` and ``height``: in CSS pixels, at most. ``kind``: its class in the stylesheet. Raises ``KeyError`` for a
    name nobody drew.
    """
    size = f'width="{width}" height="{height}"'
    image = f'<img class="{kind}" src="{address_of(f"{name}.svg")}" {size} alt="" aria-hidden="true" decoding="async">'
    return Markup(image)  # noqa: S704 our own names and numbers


@cache
def look() -> str:
    """Return the stylesheet that every page has; app.css is the app's alone."""
    return (FOLDER / "sayso.css").read_text("utf-8")


def _address(path: Path) -> str:
    return f"{PREFIX}{path.stem}.{sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"

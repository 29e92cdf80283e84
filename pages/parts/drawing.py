"""Drawings: the portal's own files, decoration only, so that no word of a page is in them."""

from __future__ import annotations

from core.web.own_assets import address_of


def drawing(name: str, width: int, height: int, *, kind: str = "calm") -> str:
    """Return the HTML of one drawing of ``core/web/static``, ``width`` by ``height`` CSS pixels at most.

    ``kind``: its class in the stylesheet. Screen readers pass it by. Raises ``KeyError`` for a name nobody drew.
    """
    size = f'width="{width}" height="{height}"'
    address = address_of(f"{name}.svg")
    return f'<img class="{kind}" src="{address}" {size} alt="" aria-hidden="true" decoding="async">'

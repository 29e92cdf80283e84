"""Whether a public address does for a printed card."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from core.sheet.face import short_address

LONGEST_TYPED = 30


def check_base(base: str) -> list[str]:
    """Return warnings about an address before it is printed, as keys of the catalogue; none where it is fine."""
    parts = urlsplit(base)
    found = {
        "print.base.loopback": _is_loopback(parts),
        "print.base.private": _is_private(parts),
        "print.base.http": parts.scheme.lower() != "https",
        "print.base.long": len(short_address(base)) > LONGEST_TYPED,
    }
    return [key for key, is_so in found.items() if is_so]


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_private(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return not ip_address(host).is_global and not _is_loopback(parts)
    except ValueError:
        # A name without a dot, or in one of the zones kept for local networks, is known to no phone outside.
        local = host.endswith((".local", ".lan", ".internal", ".home.arpa")) or "." not in host
        return local and not _is_loopback(parts)

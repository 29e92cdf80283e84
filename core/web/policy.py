"""The content security policies: one for each kind of document. Nothing comes from anywhere else, ever."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Literal

from core.web import own_assets

Document = Literal["client", "staff", "own", "other"]

#: The two style blocks that Streamlit's frontend makes: an empty one, and one rule of its styling library.
#: Without the first the page loses its look although nothing else is refused.
_STYLE_BLOCKS = (
    "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=",
)
_SELF = "'self'"


def source_hash(text: str) -> str:
    """Return the CSP source that allows exactly this inline text."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def policies(inline_scripts: Iterable[str]) -> dict[Document, str]:
    """Return the policy of each kind of document. ``inline_scripts``: what stands inline in Streamlit's page."""
    scripts = [_SELF, *(f"'{source_hash(text)}'" for text in inline_scripts)]
    styles = [_SELF, *(f"'{block}'" for block in _STYLE_BLOCKS)]
    client = {
        "script-src": scripts,
        "style-src": styles,
        "img-src": [_SELF],
        # Streamlit's stylesheet carries one of its fonts inside itself.
        "font-src": [_SELF, "data:"],
        "connect-src": [_SELF],
        "manifest-src": [_SELF],
    }
    # The camera input shows its picture as a blob: and reads it back from a data: address.
    staff = client | {"img-src": [_SELF, "data:", "blob:"], "connect-src": [_SELF, "data:"]}
    # The look stands inside of these, so that it needs no round trip of its own.
    look = f"'{source_hash(own_assets.look())}'"
    own = {"script-src": [_SELF], "style-src": [_SELF, look], "img-src": [_SELF], "connect-src": [_SELF]}
    return {
        "client": _written(client, forms=_SELF),
        "staff": _written(staff, forms=_SELF),
        "own": _written(own, forms=_SELF),
        "other": _written({}, forms="'none'"),
    }


def _written(sources: dict[str, list[str]], forms: str) -> str:
    directives = {"default-src": ["'none'"], **sources}
    directives |= {"base-uri": ["'none'"], "form-action": [forms], "frame-ancestors": ["'none'"]}
    directives |= {"object-src": ["'none'"]}
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())

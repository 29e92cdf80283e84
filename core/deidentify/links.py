"""Ways to reach or look up someone: e-mail and web addresses (found by linkify-it), and handles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from linkify_it import LinkifyIt

from core.deidentify.finding import Finding, Kind, first_come, matches

#: Endings that people write without ``https://`` before it, beside those of countries, which linkify-it knows.
_ENDINGS = (
    *("app", "art", "biz", "blog", "care", "clinic", "church", "club", "com", "coach", "dev", "doctor", "edu", "email"),
    *("example", "gov", "health", "info", "life", "link", "live", "me", "mobi", "name", "net", "online", "org", "page"),
    *("pro", "school", "shop", "site", "social", "space", "store", "studio", "support", "tech", "therapy", "website"),
    *("wiki", "work", "world", "xyz"),
)
_MAYBE = re.compile(r"(?<!\S)\S*[\w/][.@:/][\w/]\S*")
_HANDLE = re.compile(r"(?<![\w.@/])@\w(?:[\w.-]*\w)?|(?<![\w/])u/(?P<it>[\w-]{3,})")
_CALLED = re.compile(
    r"\b(?i:screen ?name|user ?name|handle|gamer ?tag|login|goes by)(?i:,? is| was|:)? @?(?P<it>(?=\w*[_\d])\w{3,})"
)
_AT = re.compile(r"(?<![\w.@/])@\w(?:[\w.-]*\w)?")


def find(text: str) -> Iterator[Finding]:
    """Yield every address and handle, each once."""
    return first_come(
        (
            _addresses(text),
            matches("handle", _HANDLE, text),
            matches("handle", _AT, text),
            matches("handle", _CALLED, text),
        )
    )


def _addresses(text: str) -> Iterator[Finding]:
    # A link has no space in it, so only words with a sign of one are looked at: most drafts have none.
    for word in _MAYBE.finditer(text):
        for link in _linkifier().match(word[0]) or ():
            kind: Kind = "email" if link.schema == "mailto:" else "url"
            yield Finding(kind, word.start() + link.index, word.start() + link.last_index)


@cache
def _linkifier() -> LinkifyIt:
    return LinkifyIt().tlds(list(_ENDINGS), keep_old=True)

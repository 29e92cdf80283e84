"""Every sentence people read, by key, from gettext catalogues.

A ``.pot`` template holds the key as ``msgctxt`` and the English as ``msgid``; a translation adds
``msgstr``. A string missing in a translation is shown in English.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from babel import Locale
from babel.messages.pofile import read_po

from core.errors import SaysoError
from core.text.problems import Pattern, in_words, patterns

_HERE = Path(__file__).parent
_NOTICE = "notice"
_ERRORS = "errors"
#: The languages there are words for, in the order they are offered. The first is what is left where none fits.
LANGUAGES = ("en", "es")


class Words:
    """The words of one language: ``words("welcome.title", name="…")``."""

    def __init__(self, language: str = "en") -> None:
        self.language = language if language in LANGUAGES else "en"
        self._strings = _strings(self.language)
        self._said = _patterns(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence under ``key`` with its placeholders filled. Raises ``KeyError``."""
        text = self._strings[key]
        return text.format(**values) if values else text

    @property
    def direction(self) -> str:
        """How this language runs: ``ltr``, or ``rtl`` from right to left."""
        return str(Locale.parse(self.language).text_direction)

    def problem(self, problem: SaysoError | str) -> str:
        """Return what went wrong and what to do, in these words. ``problem``: a failure, or its finished sentence."""
        if isinstance(problem, str):
            return in_words(problem, self._said)
        key = f"error.{problem.id}"
        if not self.has(key):
            return in_words(problem.sentence, self._said)
        details = {
            name: in_words(value, self._said) if isinstance(value, str) else value
            for name, value in problem.details.items()
        }
        return self._strings[key].format(**details)

    def has(self, key: str) -> bool:
        """Whether there is a sentence under ``key``."""
        return key in self._strings


@cache
def notice_hash(language: str) -> bytes:
    """Return the 8 bytes that name the words a permission rests on, in this language.

    First 8 bytes of SHA-256 of the notice strings in file order, NFC, joined by LF, UTF-8.
    """
    strings = _strings(language)
    shown = "\n".join(normalize("NFC", strings[key]) for key in template(_NOTICE))
    return sha256(shown.encode()).digest()[:8]


def domains() -> tuple[str, ...]:
    """Return the names of the catalogue files."""
    return tuple(sorted(path.stem for path in _HERE.glob("*.pot")))


@cache
def template(domain: str) -> dict[str, str]:
    """Return a catalogue's English by key, in file order. ``domain``: one of `domains`."""
    with (_HERE / f"{domain}.pot").open("rb") as file:
        catalogue = read_po(file, abort_invalid=True)
    return {str(message.context): str(message.id) for message in catalogue if message.id and message.context}


@cache
def _patterns(language: str) -> list[Pattern]:
    return patterns(template(_ERRORS), _strings(language))


@cache
def _strings(language: str) -> dict[str, str]:
    strings: dict[str, str] = {}
    for domain in domains():
        strings |= template(domain)
        translated = _HERE / language / f"{domain}.po"
        if translated.exists():
            with translated.open("rb") as file:
                catalogue = read_po(file, locale=language, abort_invalid=True)
            strings |= {
                str(m.context): str(m.string) for m in catalogue if m.id and m.context and m.string and not m.fuzzy
            }
    return strings

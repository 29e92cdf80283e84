"""Which language a reader gets: what they picked, else their card's, else their phone's, else English. Pure."""

from __future__ import annotations

from babel import Locale, negotiate_locale

from core import text

#: A browser says much less. What is longer is not read.
_LONGEST_HEADER = 500


def chosen(picked: str, card: str, accept_language: str) -> str:
    """Return the language to use. ``picked``, ``card``: a language or empty; ``accept_language``: the phone's header.

    Each counts only where there are words for it.
    """
    named = (language for language in (picked, card) if language in text.LANGUAGES)
    return next(named, None) or of_phone(accept_language)


def of_phone(accept_language: str) -> str:
    """Return the language that suits an ``Accept-Language`` header best, or English. Garbage counts as nothing."""
    weighed = [_weighed(part) for part in accept_language[:_LONGEST_HEADER].split(",")]
    wanted = [tag for tag, weight in sorted(weighed, key=lambda one: -one[1]) if tag and weight > 0]
    return negotiate_locale(wanted, text.LANGUAGES, sep="-") or text.LANGUAGES[0]


def names() -> list[tuple[str, str]]:
    """Return each language with its name in its own words, in one order: ``("es", "Español")``."""
    return [(language, _own_name(language)) for language in text.LANGUAGES]


def _own_name(language: str) -> str:
    name = Locale.parse(language).get_display_name() or language
    return name[:1].upper() + name[1:]


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    # Babel takes "es-MX" for "es"; a tag with more parts, such as "zh-Hant-TW", it compares by its first.
    return "-".join(tag.strip().lower().split("-")[:2]), weight

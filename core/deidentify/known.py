"""Lists of names from libraries, loaded at first use: given names (Faker), countries and large cities (Babel, CLDR)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from zoneinfo import available_timezones

from babel import Locale

from core.deidentify import english

#: Where given names come from: those most met in English-speaking practices.
_LOCALES = (
    *("en", "en_US", "en_GB", "en_IE", "en_IN", "en_KE", "en_NG", "en_NZ", "en_PK", "es_MX", "es_ES", "fr_FR", "pt_BR"),
    *("it_IT", "pl_PL", "tr_TR", "vi_VN", "ig_NG", "yo_NG", "ha_NG", "tw_GH", "sw", "sv_SE"),
)
_FIELDS = ("first_names", "first_names_male", "first_names_female", "first_names_nonbinary")


def is_given(word: str) -> bool:
    """Whether a word, in any case, is a given name somewhere."""
    return word.lower() in _given_names()


def is_state(words: str) -> bool:
    """Whether words, in lower case, name a country or a state: larger than what the law counts as a place."""
    return words in english.STATES or words in _countries() or words in _TWO_WORD_STATES


def is_city(words: str) -> bool:
    """Whether words, in lower case, name a city: one that gave its name to a time zone, or reads like a person's."""
    return words in _cities() or words in english.CITIES_LIKE_NAMES


_TWO_WORD_STATES = frozenset(
    f"{first} {second}"
    for first, seconds in {
        "new": ("hampshire", "jersey", "mexico", "york", "zealand"),
        "north": ("carolina", "dakota"),
        "south": ("carolina", "dakota", "africa", "korea"),
        "west": ("virginia",),
        "rhode": ("island",),
        "united": ("states", "kingdom"),
    }.items()
    for second in seconds
)


@cache
def _given_names() -> frozenset[str]:
    return frozenset(name.lower() for locale in _LOCALES for name in _names_of(locale))


def _names_of(locale: str) -> Iterator[str]:
    provider = import_module(f"faker.providers.person.{locale}").Provider
    for field in _FIELDS:
        names = getattr(provider, field, ())
        # Some locales work a list out from the two others, which are here already.
        if isinstance(names, Iterable):
            yield from names


@cache
def _countries() -> frozenset[str]:
    return frozenset(name.lower() for code, name in Locale("en").territories.items() if len(code) == 2)


@cache
def _cities() -> frozenset[str]:
    zones = (zone.rpartition("/")[2].replace("_", " ").lower() for zone in available_timezones() if "/" in zone)
    return frozenset(city for city in zones if city.isascii() and len(city) > 3) - _countries() - english.STATES

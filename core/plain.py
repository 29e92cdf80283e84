"""A preferences document in plain words, the same on every screen, copy and list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from babel import Locale
from babel.dates import format_date

from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.text import Words

TypedOrder = Literal["DD/MM/YYYY", "MM/DD/YYYY", "YYYY/MM/DD"]


def day(moment: datetime | date, words: Words) -> str:
    """Return a day in words: ``22 November 2026`` in the reader's own order."""
    return format_date(moment, "long", locale=words.language)


def typed_order(words: Words) -> TypedOrder:
    """Return how a day is typed in numbers: in the order in which the reader's language writes it."""
    pattern = Locale.parse(words.language).date_formats["short"].pattern
    first = next(letter for letter in pattern.lower() if letter in "dmy")
    orders: dict[str, TypedOrder] = {"d": "DD/MM/YYYY", "m": "MM/DD/YYYY", "y": "YYYY/MM/DD"}
    return orders[first]


def places(document: Preferences, words: Words) -> list[tuple[str, str]]:
    """Return each place with what was chosen for it, in the one order of places."""
    return [
        (words(f"channel.{channel}.label"), words(f"treatment.{document.channels[channel]}.label"))
        for channel in TAXONOMY.channel_ids
    ]


def materials(document: Preferences, words: Words) -> list[str]:
    """Return what may be used; those that always ask say so."""
    return [material(term, words) for term in document.materials]


def material(term_id: str, words: Words) -> str:
    """Return one material's label, with its note where it always asks."""
    label = words(f"material.{term_id}.label")
    floor = next(term.floor for term in TAXONOMY.materials if term.id == term_id)
    return words("limits.asked_first", label=label) if "ask" in floor else label


def topics(document: Preferences, words: Words) -> list[str]:
    """Return the topics that may come up."""
    return [words(f"topic.{topic}.label") for topic in document.topics]


def timing(document: Preferences, words: Words) -> list[str]:
    """Return in therapy or after, and how long after a session."""
    return [words(f"therapy.{document.therapy}.label"), words(f"gap.{document.gap_months}.label")]


def ending(document: Preferences, words: Words) -> str:
    """Return when it ends, or that a no does not."""
    if document.expires_at is None:
        return words("check.end.never")
    return words("check.end.on", date=day(document.expires_at, words))


def effect(document: Preferences, words: Words) -> str | None:
    """Return the plain warning where the answers add up to no for now, else None."""
    if not document.has_yes or document.expires_at is None:
        return None
    if not document.materials:
        return words("check.effect.nothing_ticked", date=day(document.expires_at, words))
    return words("check.effect.after_therapy") if document.therapy == "after" else None

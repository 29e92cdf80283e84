"""A card's choices and state in the therapist's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core import plain
from core.changes import Change
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.people import Person
from core.standing import Hold, Standing, words_changed
from core.text import Words
from core.token import Token

#: A sign for each treatment, always beside its words.
SIGNS = {"never": "✕", "composite": "◑", "ask": "?", "disguised": "✓", "undecided": "–"}


def limit_facts(document: Preferences, words: Words) -> list[tuple[str, str]]:
    """Return what limits a document, as pairs of name and value; without a yes there is little to limit."""
    pairs = []
    if document.has_yes:
        pairs = [
            (words("staff.materials"), _listed(plain.materials(document, words), words)),
            (words("staff.topics"), _listed(plain.topics(document, words), words)),
            (words("staff.when"), ". ".join(plain.timing(document, words))),
        ]
    if "disguised" in document.channels.values():
        pairs.append((words("recognise_self.label"), _yes_no(document.may_recognise_self, words)))
    if document.note:
        pairs.append((words("staff.note"), document.note))
    return [*pairs, (words("staff.ends"), ends(document, words))]


def ends(document: Preferences, words: Words) -> str:
    """Return until when a document holds."""
    if document.expires_at is None:
        return words("staff.ends.never")
    return words("staff.ends.on", date=plain.day(document.expires_at, words))


def document_facts(document: Preferences, words: Words) -> list[tuple[str, str]]:
    """Return a whole document, place by place and with its limits, as pairs of name and value."""
    return [*plain.places(document, words), *limit_facts(document, words)]


def change_facts(changes: Iterable[Change], words: Words) -> list[tuple[str, str]]:
    """Return each change as a name, and what it is now and was before."""
    return [
        (
            _field(change.field, words),
            words(
                "staff.change",
                after=_value(change.field, change.after, words),
                before=_value(change.field, change.before, words),
            ),
        )
        for change in changes
    ]


def _field(field: str, words: Words) -> str:
    family, _, term = field.partition(".")
    if term:
        return words(f"{family.removesuffix('s')}.{term}.label")
    return words("recognise_self.label" if family == "may_recognise_self" else f"staff.field.{family}")


def _value(field: str, value: object, words: Words) -> str:
    family = field.partition(".")[0]
    if family == "channels":
        return words(f"treatment.{value}.label")
    if family in {"materials", "topics"}:
        return words("staff.ticked" if value else "staff.left_out")
    if family == "may_recognise_self":
        return _yes_no(bool(value), words)
    if family == "note":
        return str(value) or words("staff.none")
    return words(f"{family.removesuffix('_months')}.{value}.label") if value else _zero(family, words)


def _zero(family: str, words: Words) -> str:
    return words("gap.0.label") if family == "gap_months" else words("staff.none")


def glance(document: Preferences, words: Words) -> list[tuple[str, str]]:
    """Return, for each treatment that occurs, its sign and one line: ``Never: videos, books``."""
    said = []
    for treatment, sign in SIGNS.items():
        places = [
            words(f"staff.short.{place}") for place in TAXONOMY.channel_ids if document.channels[place] == treatment
        ]
        if places:
            label = words(f"treatment.{treatment}.label")
            said.append((sign, words("staff.glance", treatment=label, places=", ".join(places))))
    return said


def state(person: Person, now: datetime, words: Words) -> list[str]:
    """Return where a card stands, in sentences, the most urgent first."""
    if person.last_import is None:
        return [words("staff.state.nothing")]
    ends = [document.expires_at for document in person.standing.documents if document.expires_at]
    date = plain.day(min(ends), words) if ends else ""
    dated = {"ended", "ends_soon"}
    said = [
        words(f"staff.state.{flag}", date=date) if flag in dated else words(f"staff.state.{flag}")
        for flag in person.attention
    ]
    return said or [words("staff.state.permits" if person.standing.permits_something(now) else "staff.state.no")]


def holds(holds: Iterable[Hold], words: Words) -> list[str]:
    """Return why nothing may be used for now, each hold once."""
    said = [words(f"staff.hold.{hold.reason}", date=plain.day(hold.token.body.issued_at, words)) for hold in holds]
    return list(dict.fromkeys(said))


def after_import(standing: Standing, words: Words) -> str:
    """Return in one sentence where a card stands after an import."""
    if standing.withdrawn:
        return words("staff.state.withdrawn")
    if standing.pending_keys:
        return words("staff.state.compare")
    if standing.on_hold:
        return words("staff.state.hold")
    return words("staff.state.new_words" if any(map(words_changed, standing.in_force)) else "staff.state.counts")


def kind(token: Token, words: Words) -> str:
    """Return what a token is."""
    body = token.body
    everything = body.kind == "withdrawal" and getattr(body.content, "scope", "") == "everything"
    return words("staff.kind.stop" if everything else f"staff.kind.{body.kind}")


def seals(token: Token, words: Words) -> list[str]:
    """Return what is known of a token's making: signed, understood, by whom."""
    body = token.body
    said = [words("staff.signed" if body.signed else "staff.paper" if body.paper else "staff.unsigned")]
    if body.guardian:
        said.append(words("staff.guardian"))
    if body.kind == "preferences" and (body.understood or body.expires_at):
        said.append(words("staff.understood" if body.understood else "staff.not_understood"))
    return said


def _listed(labels: list[str], words: Words) -> str:
    return "; ".join(labels) or words("staff.none")


def _yes_no(value: bool, words: Words) -> str:  # noqa: FBT001 - it is what is shown
    return words("staff.yes" if value else "staff.no")

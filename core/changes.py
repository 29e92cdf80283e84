"""What differs between two preferences documents, thing by thing. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: ``field`` such as ``channels.video``. ``before``: None where there was nothing."""

    field: str
    before: object
    after: object


def changes(before: Preferences | None, after: Preferences) -> tuple[Change, ...]:
    """Return what differs, in the one order of things. Everything differs from nothing."""
    old, new = {} if before is None else _flat(before), _flat(after)
    return tuple(Change(field, old.get(field), value) for field, value in new.items() if old.get(field) != value)


def _flat(document: Preferences) -> dict[str, object]:
    flat: dict[str, object] = {f"channels.{c}": document.channels[c] for c in TAXONOMY.channel_ids}
    flat |= {f"materials.{m}": m in document.materials for m in TAXONOMY.material_ids}
    flat |= {f"topics.{t}": t in document.topics for t in TAXONOMY.topic_ids}
    for field in ("note", "may_recognise_self", "therapy", "gap_months", "term_months"):
        flat[field] = getattr(document, field)
    return flat

"""What in a draft may give someone away: findings to look at, never a proof that nothing is left.

Source: 45 CFR 164.514(b)(2), the eighteen identifiers, and the context that the therapist's check adds
(docs/decisions/deidentification.md). Rules and lists, no model: the same draft gives the same findings, in
milliseconds, on the practice's own machine. Names and words are English; numbers, links and
the names of months and days follow any language.
"""

from __future__ import annotations

from core.deidentify import capitals, links, numbers, telling, times
from core.deidentify.finding import KINDS, Finding, Kind, Segment, marked, plain

__all__ = ["CAUTION", "FOUND_NONE", "ITEM_OF", "KINDS", "Finding", "Kind", "Segment", "find", "marked", "name_key"]

#: The item of the checklist (core/model/checklist.py) that a finding belongs to.
ITEM_OF: dict[Kind, str] = {
    "name": "names",
    "place": "places",
    "date": "dates",
    "age": "dates",
    "phone": "phones",
    "fax": "faxes",
    "email": "emails",
    "ssn": "ssns",
    "record": "records",
    "plan": "plans",
    "account": "accounts",
    "licence": "licences",
    "vehicle": "vehicles",
    "device": "devices",
    "url": "urls",
    "ip": "ips",
    "biometric": "biometrics",
    "photo": "photos",
    "code": "codes",
    "handle": "codes",
    "employer": "employer",
    "school": "school",
    "quote": "quotes",
    "relation": "family_shape",
    "session": "near_session",
}
#: Catalogue keys of what stands above a marked draft: some was found, or none. Neither says that it is safe.
CAUTION, FOUND_NONE = "finding.caution", "finding.none"
#: What is certain of its place: where one of these lies, a date, a name or a place does not.
_CERTAIN = frozenset(
    {
        "email",
        "url",
        "handle",
        "ip",
        "phone",
        "fax",
        "ssn",
        "record",
        "plan",
        "account",
        "licence",
        "vehicle",
        "device",
        "code",
    }
)
_YIELDING = frozenset({"name", "place", "employer", "school", "date", "age", "code"})


def find(text: str, language: str = "en") -> list[Finding]:
    """Return what in a draft may give someone away, in the order of the text; a name may lie in a quote."""
    flat = plain(text)
    linked = list(links.find(flat))
    counted = [finding for finding in numbers.find(flat) if not _under(finding, linked)]
    certain = linked + counted + list(telling.find(flat, text))
    dated = list(times.find(flat, language))
    named = [finding for finding in capitals.find(flat) if not _under(finding, dated)]
    found = certain + [
        finding for finding in dated + named if not _under(finding, [c for c in certain if c.kind in _CERTAIN])
    ]
    return sorted(set(found), key=lambda finding: (finding.start, finding.end, KINDS.index(finding.kind)))


def name_key(kind: Kind) -> str:
    """Return the catalogue key of the plain name of what was found."""
    return f"finding.{kind}.label"


def _under(finding: Finding, others: list[Finding]) -> bool:
    return finding.kind in _YIELDING and any(finding.start < o.end and o.start < finding.end for o in others)

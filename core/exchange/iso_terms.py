"""Our own words in JSON-LD, beside those of the W3C Data Privacy Vocabulary (DPV): context and vocabulary.

Source of the terms: DPV 2.2, https://w3id.org/dpv, and its guide for ISO/IEC TS 27560. The context stands in
each document, so that nothing has to be fetched to read it.
"""

from __future__ import annotations

from typing import Any

from core.exchange.subject import urn
from core.model.taxonomy import PROMOTION, TAXONOMY, BitTerm, CodedTerm

Json = dict[str, Any]

_OURS = urn("vocabulary") + "#"
_ID, _TIME, _TRUE, _NUMBER = (
    {"@type": name} for name in ("@id", "xsd:dateTime", "xsd:boolean", "xsd:nonNegativeInteger")
)
_LINKS = (
    *("hasConsentControl", "hasConsentStatus", "hasDataController", "hasDataSubject", "hasDuration", "hasJurisdiction"),
    *("hasLegalBasis", "hasNotice", "hasPersonalData", "hasProcess", "hasProcessing", "hasPurpose", "hasRecipient"),
    *("hasRecordOfActivity", "hasRight", "hasRule", "hasStorageCondition", "isIndicatedBy"),
)
CONTEXT: Json = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "sayso": {"@id": _OURS, "@prefix": True},
    **{f"dpv:{name}": _ID for name in _LINKS},
    **{f"dct:{name}": _ID for name in ("audience", "conformsTo", "hasPart", "publisher")},
    **{f"sayso:{name}": _ID for name in ("current", "material", "topic", "treatment", "therapy")},
    "skos:broader": _ID,
    "dct:created": _TIME,
    "dpv:isIndicatedAtTime": _TIME,
    "sayso:readyAt": _TIME,
    "sayso:recogniseSelf": _TRUE,
    "sayso:understood": _TRUE,
    "sayso:gapMonths": _NUMBER,
    "sayso:sequence": _NUMBER,
}

#: What all personal data here is a part of.
TOLD = "sayso:told"


def term(family: str, name: str) -> str:
    """Return one of our terms: ``sayso:place-video``."""
    return f"sayso:{family}-{name}"


def vocabulary() -> list[Json]:
    """Return each of our terms with its words and what it is in DPV, for who reads the file."""
    told = {"@id": TOLD, "@type": "dpv:SpecialCategoryPersonalData", "skos:prefLabel": "What a client told or did"}
    return [
        told,
        *(_purpose(channel) for channel in TAXONOMY.channels),
        *(_said("material", one) | {"skos:broader": TOLD} | told_type() for one in TAXONOMY.materials),
        *(_said("topic", one) for one in TAXONOMY.topics),
        *(_said("treatment", one) for one in TAXONOMY.treatments),
        *(_said("therapy", one) for one in TAXONOMY.therapy),
    ]


def told_type() -> Json:
    """Return what any material is: that somebody is in therapy is about their health."""
    return {"@type": "dpv:SpecialCategoryPersonalData"}


def _purpose(channel: BitTerm) -> Json:
    wider = "dpv:Advertising" if channel.id == PROMOTION else "dpv:CommunicationManagement"
    return _said("place", channel) | {"@type": "dpv:Purpose", "skos:broader": wider}


def _said(family: str, one: BitTerm | CodedTerm) -> Json:
    return {"@id": term(family, one.id), "skos:prefLabel": one.label}

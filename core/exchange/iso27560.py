"""What is held of each card as ISO/IEC TS 27560 consent records and receipts: JSON-LD in W3C DPV. Pure.

One record for each document in force and for each question about a draft, one receipt for each card. What
of the standard is not held here is left out and never made up: docs/exchange.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.exchange import iso_status
from core.exchange.iso_terms import CONTEXT, TOLD, Json, term, vocabulary
from core.exchange.subject import Document, Exporter, Question, Stop, Subject, urn, usable_materials, uuid_of
from core.model.dates import iso
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY

_SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#"
_ALSO = {"composite": ["dpv:Combine"], "disguised": ["dpv:Adapt"]}
_RECIPIENT = {"@type": "dpv:Recipient", "dct:description": "Anyone who can see the place where it is told"}
_STORED = [
    {"@type": "dpv:StorageLocation", "dct:description": "The practice's own vault, sealed under its passphrase"},
    {
        "@type": "dpv:StorageDuration",
        "dpv:hasDuration": {"@type": "dpv:UntilEventDuration", "rdf:value": "It is taken down, where it can be"},
    },
]
_RIGHT = {
    "@type": "dpv:DataSubjectRight",
    "dct:title": "To change or stop any choice at any time, without a reason; to stop, without a key, too",
}


def graph(subjects: Iterable[Subject], exporter: Exporter, now: datetime, head: str) -> Json:
    """Return one JSON-LD document: records, receipts, who keeps them, our vocabulary, and the record's ``head``."""
    found = [(subject, records(subject, exporter, now)) for subject in subjects]
    receipts = [_receipt(subject, own, exporter, now) for subject, own in found if own]
    every = [record for _, own in found for record in own]
    activities = {
        "@id": urn(f"iso/activities/{head}"),
        "@type": "dpv:RecordsOfActivities",
        "dct:created": iso(now),
        "dct:publisher": _controller_id(exporter),
        "dct:hasPart": [one["@id"] for one in (*every, *receipts)],
        "sayso:head": head,
    }
    return {"@context": CONTEXT, "@graph": [activities, _controller(exporter), *every, *receipts, *vocabulary()]}


def records(subject: Subject, exporter: Exporter, now: datetime) -> list[Json]:
    """Return one card's consent records."""
    standing = [_standing(subject, document, exporter, now) for document in subject.documents]
    if subject.stop and not standing:
        standing = [_stopped(subject, subject.stop, exporter, now)]
    return [*standing, *(_one_draft(subject, question, exporter, now) for question in subject.questions)]


def _standing(subject: Subject, document: Document, exporter: Exporter, now: datetime) -> Json:
    return _record(subject, exporter, f"document/{document.digest}", now) | {
        "dpv:hasNotice": {
            "@id": urn(f"iso/notice/{document.notice}"),
            "@type": "dpv:ConsentNotice",
            "dct:identifier": document.notice,
            "dct:language": document.language,
        },
        "dpv:hasProcess": [_process(subject, document, place, exporter) for place in TAXONOMY.channel_ids],
        **_events(iso_status.of_document(subject, document, now)),
        "sayso:token": document.digest,
        "sayso:sequence": document.sequence,
        **_limits(document.chosen),
    }


def _stopped(subject: Subject, stop: Stop, exporter: Exporter, now: datetime) -> Json:
    processes = [_place(exporter, place, [TOLD], "never", permitted=False) for place in TAXONOMY.channel_ids]
    return _record(subject, exporter, f"stop/{stop.digest}", now) | {
        "dpv:hasProcess": processes,
        **_events(iso_status.of_stop(stop)),
        "sayso:token": stop.digest,
    }


def _limits(chosen: Preferences) -> Json:
    note = {"sayso:leaveOut": chosen.note} if chosen.note else {}
    return {
        "sayso:material": [term("material", one) for one in chosen.materials],
        "sayso:topic": [term("topic", one) for one in chosen.topics],
        "sayso:recogniseSelf": chosen.may_recognise_self,
        "sayso:therapy": term("therapy", chosen.therapy),
        "sayso:gapMonths": chosen.gap_months,
        "sayso:understood": chosen.understood,
        **note,
    }


def _process(subject: Subject, document: Document, place: str, exporter: Exporter) -> Json:
    permitted = subject.permitted(document).get(place)
    materials = usable_materials(document) if permitted else document.chosen.materials
    data: list[object] = [term("material", one) for one in materials]
    treatment = permitted or document.chosen.channels[place]
    return _place(exporter, place, data or [TOLD], treatment, permitted=permitted is not None)


def _one_draft(subject: Subject, question: Question, exporter: Exporter, now: datetime) -> Json:
    granted = subject.granted(question, now)
    data: list[object] = [{"@type": "dpv:SpecialCategoryPersonalData", "dct:identifier": question.content_hash}]
    events = iso_status.of_question(subject, question, _controller_id(exporter), now)
    return _record(subject, exporter, f"request/{question.request_id}", now) | {
        "dpv:hasNotice": {
            "@id": urn(f"iso/notice/{question.request_id}"),
            "@type": "dpv:ConsentNotice",
            "dct:identifier": question.request_id,
        },
        "dpv:hasProcess": [
            _place(exporter, place, data, "ask", permitted=place in granted) for place in question.channels
        ],
        **_events(events),
        "sayso:account": question.account,
    }


def _events(events: list[Json]) -> Json:
    # A list in JSON-LD has no order: which one counts now is said beside it.
    return {"dpv:hasConsentStatus": events, "sayso:current": events[-1]["@type"]}


def _place(exporter: Exporter, place: str, data: list[object], treatment: str, *, permitted: bool) -> Json:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": term("place", place),
        "dpv:hasProcessing": ["dpv:Disseminate", *_ALSO.get(treatment, [])],
        "dpv:hasPersonalData": data,
        "dpv:hasDataController": _controller_id(exporter),
        "dpv:hasRecipient": _RECIPIENT,
        "dpv:hasStorageCondition": _STORED,
        "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",
        "dpv:hasRule": {
            "@type": "dpv:Permission" if permitted else "dpv:Prohibition",
            "sayso:treatment": term("treatment", treatment),
        },
    }


def _record(subject: Subject, exporter: Exporter, name: str, now: datetime) -> Json:
    jurisdiction = {"@type": "dpv:Location", "dct:title": exporter.jurisdiction}
    # The schema asks for both; who does not state them does not claim to follow it.
    complete = {"dct:conformsTo": _SCHEMA + "record"} if exporter.postal and exporter.jurisdiction else {}
    return {
        "@id": urn(f"iso/{name}"),
        "@type": "dpv:ConsentRecord",
        "dct:identifier": str(uuid_of(f"iso/{name}")),
        "dct:created": iso(now),
        **complete,
        "dpv:hasDataSubject": _who(subject),
        "dpv:hasDataController": _controller_id(exporter),
        **({"dpv:hasJurisdiction": jurisdiction} if exporter.jurisdiction else {}),
        "dpv:hasConsentControl": {
            "@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"],
            **({"dpv:isExercisedAt": exporter.site} if exporter.site else {}),
        },
        "dpv:hasRight": _RIGHT,
    }


def _receipt(subject: Subject, own: list[Json], exporter: Exporter, now: datetime) -> Json:
    name = f"iso/receipt/{subject.card}/{iso(now)}"
    return {
        "@id": urn(name),
        "@type": "dpv:ConsentReceipt",
        "dct:identifier": str(uuid_of(name)),
        **({"dct:conformsTo": _SCHEMA + "receipt"} if "dct:conformsTo" in own[0] else {}),
        "dct:created": iso(now),
        "dct:publisher": _controller_id(exporter),
        "dct:audience": urn(f"iso/card/{subject.card}"),
        "dpv:hasRecordOfActivity": [record["@id"] for record in own],
    }


def _who(subject: Subject) -> Json:
    return {"@id": urn(f"iso/card/{subject.card}"), "@type": "dpv:DataSubject", "dct:identifier": subject.card}


def _controller_id(exporter: Exporter) -> str:
    return urn(f"iso/controller/{exporter.therapist_id}")


def _controller(exporter: Exporter) -> Json:
    known = {"dpv:hasContact": exporter.site, "dpv:hasAddress": exporter.postal}
    return {
        "@id": _controller_id(exporter),
        "@type": ["dpv:DataController", "dpv:LegalEntity"],
        "dct:identifier": exporter.therapist_id,
        "dpv:hasName": f"{exporter.therapist}, {exporter.practice}",
    } | {name: value for name, value in known.items() if value}

"""One card as FHIR R4 ``Consent`` resources. Pure.

Everything is denied; only what may be used without asking, and each yes to one draft, is permitted below
that. A no is ``active`` and denies. A yes that something stands against is not ``active`` and permits nothing.
Source: the text of R4 at ``Consent``; readings and what is lost: docs/exchange.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.exchange import fhir_terms as terms
from core.exchange.fhir_terms import CONDITIONS, DOCUMENT, PLACES, PUBLISH, STANDING, Json
from core.exchange.subject import OBSTACLES, Document, Exporter, Question, Stop, Subject, usable_materials, uuid_of
from core.model.dates import iso
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY

_HL7 = "http://terminology.hl7.org/CodeSystem/"
_SCOPE = {"coding": [{"system": _HL7 + "consentscope", "code": "patient-privacy", "display": "Privacy Consent"}]}
_CATEGORY = [
    {"coding": [{"system": "http://loinc.org", "code": "59284-0"}]},
    {"coding": [{"system": _HL7 + "v3-ActCode", "code": "IDSCL", "display": "information disclosure"}]},
]
_PROVIDER = {"coding": [{"system": _HL7 + "v3-RoleClass", "code": "PROV", "display": "healthcare provider"}]}
_DISCLOSE = {"system": _HL7 + "consentaction", "code": "disclose", "display": "Disclose"}
#: What became of a question that is no yes: R4's own words for it.
_UNANSWERED = {"open": "proposed", "taken_back": "inactive"}


def consents(subject: Subject, exporter: Exporter, now: datetime) -> list[Json]:
    """Return one card's consents: its documents, the stop that counts, and one for each question about a draft."""
    stop = [_stop(subject, subject.stop, exporter)] if subject.stop else []
    documents = [_document(subject, document, exporter) for document in subject.documents]
    return [*documents, *stop, *(_one_draft(subject, one, exporter, now) for one in subject.questions)]


def _document(subject: Subject, document: Document, exporter: Exporter) -> Json:
    guardian = {"type": "RelatedPerson", "display": "Parent or guardian"}
    compared = document.compared_at
    return _consent(subject, exporter, terms.TOKEN, document.digest) | {
        "extension": [_whole(document), *_obstacles(subject)],
        "status": _status(subject, document),
        "dateTime": iso(document.chosen.issued_at),
        "performer": [_patient(subject) if document.signer == "client" else guardian],
        "verification": [{"verified": True, "verificationDate": iso(compared)} if compared else {"verified": False}],
        "provision": _rules(subject, document, exporter),
    }


def _status(subject: Subject, document: Document) -> str:
    # A no holds whatever stands beside it.
    if not document.usable.has_yes or not subject.obstacles:
        return "active"
    # "Proposed but not yet agreed to by all parties": nobody has compared the code yet.
    return "proposed" if subject.never_confirmed and subject.obstacles == {"hold"} else "inactive"


def _rules(subject: Subject, document: Document, exporter: Exporter) -> Json:
    usable = document.usable
    permitted = [
        {
            "modifierExtension": [_conditions(document, treatment)],
            "type": "permit",
            "period": _period(usable.issued_at, usable.expires_at),
            "actor": _actor(exporter),
            "action": [_action(place)],
        }
        for place, treatment in subject.permitted(document).items()
    ]
    return _denied() | ({"provision": permitted} if permitted else {})


def _stop(subject: Subject, stop: Stop, exporter: Exporter) -> Json:
    # Whoever held the card said it, unless it is signed; a no counts from anyone.
    performer = {"performer": [_patient(subject)]} if stop.signed else {}
    about = {"status": "active", "dateTime": iso(stop.at)}
    return _consent(subject, exporter, terms.TOKEN, stop.digest) | about | performer | {"provision": _denied()}


def _one_draft(subject: Subject, question: Question, exporter: Exporter, now: datetime) -> Json:
    granted = subject.granted(question, now)
    rule = _denied() | {"data": _draft(question)}
    if granted and question.ready_at:
        once = ("account", _text(question.account)), ("once", True)
        rule["provision"] = [
            {
                "modifierExtension": [terms.filled(CONDITIONS, *once)],
                "type": "permit",
                "period": _period(question.ready_at, question.expires_at),
                "actor": _actor(exporter),
                "action": [_action(place) for place in granted],
                "data": _draft(question),
            }
        ]
    # Whoever holds the card can say no; only a yes is surely the client's.
    performer = {"performer": [_patient(subject)]} if question.answer == "yes" else {}
    about = {
        "status": _status_of(question, permits=bool(granted)),
        "dateTime": iso(question.answered_at or question.asked_at),
    }
    return _consent(subject, exporter, terms.REQUEST, question.request_id) | about | performer | {"provision": rule}


def _status_of(question: Question, *, permits: bool) -> str:
    if question.answer == "yes":
        return "active" if permits else "inactive"
    return _UNANSWERED.get(question.answer, "rejected")


def _consent(subject: Subject, exporter: Exporter, system: str, value: str) -> Json:
    return {
        "resourceType": "Consent",
        "id": str(uuid_of(f"fhir/Consent/{system}/{value}")),
        "identifier": [{"system": system, "value": value}],
        "scope": _SCOPE,
        "category": _CATEGORY,
        "patient": _patient(subject),
        "organization": [{"type": "Organization", "display": exporter.practice}],
        "policy": [{"uri": terms.POLICY}],
    }


def _denied() -> Json:
    return {"type": "deny", "action": [{"coding": [PLACES.coding(PUBLISH)]}]}


def _action(place: str) -> Json:
    return {"coding": [PLACES.coding(place), _DISCLOSE]}


def _patient(subject: Subject) -> Json:
    return {"type": "Patient", "identifier": {"system": terms.CARD, "value": subject.card}}


def therapist(exporter: Exporter) -> Json:
    """Return the therapist as a reference by id."""
    identifier = {"system": terms.THERAPIST, "value": exporter.therapist_id}
    return {"type": "Practitioner", "identifier": identifier, "display": exporter.therapist}


def _actor(exporter: Exporter) -> list[Json]:
    return [{"role": _PROVIDER, "reference": therapist(exporter)}]


def _draft(question: Question) -> list[Json]:
    identifier = {"system": terms.DRAFT, "value": question.content_hash}
    return [{"meaning": "instance", "reference": {"type": "DocumentReference", "identifier": identifier}}]


def _period(start: datetime, end: datetime | None) -> Json:
    # R4 counts the end as part of the period; here a yes is over as its last second begins.
    end = end and end - timedelta(seconds=1)
    return {"start": iso(start)} | ({"end": iso(end)} if end else {})


def _text(typed: str) -> str:
    # R4's strings hold no control character but these, and are not white space alone.
    return "".join(one for one in typed if one >= " " or one in "\t\n\r").strip()


def _ticked(document: Preferences, materials: Iterable[str]) -> list[tuple[str, object]]:
    return [
        *(("material", material) for material in materials),
        *(("topic", topic) for topic in document.topics),
        ("leaveOut", _text(document.note)),
        ("recogniseSelf", document.may_recognise_self),
        ("therapy", document.therapy),
        ("gapMonths", document.gap_months),
    ]


def _conditions(document: Document, treatment: str) -> Json:
    return terms.filled(
        CONDITIONS, ("treatment", treatment), *_ticked(document.usable, usable_materials(document)), ("once", False)
    )


def _whole(document: Document) -> Json:
    chosen = document.chosen
    choices = [("choice", terms.choice(place, chosen.channels[place])) for place in TAXONOMY.channel_ids]
    return terms.filled(
        DOCUMENT,
        *choices,
        *_ticked(chosen, chosen.materials),
        ("understood", chosen.understood),
        ("sequence", str(document.sequence)),
        ("notice", document.notice),
        ("language", document.language),
    )


def _obstacles(subject: Subject) -> list[Json]:
    reasons = [("obstacle", one) for one in OBSTACLES if one in subject.obstacles]
    return [terms.filled(STANDING, *reasons)] if reasons else []

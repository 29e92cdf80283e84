"""What is held of each card as FHIR R4 (4.0.1): one ``Bundle`` with consents, definitions and a ``Provenance``. Pure.

The consents: ``fhir_consent.py``. Readings of R4, and what is lost: docs/exchange.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from core.exchange import fhir_consent
from core.exchange.fhir_definitions import definitions
from core.exchange.fhir_terms import HEAD, Json
from core.exchange.subject import Exporter, Subject, uuid_of
from core.model.dates import iso


def bundle(subjects: Iterable[Subject], exporter: Exporter, now: datetime, head: str) -> Json:
    """Return a collection of every consent, our definitions, and the record's signed ``head`` as one line."""
    found = [consent for subject in subjects for consent in fhir_consent.consents(subject, exporter, now)]
    about = found or definitions()
    resources = [*found, _provenance(about, exporter, now, head), *definitions()]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": iso(now),
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def _provenance(about: list[Json], exporter: Exporter, now: datetime, head: str) -> Json:
    return {
        "resourceType": "Provenance",
        "id": str(uuid_of(f"fhir/Provenance/{head}")),
        "extension": [{"url": HEAD.url, "valueString": head}],
        "target": [{"reference": f"urn:uuid:{resource['id']}"} for resource in about],
        "recorded": iso(now),
        "agent": [{"who": fhir_consent.therapist(exporter)}],
    }

"""The events of a consent, as DPV names them: asked, given, refused, withdrawn, run out. Pure.

An event of which nobody knows the time carries the time of the export: it is seen then.
"""

from __future__ import annotations

from datetime import datetime

from core.exchange.iso_terms import Json
from core.exchange.subject import Answer, Document, Question, Stop, Subject
from core.model.dates import iso

_CLIENT, _GUARDIAN = "dpv:DataSubject", "dpv:GuardianOfDataSubject"
_ANSWERED: dict[Answer, str] = {
    "yes": "ConsentGiven",
    "not_now": "ConsentRequestDeferred",
    "taken_back": "ConsentWithdrawn",
}


def of_document(subject: Subject, document: Document, now: datetime) -> list[Json]:
    """Return what happened to a standing document, the one that counts now last."""
    by = _CLIENT if document.signer == "client" else _GUARDIAN
    at, ends = document.chosen.issued_at, document.chosen.expires_at
    if not document.usable.has_yes:
        return [_event("ConsentRefused", at, by, _endless())]
    if subject.never_confirmed:
        return [_event("ConsentUnknown", at, None, _until(ends))]
    given = _event("ConsentGiven", at, by, _until(ends))
    return [given, *_against(subject, document, now)]


def of_question(subject: Subject, question: Question, controller: str, now: datetime) -> list[Json]:
    """Return what happened to a question about one draft, the one that counts now last."""
    asked = _event("ConsentRequested", question.asked_at, controller, _until(question.closes_at))
    if question.answer == "open":
        return [asked]
    at = question.answered_at or now
    if question.answer != "yes":
        return [asked, _event(_ANSWERED.get(question.answer, "ConsentRefused"), at, None, _endless())]
    once = {"@type": "dpv:FixedOccurrencesDuration", "rdf:value": "1"}
    given = _event("ConsentGiven", at, _CLIENT, [*_until(question.expires_at), once])
    if question.ready_at:
        given["sayso:readyAt"] = iso(question.ready_at)
    if subject.granted(question, now):
        return [asked, given]
    over = question.expires_at is not None and question.expires_at <= now
    ended = question.expires_at if over and question.expires_at else now
    return [asked, given, _event("ConsentExpired" if over else "ConsentInvalidated", ended, None, _endless())]


def of_stop(stop: Stop) -> list[Json]:
    """Return the one event of a card of which nothing is known but a stop."""
    return [_stopped(stop)]


def _against(subject: Subject, document: Document, now: datetime) -> list[Json]:
    if not subject.obstacles:
        return []
    if subject.stop:
        return [_stopped(subject.stop)]
    if subject.obstacles == {"expired"} and document.chosen.expires_at:
        return [_event("ConsentExpired", document.chosen.expires_at, None, _endless())]
    return [_event("ConsentInvalidated", now, None, _endless())]


def _stopped(stop: Stop) -> Json:
    # Who held the card said it; only a signed stop is surely the client's.
    name, by = ("ConsentWithdrawn", _CLIENT) if stop.signed else ("ConsentRevoked", None)
    return _event(name, stop.at, by, _endless())


def _event(name: str, at: datetime, by: str | None, lasts: list[Json]) -> Json:
    who = {"dpv:isIndicatedBy": by} if by else {}
    return {"@type": f"dpv:{name}", "dpv:isIndicatedAtTime": iso(at), **who, "dpv:hasDuration": lasts}


def _until(ends: datetime | None) -> list[Json]:
    if ends is None:
        return _endless()
    return [{"@type": "dpv:UntilTimeDuration", "rdf:value": iso(ends)}]


def _endless() -> list[Json]:
    return [{"@type": "dpv:EndlessDuration"}]

"""Asking a client about one exact draft: the limits, the letter, and what came back.

A request is checked, signed, sealed and filed in one transaction: it is sent and noted, or neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from core import asking, entries, knowing, people, plain, telling
from core.answers import COOLING_OFF, LONGEST_YES_MONTHS, Asked, Outcome
from core.asking import Barrier, Wanted
from core.errors import BadInput, CannotReach, InboxFirst, MayNotAsk
from core.knowing import Known
from core.model.dates import add_months
from core.model.posted import Draft
from core.model.request import Request, parse, request_id, tidy_text
from core.store import audit, posts, practice
from core.store import requests as store
from core.store.vaults import Vault
from core.text import Words

#: Everyone in a post by card code.
Everyone = dict[str, Known]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a question says beside the draft. ``answer_by``: the last day for a yes.

    ``changed``, ``kept``: what differs from what happened and what stayed true, a line each.
    """

    audience: str
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    comments_off: bool
    remix_off: bool
    post_on: date
    take_down_on: date
    answer_by: date


def barriers(vault: Vault, draft: Draft, code: str, now: datetime) -> tuple[Barrier, ...]:
    """Return everything that stands against asking this card about this draft now; nothing where it may be asked."""
    everyone = _everyone(vault, draft, now)
    return _barriers(vault, draft, everyone, code, now)


def ask(vault: Vault, piece_id: str, code: str, terms: Terms, now: datetime, *, mailbox_on: bool = True) -> Asked:
    """Ask a client about a saved draft, and return what was sent.

    Raises ``MayNotAsk`` with ``details["barriers"]``, ``BadInput`` where a date or field is wrong,
    ``InboxFirst``, ``CannotReach`` or ``NoSuchDraft``. A question asked twice is refused as open.
    """
    now = now.replace(microsecond=0)
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        draft = posts.find(connection, vault, piece_id).draft
        _check(vault, draft, terms, now)
        everyone = _everyone(vault, draft, now)
        found = _barriers(vault, draft, everyone, code, now)
        if found:
            raise MayNotAsk(barriers=found)
        if people.unopened(vault):
            raise InboxFirst
        if not mailbox_on:
            raise CannotReach
        data = _request(draft, everyone, code, terms, now).to_bytes()
        asked = Asked(parse(data), request_id(data), _sessions(vault, draft, code))
        _send(connection, vault, asked, data, everyone[code])
    return asked


def preview(vault: Vault, draft: Draft, code: str, terms: Terms, now: datetime) -> Request:
    """Return the question as it would go out now. Raises ``BadInput`` where a date or field is wrong."""
    now = now.replace(microsecond=0)
    _check(vault, draft, terms, now)
    return _request(draft, _everyone(vault, draft, now), code, terms, now)


def outcomes(vault: Vault, code: str, now: datetime) -> tuple[Outcome, ...]:
    """Return every request to one card with what became of it, oldest first."""
    return knowing.known(vault, code, now).outcomes


def history(vault: Vault, code: str, now: datetime) -> list[Outcome]:
    """Return every request to one person, on all their cards, oldest first."""
    own = [code, *(holder.card for holder in people.linked_to(vault, code))]
    found = [one for card in own for one in outcomes(vault, card, now)]
    return sorted(found, key=lambda one: (one.asked.request.issued_at, one.asked.request_id))


def sentence(words: Words, barrier: Barrier) -> str:
    """Return why somebody is not asked, in plain words, with the day it ends where there is one."""
    if barrier.until is None:
        return words(f"asking.not.{barrier.rule}")
    # A question is open to the end of a day: the moment it closes is already the next one.
    last = barrier.until - timedelta(seconds=1) if barrier.rule == "open" else barrier.until
    return words(f"asking.until.{barrier.rule}", day=plain.day(last, words))


def invitation(words: Words) -> str:
    """Return what a therapist sends by their own channel: that there is a question, and nothing of it."""
    return words("asking.invitation")


def _barriers(vault: Vault, draft: Draft, everyone: Everyone, code: str, now: datetime) -> tuple[Barrier, ...]:
    """Limits come with their dates; only where none stands is the whole post judged."""
    one = everyone.get(code) or knowing.known(vault, code, now)
    unasked = one.holder.about.unasked()
    found = [barrier for person in one.persons for barrier in asking.about_the_person(person, unasked, now)]
    wanted = Wanted(code, draft.content_hash, draft.text, _sessions(vault, draft, code))
    found += asking.limits(history(vault, code, now), wanted, now)
    return tuple(dict.fromkeys(found or _judged(vault, draft, everyone, code, now)))


def _judged(vault: Vault, draft: Draft, everyone: Everyone, code: str, now: datetime) -> list[Barrier]:
    verdict = knowing.decide(draft.post, everyone, vault, now)
    if verdict.answer == "ask" and code in verdict.ask:
        return []
    return [Barrier("not_needed" if verdict.answer in {"ask", "allowed"} else "would_not_help")]


def _everyone(vault: Vault, draft: Draft, now: datetime) -> Everyone:
    return {code: knowing.known(vault, code, now) for code in knowing.entered(vault, draft.post).people}


def _sessions(vault: Vault, draft: Draft, code: str) -> tuple[date, ...]:
    return tuple(sorted(set(knowing.entered(vault, draft.post).sessions_with(code))))


def _check(vault: Vault, draft: Draft, terms: Terms, now: datetime) -> None:
    today = now.astimezone(UTC).date()
    accounts = practice.find_therapist(vault.database, vault.therapist_id).accounts
    problems = {
        "Write the draft first: the question shows its exact words.": not draft.text,
        "This account is not one that the permission covers. Pick one of yours.": draft.account not in accounts,
        "Say who will see it, such as anyone online.": not terms.audience.strip(),
        "The last day for an answer lies in the past. Pick a later one.": terms.answer_by < today,
        "Post it a week from now at the earliest: a yes waits seven days.": terms.post_on < today + COOLING_OFF,
        "It comes down after it went up. Pick a later day to take it down.": terms.take_down_on <= terms.post_on,
        "A yes lasts twelve months at most. Take it down within that time.": terms.take_down_on
        > add_months(today, LONGEST_YES_MONTHS),
        "The last day for an answer comes before it is taken down.": terms.answer_by >= terms.take_down_on,
    }
    for problem, found in problems.items():
        if found:
            raise BadInput(problem=problem)


def _request(draft: Draft, everyone: Everyone, code: str, terms: Terms, now: datetime) -> Request:
    return Request(
        card=code,
        issued_at=now,
        salt=draft.salt,
        draft=draft.text,
        translation=draft.translation,
        channels=draft.post.channels,
        account=tidy_text(draft.account),
        audience=tidy_text(terms.audience.strip()),
        paid=draft.post.paid,
        changed=_lines(terms.changed),
        kept=_lines(terms.kept),
        others_included=_others_in_it(everyone, code),
        comments_off=terms.comments_off,
        remix_off=terms.remix_off,
        post_on=terms.post_on,
        take_down_on=terms.take_down_on,
        answer_by=terms.answer_by,
        content_hash=draft.content_hash,
    )


def _others_in_it(everyone: Everyone, code: str) -> bool:
    # Another card of the same person is nobody else, and a guardian signs for the story without being in it.
    own = everyone[code].holder
    others = (one.holder for one in everyone.values() if one.code not in {code, *own.about.guardians})
    return any(not (own.person and one.person == own.person) for one in others)


def _lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(tidy_text(line.strip()) for line in lines if line.strip())


def _send(connection: Connection, vault: Vault, asked: Asked, data: bytes, one: Known) -> None:
    recipient = telling.client_sealing_key((record.held for record in one.records), one.holder.confirmed_key)
    if not telling.send(connection, vault, recipient, ("request", data), asked.request.issued_at):
        raise CannotReach
    store.keep(connection, vault, asked, data)
    request = asked.request
    said = entries.Asked(
        card=request.card,
        request_id=asked.request_id,
        content_hash=bytes.fromhex(request.content_hash),
        channels=request.channels,
        issued_at=request.issued_at,
        answer_by=request.answer_by,
        take_down_on=request.take_down_on,
    )
    audit.append(connection, "request", request.issued_at, vault, entries.requested(vault.data_key, said))

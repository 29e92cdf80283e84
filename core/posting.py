"""Posts: judged again at the moment they are noted, told to everyone in them, and taken down when that ends.

Each note is one transaction: the post, its entry in the record and the letters to clients, or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlalchemy import Connection

from core import entries, knowing, telling
from core.answers import Outcome
from core.entries import Basis
from core.errors import BadInput, MayNotPost
from core.keys import is_signed_by
from core.knowing import Known
from core.model.checklist import Checklist
from core.model.dates import iso
from core.model.notice import PostedNotice, PostedPlace, TakenDown
from core.model.posted import STATES, Control, Draft, Piece, Place, Posted, Rest, State
from core.model.request import start_of
from core.model.verdict import Verdict
from core.store import audit, posts, practice
from core.store.vaults import Vault

_ATTEST = b"sayso/v1/attest"
_MOST_PLACES, _LONGEST_ADDRESS = 20, 500


def record(
    vault: Vault,
    piece_id: str,
    places: Collection[Place],
    now: datetime,
    *,
    steps_done: Collection[str] = (),
    take_down_on: date | None = None,
) -> Piece:
    """Note that a draft goes out now, and return it. Its verdict is asked anew, of the people as they are now.

    ``steps_done``: what the verdict asks to be done first; the check counts only where its whole list was gone
    through for just this draft. Raises ``MayNotPost`` with ``details["verdict"]``, ``InboxFirst``, ``BadInput``, or
    ``NoSuchDraft``.
    """
    now = now.replace(microsecond=0)
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        piece = posts.find(connection, vault, piece_id)
        if piece.posted is not None:
            return piece
        draft = piece.draft
        verdict = knowing.judge(vault, draft.post, now)
        places = tuple(_tidy(place) for place in places)
        _check(vault, draft, verdict, places, steps_done)
        everyone = {code: knowing.known(vault, code, now) for code in knowing.entered(vault, draft.post).people}
        rests_on = tuple(_rest(one, draft, now) for one in everyone.values())
        posted = Posted(
            posted_at=now,
            take_down_on=_take_down_on(take_down_on, rests_on, now),
            places=places,
            rests_on=rests_on,
            verdict="allowed" if verdict.answer == "allowed" else "out_of_scope",
            steps=tuple(sorted({*verdict.steps})),
            attestation=_attestation(vault, draft, now) if draft.post.form == "invented" else None,
        )
        done = _keep(connection, vault, piece, posted, verdict)
        for one in everyone.values():
            telling.tell(connection, vault, _recipient(one), _posted_notice(done, posted, one.code), now)
    return done


def mark(vault: Vault, piece_id: str, index: int, state: State, now: datetime) -> Piece:
    """Note how far taking down one place is, and tell everyone in the post. Raises ``BadInput``, ``NoSuchDraft``.

    Marking it the same again tells nobody anything.
    """
    now = now.replace(microsecond=0)
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        piece = posts.find(connection, vault, piece_id)
        place = _place(piece, index)
        if state not in STATES[place.control]:
            raise BadInput(problem="This cannot be said of such a place. Pick another word for how far it is.")
        if piece.posted is None or place.state == state:
            return piece
        changed = place.model_copy(update={"state": state, "state_at": now})
        places = tuple(changed if i == index else one for i, one in enumerate(piece.posted.places))
        posted = piece.posted.model_copy(update={"places": places})
        after = piece.model_copy(update={"posted": posted})
        posts.keep(connection, vault, after)
        for code in _everyone_in(posted):
            told = TakenDown(card=code, at=now, post=piece.id, places=_shown(posted))
            telling.tell(connection, vault, telling.reaches(vault, code), told, now)
        audit.append(connection, "take_down", now, vault, entries.taken_down(posted.entry, state))
    return after


def correct(vault: Vault, piece_id: str, index: int, control: Control, address: str, now: datetime) -> Piece:
    """Set right where one place of a noted post is, and tell everyone in it. Raises ``BadInput``, ``NoSuchDraft``.

    What was noted first stays in the record. Which kind of place it is cannot change: the permission is for that.
    A place that turns out to be one nobody can take back is not called done any more.
    """
    now = now.replace(microsecond=0)
    with vault.database.write() as connection:
        posts.have_to_itself(connection, vault)
        piece = posts.find(connection, vault, piece_id)
        place = _place(piece, index)
        right = _tidy(place.model_copy(update={"control": control, "address": address}))
        if piece.posted is None or right == place:
            return piece
        if right.state and right.state not in STATES[control]:
            right = right.model_copy(update={"state": "to_do", "state_at": now})
        _check_places([right])
        places = tuple(right if i == index else one for i, one in enumerate(piece.posted.places))
        posted = piece.posted.model_copy(update={"places": places})
        after = piece.model_copy(update={"posted": posted})
        posts.keep(connection, vault, after)
        _tell_corrected(connection, vault, after, posted, now)
        audit.append(connection, "correction", now, vault, entries.corrected(posted.entry, _addresses(posted)))
    return after


def published(vault: Vault) -> list[Piece]:
    """Return what was posted, newest first."""
    found = [(piece.posted.posted_at, piece) for piece in posts.every(vault) if piece.posted is not None]
    return [piece for _, piece in sorted(found, key=lambda one: one[0], reverse=True)]


def attested(draft: Draft, posted_at: datetime) -> bytes:
    """Return the bytes a therapist signs to attest that no client is behind an invented post."""
    said = {
        "content_hash": draft.content_hash,
        "channels": list(draft.post.channels),
        "form": draft.post.form,
        "posted_at": iso(posted_at),
    }
    return _ATTEST + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def is_attested(piece: Piece, signing_public: bytes) -> bool:
    """Whether an invented post carries this therapist's (32-byte key) attestation."""
    posted = piece.posted
    if posted is None or posted.attestation is None:
        return False
    return is_signed_by(signing_public, posted.attestation, attested(piece.draft, posted.posted_at))


def is_checked(draft: Draft) -> bool:
    """Whether the whole list was gone through for just this draft."""
    return bool(draft.checklist) and Checklist.model_validate(draft.checklist).covers(draft.content_hash)


def latest_take_down(vault: Vault, draft: Draft, now: datetime) -> date | None:
    """Return the last day to take this draft's post down if it went out now: when the first yes to it ends."""
    everyone = [knowing.known(vault, code, now) for code in knowing.entered(vault, draft.post).people]
    ends = [
        yes.grant.expires_at
        for one in everyone
        if (yes := _live_yes(one.outcomes, draft.content_hash, now)) and yes.grant
    ]
    return min(ends).date() if ends else None


def notes(vault: Vault, draft: Draft, now: datetime) -> list[tuple[str, str]]:
    """Return what people in a draft asked to leave out: the card and their words, for each who left a note."""
    everyone = [knowing.known(vault, code, now) for code in knowing.entered(vault, draft.post).people]
    return [(one.code, document.note) for one in everyone for document in one.standing.documents if document.note]


def to_tell_by_hand(vault: Vault, codes: Iterable[str]) -> list[str]:
    """Return which of these cards no letter reaches: their key is not confirmed, or the mailbox is off."""
    with vault.database.read() as connection:
        takes_parcels = telling.takes_parcels(connection)
    return [code for code in codes if not takes_parcels or telling.reaches(vault, code) is None]


def _check(
    vault: Vault, draft: Draft, verdict: Verdict, places: Collection[Place], steps_done: Collection[str]
) -> None:
    if verdict.answer not in {"allowed", "out_of_scope"}:
        raise MayNotPost(verdict=verdict)
    accounts = practice.find_therapist(vault.database, vault.therapist_id).accounts
    # Noting the post is the last step itself.
    done = {"record_post", *steps_done} - {"deidentify"} | ({"deidentify"} if is_checked(draft) else set())
    problems = {
        "This account is not one that the permission covers. Pick one of yours.": draft.account not in accounts,
        "Name each place it goes to, and no other.": {one.channel for one in places} != set(draft.post.channels),
        "A place that is new has no state yet.": any(one.state for one in places),
        "Some steps are still to be done first.": not done.issuperset(verdict.steps),
    }
    _raise_first(problems)
    _check_places(places)


def _check_places(places: Collection[Place]) -> None:
    # A letter of any size to a client must fit its parcel.
    _raise_first(
        {
            f"Note at most {_MOST_PLACES} places.": len(places) > _MOST_PLACES,
            f"An address can have at most {_LONGEST_ADDRESS} letters. Make it shorter.": any(
                len(place.address) > _LONGEST_ADDRESS for place in places
            ),
        }
    )


def _raise_first(problems: dict[str, bool]) -> None:
    for problem, found in problems.items():
        if found:
            raise BadInput(problem=problem)


def _tidy(place: Place) -> Place:
    return place.model_copy(update={"address": " ".join(place.address.split())})


def _rest(one: Known, draft: Draft, now: datetime) -> Rest:
    documents = one.standing.documents
    yes = _live_yes(one.outcomes, draft.content_hash, now)
    return Rest(
        card=one.code,
        documents=tuple(held.digest for held in one.standing.in_force),
        document_issued_at=max(document.issued_at for document in documents),
        document_ends_at=min((document.expires_at for document in documents if document.expires_at), default=None),
        request_id=yes.asked.request_id if yes else None,
        answers=tuple(held.digest for held in yes.given_by) if yes else (),
        granted_at=min(held.body.issued_at for held in yes.given_by) if yes else None,
        grant_ends_at=yes.grant.expires_at if yes and yes.grant else None,
    )


def _live_yes(outcomes: Iterable[Outcome], content_hash: str, now: datetime) -> Outcome | None:
    """Return the yes to this draft. Where one was given the post rests on it, needed or not."""
    for one in outcomes:
        grant = one.grant
        fits = grant is not None and not grant.withdrawn and grant.content_hash == content_hash
        if fits and grant is not None and grant.ready_at <= now < grant.expires_at:
            return one
    return None


def _take_down_on(wanted: date | None, rests_on: Iterable[Rest], now: datetime) -> date | None:
    if wanted is not None and start_of(wanted) <= now:
        raise BadInput(problem="The day to take it down must lie ahead. Pick a later one.")
    ends = min((rest.grant_ends_at for rest in rests_on if rest.grant_ends_at), default=None)
    if ends is None:
        return wanted
    if wanted is None:
        return ends.date()
    if start_of(wanted) > ends:
        raise BadInput(problem="A yes it rests on ends before that day. Take it down by then.")
    return wanted


def _keep(connection: Connection, vault: Vault, piece: Piece, posted: Posted, verdict: Verdict) -> Piece:
    post, now = knowing.entered(vault, piece.draft.post), posted.posted_at
    ruling = audit.append(connection, "verdict", now, vault, entries.judged(post, verdict))
    said = entries.posted(
        post,
        now,
        ruling.sequence,
        [Basis(rest.documents, rest.answers) for rest in posted.rests_on],
        posted.take_down_on,
        _addresses(posted),
    )
    entry = audit.append(connection, "post", now, vault, said)
    done = piece.model_copy(update={"posted": posted.model_copy(update={"entry": entry.sequence})})
    posts.keep(connection, vault, done)
    return done


def _attestation(vault: Vault, draft: Draft, now: datetime) -> bytes:
    return vault.keys.signing.sign(attested(draft, now))


def _recipient(one: Known) -> bytes | None:
    return telling.client_sealing_key((record.held for record in one.records), one.holder.confirmed_key)


def _posted_notice(piece: Piece, posted: Posted, code: str) -> PostedNotice:
    rest = next(rest for rest in posted.rests_on if rest.card == code)
    return PostedNotice(
        card=code,
        at=posted.posted_at,
        post=piece.id,
        content_hash=piece.draft.content_hash,
        form=piece.draft.post.form,
        request_id=rest.request_id.hex() if rest.request_id else None,
        account=piece.draft.account,
        places=_shown(posted),
        lasting=any(place.control == "lasting" for place in posted.places),
        take_down_on=posted.take_down_on,
    )


def _tell_corrected(connection: Connection, vault: Vault, piece: Piece, posted: Posted, now: datetime) -> None:
    for code in _everyone_in(posted):
        recipient = telling.reaches(vault, code)
        telling.tell(connection, vault, recipient, _posted_notice(piece, posted, code), now)
        if any(place.state for place in posted.places):
            told = TakenDown(card=code, at=now, post=piece.id, places=_shown(posted))
            telling.tell(connection, vault, recipient, told, now)


def _everyone_in(posted: Posted) -> list[str]:
    return sorted({rest.card for rest in posted.rests_on})


def _addresses(posted: Posted) -> str:
    return " ".join(place.address for place in posted.places if place.address)


def _shown(posted: Posted) -> tuple[PostedPlace, ...]:
    return tuple(PostedPlace(channel=one.channel, address=one.address, state=one.state) for one in posted.places)


def _place(piece: Piece, index: int) -> Place:
    if piece.posted is None or not 0 <= index < len(piece.posted.places):
        raise BadInput(problem="There is no such place. Pick one from the list.")
    return piece.posted.places[index]

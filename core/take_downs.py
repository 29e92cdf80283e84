"""The take-down list, worked out anew from what is known of everyone in each live post."""

from __future__ import annotations

from datetime import datetime

from core import endings, knowing, policy
from core.endings import Cause, Side, Task
from core.knowing import Known
from core.model.dates import add_months
from core.model.person import Grant, Person
from core.model.post import Post
from core.model.posted import Piece, Rest
from core.model.preferences import Preferences
from core.model.request import start_of
from core.model.taxonomy import PROMOTION, TAXONOMY, Treatment
from core.posting import published
from core.store.vaults import Vault


def take_downs(vault: Vault, now: datetime) -> list[Task]:
    """Return what has to come down and what was taken down, open work first, the most urgent at the top."""
    cards: dict[str, Known] = {}
    pieces = published(vault)
    holders = vault.holders() if pieces else {}
    found = [
        task
        for piece in pieces
        for task in _tasks(vault, piece, knowing.entered(vault, piece.draft.post, holders), cards, now)
    ]
    return sorted(found, key=_urgency)


def ends_ahead(vault: Vault, now: datetime) -> list[tuple[Piece, endings.Reason, str, datetime]]:
    """Return what live posts rest on that ends in the next 30 days: the post, why, whose card, when; soonest first."""
    up = [(piece, piece.posted) for piece in published(vault) if piece.posted and piece.posted.is_up]
    ahead = [(piece, *one) for piece, posted in up for one in endings.ends_ahead(posted, now)]
    return sorted(ahead, key=lambda one: one[3])


def _tasks(vault: Vault, piece: Piece, post: Post, cards: dict[str, Known], now: datetime) -> tuple[Task, ...]:
    posted = piece.posted
    if posted is None:
        return ()
    for rest in posted.rests_on:
        if rest.card not in cards:
            cards[rest.card] = knowing.known(vault, rest.card, now)
    sides = [_side(post, rest, cards[rest.card], now) for rest in posted.rests_on]
    return endings.tasks(piece, endings.endings(posted, sides, piece.draft.content_hash, now))


def _urgency(task: Task) -> tuple[bool, bool, float]:
    return task.place.is_over, task.due is None, task.due.timestamp() if task.due else 0.0


def _side(post: Post, rest: Rest, one: Known, now: datetime) -> Side:
    ended = _ended(post, rest, one, now)
    return Side(
        rest=rest,
        tokens=tuple(endings.Known(record.held, record.imported_at) for record in one.records),
        asked=next((each.asked for each in one.outcomes if each.asked.request_id == rest.request_id), None),
        permits=ended is None,
        ended_at=ended[1] if ended else None,
        cause=ended[0] if ended else None,
    )


def _ended(post: Post, rest: Rest, one: Known, now: datetime) -> tuple[Cause, datetime | None] | None:
    """Return why what is in force now would not let this post go up again, and since when; None where it would."""
    about, in_force = one.holder.about, one.standing.in_force
    if about.died:
        return "died", None
    if about.has_come_of_age(now) and about.majority_on:
        return "of_age", start_of(about.majority_on)
    if not in_force:
        return "gone", None
    if any(knowing.has_lapsed(one.holder, held, now) for held in in_force):
        return "new_words", None
    newest = {held.digest for held in in_force}
    if newest != set(rest.documents):
        permits = all(_would_permit(post, rest, person, now) for person in one.persons)
        since = max(record.imported_at for record in one.records if record.held.digest in newest)
        return None if permits else ("changed", since)
    ends = [document.expires_at for document in one.standing.documents if document.expires_at]
    return ("ran_out", min(ends)) if ends and now >= min(ends) else None


def _would_permit(post: Post, rest: Rest, person: Person, now: datetime) -> bool:
    # A hold says nothing of what is out already, and a withdrawal is an ending of its own.
    alone = person.model_copy(
        update={
            "withdrawn": False,
            "hold": False,
            "refused": (),
            "grants": (_a_yes(post, now),) if rest.request_id else (),
        }
    )
    willing = _willing(post, now)
    everyone = {code: alone if code == rest.card else willing for code in post.people}
    return policy.decide(post, everyone, now).answer == "allowed"


def _willing(post: Post, now: datetime) -> Person:
    """Return somebody who permits everything, to stand for everyone else while one is judged."""
    channels: dict[str, Treatment] = dict.fromkeys(TAXONOMY.channel_ids, "disguised")
    channels[PROMOTION] = "ask"
    document = Preferences(
        channels=channels,
        materials=TAXONOMY.material_ids,
        topics=TAXONOMY.topic_ids,
        may_recognise_self=True,
        therapy="during",
        gap_months=0,
        understood=True,
        issued_at=now,
        expires_at=add_months(now, max(TAXONOMY.term_months)),
    )
    return Person(
        preferences=document, withdrawn=False, hold=False, lapsed=False, grants=(_a_yes(post, now),), refused=()
    )


def _a_yes(post: Post, now: datetime) -> Grant:
    return Grant(
        content_hash=post.content_hash or "-",
        channels=TAXONOMY.channel_ids,
        ready_at=now,
        expires_at=add_months(now, 1),
        withdrawn=False,
    )

"""What is known of a person, put together from the vault, and the verdict on a post of real people.

Source: spec sections 3, 4 and 6 (docs/verdicts.md). Everything is read anew: nothing is remembered
from one question to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from core import answers, people, policy
from core.answers import Asked, Outcome
from core.errors import BadInput, ClockBehind, InboxFirst
from core.model.circumstances import Circumstances, Doubt
from core.model.person import Person
from core.model.post import Post
from core.model.verdict import Verdict
from core.standing import Held, Standing, choices_of, stand, words_changed
from core.store import at_hand, audit, practice, requests, restorations
from core.store.restorations import unproved
from core.store.vaults import Holder, Record, Vault

#: So many cards are read in one statement.
_AT_ONCE = 200
_RANK = ("no", "not_yet", "ask", "allowed", "out_of_scope")


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one card. ``persons``: one for each document in force, more than one only at a tie."""

    code: str
    holder: Holder
    records: tuple[Record, ...]
    standing: Standing
    outcomes: tuple[Outcome, ...]
    persons: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose cards they are and when they are looked at: what goes for all of them. ``part_2``: the whole practice."""

    restored_at: datetime | None
    part_2: bool
    now: datetime

    @classmethod
    def read(cls, vault: Vault, now: datetime) -> _Of:
        found = practice.find_practice(vault.database)
        return cls(restorations.last(vault.database), found is not None and found.part_2, now)


def known(vault: Vault, code: str, now: datetime) -> Known:
    """Return what is known of one card."""
    records, asked = vault.records(code), requests.of_card(vault, code)
    return _known(_Of.read(vault, now), vault.holder(code), records, asked)


def known_of(vault: Vault, codes: Sequence[str], now: datetime) -> list[Known]:
    """Return what is known of each of these cards, as at one moment. However many they are, few statements read it."""
    with vault.database.read() as connection, vault.database.together(connection):
        of, found = _Of.read(vault, now), list[Known]()
        for start in range(0, len(codes), _AT_ONCE):
            some = codes[start : start + _AT_ONCE]
            held, asked = at_hand.read(connection, vault, some), requests.of_cards(vault, some)
            found += [_known(of, held.holder(code), held.records(code), asked[code]) for code in some]
    return found


def _known(of: _Of, holder: Holder, records: Sequence[Record], asked: Sequence[Asked]) -> Known:
    held = [record.held for record in records]
    standing = stand(held, holder.confirmed_key, unproved(records, holder, of.restored_at))
    outcomes = tuple(answers.outcome(one, held, holder.confirmed_key, of.now) for one in asked)
    seen_as = _under_part_2(holder) if of.part_2 else holder
    persons = tuple(_person(seen_as, standing, one, outcomes, held, of.now) for one in (standing.in_force or (None,)))
    return Known(holder.card, holder, tuple(records), standing, outcomes, persons)


def _under_part_2(holder: Holder) -> Holder:
    return replace(holder, about=holder.about.model_copy(update={"part_2": True}))


def person_of(vault: Vault, code: str, now: datetime) -> Person:
    """Return one card's holder as the rules see them.

    At a tie of two documents this one is on hold: ``judge`` looks at both.
    """
    persons = known(vault, code, now).persons
    return persons[0] if len(persons) == 1 else persons[0].model_copy(update={"hold": True})


def judge(vault: Vault, post: Post, now: datetime, holders: Mapping[str, Holder] | None = None) -> Verdict:
    """Return the verdict on a post, everybody's cards entered, as it may be shown.

    ``holders``: ``vault.holders()``, where many posts are judged in one go. Where it would be allowed, raises
    ``InboxFirst`` for an unopened parcel, which may say no, and ``ClockBehind`` for a clock that was set back, by
    which a yes that ended may seem alive. Raises ``BadInput`` for a session that has not been yet.
    """
    complete = entered(vault, post, holders)
    verdict = _decide(complete, {code: known(vault, code, now) for code in complete.people}, now)
    if verdict.answer == "allowed" and people.unopened(vault):
        raise InboxFirst
    if verdict.answer == "allowed" and is_behind(vault, now):
        raise ClockBehind
    return verdict


def is_behind(vault: Vault, now: datetime) -> bool:
    """Whether something was entered into the record later than this moment."""
    newest = audit.newest_at(vault.database)
    # Entries carry whole seconds.
    return newest is not None and now < newest


def decide(post: Post, all_known: Mapping[str, Known], vault: Vault, now: datetime) -> Verdict:
    """Return the bare verdict on a post, whatever waits in the inbox."""
    return _decide(entered(vault, post), all_known, now)


def _decide(complete: Post, all_known: Mapping[str, Known], now: datetime) -> Verdict:
    rounds = max((len(one.persons) for one in all_known.values()), default=1)
    # Each document of a tie is judged in some round: whoever has fewer stands with their last.
    return strictest(
        [
            policy.decide(
                complete, {code: one.persons[min(i, len(one.persons) - 1)] for code, one in all_known.items()}, now
            )
            for i in range(rounds)
        ]
    )


def strictest(verdicts: list[Verdict]) -> Verdict:
    """Return the most protective of several verdicts on one post, with every reason for it."""
    answer = min((one.answer for one in verdicts), key=_RANK.index)
    same = [one for one in verdicts if one.answer == answer]
    days = [one.on for one in same]
    known_days = [day for day in days if day is not None]
    return Verdict(
        answer=answer,
        on=max(known_days) if known_days and len(known_days) == len(days) else None,
        ask=tuple(sorted({code for one in same for code in one.ask})),
        reasons=tuple(sorted({reason for one in same for reason in one.reasons})),
        steps=tuple(sorted({step for one in same for step in one.steps})),
    )


def entered(vault: Vault, post: Post, holders: Mapping[str, Holder] | None = None) -> Post:
    """Return the post with every card that must permit: both cards of one person, and a minor's guardians.

    ``holders``: as ``judge`` takes them. Without, only the rows of those it concerns are read.
    """
    stories = [
        {"people": _everyone(vault, story.people, holders), "session_date": story.session_date}
        for story in post.stories
    ]
    # Made anew: a copy would keep what the post has worked out about its people.
    return Post.model_validate(post.model_dump() | {"stories": stories})


def note_circumstances(vault: Vault, code: str, about: Circumstances) -> None:
    """Note what else is known of a card's holder, in a transaction of its own. As ``put_circumstances``."""
    with vault.database.write() as connection:
        put_circumstances(connection, vault, code, about)


def put_circumstances(connection: Connection, vault: Vault, code: str, about: Circumstances) -> Circumstances:
    """Note what else is known of a card's holder and return it. A minor's day of majority goes on each guardian's card.

    Whether a card is a guardian's follows from the minors who name it, whatever ``about`` says. Raises
    ``BadInput`` for a guardian that is the same card or a minor's, and ``CardUnknown`` or ``OtherCard``.
    """
    own = people.own_card(vault, code).code
    guardians = tuple(sorted({people.own_card(vault, one).code for one in about.guardians}))
    holders = vault.holders()
    before = holders.get(own, Holder(own)).about
    _check_guardians(own, before, guardians, holders)
    follows: dict[str, object] = {"guardians": guardians, "is_guardian": before.is_guardian}
    if before.is_guardian:
        follows["majority_on"] = before.majority_on
    noted = about.model_copy(update=follows)
    abouts = {one.card: one.about for one in holders.values()} | {own: noted}
    vault.change_holder(connection, own, about=noted)
    for one in sorted({*before.guardians, *guardians}):
        vault.change_holder(connection, one, about=_as_guardian(one, abouts))
    return noted


def _check_guardians(
    own: str, before: Circumstances, guardians: tuple[str, ...], holders: Mapping[str, Holder]
) -> None:
    if own in guardians:
        raise BadInput(problem="A guardian has a card of their own. Type the code of that one.")
    if guardians and before.is_guardian:
        raise BadInput(problem="This card is a parent's or guardian's. Note the minor on the minor's own card.")
    if any(holders[one].about.is_minor for one in guardians if one in holders):
        raise BadInput(problem="A guardian can not be under age. Type the code of another card.")


def _as_guardian(code: str, abouts: Mapping[str, Circumstances]) -> Circumstances:
    wards = [about for about in abouts.values() if code in about.guardians]
    days = [ward.majority_on for ward in wards if ward.majority_on]
    # One card for several children: it ends with the first of them who comes of age.
    follows = {"is_guardian": bool(wards), "majority_on": min(days, default=None)}
    return abouts.get(code, Circumstances()).model_copy(update=follows)


def doubts(holder: Holder, document: Held | None) -> tuple[Doubt, ...]:
    """Return why a document of somebody under age, or of their guardian, cannot count as it is signed."""
    return () if document is None else holder.about.doubts(signed_as_guardian=document.body.guardian)


def _everyone(vault: Vault, codes: tuple[str, ...], holders: Mapping[str, Holder] | None) -> tuple[str, ...]:
    everyone: set[str] = set()
    todo = set(codes)
    while todo:
        found = people.together(vault, todo, holders)
        known = vault.holders_of(found) if holders is None else holders
        guardians = {guardian for one in found if one in known for guardian in known[one].about.guardians}
        everyone |= found
        todo = guardians - everyone
    return tuple(sorted(everyone))


def _person(
    holder: Holder,
    standing: Standing,
    document: Held | None,
    outcomes: tuple[Outcome, ...],
    held: list[Held],
    now: datetime,
) -> Person:
    about = holder.about
    return Person(
        preferences=None if document is None else about.narrowed(choices_of(document)),
        withdrawn=standing.withdrawn,
        hold=standing.on_hold or bool(doubts(holder, document)),
        lapsed=has_lapsed(holder, document, now),
        therapy_ended=about.therapy_ended,
        grants=answers.grants(outcomes),
        refused=answers.refused(outcomes, held),
    )


def has_lapsed(holder: Holder, document: Held | None, now: datetime) -> bool:
    """Whether a yes ended for a reason outside it: a MAJOR new notice, majority, death."""
    if holder.about.died or holder.about.has_come_of_age(now):
        return True
    return document is not None and words_changed(document)

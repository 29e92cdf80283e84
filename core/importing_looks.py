"""Looking at tokens before anything counts: opened, checked, set beside what is held. Writes nothing.

However many there are, what is held on their cards is read from the database a few hundred cards at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from core import wire
from core.changes import Change, changes
from core.errors import (
    AlreadyImported,
    BadSignature,
    CannotBeOpened,
    CopyingError,
    Malformed,
    NotAToken,
    OtherCard,
    OtherTherapist,
    SaysoError,
)
from core.standing import Held, Standing, stand
from core.store import at_hand, cards, restorations
from core.store.at_hand import AtHand
from core.store.cards import Card
from core.store.vaults import Holder, Vault
from core.token import Token

T = TypeVar("T")
#: What no later version and no new try will make readable.
_FOR_GOOD = (CannotBeOpened, NotAToken, CopyingError, OtherTherapist, BadSignature, Malformed, OtherCard)
#: So many are looked up with one question to the database.
_AT_ONCE = 200
#: Called with how many are done, and of how many.
Progress = Callable[[int, int], None]


def in_silence(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A token, opened and checked, before anything counts.

    ``before`` and ``after``: where the card stands now, and would stand. ``changes`` is empty where
    the token carries no preferences. ``confirms``: the client key that waits for a comparison.
    ``again``: it is here already, and after a restore importing it again says that it still holds.
    """

    token: Token
    card: Card
    holder: Holder
    before: Standing
    after: Standing
    older_than_held: bool
    parcel_id: str | None = None
    again: bool = False

    @property
    def changes(self) -> tuple[Change, ...]:
        """What would be other than now, choice by choice."""
        # Not before somebody asks: of a hundred tokens a person looks at a few.
        return _changes(self.before, self.token.body)

    @property
    def confirms(self) -> bytes | None:
        """The key this token is signed with, while it is not confirmed."""
        key = self.token.body.client_key
        return key if key in self.after.pending_keys else None

    @property
    def handed_out(self) -> bool:
        """Whether somebody noted that this card was handed out."""
        return self.card.state == "handed_out"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: a preview that was kept, or the refusal. ``position`` from 1.

    ``parcel_id``: of the parcel it came in, where it lies in the mailbox.
    """

    position: int
    preview: Preview | None
    refusal: SaysoError | None
    parcel_id: str | None = None

    @property
    def can_be_set_aside(self) -> bool:
        """Whether this is a parcel that will never be read."""
        return self.parcel_id is not None and isinstance(self.refusal, _FOR_GOOD)


def look(vault: Vault, opened: Token) -> Preview:
    """Say what one token would change. Raises a ``TokenRefused``."""
    return _preview(_Held.read(vault, [opened]), opened)


def look_at(vault: Vault, reads: Sequence[Callable[[], Token]], progress: Progress = in_silence) -> list[Outcome]:
    """Read tokens, each by its own call, and say what each would change. One bad one does not stop the rest."""
    outcomes = list[Outcome]()
    with vault.database.read() as connection, vault.database.together(connection):
        for start in range(0, len(reads), _AT_ONCE):
            for seen in _some(vault, reads[start : start + _AT_ONCE]):
                outcomes.append(_outcome(len(outcomes) + 1, seen))
                progress(len(outcomes), len(reads))
    return outcomes


def _outcome(position: int, seen: Preview | SaysoError) -> Outcome:
    return Outcome(position, None, seen) if isinstance(seen, SaysoError) else Outcome(position, seen, None)


def _some(vault: Vault, reads: Sequence[Callable[[], Token]]) -> Iterator[Preview | SaysoError]:
    opened = [_or_refusal(read) for read in reads]
    held = _or_refusal(lambda: _Held.read(vault, [one for one in opened if isinstance(one, Token)]))
    for one in opened:
        if isinstance(one, SaysoError):
            yield one
        elif isinstance(held, SaysoError):
            yield held
        else:
            yield _or_refusal(partial(_preview, held, one))


def _or_refusal(step: Callable[[], T]) -> T | SaysoError:
    try:
        return step()
    except SaysoError as refusal:
        return refusal


@dataclass(frozen=True, slots=True)
class _Held:
    """What is held on the cards of some tokens."""

    cards: Mapping[str, Card]
    rows: AtHand
    restored_at: datetime | None

    @classmethod
    def read(cls, vault: Vault, tokens: Sequence[Token]) -> _Held:
        with vault.database.read() as connection, vault.database.together(connection):
            codes = {one.body.card for one in tokens}
            rows = at_hand.read(connection, vault, codes, tokens)
            return cls(cards.by_code(connection, codes), rows, restorations.last(vault.database))

    def card(self, code: str) -> Card:
        """A card of this therapist's."""
        found = self.cards.get(code)
        if found is None or found.therapist_id != self.rows.vault.therapist_id:
            raise OtherCard
        return found


def _preview(on: _Held, opened: Token) -> Preview:
    card = on.card(opened.body.card)
    holder, records = on.rows.holder(card.code), on.rows.records(card.code)
    held, doubtful = [record.held for record in records], restorations.unproved(records, holder, on.restored_at)
    new = Held(opened.body, opened.digest)
    before = stand(held, holder.confirmed_key, doubtful)
    again = on.rows.has(opened)
    if again and not _proves(new, before, holder):
        raise AlreadyImported
    after = stand([*held, new], holder.confirmed_key, () if again else doubtful)
    return Preview(
        token=opened,
        card=card,
        holder=holder,
        before=before,
        after=after,
        older_than_held=_is_older(new, before),
        again=again,
    )


def _proves(new: Held, before: Standing, holder: Holder) -> bool:
    """Whether a token that is here already says, after a restore, that what is in force still is."""
    waits = any(hold.reason == "restored" and hold.token.digest == new.digest for hold in before.holds)
    return waits and holder.confirmed_key is not None


def _is_older(new: Held, before: Standing) -> bool:
    return any(
        (new.body.issued_at, new.body.sequence) < (held.body.issued_at, held.body.sequence) for held in before.in_force
    )


def _changes(before: Standing, body: wire.Body) -> tuple[Change, ...]:
    if not isinstance(body.content, wire.Choices):
        return ()
    return changes(before.documents[0] if before.documents else None, body.content.preferences)

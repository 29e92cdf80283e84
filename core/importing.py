"""Importing tokens: look first, then keep. One, or a hundred in one go.

Looking writes nothing, but that a parcel whose token is here already counts as delivered. Keeping
writes the token, its confirmation, the hand-out, the delivery of its parcel and the entry in the
record in one transaction, or nothing at all. Doing it twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlalchemy import Connection

from core import entries, parcel, people, telling, token, wire
from core.changes import Change, changes
from core.errors import (
    AlreadyImported,
    BadInput,
    BadSignature,
    CannotBeOpened,
    CardUnknown,
    CopyingError,
    Malformed,
    NotAToken,
    NotHandedOut,
    OtherCard,
    OtherTherapist,
    SaysoError,
    StoreUnavailable,
)
from core.standing import Held, Standing, stand
from core.store import audit, cards, mailbox, restorations
from core.store.cards import Card
from core.store.vaults import Holder, Record, Vault
from core.token import Token

#: What follows the prefix in a token, however it was broken over lines.
#: How a mail marks what it quotes, at the start of a line.
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
_SYMBOLS = re.compile(rf"(?:[\s-]*[^\s-]){{{token.SYMBOLS}}}")
#: What no later version and no new try will make readable.
_FOR_GOOD = (CannotBeOpened, NotAToken, CopyingError, OtherTherapist, BadSignature, Malformed, OtherCard)
#: So many are kept in one transaction: other writers wait no longer than for a few single ones.
_AT_ONCE = 50
#: Called with how many are done, and of how many.
Progress = Callable[[int, int], None]


def _in_silence(_done: int, _total: int) -> None:
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
    changes: tuple[Change, ...]
    older_than_held: bool
    parcel_id: str | None = None
    again: bool = False

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


def preview(vault: Vault, text: str, now: datetime) -> Preview:
    """Open a token and say what it would change. Raises a ``TokenRefused``."""
    return _preview(vault, token.read(text, vault.keys.all_sealing, now))


def _preview(vault: Vault, opened: Token, parcel_id: str | None = None) -> Preview:
    try:
        card = cards.find(vault.database, opened.body.card)
    except CardUnknown:
        raise OtherCard from None
    if card.therapist_id != vault.therapist_id:
        raise OtherCard
    holder, records = vault.holder(card.code), vault.records(card.code)
    held, doubtful = [record.held for record in records], _unproved(vault, records, holder)
    new = Held(opened.body, opened.digest)
    before = stand(held, holder.confirmed_key, doubtful)
    again = vault.has(opened)
    if again and not _proves(new, before, holder):
        raise AlreadyImported
    after = stand([*held, new], holder.confirmed_key, () if again else doubtful)
    return Preview(
        token=opened,
        card=card,
        holder=holder,
        before=before,
        after=after,
        changes=_changes(before, opened.body),
        older_than_held=_is_older(new, before),
        parcel_id=parcel_id,
        again=again,
    )


def _unproved(vault: Vault, records: Sequence[Record], holder: Holder) -> frozenset[bytes]:
    return restorations.unproved(records, holder, restorations.last(vault.database))


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


def keep(
    vault: Vault, look: Preview, now: datetime, *, compared: bool = False, not_handed_out_is_fine: bool = False
) -> Standing:
    """Import a previewed token and return where the card stands then.

    ``compared``: the therapist compared the acknowledgement code with the client, which confirms the
    key. Raises ``NotHandedOut`` (unless waved through, which notes the hand-out) and ``AlreadyImported``.
    """
    _keep(vault, look, now, compared=compared, not_handed_out_is_fine=not_handed_out_is_fine)
    _tidy_up(vault, now)
    return standing(vault, look.card.code)


def _keep(vault: Vault, look: Preview, now: datetime, *, compared: bool, not_handed_out_is_fine: bool) -> Preview:
    _check_handed_out(look, fine=not_handed_out_is_fine)
    try:
        with vault.database.write() as connection:
            _write(connection, vault, look, now, compared=compared)
    except AlreadyImported:
        _done_with(vault, look.parcel_id, now)
        raise
    return look


def _check_handed_out(look: Preview, *, fine: bool) -> None:
    if not look.handed_out and not fine:
        raise NotHandedOut(number=look.card.number)


def _write(connection: Connection, vault: Vault, look: Preview, now: datetime, *, compared: bool) -> None:
    # What comes before ``AlreadyImported`` is right even then: its parcel has done its work.
    if look.parcel_id is not None:
        mailbox.deliver(connection, look.parcel_id, now)
    if look.again:
        _confirm_again(connection, vault, look.card.code, look.token.body.client_key, now)
        return
    vault.keep(connection, look.token, now)
    cards.note_hand_out(connection, look.card.number, now)
    telling.tell_seen(connection, vault, look.token, now)
    kind, said = entries.arrived(vault.data_key, look.token)
    audit.append(connection, kind, now, vault, said)
    if compared and look.confirms:
        _confirm(connection, vault, look.card.code, look.confirms, now)


def _tidy_up(vault: Vault, now: datetime) -> None:
    # What was imported is safe by now; a failure here must not say otherwise.
    with suppress(StoreUnavailable):
        mailbox.clear_ended(vault.database, now)


def _done_with(vault: Vault, parcel_id: str | None, now: datetime) -> None:
    # Its token came in before, by hand perhaps: the parcel has done its work.
    if parcel_id is not None:
        with vault.database.write() as connection:
            mailbox.deliver(connection, parcel_id, now)


def confirm_key(vault: Vault, code: str, client_key: bytes, now: datetime) -> Standing:
    """Confirm a pending key after the code was compared. It takes the place of the one before."""
    if client_key not in standing(vault, code).pending_keys:
        return standing(vault, code)
    with vault.database.write() as connection:
        _confirm(connection, vault, code, client_key, now)
    return standing(vault, code)


def still_holds(vault: Vault, code: str, now: datetime) -> Standing:
    """Note, after a restore, that the client was asked and what is in force is still the newest they chose.

    Without a confirmed key there is nothing of theirs to confirm, and the code is compared first.
    """
    key = vault.holder(code).confirmed_key
    if key is not None:
        with vault.database.write() as connection:
            _confirm_again(connection, vault, code, key, now)
    return standing(vault, code)


def _confirm_again(connection: Connection, vault: Vault, code: str, client_key: bytes, now: datetime) -> None:
    # Another key may have been confirmed since this was looked at; that one stays.
    if vault.holder(code).confirmed_key != client_key:
        raise AlreadyImported
    _confirm(connection, vault, code, client_key, now)


def _confirm(connection: Connection, vault: Vault, code: str, client_key: bytes, now: datetime) -> None:
    vault.change_holder(connection, code, confirmed_key=client_key, confirmed_at=now)
    audit.append(connection, "confirm", now, vault, entries.confirmed(vault.data_key, code, client_key))


def standing(vault: Vault, code: str) -> Standing:
    """Return where one card stands."""
    records, holder = vault.records(code), vault.holder(code)
    return stand((record.held for record in records), holder.confirmed_key, _unproved(vault, records, holder))


def look_at_many(vault: Vault, texts: Sequence[str], now: datetime, progress: Progress = _in_silence) -> list[Outcome]:
    """Preview many tokens. One bad one does not stop the rest."""
    with vault.database.read() as connection, vault.database.together(connection):
        return _each([partial(preview, vault, text, now) for text in texts], progress)


def mail(vault: Vault) -> list[mailbox.Waiting]:
    """Return every parcel that waits for this vault, to whichever of its keys it is sealed, oldest first."""
    found = [one for key in people.recipients(vault) for one in mailbox.waiting(vault.database, key)]
    return sorted(found, key=lambda one: (one.posted_at, one.id))


def look_at_mailbox(vault: Vault, now: datetime, progress: Progress = _in_silence) -> list[Outcome]:
    """Preview every parcel that waits for this vault."""
    waiting = mail(vault)
    with vault.database.read() as connection, vault.database.together(connection):
        outcomes = _each([partial(_preview_parcel, vault, one, now) for one in waiting], progress)
    return [replace(outcome, parcel_id=one.id) for outcome, one in zip(outcomes, waiting, strict=True)]


def set_aside(vault: Vault, parcel_id: str, now: datetime) -> None:
    """Wait for a parcel no more that will never be read, and keep it. Setting it aside twice changes nothing.

    Raises ``BadInput`` for one that can be read, or may be by a newer version: it may say no.
    """
    waiting = mail(vault)
    found = next((one for one in waiting if one.id == parcel_id), None)
    if found is None:
        return
    [outcome] = _each([partial(_preview_parcel, vault, found, now)], _in_silence)
    if not replace(outcome, parcel_id=found.id).can_be_set_aside:
        raise BadInput(problem="This one may still be read, and it may say no. Look at it first.")
    with vault.database.write() as connection:
        if mailbox.set_aside(connection, found.id, now):
            said = entries.set_aside(sha256(found.sealed).digest(), "aside")
            audit.append(connection, "set_aside", now, vault, said)


def put_back(vault: Vault, parcel_id: str, now: datetime) -> None:
    """Wait for a parcel again that was set aside."""
    with vault.database.write() as connection:
        found = next((one for one in _put_aside(connection, vault) if one.id == parcel_id), None)
        if found is not None and mailbox.put_back(connection, found.id):
            said = entries.set_aside(sha256(found.sealed).digest(), "back")
            audit.append(connection, "set_aside", now, vault, said)


def put_aside(vault: Vault) -> list[mailbox.Waiting]:
    """Return the parcels that were set aside, oldest first."""
    with vault.database.read() as connection:
        return _put_aside(connection, vault)


def _put_aside(connection: Connection, vault: Vault) -> list[mailbox.Waiting]:
    return [one for key in people.recipients(vault) for one in mailbox.put_aside(connection, key)]


def _preview_parcel(vault: Vault, waiting: mailbox.Waiting, now: datetime) -> Preview:
    opened = _opened(vault, waiting.sealed)
    try:
        return _preview(vault, token.read(token.text_of(opened.payload), vault.keys.all_sealing, now), waiting.id)
    except AlreadyImported:
        _done_with(vault, waiting.id, now)
        raise


def _opened(vault: Vault, sealed: bytes) -> parcel.Parcel:
    for key in vault.keys.all_sealing:
        with suppress(parcel.NotAParcel):
            return parcel.unpack(sealed, key.private)
    raise CannotBeOpened


def keep_many(
    vault: Vault,
    looks: Iterable[Preview],
    now: datetime,
    progress: Progress = _in_silence,
    *,
    not_handed_out_is_fine: bool = False,
) -> list[Outcome]:
    """Import many previewed tokens; each is kept whole or refused with its own sentence."""
    wanted, outcomes = list(looks), list[Outcome]()
    step = partial(_keep, vault, now=now, compared=False, not_handed_out_is_fine=not_handed_out_is_fine)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        try:
            kept = _keep_together(vault, some, now, fine=not_handed_out_is_fine)
        except SaysoError:
            # Nothing of these was kept. One by one, those that can be are.
            kept = _each([partial(step, look) for look in some], _in_silence)
        for outcome in kept:
            outcomes.append(replace(outcome, position=len(outcomes) + 1))
            progress(len(outcomes), len(wanted))
    _tidy_up(vault, now)
    return outcomes


def _keep_together(vault: Vault, looks: Sequence[Preview], now: datetime, *, fine: bool) -> list[Outcome]:
    """Keep some in one transaction. Raises what goes wrong but for the first two refusals; nothing is kept then."""

    def outcome(connection: Connection, look: Preview) -> Outcome:
        try:
            _check_handed_out(look, fine=fine)
            _write(connection, vault, look, now, compared=False)
        except (NotHandedOut, AlreadyImported) as refusal:
            return Outcome(1, None, refusal)
        return Outcome(1, look, None)

    with vault.database.write() as connection, vault.database.together(connection):
        return [outcome(connection, look) for look in looks]


def _each(steps: Sequence[Callable[[], Preview]], progress: Progress) -> list[Outcome]:
    outcomes = []
    for position, step in enumerate(steps, start=1):
        try:
            outcomes.append(Outcome(position, step(), None))
        except SaysoError as refusal:
            outcomes.append(Outcome(position, None, refusal))
        progress(position, len(steps))
    return outcomes


def tokens_in(text: str) -> list[str]:
    """Split a pasted text or file into tokens: each begins with the prefix, whatever lies between or behind.

    All tokens are of one length, so what a person wrote behind one is left out. A text without the
    prefix comes back whole, so that it gets its refusal.
    """
    parts = token.PREFIX_PATTERN.split(_QUOTED.sub("", text))
    if len(parts) == 1:
        return [text]
    return [token.PREFIX + _without_what_follows(part) for part in parts[1:]]


def _without_what_follows(part: str) -> str:
    whole = _SYMBOLS.match(part)
    return whole[0] if whole else part

"""Importing tokens: look first, then keep. One, or a hundred in one go.

Looking writes nothing, but that a parcel whose token is here already counts as delivered. Keeping
writes the token, its confirmation, the hand-out, the delivery of its parcel and the entry in the
record in one transaction, or nothing at all. Doing it twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from core import token
from core.errors import AlreadyImported, NotHandedOut, SaysoError, StoreUnavailable
from core.importing_looks import Outcome, Preview, Progress, in_silence, look, look_at
from core.importing_mail import look_at_mailbox, mail, put_aside, put_back, set_aside
from core.importing_pile import Pile, piling
from core.standing import Standing, stand
from core.store import mailbox, restorations
from core.store.vaults import Vault

__all__ = [
    "Outcome",
    "Preview",
    "Progress",
    "confirm_key",
    "keep",
    "keep_many",
    "look_at_mailbox",
    "look_at_many",
    "mail",
    "preview",
    "put_aside",
    "put_back",
    "set_aside",
    "standing",
    "still_holds",
    "tokens_in",
]

#: How a mail marks what it quotes, at the start of a line.
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]*)+", re.MULTILINE)
#: What follows the prefix in a token, however it was broken over lines.
_SYMBOLS = re.compile(rf"(?:[\s-]*[^\s-]){{{token.SYMBOLS}}}")
#: So many are kept in one transaction: other writers wait for about a tenth of a second of work.
_AT_ONCE = 100


def preview(vault: Vault, text: str, now: datetime) -> Preview:
    """Open a token and say what it would change. Raises a ``TokenRefused``."""
    return look(vault, token.read(text, vault.keys.all_sealing, now))


def look_at_many(vault: Vault, texts: Sequence[str], now: datetime, progress: Progress = in_silence) -> list[Outcome]:
    """Preview many tokens. One bad one does not stop the rest."""
    keys = vault.keys.all_sealing
    return look_at(vault, [partial(token.read, text, keys, now) for text in texts], progress)


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


def _keep(vault: Vault, look: Preview, now: datetime, *, compared: bool, not_handed_out_is_fine: bool) -> None:
    [outcome] = _keep_together(vault, [look], now, compared=compared, fine=not_handed_out_is_fine)
    if outcome.refusal is not None:
        raise outcome.refusal


def _keep_together(
    vault: Vault, looks: Sequence[Preview], now: datetime, *, compared: bool = False, fine: bool
) -> list[Outcome]:
    """Keep some in one transaction. Raises what goes wrong but for the first two refusals; nothing is kept then."""
    tokens = [look.token for look in looks]
    with piling(vault, now, {one.body.card for one in tokens}, tokens) as pile:
        return [_put_on(pile, look, compared=compared, fine=fine) for look in looks]


def _put_on(pile: Pile, look: Preview, *, compared: bool, fine: bool) -> Outcome:
    if not look.handed_out and not fine:
        return Outcome(1, None, NotHandedOut(number=look.card.number))
    try:
        pile.add(look, compared=compared)
    except AlreadyImported as refusal:
        return Outcome(1, None, refusal)
    return Outcome(1, look, None)


def _tidy_up(vault: Vault, now: datetime) -> None:
    # What was imported is safe by now; a failure here must not say otherwise.
    with suppress(StoreUnavailable):
        mailbox.clear_ended(vault.database, now)


def confirm_key(vault: Vault, code: str, client_key: bytes, now: datetime) -> Standing:
    """Confirm a pending key after the code was compared. It takes the place of the one before."""
    if client_key not in standing(vault, code).pending_keys:
        return standing(vault, code)
    with piling(vault, now, [code]) as pile:
        pile.confirm(code, client_key)
    return standing(vault, code)


def still_holds(vault: Vault, code: str, now: datetime) -> Standing:
    """Note, after a restore, that the client was asked and what is in force is still the newest they chose.

    Without a confirmed key there is nothing of theirs to confirm, and the code is compared first.
    """
    key = vault.holder(code).confirmed_key
    if key is not None:
        with piling(vault, now, [code]) as pile:
            # Another key may have been confirmed since this was looked at; that one stays.
            pile.confirm_again(code, key)
    return standing(vault, code)


def standing(vault: Vault, code: str) -> Standing:
    """Return where one card stands."""
    records, holder = vault.records(code), vault.holder(code)
    doubtful = restorations.unproved(records, holder, restorations.last(vault.database))
    return stand((record.held for record in records), holder.confirmed_key, doubtful)


def keep_many(
    vault: Vault,
    looks: Iterable[Preview],
    now: datetime,
    progress: Progress = in_silence,
    *,
    not_handed_out_is_fine: bool = False,
) -> list[Outcome]:
    """Import many previewed tokens; each is kept whole or refused with its own sentence."""
    wanted, outcomes = list(looks), list[Outcome]()
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        try:
            kept = _keep_together(vault, some, now, fine=not_handed_out_is_fine)
        except SaysoError:
            # Nothing of these was kept. One by one, those that can be are.
            kept = [_keep_alone(vault, look, now, fine=not_handed_out_is_fine) for look in some]
        for outcome in kept:
            outcomes.append(replace(outcome, position=len(outcomes) + 1))
            progress(len(outcomes), len(wanted))
    _tidy_up(vault, now)
    return outcomes


def _keep_alone(vault: Vault, look: Preview, now: datetime, *, fine: bool) -> Outcome:
    try:
        [outcome] = _keep_together(vault, [look], now, fine=fine)
    except SaysoError as refusal:
        return Outcome(1, None, refusal)
    return outcome


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

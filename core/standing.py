"""Which document is in force for a card, and what holds it back. Pure.

Source: spec, "Which document is in force" (docs/verdicts.md). The order of imports never matters:
the answer is a function of the set of tokens held and of the one key that was confirmed.

In short: signed preferences under the confirmed key are ordered by (issued_at, sequence), the
newest is in force; whatever anyone else brings can only hold, and only signed preferences with a
later issued_at lift it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from core import wire
from core.model.preferences import Preferences
from core.text.versions import still_counts

Reason = Literal["first_key", "other_key", "unsigned_choices", "unsigned_stop", "paper", "restored"]


@dataclass(frozen=True, slots=True)
class Held:
    """A verified token: its body and the SHA-256 of its envelope (32 bytes)."""

    body: wire.Body
    digest: bytes


@dataclass(frozen=True, slots=True)
class Hold:
    """Why nothing may be used for now, and the token it comes from."""

    reason: Reason
    token: Held


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a card stands.

    ``in_force``: the newest documents (more than one at a tie: both are judged); under a key that
    is still pending they are there to be shown, and a hold stands. ``pending_keys``: client keys
    that wait for a comparison of the acknowledgement code. ``choice_missing``: the newest names a
    choice before it that never arrived.
    """

    in_force: tuple[Held, ...]
    holds: tuple[Hold, ...]
    withdrawn: bool
    pending_keys: tuple[bytes, ...]
    choice_missing: bool

    @property
    def on_hold(self) -> bool:
        """Whether anything holds it back."""
        return bool(self.holds)

    @property
    def documents(self) -> tuple[Preferences, ...]:
        """The preferences in force."""
        return tuple(choices_of(held) for held in self.in_force)

    def permits_something(self, now: datetime) -> bool:
        """Whether a yes in it is alive: no hold, no withdrawal, not run out."""
        if self.on_hold or self.withdrawn or not self.in_force:
            return False
        return all(document.has_yes and not document.has_ended(now) for document in self.documents)


def choices_of(held: Held) -> Preferences:
    """Return the preferences a kind-1 token carries."""
    content = held.body.content
    if not isinstance(content, wire.Choices):
        raise TypeError("not a preferences token")
    return content.preferences


def words_changed(held: Held) -> bool:
    """Whether a yes rests on words of a notice that have changed since (a MAJOR change): it has lapsed. A no stays."""
    # By the format a document has an end just where it has a yes.
    return held.body.expires_at is not None and not still_counts(held.body.notice, held.body.language)


def stand(tokens: Iterable[Held], confirmed_key: bytes | None, unproved: Collection[bytes] = frozenset()) -> Standing:
    """Return where a card stands, given every token held and the confirmed client key, if any.

    ``unproved``: digests of tokens held since before a restore from backup. What is in force among them
    holds, because a later no may be lost.
    """
    held = sorted({token.digest: token for token in tokens}.values(), key=lambda token: token.digest)
    documents = [token for token in held if _is_document(token, confirmed_key)]
    in_force = _newest(documents)
    # Under a key nobody confirmed, a document lifts nothing.
    lifted = in_force[0].body.issued_at if in_force and confirmed_key else _NEVER
    standing_tokens = [token for token in held if token.body.issued_at >= lifted]
    holds = tuple(
        Hold(reason, token)
        for token in standing_tokens
        if (reason := _hold_reason(token.body, confirmed_key)) is not None
    )
    doubtful = tuple(Hold("restored", token) for token in in_force if token.digest in unproved)
    return Standing(
        in_force=in_force,
        holds=holds + doubtful,
        withdrawn=any(_is_withdrawal(token.body, confirmed_key) for token in standing_tokens),
        pending_keys=tuple(
            sorted({hold.token.body.client_key for hold in holds if hold.reason in {"first_key", "other_key"}})
        ),
        choice_missing=_choice_missing(in_force, held),
    )


_NEVER = datetime.min.replace(tzinfo=UTC)


def _is_document(token: Held, confirmed_key: bytes | None) -> bool:
    body = token.body
    if body.kind != "preferences" or not body.signed:
        return False
    return confirmed_key is None or body.client_key == confirmed_key


def _newest(documents: list[Held]) -> tuple[Held, ...]:
    if not documents:
        return ()
    latest = max(_order(token) for token in documents)
    return tuple(token for token in documents if _order(token) == latest)


def _order(token: Held) -> tuple[datetime, int]:
    return token.body.issued_at, token.body.sequence


def _hold_reason(body: wire.Body, confirmed_key: bytes | None) -> Reason | None:
    if body.signed:
        if confirmed_key is None:
            return "first_key"
        return None if body.client_key == confirmed_key else "other_key"
    if body.kind == "preferences":
        return "paper" if body.paper else "unsigned_choices"
    return "unsigned_stop" if _stops_everything(body) else None


def _is_withdrawal(body: wire.Body, confirmed_key: bytes | None) -> bool:
    return body.signed and body.client_key == confirmed_key and _stops_everything(body)


def _stops_everything(body: wire.Body) -> bool:
    return isinstance(body.content, wire.Withdrawal) and body.content.scope == "everything"


def _choice_missing(in_force: tuple[Held, ...], held: list[Held]) -> bool:
    known = {token.digest[:16] for token in held}
    return any(any(token.body.previous) and token.body.previous not in known for token in in_force)

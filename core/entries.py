"""What each kind of entry says, so that everybody who writes one says it alike. Pure.

No entry names a client: a card and a client's key appear as pseudonyms made with the open vault's key,
the same wherever the same card or key comes in and worth nothing outside. Times are Unix seconds,
days ISO 8601, digests lower-case hex. Which facts a reviewer is shown: ``core/review.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core import wire
from core.audit import Kind
from core.model.circumstances import Circumstances
from core.model.dates import to_unix
from core.model.post import Post
from core.model.verdict import Verdict
from core.token import Token
from core.vault import DataKey

#: What an entry says: names to values that JSON can hold.
Said = dict[str, object]


@dataclass(frozen=True, slots=True)
class Basis:
    """What one person's part of a post rests on.

    ``documents``: digests (32 bytes) of the tokens in force, more than one at a tie. ``grants``: those of
    the answers that said yes to this draft, where one was needed.
    """

    documents: tuple[bytes, ...]
    grants: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was sent. ``request_id`` and ``content_hash``: 32 bytes each."""

    card: str
    request_id: bytes
    content_hash: bytes
    channels: tuple[str, ...]
    issued_at: datetime
    answer_by: date
    take_down_on: date


def subject_of(data_key: DataKey, card: str) -> str:
    """Return the pseudonym of a card's holder."""
    return data_key.blind_index("audit/card", card).hex()


def key_of(data_key: DataKey, client_key: bytes) -> str:
    """Return the pseudonym of a client's signing key."""
    return data_key.blind_index("audit/key", client_key).hex()


def arrived(data_key: DataKey, token: Token) -> tuple[Kind, Said]:
    """Return the kind of entry for an imported token (``answer`` or ``import``) and what it says."""
    body = token.body
    said: Said = {
        "subject": subject_of(data_key, body.card),
        "token": token.digest.hex(),
        "token_kind": body.kind,
        "key": key_of(data_key, body.client_key) if body.signed else None,
        "issued_at": to_unix(body.issued_at),
        "number": body.sequence,
        "expires_at": to_unix(body.expires_at) if body.expires_at else None,
    }
    return "answer" if body.kind == "answer" else "import", said | _content(body.content)


def _content(content: wire.Choices | wire.Answer | wire.Withdrawal) -> Said:
    # Each place is a fact of its own, so that a post shows a reviewer only where it went.
    if isinstance(content, wire.Choices):
        return {f"channel.{channel}": treatment for channel, treatment in content.preferences.channels.items()}
    if isinstance(content, wire.Answer):
        return {"request": content.request_id.hex(), "answer": content.answer}
    return {"scope": content.scope, "reference": content.reference.hex()}


def confirmed(data_key: DataKey, card: str, client_key: bytes) -> Said:
    """Return what ``confirm`` says: from here on this key speaks for this card."""
    return {"subject": subject_of(data_key, card), "key": key_of(data_key, client_key)}


def circumstances(data_key: DataKey, card: str, about: Circumstances) -> Said:
    """Return what ``circumstances`` says: all that is noted of a card's holder from here on."""
    said = about.model_dump(mode="json")
    return {
        "subject": subject_of(data_key, card),
        "guardians": sorted(subject_of(data_key, one) for one in about.guardians),
        "therapy_ended": said["therapy_ended"],
        "majority_on": said["majority_on"],
        "cases": sorted(name for name, value in said.items() if value is True),
    }


def linked(data_key: DataKey, card: str, others: Iterable[str]) -> Said:
    """Return what ``link`` says: a card, and all others of the same person from here on. None: it stands alone."""
    return {
        "subject": subject_of(data_key, card),
        "others": sorted(subject_of(data_key, one) for one in others),
    }


def judged(post: Post, verdict: Verdict) -> Said:
    """Return what ``verdict`` says. Rules are named without the people they are about."""
    return _draft(post) | {
        "answer": verdict.answer,
        "on": verdict.on.isoformat() if verdict.on else None,
        "rules": sorted({reason.rule for reason in verdict.reasons}),
        "people": len(post.people),
    }


def posted(
    post: Post,
    posted_at: datetime,
    verdict: int,
    basis: Iterable[Basis],
    take_down_on: date | None = None,
    address: str = "",
) -> Said:
    """Return what ``post`` says. ``verdict``: the number of the entry that allowed it. One ``basis`` a person."""
    rests_on = [{"documents": _hex(one.documents), "grants": _hex(one.grants)} for one in basis]
    return _draft(post) | {
        "posted_at": to_unix(posted_at),
        "verdict": verdict,
        # In an order that says nothing of who is who.
        "basis": sorted(rests_on, key=str),
        "take_down_on": take_down_on.isoformat() if take_down_on else None,
        "address": address,
    }


def _hex(digests: Iterable[bytes]) -> list[str]:
    return sorted(digest.hex() for digest in digests)


def _draft(post: Post) -> Said:
    return {"content_hash": post.content_hash, "form": post.form, "channels": sorted(post.all_channels)}


def requested(data_key: DataKey, asked: Asked) -> Said:
    """Return what ``request`` says."""
    return {
        "subject": subject_of(data_key, asked.card),
        "request": asked.request_id.hex(),
        "content_hash": asked.content_hash.hex(),
        "channels": sorted(asked.channels),
        "issued_at": to_unix(asked.issued_at),
        "answer_by": asked.answer_by.isoformat(),
        "take_down_on": asked.take_down_on.isoformat(),
    }


def taken_down(post: int, state: Literal["to_do", "asked", "done", "cannot_be_undone"]) -> Said:
    """Return what ``take_down`` says. ``post``: the number of the post's own entry."""
    return {"post": post, "state": state}


def corrected(post: int, address: str) -> Said:
    """Return what ``correction`` says: where the post of entry ``post`` really is. The first entry stays."""
    return {"post": post, "address": address}


def set_aside(parcel: bytes, state: Literal["aside", "back"]) -> Said:
    """Return what ``set_aside`` says: a parcel that does not open is no more waited for, or is again.

    ``parcel``: SHA-256 of the sealed parcel (32 bytes).
    """
    return {"parcel": parcel.hex(), "state": state}


def exported(what: str, more: Sequence[str] = ()) -> Said:
    """Return what ``export`` says. ``what``: the format, such as ``review`` or ``fhir-r4``."""
    return {"what": what, "parts": sorted(more)}


def keys_are(sealing_public: bytes, signing_public: bytes) -> Said:
    """Return what ``set_up`` and ``key_change`` say: the therapist's public keys from here on."""
    return {"sealing_public": sealing_public.hex(), "signing_public": signing_public.hex()}


def opens_with(what: Literal["passphrase", "recovery_sheet"]) -> Said:
    """Return what ``passphrase_change`` says: what was made new."""
    return {"opens_with": what}


def handed_over(
    therapist: str, successor: str, state: Literal["left", "closed", "back"], cards: int = 0, noes: int = 0
) -> Said:
    """Return what ``hand_over`` says: whose vault was closed or opened again, and how many cards and noes went on."""
    return {"therapist": therapist, "successor": successor, "state": state, "cards": cards, "noes": noes}


def copied(digest: bytes) -> Said:
    """Return what ``backup`` and ``restore`` say. ``digest``: SHA-256 of the backup (32 bytes)."""
    return {"backup": digest.hex()}

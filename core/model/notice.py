"""What a therapist lets a client know: seen, posted, taken down. Small, signed, sealed to the client.

``card`` binds a notice to one card. Times are aware UTC; hashes and ids are hex. Source: docs/requests.md.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from core.model.post import Day, Form
from core.model.posted import State, When
from core.model.version import VersionOne


class NotANotice(ValueError):
    """The bytes are no notice of this kind."""


class _Notice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    version: VersionOne = 1
    card: str
    at: When

    def to_bytes(self) -> bytes:
        """Return the JSON bytes that are signed."""
        return self.model_dump_json().encode()


class Seen(_Notice):
    """The therapist imported a token. ``token``: SHA-256 of its envelope.

    ``closed``: the ids of the questions it said no to, where it was given with the card alone.
    """

    token: str
    closed: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")], ...] = ()

    def to_bytes(self) -> bytes:
        """Return the JSON bytes that are signed. Where nothing was closed they are as before there was that field."""
        return self.model_dump_json(exclude=None if self.closed else {"closed"}).encode()


class PostedPlace(BaseModel):
    """One place, as a client reads of it. ``state``: None while it is up."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    channel: str
    address: str
    state: State | None = None


class PostedNotice(_Notice):
    """Something was posted that includes this client. ``request_id``: of the yes it rests on, or None.

    ``lasting``: it is also somewhere that nobody can take back.
    """

    post: str
    content_hash: str
    form: Form
    request_id: str | None
    account: str
    places: tuple[PostedPlace, ...]
    lasting: bool
    take_down_on: Day | None


class TakenDown(_Notice):
    """Where taking down stands, place by place. The newest one counts."""

    post: str
    places: tuple[PostedPlace, ...]


Notice = Seen | PostedNotice | TakenDown
Kind = Literal["seen", "posted", "taken_down"]
KINDS: dict[Kind, type[Seen | PostedNotice | TakenDown]] = {
    "seen": Seen,
    "posted": PostedNotice,
    "taken_down": TakenDown,
}


def kind_of(notice: Notice) -> Kind:
    """Return the parcel's kind for a notice."""
    return next(kind for kind, model in KINDS.items() if type(notice) is model)


def parse(kind: Kind, data: bytes) -> Notice:
    """Return the notice that JSON bytes spell. Raises ``NotANotice``, which names no value."""
    try:
        return KINDS[kind].model_validate_json(data)
    except ValidationError:
        raise NotANotice from None

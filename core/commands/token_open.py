"""``token open``: a token on stdin becomes JSON."""

from __future__ import annotations

from argparse import Namespace

from core import token, wire
from core.commands import Console
from core.commands.arguments import key_text
from core.commands.keyfile import read_sealing_key
from core.model.dates import iso


def open_token(arguments: Namespace, console: Console) -> dict[str, object]:
    """Return what the token says. Raises ``BadInput`` for the key file and a ``TokenRefused``."""
    key = read_sealing_key(arguments.private)
    # What is no UTF-8 becomes a foreign character, which the format refuses in its own words.
    text = console.stdin.read().decode("utf-8-sig", errors="replace")
    return as_json(token.read(text, [key], arguments.now or console.clock()))


def as_json(opened: token.Token) -> dict[str, object]:
    """Return a token as the document that other programs read: bytes in hex, keys in base64url, times in UTC."""
    body = opened.body
    return {
        "kind": body.kind,
        "signed": body.signed,
        "understood": body.understood,
        "guardian": body.guardian,
        "paper": body.paper,
        "card": body.card,
        "issued_at": iso(body.issued_at),
        "expires_at": iso(body.expires_at) if body.expires_at else None,
        "sequence": body.sequence,
        "previous": body.previous.hex(),
        "notice": body.notice.hex(),
        "language": body.language,
        "client_key": key_text(body.client_key) if body.signed else None,
        "acknowledgement": opened.acknowledgement,
        body.kind: _content(body.content),
    }


def _content(content: wire.Choices | wire.Answer | wire.Withdrawal) -> dict[str, object]:
    if isinstance(content, wire.Choices):
        return content.preferences.model_dump(mode="json")
    if isinstance(content, wire.Answer):
        return {"request_id": content.request_id.hex(), "answer": content.answer, "note": content.note}
    return {"scope": content.scope, "reference": content.reference.hex() if any(content.reference) else None}

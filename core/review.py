"""The record for an outside reviewer: for each post, that a permission was there before it, and no client named.

The whole chain is in it as numbers and hashes. Opened are only the facts a reviewer needs, under their
salts; the others stay behind their hashes. ``tools/verify_review.py`` checks it without this code. The
form, and what it does not prove: docs/audit.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import entries
from core.audit import Entry
from core.facts import Fact
from core.head import Head
from core.model.body import NOBODY
from core.store import audit
from core.store.vaults import Vault

#: Kinds that are about one person. Each shows whose it is, so that no stop can be left out of sight.
_PERSONAL = frozenset({"import", "answer", "confirm", "request"})
_VERDICT = frozenset({"content_hash", "form", "channels", "answer", "people"})
_TOKEN = frozenset({"token_kind", "key", "issued_at", "number", "scope", "reference", "request"})
_RESTED_ON = frozenset({"token", "expires_at"})
_REQUEST = frozenset({"request", "content_hash", "channels", "issued_at", "answer_by", "take_down_on"})
_ALWAYS = {
    "set_up": frozenset({"signing_public"}),
    "key_change": frozenset({"signing_public"}),
    "post": frozenset({"content_hash", "form", "channels", "posted_at", "verdict", "basis"}),
}


@dataclass(frozen=True, slots=True)
class _Opened:
    entry: Entry
    facts: tuple[Fact, ...]

    @property
    def said(self) -> dict[str, Any]:
        return {fact.name: fact.value for fact in self.facts}


def make(vault: Vault, now: datetime) -> dict[str, object]:
    """Return the review as a document for JSON, and note in the record that it was made.

    Raises ``VaultDamaged`` where an entry does not open.
    """
    with vault.database.write() as connection:
        audit.append(connection, "export", now, vault, entries.exported("review"))
        head = audit.sign_head(connection, vault, vault.keys.signing, now)
        chain = list(audit.entries(connection))
        opened = [_Opened(*one) for one in audit.opened(connection, vault)]
    return _document(head, chain, opened)


def _document(head: Head, chain: Iterable[Entry], opened: Sequence[_Opened]) -> dict[str, object]:
    relevant = _Relevant(opened)
    return {
        "format": "sayso-review",
        "version": 1,
        "head": head.as_json(),
        "entries": [_line(entry) for entry in chain],
        "facts": {str(one.entry.sequence): _split(one.facts, relevant.to(one)) for one in opened if one.facts},
    }


def _line(entry: Entry) -> list[object]:
    digests = (entry.commitment, entry.detail, entry.hash)
    return [entry.sequence, entry.at, entry.therapist, entry.kind, *(digest.hex() for digest in digests)]


def _split(facts: Iterable[Fact], shown: frozenset[str]) -> dict[str, object]:
    facts = tuple(facts)
    return {
        "shown": [[fact.salt.hex(), fact.name, fact.text] for fact in facts if fact.name in shown],
        "hidden": sorted(fact.leaf.hex() for fact in facts if fact.name not in shown),
    }


class _Relevant:
    """Which facts of an entry a reviewer needs, given every post."""

    def __init__(self, opened: Sequence[_Opened]) -> None:
        posts = [one.said for one in opened if one.entry.kind == "post"]
        personal = [one.said for one in opened if one.entry.kind in _PERSONAL]
        self._grants = {digest for post in posts for person in post["basis"] for digest in person["grants"]}
        # Where the posts went that rest on a document.
        self._places: dict[str, set[str]] = {}
        for post in posts:
            for digest in (digest for person in post["basis"] for digest in person["documents"]):
                self._places.setdefault(digest, set()).update(f"channel.{channel}" for channel in post["channels"])
        self._verdicts = {post["verdict"] for post in posts}
        self._subjects = {said["subject"] for said in personal if said.get("token") in self._places}
        self._requests = {said["request"] for said in personal if said.get("token") in self._grants}

    def to(self, one: _Opened) -> frozenset[str]:
        """Return the names of the facts that are shown."""
        kind, said = one.entry.kind, one.said
        if kind in _PERSONAL:
            more = self._personal(kind, said) if said["subject"] in self._subjects else frozenset()
            return more | {"subject"}
        if kind == "verdict":
            return _VERDICT if one.entry.sequence in self._verdicts else frozenset()
        return _ALWAYS.get(kind, frozenset())

    def _personal(self, kind: str, said: Mapping[str, Any]) -> frozenset[str]:
        if kind == "confirm":
            return frozenset({"key"})
        in_question = said.get("request") in self._requests
        if kind == "request":
            return _REQUEST if in_question else frozenset()
        # An answer that names no request may be about any.
        answer = {"answer"} if in_question or said.get("request") == NOBODY.hex() else set()
        return (_TOKEN if kind == "import" else _TOKEN - {"number"}) | answer | self._rested_on(said["token"])

    def _rested_on(self, token: str) -> frozenset[str]:
        is_rested_on = token in self._places or token in self._grants
        return _RESTED_ON | self._places.get(token, set()) if is_rested_on else frozenset()

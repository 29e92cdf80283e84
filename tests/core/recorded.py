"""A practice whose record has posts in it, made step by step: what a review is asked about."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from core import entries, importing, review, saving, token, wire
from core.entries import Asked, Basis
from core.keys import ClientKeys
from core.model.post import Post, Story
from core.model.verdict import Verdict
from core.store import audit
from core.store.cards import Card
from core.text import notice_hash
from core.token import Token
from tests.core.clinic import NOW, Clinic, later

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "verify_review.py"
TAKE_DOWN = date(2027, 4, 1)


def _loaded():
    # Not of this project's packages: a script that a reviewer keeps by itself.
    spec = spec_from_file_location("verify_review", SCRIPT)
    module = module_from_spec(spec)
    sys.modules["verify_review"] = module  # its records look themselves up by name
    spec.loader.exec_module(module)
    return module


CHECK = _loaded()


def checked(document, tmp_path, *more):
    """Return the exit status and what the script printed of a document."""
    path = tmp_path / "review.json"
    path.write_text(json.dumps(document), "utf-8")
    return CHECK.main([str(path), *map(str, more)])


@dataclass
class Client:
    """One client with a card, and the tokens that came from them."""

    clinic: Clinic
    card: Card
    keys: ClientKeys = field(default_factory=ClientKeys.new)

    def choose(self, at: datetime = NOW, *, compared: bool = True, **chosen: object) -> Token:
        """Choose, and have it imported at once."""
        return self.take_in(self.clinic.write(self.keys, at, self.card, **chosen).token, at, compared=compared)

    def stop(self, at: datetime, *, signed: bool = False) -> Token:
        """Stop everything, and have it imported at once."""
        letter = saving.write_stop(self.card, self.clinic.therapist, at, keys=self.keys if signed else None)
        return self.take_in(letter.token, at)

    def answer(
        self,
        request_id: bytes,
        answer: str,
        at: datetime,
        until: datetime | None = None,
        keys: ClientKeys | None = None,
    ) -> Token:
        """Answer a request, signed, and have it imported at once."""
        ends = (until or later(days=120)) if answer == "yes" else None
        return self._say(wire.Answer(request_id, answer), at, ends, keys or self.keys)

    def take_back(self, reference: bytes, at: datetime) -> Token:
        """Take one post back, with the card alone."""
        return self._say(wire.Withdrawal("one_post", reference), at, None, None)

    def take_in(self, new: Token, at: datetime, *, compared: bool = False) -> Token:
        """Import a token."""
        self.clinic.take_in(new.text, at, compared=compared)
        return new

    def _say(self, content, at, ends, keys):
        body = wire.Body(content, self.card.code, at, ends, 1, notice_hash("en"), "en", signed=keys is not None)
        return self.take_in(token.issue(body, self.clinic.therapist.sealing_public, keys), at)


@dataclass
class Practice:
    """A clinic that posts."""

    clinic: Clinic

    def client(self, number: int) -> Client:
        """Return a client with the card of that number."""
        return Client(self.clinic, self.clinic.cards[number])

    def write(self, kind, at: datetime, said: dict[str, object]) -> int:
        """Put an entry into the record and return its number."""
        with self.clinic.database.write() as connection:
            return audit.append(connection, kind, at, self.clinic.vault, said).sequence

    def ask(self, client: Client, draft: str, at: datetime, *channels: str) -> bytes:
        """Ask one client about a draft, and return the request's id."""
        request_id = sha256(f"{client.card.code} {draft} {at}".encode()).digest()
        content = bytes.fromhex(hash_of(draft))
        asked = Asked(client.card.code, request_id, content, channels, at, (at + timedelta(days=14)).date(), TAKE_DOWN)
        self.write("request", at, entries.requested(self.clinic.vault.data_key, asked))
        return request_id

    def judge(self, post: Post, at: datetime, answer: str = "allowed") -> int:
        """Note a verdict."""
        return self.write("verdict", at, entries.judged(post, Verdict(answer)))

    def post(self, post: Post, at: datetime, *basis: Basis, answer: str = "allowed", posted_at: datetime | None = None):
        """Judge a post and note that it went out."""
        verdict = self.judge(post, at, answer)
        return self.write(
            "post", at, entries.posted(post, posted_at or at, verdict, basis, TAKE_DOWN, "https://video.example/1")
        )

    def review(self, at: datetime) -> dict[str, object]:
        """Return the review as a reviewer reads it from the file."""
        return json.loads(json.dumps(review.make(self.clinic.vault, at)))


def hash_of(draft: str) -> str:
    """Return a content hash."""
    return sha256(draft.encode()).hexdigest()


def made_of(form: str, draft: str, channels: tuple[str, ...], *clients: Client) -> Post:
    """Return a post. A composite has a story for each client, any other form one with all."""
    groups = [[client] for client in clients] if form == "composite" else [list(clients)] if clients else []
    stories = tuple(
        Story(people=tuple(one.card.code for one in group), session_date=date(2026, 1, 5)) for group in groups
    )
    return Post(
        channels=channels,
        form=form,
        materials=("lesson",),
        topics=(),
        live=False,
        paid=False,
        uses=(),
        content_hash=hash_of(draft),
        stories=stories,
    )


def rests_on(*documents: Token, grants: tuple[Token, ...] = ()) -> Basis:
    """Return what one person's part rests on."""
    return Basis(tuple(one.digest for one in documents), tuple(one.digest for one in grants))


def a_year(clinic: Clinic) -> Practice:
    """Return a practice with three posts that were permitted: blended, asked for, invented."""
    practice = Practice(clinic)
    clients = [practice.client(number) for number in range(3)]
    other = practice.client(3)
    documents = [client.choose(post="composite", note="canary note", materials=("lesson",)) for client in clients]
    other.choose(video="disguised", note="canary note")
    importing.standing(clinic.vault, other.card.code)
    blended = made_of("composite", "blended", ("post",), *clients)
    practice.post(blended, later(days=1), *(rests_on(document) for document in documents))
    changed = clients[0].choose(later(days=2), compared=False, post="composite", video="ask")
    request_id = practice.ask(clients[0], "asked", later(days=3), "video")
    yes = clients[0].answer(request_id, "yes", later(days=4))
    asked = made_of("disguised", "asked", ("video",), clients[0])
    practice.post(asked, later(days=12), rests_on(changed, grants=(yes,)))
    practice.post(made_of("invented", "invented", ("post",)), later(days=13), answer="out_of_scope")
    other.stop(later(days=14))
    return practice

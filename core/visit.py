"""What a client does with a draft: save it, come back with a personal code, change, stop."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime

from core import reader, saving
from core.drafts import Draft, from_preferences
from core.errors import BadInput, CardProblem, WrongClientCode
from core.keys import ClientKeys
from core.portal import Portal
from core.saving import Letter, Outbox, OwnRecord
from core.standing import Held, words_changed
from core.store import cards
from core.store.cards import Card
from core.store.database import Database, new_id
from core.store.limits import network
from core.store.practice import Therapist
from core.token import Token
from core.wire import Choices, Withdrawal


@dataclass(frozen=True, slots=True)
class Return:
    """A client who came back: their keys, and what they sent last where a record was found."""

    keys: ClientKeys = field(repr=False)
    last: OwnRecord | None

    @property
    def stopped(self) -> bool:
        """Whether the last thing they sent was a stop."""
        return self.last is not None and self.last.body.content == Withdrawal("everything")

    @property
    def words_changed(self) -> bool:
        """Whether the words their last choices rest on changed since, so that a yes in them has lapsed."""
        if self.last is None or not isinstance(self.last.body.content, Choices):
            return False
        return words_changed(Held(self.last.body, self.last.digest))


def save(outbox: Outbox, draft: Draft, card: Card, therapist: Therapist, now: datetime, language: str = "") -> Draft:
    """Save a finished draft and return it with what was sent. Saving it twice sends it once.

    ``language``: of the words that were shown, where it is not the card's.

    Raises ``BadInput`` while something is missing. Where the records cannot be reached nobody may know
    whether it was kept: keep what ``prepare`` returned, and the next try sends the same token.
    """
    if draft.saved:
        return draft
    letter = _letter(outbox, draft, card, therapist, now, language or card.language)
    return replace(draft, keys=letter.keys, saved=saving.send(outbox, letter), letter=None)


def prepare(outbox: Outbox, draft: Draft, card: Card, therapist: Therapist, now: datetime, language: str = "") -> Draft:
    """Return a finished draft with its token issued and not yet sent, in words as for ``save``. Raises ``BadInput``."""
    if draft.saved:
        return draft
    letter = _letter(outbox, draft, card, therapist, now, language or card.language)
    return replace(draft, keys=letter.keys, letter=letter)


def _letter(outbox: Outbox, draft: Draft, card: Card, therapist: Therapist, now: datetime, language: str) -> Letter:
    if draft.missing():
        raise BadInput(problem="Something is still open, so nothing was saved.")
    if draft.letter and _says(draft.letter.token, draft):
        return draft.letter
    keys = draft.keys or ClientKeys.new()
    last = saving.own_record(outbox.database, keys, now) if draft.keys else None
    document = draft.document(saving.next_moment(last, now))
    return saving.write_choices(
        card, therapist, document, keys=keys, last=last, guardian=draft.guardian, language=language
    )


def _says(token: Token, draft: Draft) -> bool:
    """Whether a token says what a finished draft says now, and not an earlier choice."""
    content = token.body.content
    if not isinstance(content, Choices) or token.body.guardian != draft.guardian:
        return False
    return content.preferences == draft.document(content.preferences.issued_at)


def going_on(draft: Draft) -> Draft:
    """Return a draft as it is kept after an answer: one that differs from what was saved is not saved any more.

    However a client came back to an earlier screen, what they change there is sent by the next save, or not
    called saved.
    """
    if draft.saved and (draft.missing() or not _says(draft.saved.token, draft)):
        return change_again(draft)
    return draft


def keep(portal: Portal, binding: str, draft: Draft) -> None:
    """Keep a draft after an answer. What another window of this browser wrote or sent for it meanwhile stays."""
    with portal.turns.of(binding):
        portal.keep_draft(binding, going_on(_as_written(draft, portal.drafts.get(binding))))


def save_here(
    portal: Portal, binding: str, draft: Draft, card: Card, therapist: Therapist, now: datetime, language: str = ""
) -> Draft:
    """Save what one browser chose, as ``save`` does, and keep it for that browser.

    However many windows save the same draft at the same moment, one token goes out, and each of them returns it.
    After a failure what was prepared is kept, so that the next try sends the same.
    """
    with portal.turns.of(binding):
        draft = going_on(_as_written(draft, portal.drafts.get(binding)))
        ready = prepare(portal.outbox, draft, card, therapist, now, language)
        portal.keep_draft(binding, ready)
        saved = save(portal.outbox, ready, card, therapist, now, language)
        portal.keep_draft(binding, saved)
        return saved


def _as_written(draft: Draft, kept: Draft | None) -> Draft:
    """Return a window's draft with what was written of it since that window began to answer.

    In one browser one card has one set of keys: a second one would look like another person's choices.
    """
    if kept is None or kept.card != draft.card:
        return draft
    if kept.edition == draft.edition and (kept.letter or kept.saved):
        return replace(draft, keys=kept.keys, letter=kept.letter, saved=kept.saved)
    return draft if draft.keys else replace(draft, keys=kept.keys)


def scan(portal: Portal, binding: str, code: str) -> None:
    """Note which card this browser holds now. What was open for another card is closed: it may be another person."""
    if portal.cards.get(binding) != code:
        portal.drafts.forget(binding)
        portal.personal.forget(binding)
        portal.forms.forget(binding)
        portal.opened.forget(binding)
    reader.scanned(portal, binding, code)
    portal.left.forget(binding)
    portal.cards.put(binding, code)


def window_mark(portal: Portal, binding: str, code: str) -> str:
    """Return what names this card in this browser, and nothing to anybody else: 16 hex digits.

    A window keeps it, so that after a reload it can tell its own card from one opened in another window.
    """
    return hmac.digest(portal.secret, f"window/{binding}/{code}".encode(), "sha256").hex()[:16]


def after_stop(portal: Portal, binding: str, code: str) -> None:
    """After a stop or a no by one tap, nothing this browser saved before stands: choosing begins anew, same keys."""
    draft = portal.drafts.get(binding)
    if draft and draft.card == code:
        portal.drafts.put(binding, Draft(code, keys=draft.keys))


def come_back(database: Database, card: Card, keys: ClientKeys, now: datetime) -> Return:
    """Look up what these keys sent last. Raises ``WrongClientCode`` where it was for another card."""
    last = saving.own_record(database, keys, now)
    if last is not None:
        saving.check_card(last, card)
    return Return(keys, last)


def change(card: Card, back: Return) -> Draft:
    """Return a draft that starts from the last choices, or blank where none can be read."""
    content = back.last.body.content if back.last else None
    start = from_preferences(card.code, content.preferences) if isinstance(content, Choices) else Draft(card.code)
    return replace(start, keys=back.keys, guardian=back.last is not None and back.last.body.guardian)


def change_again(draft: Draft) -> Draft:
    """Return a saved draft opened again; its keys stay, so the next token supersedes this one."""
    return replace(draft, saved=None, edition=new_id())


def enter(portal: Portal, binding: str, card_code: str, personal: str, address: str, now: datetime) -> None:
    """Let a browser onto the client's page by card code and personal code.

    Wrong codes are counted for the visitor's ``address``. Raises ``TooManyTries``, a
    ``CardProblem`` or ``WrongClientCode``.
    """
    portal.said.forget(binding)
    visitor = network(address)
    portal.limits.check("personal_code", visitor, now)
    try:
        card = cards.usable(portal.database, card_code, now)
        keys = ClientKeys.from_code(personal)
        come_back(portal.database, card, keys, now)
    except (CardProblem, WrongClientCode):
        portal.limits.note("personal_code", visitor, now)
        raise
    scan(portal, binding, card.code)
    portal.personal.put(binding, keys.seed)

"""A paper form that staff enter: it restricts at once, and a yes on it waits until the client confirms it.

Source: docs/paper.md. Paper is unsigned, so a token made from it can only hold a card back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Literal

from core import importing, saving, visit
from core.drafts import Draft
from core.errors import AlreadyImported, BadInput
from core.model.preferences import Preferences
from core.model.taxonomy import NOTE_BYTES, WITHOUT_UNDERSTANDING
from core.portal import Portal
from core.saving import Letter
from core.standing import Standing
from core.store import practice
from core.store.cards import Card
from core.store.vaults import Vault

#: Why a place is kept as not sure yet, whatever is ticked for it: the four questions are not on paper, or no end is
#: ticked and a yes has no other.
LeftOpen = Literal["questions", "end"]


def left_open(draft: Draft) -> tuple[LeftOpen, ...]:
    """Return why something on the form is kept as not sure yet."""
    flags: dict[LeftOpen, bool] = {
        "questions": draft.needs_questions,
        "end": draft.term_months is None and "ask" in draft.treatments().values(),
    }
    return tuple(why for why, raised in flags.items() if raised)


def document(draft: Draft, issued_at: datetime) -> Preferences:
    """Return what of a form can be kept without the client: never, and ask with an end; the rest is not sure yet."""
    kept = WITHOUT_UNDERSTANDING if draft.term_months else WITHOUT_UNDERSTANDING - {"ask"}
    channels = {place: way if way in kept else "undecided" for place, way in draft.treatments().items()}
    return replace(draft, way="each", channels=channels, right=()).document(issued_at)


def write(portal: Portal, card: Card, draft: Draft, now: datetime) -> Letter:
    """Seal a form to the card's therapist. Sent or kept again, the same letter arrives once. Raises ``BadInput``."""
    if draft.way is None:
        raise BadInput(problem="Say first what is ticked at the top of the form.")
    if len(draft.note.encode()) > NOTE_BYTES:
        raise BadInput(problem="The note is too long, so nothing was kept. Shorten it.")
    therapist = practice.of_card(portal.database, card)
    kept = document(draft, now.replace(microsecond=0))
    return saving.write_paper(card, therapist, kept, guardian=draft.guardian, language=card.language)


def enter(portal: Portal, letter: Letter, vault: Vault | None, now: datetime) -> Standing | None:
    """Let a form count. Returns where the card stands then, or None where it waits in the therapist's mailbox.

    With the therapist's own vault open it is imported at once; whoever brings a form has the card, so that it was
    handed out is noted too. Raises ``BadInput`` where there is neither a vault nor a mailbox.
    """
    if vault is None or vault.therapist_id != letter.therapist.id:
        if not saving.send(portal.outbox, letter).sent:
            raise BadInput(problem="The mailbox takes nothing now. Ask the therapist to enter this form.")
        return None
    with suppress(AlreadyImported):
        importing.keep(vault, importing.preview(vault, letter.token.text, now), now, not_handed_out_is_fine=True)
    return importing.standing(vault, letter.token.body.card)


def can_be_confirmed_here(portal: Portal) -> bool:
    """Whether this portal shows the client's pages too."""
    return portal.settings.face == "all"


def hand_over(portal: Portal, binding: str, draft: Draft) -> None:
    """Make this browser the client's: the vault is locked, and the form is a draft that nobody answered for yet.

    The four questions, the tick that it was their own choice, and Save are left to the client.
    """
    portal.forget_browser(binding)
    portal.forms.forget(binding)
    visit.scan(portal, binding, draft.card)
    unanswered = replace(draft, right=(), misses={}, keys=None, letter=None, saved=None, mark="", on_paper=True)
    portal.drafts.put(binding, unanswered)

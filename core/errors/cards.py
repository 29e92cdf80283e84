"""Cards that cannot be used, and what can go wrong where they are made."""

from __future__ import annotations

from core.errors.base import SaysoError


class CardProblem(SaysoError):
    """This card cannot be used. Ask the practice for a new one."""

    id = "card"


class CardUnknown(CardProblem):
    """We do not know this card code. Check each letter on your card, or ask the practice for help."""

    id = "card_unknown"


class CardExpired(CardProblem):
    """This card has run out. Ask the practice for a new one."""

    id = "card_expired"


class CardBlocked(CardProblem):
    """The practice has blocked this card. Ask them for a new one."""

    id = "card_blocked"


class StubBlocked(CardBlocked):
    """Card number {number} is blocked, so nobody can use it. Take another card, and check its number on the stub."""

    id = "stub_blocked"


class NotHandedOut(CardProblem):
    """Nobody has noted that card number {number} was handed out. Check who gave it to whom before you import."""

    id = "not_handed_out"


class NotASite(SaysoError):
    """This is not a web address that fits on a card. It has only a beginning and a name, such as https://sayso.example.org."""

    id = "not_a_site"


class UnreadableCode(CardProblem):
    """The code of card {number} could not be read back from the sheet, so the sheet is not offered. Make it again, or pick a larger size."""

    id = "unreadable_code"


class BatchGone(SaysoError):
    """This batch is not there any more. Look at the list of batches, and make the cards again where they are missing."""

    id = "batch_gone"


class StillPrinting(SaysoError):
    """Cards are being made already. Wait until they are ready, or stop them first."""

    id = "still_printing"


class NoRoom(SaysoError):
    """The sheets could not be kept while they were made, so no cards were made. Free some space on the portal's disk, then try again."""

    id = "no_room"


class NotALogo(SaysoError):
    """This file does not do as a logo. Pick a PNG or JPEG of at most 2 MB, at least 40 pixels wide and high."""

    id = "not_a_logo"


class AddressTooLong(CardProblem):
    """This portal's address is too long for a card that scans well. Give the portal a shorter address, then print."""

    id = "address_too_long"


class OnlySaysNo(CardProblem):
    """The therapist of this card has left, so it can only say no or stop now. For new choices, ask the practice for a new card."""

    id = "only_says_no"

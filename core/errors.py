"""Every failure a person can meet. An error's docstring is the sentence that person reads.

``id`` is what programs read (``{"error": "<id>"}``); those of tokens, and their order, are the format's and frozen.
"""

from __future__ import annotations

from typing import ClassVar


class SaysoError(Exception):
    """Something went wrong, and nothing was changed. Try again, or ask the person who runs this portal."""

    id: ClassVar[str] = "error"

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The docstring on one line, its ``{placeholders}`` filled from the details given."""
        return " ".join((type(self).__doc__ or "").split()).format(**self.details)

    @property
    def report(self) -> dict[str, object]:
        """What programs are told beside the id."""
        return {}


class BadInput(SaysoError):
    """{problem}"""

    id = "bad_input"


# --- a token that is not accepted, in the order of checking ---------------------------------


class TokenRefused(SaysoError):
    """This token cannot be used. Ask for it again."""

    id = "refused"


class NotAToken(TokenRefused):
    """This is not a Sayso token. Copy the whole text that begins with SAYSO1, or take the photo again."""

    id = "not_a_token"


class CopyingError(TokenRefused):
    """Part of this token is missing or was changed on the way. Copy it again from start to end, or scan its QR code."""

    id = "copying_error"


class NewerVersion(TokenRefused):
    """This token was made by a newer Sayso. Update this portal, then import it again."""

    id = "newer_version"


class OtherTherapist(TokenRefused):
    """This token was made for another therapist. Only they can open it. Check that the right vault is open."""

    id = "other_therapist"


class CannotBeOpened(TokenRefused):
    """This token is locked in a way your key does not open. Ask the client to make and send it again."""

    id = "cannot_be_opened"


class BadSignature(TokenRefused):
    """The signature on this token is broken, so nobody can say who made it. Do not use it. Ask the client to send it again."""

    id = "bad_signature"


class Malformed(TokenRefused):
    """This token breaks the rules of the format: {problem}. Ask the client to make and send it again."""

    id = "malformed"


class OtherCard(TokenRefused):
    """This token names a card that is not one of yours. Check that the right therapist's vault is open."""

    id = "other_card"


class AlreadyImported(TokenRefused):
    """You have this token already. Nothing was changed."""

    id = "already_imported"


class FileTooLarge(SaysoError):
    """This file is too large. A file of tokens has at most 1 MiB; cut it into smaller ones."""

    id = "file_too_large"


# --- cards -----------------------------------------------------------------------------------


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


# --- pictures ----------------------------------------------------------------------------------


class PictureProblem(SaysoError):
    """This picture cannot be used. Take it again, or paste the text of the code instead."""

    id = "picture"


class NotAnImage(PictureProblem):
    """This file is not a picture we can open. Send a photo or screenshot as JPEG or PNG, or paste the text of the code."""

    id = "not_an_image"


class ImageTooLarge(PictureProblem):
    """This picture is too large to open. Take a smaller one, or cut it down to the code."""

    id = "image_too_large"


class NoCodeFound(PictureProblem):
    """No QR code was found in this picture. Take it again: closer, sharp, in good light, with the white edge around the code."""

    id = "no_code_found"


# --- keys, vault, sign-in ---------------------------------------------------------------------


class WrongPassphrase(SaysoError):
    """That passphrase does not open this vault. Check it and try again."""

    id = "wrong_passphrase"


class PassphrasesDiffer(SaysoError):
    """The two passphrases are not the same. Type the new one twice, letter by letter."""

    id = "passphrases_differ"


class WrongRecoveryCode(SaysoError):
    """That recovery code does not open this vault. Check it against the printed sheet."""

    id = "wrong_recovery_code"


class WrongClientCode(SaysoError):
    """That code does not fit this card. Check each letter and number, the sign at the end, and that both are from the same copy."""

    id = "wrong_client_code"


class WrongSetupCode(SaysoError):
    """That is not the set-up code. It is in the window where the portal was started."""

    id = "wrong_setup_code"


class WrongInvitation(SaysoError):
    """That code opens nothing here. It may have run out, or somebody used it. Check each letter, or ask for a new one."""

    id = "wrong_invitation"


class WrongLogin(SaysoError):
    """That name and passphrase do not go together. Check both and try again."""

    id = "wrong_login"


class HasLeft(SaysoError):
    """This therapist has left, so their vault stays closed. Ask a therapist who works here."""

    id = "has_left"


class OnlySaysNo(CardProblem):
    """The therapist of this card has left, so it can only say no or stop now. For new choices, ask the practice for a new card."""

    id = "only_says_no"


class VaultLocked(SaysoError):
    """The vault is locked. Unlock it with your passphrase, then do this again."""

    id = "vault_locked"


class VaultDamaged(SaysoError):
    """One record in the vault does not open: it was moved or changed. Restore it from a backup, and do not rely on this card until then."""

    id = "vault_damaged"


class TooManyTries(SaysoError):
    """There were too many tries. Try again in {minutes} min."""

    id = "too_many_tries"


class AlreadySetUp(SaysoError):
    """This portal is set up already. Sign in instead."""

    id = "already_set_up"


# --- requests and posts -------------------------------------------------------------------------


class MayNotAsk(SaysoError):
    """This person is not asked about this draft now, and nothing was sent. The reasons are listed with it."""

    id = "may_not_ask"


class CannotReach(SaysoError):
    """This practice takes no parcels here, so nobody can be asked this way. Switch the mailbox on in the settings first."""

    id = "cannot_reach"


class MayNotPost(SaysoError):
    """This may not be posted now, and nothing was noted. The reasons are listed with it."""

    id = "may_not_post"


class InboxFirst(SaysoError):
    """There is something unopened in your inbox, and it may say no. Open it first, then ask again."""

    id = "inbox_first"


class ClockBehind(SaysoError):
    """The clock of this machine is behind: something in the record is newer. Set the clock right, then ask again."""

    id = "clock_behind"


class NoSuchDraft(SaysoError):
    """This draft is not here any more. Go back to your drafts and pick one."""

    id = "no_such_draft"


class AlreadyKept(SaysoError):
    """This exact draft is kept already, or it is out. Open it from your list."""

    id = "already_kept"


class AnswerTooLate(SaysoError):
    """The day for a yes has passed, so this counts as a no. You need to do nothing."""

    id = "answer_too_late"


# --- mailbox, store ----------------------------------------------------------------------------


class StoreUnavailable(SaysoError):
    """The portal cannot reach its records right now, so nothing was saved. Wait a minute and try again."""

    id = "store_unavailable"


class LogBroken(SaysoError):
    """The record of this portal does not hold together, first at entry {first}. Keep the database as it is, and show it to the person who runs this portal."""

    id = "log_broken"

    @property
    def report(self) -> dict[str, object]:
        """What the check found: entries, head and faults."""
        found = self.details.get("report")
        return found if isinstance(found, dict) else {}


class NewerRecords(SaysoError):
    """These records were made by a newer Sayso. Update this portal, then start it again. Nothing was changed."""

    id = "newer_records"


class OlderRecords(SaysoError):
    """These records are of an older Sayso, and this face may not change that. Start the staff face first, and it brings them up to date."""

    id = "older_records"


class BackupLocked(SaysoError):
    """This does not open the backup. Take the passphrase or the key file that it was made for."""

    id = "backup_locked"


class BackupDamaged(SaysoError):
    """This is no whole backup: part of it is missing or was changed. Nothing was restored. Take another copy of it."""

    id = "backup_damaged"


class NotEmpty(SaysoError):
    """There are records here already, and a backup goes only into an empty place. Nothing was changed."""

    id = "not_empty"


class WouldOverwrite(SaysoError):
    """There is a file at that place already. Choose another name; it was left as it is."""

    id = "would_overwrite"

"""A token that is not accepted, in the order of checking, and the file or picture it came in.

Their ids, and their order, are the format's and frozen (docs/token-format.md).
"""

from __future__ import annotations

from core.errors.base import SaysoError


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

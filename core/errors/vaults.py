"""Keys, vaults and signing in."""

from __future__ import annotations

from core.errors.base import SaysoError


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

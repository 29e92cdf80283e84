"""The database, the record of what happened, and backups."""

from __future__ import annotations

from core.errors.base import SaysoError


class StoreUnavailable(SaysoError):
    """The portal cannot reach its records right now, so nothing was saved. Wait a minute and try again."""

    id = "store_unavailable"


class StoreFull(StoreUnavailable):
    """The disk of this portal is full, so nothing was saved. The person who runs it must free some room there. Then try again."""

    id = "store_full"


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


class OldCopy(SaysoError):
    """These records are an old copy that was put back, so nothing was saved. Lock this and open it again. Then everyone is on hold until they were asked."""

    id = "old_copy"


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

"""Questions to a client, and what is posted."""

from __future__ import annotations

from core.errors.base import SaysoError


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

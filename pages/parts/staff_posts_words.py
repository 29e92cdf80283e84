"""What was posted, in words: where it is, how far taking it down is, and why it has to come down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core import plain as in_words
from core.endings import Ending, Task
from core.model.posted import Piece, Place
from core.text import Words

Name = Callable[[str], str]
#: A sign for each state, always beside its words. None: it is up.
_SIGNS = {None: "↑", "to_do": "!", "asked": "…", "done": "✓", "cannot_be_undone": "–"}
_DIGITS = 12


def title(piece: Piece, t: Words) -> str:
    """Return what its therapist calls it, or the day it was kept."""
    return piece.draft.title or t("post.draft.name", date=in_words.day(piece.draft.saved_at, t))


def place(one: Place, t: Words) -> str:
    """Return what kind of place it is, and where there."""
    label = t(f"channel.{one.channel}.label")
    return t("posted.place", place=label, address=one.address) if one.address else label


def standing(one: Place, t: Words) -> tuple[str, str]:
    """Return a sign, and the place with how far taking it down is."""
    state = t(f"posted.state.{one.state}.label") if one.state else t("posted.state.up")
    return _SIGNS[one.state], t("posted.place_state", place=place(one, t), state=state)


def moment(at: datetime, t: Words) -> str:
    """Return a day and an hour; the portal knows no other clock than UTC."""
    return t("posted.moment", date=in_words.day(at, t), time=at.strftime("%H:%M"))


def deadline(task: Task, now: datetime, t: Words) -> str:
    """Return by when a place has to be done."""
    if task.due is None:
        return t("posted.due.open")
    at = moment(task.due, t)
    return t("posted.due.past", moment=at) if task.due <= now else t("posted.due.by", moment=at)


def because(ending: Ending, name: Name, t: Words) -> str:
    """Return why it has to come down."""
    who = name(ending.card) if ending.card else ""
    date = in_words.day(ending.at, t) if ending.at else ""
    if ending.cause is not None:
        return t(f"posted.ended.{ending.cause}", name=who, date=date)
    return t(f"posted.because.{ending.reason}", name=who, date=date)


def short(digest: bytes | str) -> str:
    """Return the beginning of a hash, enough to compare by eye."""
    text = digest.hex() if isinstance(digest, bytes) else digest
    return f"{text[:_DIGITS]}…"

"""What everybody last said, and what that permits: a plain account to hold the verdict on real people against.

It shares nothing with core's own account of it: it goes by what was said and what arrived, in the words of
docs/verdicts.md and docs/requests.md, for one place (online as text), one material and one topic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tests.core.oracle import months_on, separate

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Said:
    """One thing that somebody said. ``key``: whose key signed it, or None. ``piece``: None: whatever was open."""

    who: int
    what: str
    at: datetime
    key: bytes | None = None
    document: dict = field(default_factory=dict)
    piece: int | None = None


@dataclass(frozen=True)
class Question:
    """One question that was asked: for a yes from ``since`` until before ``closes``."""

    who: int
    piece: int
    since: datetime
    closes: datetime
    take_down_on: date


@dataclass
class Account:
    """All that arrived, in any order. ``compared``: the keys that somebody confirmed by comparing codes."""

    arrived: list[Said] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    compared: set[tuple[int, bytes]] = field(default_factory=set)
    dead: set[int] = field(default_factory=set)
    newest_entry: datetime | None = None

    def enters(self, now: datetime):
        """Note that something was entered into the record, whatever the clock said."""
        self.newest_entry = max(self.newest_entry or now, now)

    def clock_is_behind(self, now: datetime) -> bool:
        """Whether the record knows of a later moment: then nothing at all is allowed."""
        return self.newest_entry is not None and now < self.newest_entry

    def objections(self, piece: int, stories: list[tuple[set[int], date]], form: str, keys: dict, now: datetime):
        """Return what stands against a piece. ``keys``: by person, the key that counts, or None."""
        blended = form == "composite" and separate([{"people": people} for people, _ in stories]) >= 3
        everyone = sorted(set().union(*(people for people, _ in stories)))
        found = []
        for who in everyone:
            days = [day for people, day in stories if who in people]
            found += [(who, why) for why in self._of(who, piece, days, blended, keys[who], now)]
        return found

    def _of(self, who, piece, days, blended, key, now):
        own = [one for one in self.arrived if one.who == who]
        choices = [one for one in own if one.what == "choices" and one.key is not None and one.key == key]
        if not choices:
            yield "nothing of theirs is in force"
            return
        if (who, key) not in self.compared:
            yield "nobody compared their code"
        if who in self.dead:
            yield "they died"
        newest = max(one.at for one in choices)
        if any(one.what == "stop" and one.at >= newest for one in own):
            yield "they stopped"
        if any(one.what == "choices" and one.key != key and one.at >= newest for one in own):
            yield "someone else holds it"
        if any(one.key is not None and one.key != key and one.at >= newest for one in own):
            yield "another key holds it"
        for one in choices:
            if one.at == newest:
                yield from self._by(one.document, who, piece, days, blended, key, now)

    def _by(self, document, who, piece, days, blended, key, now):
        treatment, today = document["channels"]["post"], (now - timedelta(hours=12)).date()
        ends = document["expires_at"]
        plain = {
            "it says no": treatment in {"never", "undecided"},
            "it ran out": ends is not None and datetime.fromisoformat(ends) <= now,
            "it must be mixed": treatment == "composite" and not blended,
            "they could be told": treatment == "disguised" and not document["may_recognise_self"] and not blended,
            "not such a thing": "story" not in document["materials"],
            "not about this": "work" not in document["topics"],
            "they are still in therapy": document["therapy"] == "after",
            "too soon after a session": any(months_on(day, document["gap_months"]) > today for day in days),
            "this draft was refused": self.is_refused(who, piece, key, now),
        }
        yield from (why for why, stands in plain.items() if stands)
        if treatment == "ask" and not any(self._is_live(one, who, piece, key, now) for one in self.questions):
            yield "no live yes"

    def is_refused(self, who, piece, key, now):
        """Whether this draft was answered other than yes, never answered, or taken back."""
        for asked in self._asked(who, piece):
            words = [one for one in self.arrived if self._is_about(one, asked)]
            noes = [one for one in words if one.what != "yes"]
            yeses = [one for one in words if self._counts(one, asked, key)]
            stops = [one for one in self.arrived if one.who == who and one.what == "stop"]
            if noes or (yeses and any(stop.at >= min(yes.at for yes in yeses) for stop in stops)):
                return True
            if not yeses and now >= asked.closes:
                return True
        return False

    def _is_live(self, asked, who, piece, key, now):
        if asked not in self._asked(who, piece):
            return False
        yeses = [one.at for one in self.arrived if self._counts(one, asked, key)]
        if not yeses:
            return False
        ends = min(datetime(*asked.take_down_on.timetuple()[:3], tzinfo=UTC), min(yeses) + timedelta(days=365))
        return max(yeses) + 7 * DAY <= now < ends

    def _asked(self, who, piece):
        return [one for one in self.questions if (one.who, one.piece) == (who, piece)]

    @staticmethod
    def _counts(one, asked, key):
        about = one.what == "yes" and (one.who, one.piece) == (asked.who, asked.piece)
        return about and key is not None and one.key == key and asked.since <= one.at < asked.closes

    @staticmethod
    def _is_about(one, asked):
        if one.who != asked.who or one.what not in {"yes", "no", "not_now", "yes_if_changed", "undo"}:
            return False
        if one.piece is None:
            return asked.since <= one.at < asked.closes
        return one.piece == asked.piece

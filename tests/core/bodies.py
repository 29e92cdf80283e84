"""Hypothesis strategies for preferences documents and token bodies: only what the rules allow."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from hypothesis import strategies as st

from core import card, wire
from core.keys import ClientKeys, SealingKey
from core.model.dates import add_months
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY, WITHOUT_UNDERSTANDING, YES

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
THERAPIST = SealingKey(b"\x05" * 32)
CLIENT = ClientKeys(b"\x07" * 16)

moments = st.integers(0, int(NOW.timestamp())).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def _card_from(start):
    numbers = count(start)  # goes on to the next number whose check is in the alphabet
    return card.draw(lambda limit: next(numbers) % limit)


card_codes = st.integers(0, 32**7 - 1).map(_card_from)


def notes(size):
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=size).filter(
        lambda note: len(note.encode()) <= size
    )


@st.composite
def preferences(draw, *, guardian=False, issued_at=moments):
    understood = draw(st.booleans())

    def allowed(channel):
        offered = TAXONOMY.treatments_for(channel)
        return [t for t in offered if (understood and not guardian) or t in WITHOUT_UNDERSTANDING]

    channels = {channel: draw(st.sampled_from(allowed(channel))) for channel in TAXONOMY.channel_ids}
    start = draw(issued_at)
    has_yes = not YES.isdisjoint(channels.values())
    return Preferences(
        channels=channels,
        materials=tuple(draw(st.sets(st.sampled_from(TAXONOMY.material_ids)))),
        topics=tuple(draw(st.sets(st.sampled_from(TAXONOMY.topic_ids)))),
        note=draw(notes(47)),
        may_recognise_self=draw(st.booleans()),
        therapy=draw(st.sampled_from(["after", "during"])),
        gap_months=draw(st.sampled_from(TAXONOMY.gap_months)),
        understood=understood,
        issued_at=start,
        expires_at=add_months(start, draw(st.sampled_from(TAXONOMY.term_months))) if has_yes else None,
    )


@st.composite
def answers(draw, signed):
    given = ["no", "no_never_ask", "not_now", "yes_if_changed"] + ["yes"] * signed
    return wire.Answer(draw(st.binary(min_size=32, max_size=32)), draw(st.sampled_from(given)), draw(notes(59)))


withdrawals = st.builds(
    wire.Withdrawal, st.sampled_from(["everything", "one_post"]), st.binary(min_size=32, max_size=32)
)


@st.composite
def bodies(draw, signed=None):
    """A body to be issued: key and signature are still to come."""
    signed = draw(st.booleans()) if signed is None else signed
    guardian = draw(st.booleans())
    kind = draw(st.sampled_from(["preferences", "answer", "withdrawal"]))
    issued_at = draw(moments)
    expires_at, understood = None, draw(st.booleans())
    if kind == "preferences":
        choices = draw(preferences(guardian=guardian, issued_at=st.just(issued_at)))
        content, expires_at, understood = wire.Choices(choices), choices.expires_at, choices.understood
    elif kind == "answer":
        content = draw(answers(signed))
        expires_at = add_months(issued_at, 5) if content.answer == "yes" else None
    else:
        content = draw(withdrawals)
    return wire.Body(
        content=content,
        card=draw(card_codes),
        issued_at=issued_at,
        expires_at=expires_at,
        sequence=draw(st.integers(1, 2**32 - 1)),
        notice=draw(st.binary(min_size=8, max_size=8)),
        language=draw(st.sampled_from(["en", "es"])),
        signed=signed,
        understood=understood,
        guardian=guardian,
        paper=not signed and draw(st.booleans()),
        previous=draw(st.binary(min_size=16, max_size=16)) if signed else bytes(16),
    )

"""May this be posted? The rules and nothing else: pure, ``now`` passed in.

Source: spec, "The verdict" (docs/verdicts.md). Each person is judged alone, by all the rules; the
most protective answer wins, per person and then over everyone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core.errors import BadInput
from core.model.dates import add_months
from core.model.person import Grant, Person
from core.model.post import Post, latest_session
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from core.model.verdict import Answer, Reason, Rule, Step, Verdict

#: Nowhere on earth is the clock further behind UTC.
EARLIEST_ZONE = timedelta(hours=12)

_PROTECTIVE_FIRST: tuple[Answer, ...] = ("no", "not_yet", "ask")
_FLOORS = {term.id: frozenset(term.floor) for term in TAXONOMY.materials}


@dataclass(frozen=True, slots=True)
class _Finding:
    """One rule that speaks against: the answer it gives, and for ``not_yet`` until when."""

    answer: Answer
    rule: Rule
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """One person in one post, with a document to judge by."""

    post: Post
    code: str
    person: Person
    document: Preferences
    now: datetime

    @property
    def today(self) -> date:
        """The day that has come everywhere."""
        return (self.now.astimezone(UTC) - EARLIEST_ZONE).date()

    @property
    def duties(self) -> frozenset[str]:
        """What must be done for this person: the union over places and materials."""
        return duties(self.post, self.document)


def decide(post: Post, people: Mapping[str, Person | None], now: datetime) -> Verdict:
    """Return the verdict on ``post``. Raises ``BadInput`` for a session that has not been yet.

    ``people``: by card code; someone missing or None is someone of whom nothing is known.
    """
    check_sessions(post, now)
    if post.form == "invented":
        return Verdict("out_of_scope", steps=("attest_invented",))
    findings = {code: list(_findings(post, code, people.get(code), now)) for code in post.people}
    answer = _most_protective(found.answer for each in findings.values() for found in each)
    reasons = {Reason(found.rule, code) for code, each in findings.items() for found in each if found.answer == answer}
    if post.form == "composite" and not post.is_enough_of_a_composite:
        reasons.add(Reason("too_few_for_composite"))
    ordered = tuple(sorted(reasons))
    return Verdict(
        answer=answer,
        on=_latest(findings) if answer == "not_yet" else None,
        ask=tuple(reason.person for reason in ordered if reason.rule == "ask"),
        reasons=ordered,
        steps=_steps(post, people) if answer == "allowed" else (),
    )


def check_sessions(post: Post, now: datetime) -> None:
    """Raise ``BadInput`` where a session date lies later than any place's today."""
    if any(story.session_date > latest_session(now) for story in post.stories):
        raise BadInput(problem="A session date must not lie in the future.")


def duties(post: Post, document: Preferences) -> frozenset[str]:
    """Return what this document asks for in this post: any of ``ask`` and ``composite``."""
    places = (_duty(document.channels[channel], document) for channel in post.all_channels)
    floors = (_FLOORS[material] for material in post.materials)
    return frozenset().union(*places, *floors)


def _duty(treatment: str, document: Preferences) -> frozenset[str]:
    if treatment == "disguised":
        return frozenset() if document.may_recognise_self else frozenset({"composite"})
    return frozenset({treatment}) & {"ask", "composite"}


def _findings(post: Post, code: str, person: Person | None, now: datetime) -> Iterator[_Finding]:
    if post.uses:
        yield _Finding("no", "locked_use")
    if person is None or person.preferences is None:
        yield _Finding("no", "no_preferences")
    if person is None:
        return
    yield from (_Finding("no", rule) for rule in _about_the_person(post, person, now))
    if person.preferences is not None:
        case = _Case(post, code, person, person.preferences, now)
        for rule in _RULES:
            yield from rule(case)


def _about_the_person(post: Post, person: Person, now: datetime) -> Iterator[Rule]:
    if person.withdrawn:
        yield "withdrawn"
    if person.hold:
        yield "hold"
    if person.lapsed:
        yield "lapsed"
    if person.preferences is not None and person.preferences.has_ended(now):
        yield "expired"
    if person.refuses(post.content_hash):
        yield "refused"


def _choice(case: _Case) -> Iterator[_Finding]:
    chosen = {case.document.channels[channel] for channel in case.post.all_channels}
    if "undecided" in chosen:
        yield _Finding("no", "undecided")
    if "never" in chosen:
        yield _Finding("no", "never")


def _left_out(case: _Case) -> Iterator[_Finding]:
    if not set(case.post.topics) <= set(case.document.topics):
        yield _Finding("no", "topic_left_out")
    if not set(case.post.materials) <= set(case.document.materials):
        yield _Finding("no", "material_left_out")


def _session_gap(case: _Case) -> Iterator[_Finding]:
    until = max(add_months(day, case.document.gap_months) for day in case.post.sessions_with(case.code))
    if case.today < until:
        yield _Finding("not_yet", "session_gap", until)


def _in_therapy(case: _Case) -> Iterator[_Finding]:
    if case.document.therapy != "after":
        return
    ended = case.person.therapy_ended
    if ended is None or ended < max(case.post.sessions_with(case.code)):
        yield _Finding("not_yet", "in_therapy")
    elif ended > case.today:
        yield _Finding("not_yet", "in_therapy", ended)


def _live(case: _Case) -> Iterator[_Finding]:
    if case.post.live and "ask" in case.duties:
        yield _Finding("no", "live_cannot_be_shown_first")


def _composite(case: _Case) -> Iterator[_Finding]:
    if "composite" in case.duties and not case.post.is_enough_of_a_composite:
        yield _Finding("no", "composite_required")


def _ask(case: _Case) -> Iterator[_Finding]:
    if "ask" in case.duties and not any(_meets(grant, case) for grant in case.person.grants):
        yield _Finding("ask", "ask")


_RULES: tuple[Callable[[_Case], Iterator[_Finding]], ...] = (
    _choice,
    _left_out,
    _session_gap,
    _in_therapy,
    _live,
    _composite,
    _ask,
)


def _meets(grant: Grant, case: _Case) -> bool:
    post = case.post
    return (
        # A yes always names a draft, so that none fits a post without one.
        grant.content_hash == post.content_hash
        and post.all_channels <= set(grant.channels)
        and grant.ready_at <= case.now < grant.expires_at
        and not grant.withdrawn
    )


def _most_protective(answers: Iterator[Answer]) -> Answer:
    return min(answers, key=_PROTECTIVE_FIRST.index, default="allowed")


def _latest(findings: Mapping[str, list[_Finding]]) -> date | None:
    days = [found.until for each in findings.values() for found in each if found.answer == "not_yet"]
    known = [day for day in days if day is not None]
    return max(known) if len(known) == len(days) else None


def _steps(post: Post, people: Mapping[str, Person | None]) -> tuple[Step, ...]:
    known = (people.get(code) for code in post.people)
    notes = any(person and person.preferences and person.preferences.note for person in known)
    steps: set[Step] = {"deidentify", "record_post"}
    if post.is_enough_of_a_composite:
        steps.add("no_majority")
    if notes:
        steps.add("read_note")
    return tuple(sorted(steps))

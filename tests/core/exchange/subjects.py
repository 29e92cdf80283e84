"""Made-up subjects of an export, and Hypothesis strategies for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from core import policy
from core.exchange.subject import OBSTACLES, Document, Exporter, Question, Stop, Subject
from core.model.dates import add_months
from core.model.person import Grant, Person
from core.model.post import Post, Story
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from tests.core import bodies
from tests.core.clinic import NOW, document, later

EXPORTER = Exporter("0123456789abcdef", "Robin Example", "Willow Street Practice", "https://sayso.example.org")
CARD, OTHER = "K7QM2XPF", "00000000"
HEAD = "SAYSO-HEAD-1 1 2026-11-22T10:01:00Z 0123456789ABCDEF 3NEH-8T2V"
LONG_AGO = date(2020, 1, 1)
#: What became of a question that was no yes.
NOES = ("no_never_ask", "no", "taken_back", "silence", "not_now", "yes_if_changed")


def chosen(usable: Preferences | None = None, **choices: object) -> Document:
    """A document of the client's own, under a compared key. Channels and fields by name, as in ``clinic.document``."""
    given = document(**{"materials": ("lesson", "story"), "topics": ("work",), "note": "not my old job"} | choices)
    return Document(given, usable or given, "ab" * 32, 1, "81d7291775ddaec1", "en", "client", NOW)


def subject(*documents: Document, **about: object) -> Subject:
    """One card's holder."""
    return replace(Subject(CARD, 7, documents), **about)


def question(answer: str = "yes", **about: object) -> Question:
    """A question asked now; a yes given a day later, ready a week after that."""
    plain = Question("cd" * 32, "ef" * 32, ("video", "post"), "@willowstreet", NOW, later(days=14), answer)
    if answer == "yes":
        plain = replace(plain, answered_at=later(days=1), ready_at=later(days=8), expires_at=later(days=90))
    return replace(plain, **about)


def stopped(at: datetime = NOW, *, signed: bool = False) -> Stop:
    """A word against everything: with the card alone, or by the client's key."""
    return Stop("12" * 32, at, signed)


def verdict(usable: Preferences, place: str, form: str, materials: tuple[str, ...], *, grants: tuple[Grant, ...] = ()):
    """What the rules say of a post in one place about somebody with this document, everybody else willing."""
    plain = {"withdrawn": False, "hold": False, "lapsed": False, "therapy_ended": date(2020, 2, 1), "refused": ()}
    person = Person(preferences=usable, grants=grants, **plain)
    willing = Person(preferences=_all(usable.issued_at), **plain)
    codes = ("A", "B", "C") if form == "composite" else ("A",)
    post = Post(
        channels=(place,),
        form=form,
        materials=materials,
        topics=usable.topics,
        live=False,
        paid=False,
        uses=(),
        content_hash="ef" * 32,
        stories=tuple(Story(people=(code,), session_date=LONG_AGO) for code in codes),
    )
    people = {code: person if code == "A" else willing for code in codes}
    return policy.decide(post, people, usable.issued_at + timedelta(days=1))


def _all(issued_at: datetime) -> Preferences:
    return Preferences(
        channels=dict.fromkeys(TAXONOMY.channel_ids, "disguised") | {"promotion": "ask"},
        materials=TAXONOMY.material_ids,
        topics=TAXONOMY.topic_ids,
        may_recognise_self=True,
        therapy="during",
        gap_months=0,
        understood=True,
        issued_at=issued_at,
        expires_at=add_months(issued_at, 12),
    )


@st.composite
def documents(draw):
    given = draw(bodies.preferences(issued_at=st.integers(0, 5 * 365).map(lambda days: NOW - timedelta(days=days))))
    usable = given
    if draw(st.booleans()):
        usable = Preferences.model_validate(given.model_dump() | {"topics": given.topics[:1]})
    signer, compared = draw(st.sampled_from(["client", "guardian"])), draw(st.sampled_from([None, NOW]))
    digest, notice = draw(st.binary(min_size=32, max_size=32)).hex(), draw(st.binary(min_size=8, max_size=8)).hex()
    return Document(given, usable, digest, draw(st.integers(1, 2**32 - 1)), notice, "es", signer, compared)


@st.composite
def questions(draw):
    answer = draw(st.sampled_from(["open", "yes", *NOES]))
    days = {"ready_at": later(days=draw(st.integers(-30, 30))), "expires_at": later(days=draw(st.integers(-30, 30)))}
    return question(
        answer,
        request_id=draw(st.binary(min_size=32, max_size=32)).hex(),
        channels=tuple(sorted(draw(st.sets(st.sampled_from(TAXONOMY.channel_ids), min_size=1)))),
        account=draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)),
        **(days if answer == "yes" else {}),
    )


stops = st.none() | st.builds(Stop, st.just("12" * 32), st.just(NOW), st.booleans())
subjects = st.builds(
    Subject,
    st.just(CARD),
    st.integers(1, 999),
    st.lists(documents(), max_size=2, unique_by=lambda one: one.digest).map(tuple),
    st.sets(st.sampled_from(OBSTACLES), max_size=2).map(frozenset),
    st.booleans(),
    stops,
    st.lists(questions(), max_size=2, unique_by=lambda one: one.request_id).map(tuple),
)

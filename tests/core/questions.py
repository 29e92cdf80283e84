"""Hypothesis strategies for whole questions to ``decide``: a post, everyone in it, and now. Plain JSON.

Drawn towards yes, so that every verdict comes up often enough for a law about it to say something;
``willing`` questions leave out nearly all that makes a plain no. Each part is one draw from a table:
ten thousand questions a law must not take all day.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from math import prod

from hypothesis import strategies as st

from core.commands.decide import as_json
from core.model.dates import add_months, iso
from core.model.person import Person
from core.model.post import Post
from core.model.taxonomy import TAXONOMY, WITHOUT_UNDERSTANDING, YES
from core.policy import decide

HASHES = ("aa" * 32, "bb" * 32)
PLACES, MATERIALS, TOPICS = TAXONOMY.channel_ids, TAXONOMY.material_ids, TAXONOMY.topic_ids
#: Who is in each story: mostly three or more apart, some joined, directly or through others.
LAYOUTS = (
    *[[["A"], ["B"], ["C"]]] * 4,
    [["A"], ["B"], ["C", "D"]],
    [["A"], ["B"], ["A"], ["C"]],
    [["A"], ["B"], ["C"], ["D"]],
    [["A"]],
    [["A", "B"]],
    [["A"], ["B"]],
    [["A", "B"], ["C"], ["B", "C"]],
    [["A", "B"], ["B", "C"], ["C", "D"], ["E"]],
)
FEW = tuple(layout for layout in LAYOUTS if len(layout) == 1)


@dataclass(frozen=True)
class Question:
    """What ``decide`` is asked, as JSON, with ``now`` as a time."""

    post: dict
    people: dict
    now: datetime

    @property
    def verdict(self):
        """The answer as the command line prints it."""
        people = {code: None if person is None else Person.model_validate(person) for code, person in self.known}
        return as_json(decide(Post.model_validate(self.post), people, self.now))

    @property
    def known(self):
        """Each code with what is known."""
        return self.people.items()

    @property
    def codes(self):
        """Everyone in it, once, in order."""
        return sorted({code for story in self.post["stories"] for code in story["people"]})

    def at(self, now):
        """The same, asked at another time."""
        return replace(self, now=now)

    def copy(self):
        """One that may be changed in place."""
        post, people = json.loads(json.dumps([self.post, self.people]))
        return Question(post, people, self.now)

    def text(self):
        """What the command line reads."""
        return json.dumps({"now": iso(self.now), "post": self.post, "people": self.people})


def refitted(document, months=6):
    """A document made valid again after a change: it ends where there is a yes, and not without."""
    chosen = set(document["channels"].values())
    ends = add_months(datetime.fromisoformat(document["issued_at"]), months)
    kept = document["expires_at"] or iso(ends)
    document["expires_at"] = kept if YES & chosen else None
    document["understood"] = document["understood"] or not chosen <= WITHOUT_UNDERSTANDING
    return document


def _treatments():
    """The six treatments: the same everywhere, or two kinds in turn."""
    kinds = ("disguised", "composite", "ask", "never", "undecided")
    for one, other, promotion in product(kinds, kinds, ("ask", "never")):
        everywhere = {place: (one, other)[i % 2] for i, place in enumerate(PLACES)}
        for _ in range(6 if one == other and one in YES else 1):
            yield everywhere | {"promotion": promotion}


ALL_TREATMENTS = tuple(_treatments())
WILLING = tuple(channels for channels in ALL_TREATMENTS if set(channels.values()) <= YES)
#: (therapy, days since it ended)
THERAPY = (*[("during", None)] * 4, ("after", 300), ("after", None), ("after", 0), ("after", -1), ("during", 40))
#: withdrawn, hold, lapsed
FLAGS = (*[(False, False, False)] * 12, (True, False, False), (False, True, False), (False, False, True))
#: (days since issued, term in months)
TERMS = ((30, 6), (1, 3), (80, 3), (300, 12), (92, 3), (400, 12), (181, 6))


def _grants():
    """Every kind of yes: for which draft and places, ready and ending how many days from now, taken back or not."""
    places = (PLACES, PLACES, PLACES[:5], PLACES[:2])
    yield from (
        [{"content_hash": draft, "channels": list(where), "ready": ready, "ends": ends, "withdrawn": withdrawn}]
        for draft, where, ready, ends, withdrawn in product(
            HASHES, places, (-5, 0, 1), (60, 1, 0), (False, False, False, True)
        )
    )


ALL_GRANTS = tuple(_grants())
LIVE = tuple(given for given in ALL_GRANTS if given[0]["ready"] <= 0 < given[0]["ends"] and not given[0]["withdrawn"])


def rows(*columns):
    """One entry of each column, all in one draw: it is the draws that take time."""

    def row(number):
        for column in columns:
            number, place = divmod(number, len(column))
            yield column[place]

    return st.integers(0, prod(map(len, columns)) - 1).map(lambda number: tuple(row(number)))


#: Around the hours where the day has just come somewhere or everywhere.
nows = rows(range(500), (720, 719, 600, 0, 599, 1439)).map(
    lambda drawn: datetime(2026, 2, 26, tzinfo=UTC) + timedelta(days=drawn[0], minutes=drawn[1])
)


def _person_rows(*, willing):
    choices = rows(
        WILLING if willing else ALL_TREATMENTS,
        [MATERIALS] * 6 + [MATERIALS[:2], MATERIALS[1:], ()] * (not willing),
        [TOPICS] * 6 + [TOPICS[:4], TOPICS[5:], ()] * (not willing),
        [(note, fine) for note in ("", "not the old job") for fine in (True, False)],
    )
    standing = rows(
        THERAPY,
        (0, 0, 3, 6),
        TERMS[:4] if willing else TERMS,
        FLAGS[:1] if willing else FLAGS,
        [()] if willing else [(), (), (), HASHES, HASHES[1:]],
    )
    return st.tuples(choices, standing, st.sampled_from([*LIVE, *ALL_GRANTS, []]))


def _post_rows(*, willing):
    content = rows(
        [PLACES[:1], PLACES[1:2], PLACES[:2], PLACES[2:4], PLACES[4:], PLACES],
        ["composite", "composite", "disguised"],
        LAYOUTS,
        [MATERIALS[:2], MATERIALS[1:2], MATERIALS[:1], MATERIALS[1:3], MATERIALS[4:]],
        [(), TOPICS[:1], TOPICS[5:7]],
        [False] * 7 + [not willing],
        [False, False, False, True],
    )
    sessions = [250, 250, 250, 190, 100, 30, 1, 0]
    rest = rows([()] * 15 + [() if willing else ("ai",)], [HASHES[0], HASHES[0], HASHES[1], None], sessions, sessions)
    return st.tuples(content, rest)


def _day(now, before):
    return None if before is None else (now - timedelta(days=before)).date().isoformat()


def _post(drawn, now):
    (places, form, layout, materials, topics, live, paid), (uses, draft, *sessions) = drawn
    stories = FEW[len(layout) % 2] if form == "disguised" else layout
    return {
        "channels": list(places),
        "form": form,
        "materials": list(materials),
        "topics": list(topics),
        "live": live,
        "paid": paid,
        "uses": list(uses),
        "content_hash": draft,
        "stories": [
            {"people": list(people), "session_date": _day(now, sessions[i % 2])} for i, people in enumerate(stories)
        ],
    }


def _document(drawn, now):
    (channels, materials, topics, (note, fine)), ((therapy, _), gap, (age, months), *_), _ = drawn
    document = {
        "version": 1,
        "channels": dict(channels),
        "materials": list(materials),
        "topics": list(topics),
        "note": note,
        "may_recognise_self": fine,
        "therapy": therapy,
        "gap_months": gap,
        "understood": fine,
        "issued_at": iso(now - timedelta(days=age)),
        "expires_at": None,
    }
    return refitted(document, months)


def _person(drawn, now):
    _, ((_, ended), _, _, (withdrawn, hold, lapsed), refused), given = drawn
    return {
        "preferences": _document(drawn, now),
        "withdrawn": withdrawn,
        "hold": hold,
        "lapsed": lapsed,
        "therapy_ended": _day(now, ended),
        "grants": [
            {name: grant[name] for name in ("content_hash", "channels", "withdrawn")}
            | {"ready_at": iso(now + timedelta(days=grant["ready"]))}
            | {"expires_at": iso(now + timedelta(days=grant["ends"]))}
            for grant in given
        ],
        "refused": list(refused),
    }


def _question(now, post, alike, other, missing):
    asked = Question(_post(post, now), {}, now)
    odd_one, odd = other
    people = {code: _person(odd if code == odd_one else alike, now) for code in asked.codes}
    if missing == "person":
        people[asked.codes[0]] = None
    elif missing == "document":
        people[asked.codes[0]]["preferences"] = None
    elif missing == "entry":
        del people[asked.codes[0]]
    return replace(asked, people=people)


_PERSONS = {willing: _person_rows(willing=willing) for willing in (True, False)}
_POSTS = {willing: _post_rows(willing=willing) for willing in (True, False)}
_ODD_ONES = st.sampled_from(["none", "A", "B", "C"])
_MISSING = st.sampled_from([None] * 9 + ["person", "document", "entry"])


@st.composite
def _drawn(draw, willing):
    missing = None if willing else draw(_MISSING)
    # All alike but for one: if each were drawn apart, nearly every verdict on several would be no.
    odd_one, alike = draw(_ODD_ONES), draw(_PERSONS[willing])
    odd = alike if odd_one == "none" else draw(_PERSONS[willing])
    return _question(draw(nows), draw(_POSTS[willing]), alike, (odd_one, odd), missing)


willing_questions, wary_questions = _drawn(willing=True), _drawn(willing=False)
questions = willing_questions | wary_questions

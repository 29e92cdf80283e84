"""One question to change by hand: a post that is allowed, and what is known of the person in it."""

from __future__ import annotations

from datetime import UTC, datetime

from core.model.taxonomy import TAXONOMY
from tests.core.questions import Question, refitted

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DRAFT, OTHER = "ab" * 32, "cd" * 32
NOTHING = {"on": None, "ask": [], "reasons": [], "steps": []}
APART = [{"people": [code], "session_date": "2026-01-10"} for code in "ABC"]
GRANT = {
    "content_hash": DRAFT,
    "channels": list(TAXONOMY.channel_ids),
    "ready_at": "2026-11-20T00:00:00Z",
    "expires_at": "2027-02-20T00:00:00Z",
    "withdrawn": False,
}


def person(treatment="disguised", *, grants=(), refused=(), **changes):
    """Someone who said yes to everything everywhere in this one way, and may recognise themselves."""
    about = {"withdrawn": False, "hold": False, "lapsed": False, "therapy_ended": None}
    about |= {name: changes.pop(name) for name in list(changes) if name in about}
    document = {
        "channels": dict.fromkeys(TAXONOMY.channel_ids, treatment) | {"promotion": "ask"} | changes.pop("channels", {}),
        "materials": list(TAXONOMY.material_ids),
        "topics": list(TAXONOMY.topic_ids),
        "note": "",
        "may_recognise_self": True,
        "therapy": "during",
        "gap_months": 0,
        "understood": True,
        "issued_at": "2026-10-22T10:00:00Z",
        "expires_at": None,
    }
    return {"preferences": refitted(document | changes), **about, "grants": list(grants), "refused": list(refused)}


def ask(someone=None, *, now=NOW, people=None, **post):
    """The verdict on one person's disguised story, online as text: allowed but for what is changed."""
    plain = {
        "channels": ["post"],
        "form": "disguised",
        "materials": ["story"],
        "topics": ["work"],
        "live": False,
        "paid": False,
        "uses": [],
        "content_hash": None,
        "stories": APART[:1],
    }
    return Question(plain | post, people or {"A": someone or person()}, now).verdict


def rules(verdict):
    return [reason["rule"] for reason in verdict["reasons"]]


def only(verdict, word, rule, **more):
    """Whether this is that verdict about A, for that one reason."""
    assert verdict == NOTHING | {"verdict": word, "reasons": [{"rule": rule, "person": "A"}]} | more


def story(day, people="A"):
    """One story."""
    return {"people": list(people), "session_date": day}

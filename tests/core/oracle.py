"""The verdict a second time, written from the rules alone over plain JSON, to hold the real one against.

It shares no line and no model with core/policy.py, and is written to be compared with the text of
docs/verdicts.md rather than to be fast.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

FLOOR_ASK = ("health", "words", "reenactment", "humor")


def answer(post, people, now):
    """The whole verdict as JSON: ``now`` is an aware UTC datetime."""
    if post["form"] == "invented":
        return {"verdict": "out_of_scope", "on": None, "ask": [], "reasons": [], "steps": ["attest_invented"]}
    blended = post["form"] == "composite" and separate(post["stories"]) >= 3
    everyone = sorted({code for story in post["stories"] for code in story["people"]})
    against = [(v, rule, code, until) for code in everyone for v, rule, until in one(post, blended, code, people, now)]
    verdict = next((v for v in ("no", "not_yet", "ask") if any(v == a[0] for a in against)), "allowed")
    reasons = sorted({(rule, code) for v, rule, code, _ in against if v == verdict})
    if post["form"] == "composite" and not blended:
        reasons = sorted([*reasons, ("too_few_for_composite", "")])
    dates = [until for v, _, _, until in against if v == "not_yet"]
    return {
        "verdict": verdict,
        "on": None if verdict != "not_yet" or None in dates else max(dates).isoformat(),
        "ask": [code for _, code in reasons] if verdict == "ask" else [],
        "reasons": [{"rule": rule, "person": code or None} for rule, code in reasons],
        "steps": steps(everyone, people, blended) if verdict == "allowed" else [],
    } | ({"ask": [code for rule, code in reasons if rule == "ask"]} if verdict == "ask" else {})


def steps(everyone, people, blended):
    noted = any(people[code]["preferences"]["note"] for code in everyone)
    return ["deidentify"] + ["no_majority"] * blended + ["read_note"] * noted + ["record_post"]


def one(post, blended, code, people, now):
    """Each rule that speaks against, for one person: verdict, rule, and the day it ends."""
    person = people.get(code)
    document = person and person["preferences"]
    no = []
    if post["uses"]:
        no.append("locked_use")
    if not document:
        no.append("no_preferences")
    if person:
        no += [flag for flag in ("withdrawn", "hold", "lapsed") if person[flag]]
        if post["content_hash"] in person["refused"]:
            no.append("refused")
    found = [("no", rule, None) for rule in no]
    return found + with_document(post, blended, code, person, now) if document else found


def with_document(post, blended, code, person, now):
    document = person["preferences"]
    places = post["channels"] + ["promotion"] * post["paid"]
    chosen = [document["channels"][place] for place in places]
    ask = "ask" in chosen or any(material in FLOOR_ASK for material in post["materials"])
    mix = "composite" in chosen or ("disguised" in chosen and not document["may_recognise_self"])
    rules = {
        "expired": document["expires_at"] is not None and datetime.fromisoformat(document["expires_at"]) <= now,
        "undecided": "undecided" in chosen,
        "never": "never" in chosen,
        "topic_left_out": any(topic not in document["topics"] for topic in post["topics"]),
        "material_left_out": any(material not in document["materials"] for material in post["materials"]),
        "live_cannot_be_shown_first": ask and post["live"],
        "composite_required": mix and not blended,
    }
    found = [("no", rule, None) for rule, speaks in rules.items() if speaks]
    found += [("not_yet", rule, until) for rule, until in waiting(post, code, person, now)]
    if ask and not any(covers(grant, post["content_hash"], places, now) for grant in person["grants"]):
        found.append(("ask", "ask", None))
    return found


def waiting(post, code, person, now):
    """Each reason to wait, with the day it ends or None."""
    document, reached = person["preferences"], (now - timedelta(hours=12)).date()
    sessions = [date.fromisoformat(story["session_date"]) for story in post["stories"] if code in story["people"]]
    free = max(months_on(session, document["gap_months"]) for session in sessions)
    if reached < free:
        yield "session_gap", free
    if document["therapy"] == "after":
        ended = person["therapy_ended"] and date.fromisoformat(person["therapy_ended"])
        if not ended or any(ended < session for session in sessions):
            yield "in_therapy", None
        elif reached < ended:
            yield "in_therapy", ended


def covers(grant, content_hash, places, now):
    ready, end = (datetime.fromisoformat(grant[name]) for name in ("ready_at", "expires_at"))
    same = content_hash is not None and content_hash == grant["content_hash"]
    return same and set(places) <= set(grant["channels"]) and ready <= now < end and not grant["withdrawn"]


def separate(stories):
    """How many are left when stories that share a person, directly or through others, are counted as one."""
    found = 0
    left = [set(story["people"]) for story in stories]
    while left:
        found, reached = found + 1, left.pop()
        while touching := [people for people in left if people & reached]:
            left = [people for people in left if people not in touching]
            reached = reached.union(*touching)
    return found


def months_on(start, months):
    """The same day some months on, or the last day of that month."""
    month = start.month + months
    year, month = start.year + (month - 1) // 12, (month - 1) % 12 + 1
    for last in range(start.day, 0, -1):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise AssertionError

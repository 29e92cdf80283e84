"""Every way in which a question can become more protective, or a post ask for more. Each changes one in place.

``pick`` chooses whom or what is changed. Where there is nothing to change the question stays as it is.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta

from core.model.dates import iso
from core.model.taxonomy import TAXONOMY
from tests.core import oracle
from tests.core.questions import refitted

LOCKED = tuple(term.id for term in TAXONOMY.locked)


def chosen(options, pick):
    """One of some options as a list of one, or none where there is none."""
    options = list(options)
    return [options[pick % len(options)]] if options else []


def someone(question, pick):
    return chosen((question.people[code] for code in question.codes if question.people.get(code)), pick)


def documents(question, pick):
    known = (question.people[code] for code in question.codes if question.people.get(code))
    return chosen((person["preferences"] for person in known if person["preferences"]), pick)


def grants(question, pick):
    return [grant for person in someone(question, pick) for grant in person["grants"]]


def places(question, pick):
    """A place the post goes to, or any."""
    return [*chosen(question.post["channels"], pick), *chosen(TAXONOMY.channel_ids, pick // 7)][pick % 2]


def set_to(question, pick, treatment):
    for document in documents(question, pick):
        document["channels"][places(question, pick)] = treatment
        refitted(document)


def a_place_becomes_never(question, pick):
    set_to(question, pick, "never")


def a_place_becomes_undecided(question, pick):
    set_to(question, pick, "undecided")


def a_place_asks_for_more(question, pick):
    for document in documents(question, pick):
        place = places(question, pick)
        if document["channels"][place] == "disguised":
            asks_too = ["ask"] if document["may_recognise_self"] else []
            document["channels"][place] = chosen(["composite", *asks_too], pick // 3)[0]


def they_must_not_recognise_themselves(question, pick):
    for document in documents(question, pick):
        document["may_recognise_self"] = False


def untick(question, pick, field):
    for document in documents(question, pick):
        used = [term for term in document[field] if term in question.post[field]]
        for term in chosen(used or document[field], pick):
            document[field].remove(term)


def a_topic_is_unticked(question, pick):
    untick(question, pick, "topics")


def a_material_is_unticked(question, pick):
    untick(question, pick, "materials")


def the_gap_is_longer(question, pick):
    for document in documents(question, pick):
        document["gap_months"] = {0: 3, 3: 6, 6: 6}[document["gap_months"]]


def only_after_therapy(question, pick):
    for document in documents(question, pick):
        document["therapy"] = "after"


def therapy_goes_on(question, pick):
    for person in someone(question, pick):
        person["therapy_ended"] = None


def flag(question, pick, name):
    for person in someone(question, pick):
        person[name] = True


def they_stop(question, pick):
    flag(question, pick, "withdrawn")


def a_hold_comes(question, pick):
    flag(question, pick, "hold")


def a_notice_lapses(question, pick):
    flag(question, pick, "lapsed")


def this_draft_is_refused(question, pick):
    for person in someone(question, pick):
        person["refused"] += [question.post["content_hash"] or "cc" * 32]


def another_draft_is_refused(question, pick):
    for person in someone(question, pick):
        person["refused"].insert(0, "cc" * 32)


def a_yes_is_taken_back(question, pick):
    for grant in grants(question, pick):
        grant["withdrawn"] = True


def a_yes_is_lost(question, pick):
    for person in someone(question, pick):
        person["grants"] = []


def a_yes_covers_fewer_places(question, pick):
    for grant in grants(question, pick):
        grant["channels"] = grant["channels"][1:]


def a_yes_ends_sooner(question, pick):
    for grant in grants(question, pick):
        grant["expires_at"] = iso(datetime.fromisoformat(grant["expires_at"]) - timedelta(days=1 + pick % 90))


def a_yes_is_ready_later(question, pick):
    for grant in grants(question, pick):
        grant["ready_at"] = iso(datetime.fromisoformat(grant["ready_at"]) + timedelta(days=1 + pick % 90))


def nothing_is_known_of_someone(question, pick):
    for code in chosen(question.codes, pick):
        question.people[code] = None


def a_document_is_gone(question, pick):
    for person in someone(question, pick):
        person["preferences"] = None


def newcomer(question):
    """A code that is not in it yet: what is known of somebody must not come to be known by the way."""
    return next(code for code in "UVWXYZ" if code not in question.codes)


def joins(question, pick, code):
    for story in chosen(question.post["stories"], pick):
        story["people"].append(code)


def a_stranger_is_in_it_too(question, pick):
    joins(question, pick, newcomer(question))


def one_more_of_a_kind_is_in_it_too(question, pick):
    code = newcomer(question)
    question.people[code] = deepcopy(question.people.get(chosen(question.codes, pick // 5)[0]))
    joins(question, pick, code)


def someone_is_in_another_story_too(question, pick):
    joins(question, pick, chosen(question.codes, pick // 5)[0])


def one_more_story(question, pick):
    """Beyond the third separate one, or joined to one that is there: never itself the third."""
    stories = question.post["stories"]
    if question.post["form"] != "composite":
        return
    code = chosen(question.codes, pick)[0]
    if oracle.separate(stories) >= 3:
        known, code = question.people.get(code), newcomer(question)
        question.people[code] = deepcopy(known)
    stories.append({"people": [code], "session_date": stories[pick % len(stories)]["session_date"]})


def a_session_lay_later(question, pick):
    for story in chosen(question.post["stories"], pick):
        story["session_date"] = max(
            story["session_date"], (question.now - timedelta(days=pick % 120)).date().isoformat()
        )


def one_more(question, pick, field, ids):
    left = [term for term in ids if term not in question.post[field]]
    question.post[field] += chosen(left, pick)


def one_more_place(question, pick):
    one_more(question, pick, "channels", TAXONOMY.channel_ids)


def one_more_material(question, pick):
    one_more(question, pick, "materials", TAXONOMY.material_ids)


def one_more_topic(question, pick):
    one_more(question, pick, "topics", TAXONOMY.topic_ids)


def one_more_use(question, pick):
    one_more(question, pick, "uses", LOCKED)


def it_is_live(question, pick):
    question.post["live"] = True


def it_is_paid(question, pick):
    question.post["paid"] = True


def a_field_of_the_post_is_left_out(question, pick):
    question.post.pop(chosen(["topics", "uses", "live", "paid"], pick)[0])


def a_field_of_a_person_is_left_out(question, pick):
    for person in someone(question, pick):
        names = ["preferences", "withdrawn", "hold", "lapsed", "therapy_ended", "grants", "refused"]
        person.pop(chosen(names, pick // 5)[0])


def a_choice_is_left_out(question, pick):
    for document in documents(question, pick):
        names = ["materials", "topics", "may_recognise_self", "therapy", "gap_months"]
        document.pop(chosen(names, pick // 5)[0])


def whether_a_yes_stands_is_left_out(question, pick):
    for grant in grants(question, pick):
        del grant["withdrawn"]

"""The verdict by example: each rule alone, and several together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.model.taxonomy import TAXONOMY
from tests.core.asking import APART, DRAFT, GRANT, NOTHING, NOW, OTHER, ask, only, person, rules, story

# --- each rule alone ---------------------------------------------------------------------------


def test_what_everyone_permits_is_allowed_after_the_checklist_and_is_recorded():
    assert ask() == NOTHING | {"verdict": "allowed", "steps": ["deidentify", "record_post"]}


@pytest.mark.parametrize("known", [{}, {"A": None}, {"A": person() | {"preferences": None}}], ids=["", "null", "none"])
def test_someone_of_whom_nothing_is_known_is_a_no(known):
    only(ask(people=known or {"B": person()}), "no", "no_preferences")


@pytest.mark.parametrize("flag", ["withdrawn", "hold", "lapsed"])
def test_whoever_stopped_or_is_on_hold_or_lapsed_is_a_no(flag):
    only(ask(person(**{flag: True})), "no", flag)


@pytest.mark.parametrize("flag", ["withdrawn", "hold", "lapsed"])
def test_a_stop_is_told_where_there_is_no_document_too(flag):
    known = person() | {"preferences": None, flag: True}
    assert rules(ask(known)) == sorted(["no_preferences", flag])


def test_a_document_has_ended_from_the_second_it_names():
    end = datetime(2027, 4, 22, 10, tzinfo=UTC)
    assert ask(now=end - timedelta(seconds=1))["verdict"] == "allowed"
    only(ask(now=end), "no", "expired")


def test_a_document_without_a_yes_does_not_end():
    only(ask(person("never", channels={"promotion": "never"}), now=NOW.replace(year=2036)), "no", "never")


def test_a_refused_draft_is_a_no_and_another_draft_is_not():
    only(ask(person(refused=[OTHER, DRAFT]), content_hash=DRAFT), "no", "refused")
    assert ask(person(refused=[OTHER]), content_hash=DRAFT)["verdict"] == "allowed"
    assert ask(person(refused=[OTHER]))["verdict"] == "allowed"


def test_a_refusal_counts_however_its_hex_is_written():
    only(ask(person(refused=[DRAFT.upper()]), content_hash=DRAFT), "no", "refused")


@pytest.mark.parametrize("use", [term.id for term in TAXONOMY.locked])
def test_a_locked_use_is_a_no_for_everyone(use):
    verdict = ask(uses=[use], stories=[{"people": ["B", "A"], "session_date": "2026-01-10"}], people={"A": person()})
    assert {"rule": "locked_use", "person": "A"} in verdict["reasons"]
    assert {"rule": "locked_use", "person": "B"} in verdict["reasons"]


@pytest.mark.parametrize("treatment", ["never", "undecided"])
def test_one_place_that_is_no_yes_is_enough(treatment):
    only(ask(person(channels={"video": treatment}), channels=["post", "video"]), "no", treatment)
    assert ask(person(channels={"video": treatment}))["verdict"] == "allowed"


@pytest.mark.parametrize("treatment", ["never", "undecided"])
def test_money_makes_it_promotion(treatment):
    only(ask(person(channels={"promotion": treatment}), paid=True), "no", treatment)


@pytest.mark.parametrize("topic", TAXONOMY.topic_ids)
def test_a_topic_that_is_not_ticked_is_left_out(topic):
    ticked = [known for known in TAXONOMY.topic_ids if known != topic]
    only(ask(person(topics=ticked), topics=[topic]), "no", "topic_left_out")


@pytest.mark.parametrize("material", TAXONOMY.material_ids)
def test_a_material_that_is_not_ticked_is_left_out(material):
    ticked = [known for known in TAXONOMY.material_ids if known != material]
    only(ask(person(materials=ticked), materials=[material]), "no", "material_left_out")


def test_ticking_just_what_is_in_it_is_enough():
    just = person(topics=["work"], materials=["story"])
    assert ask(just)["verdict"] == "allowed"


def test_a_session_must_lie_back_as_long_as_they_chose():
    only(ask(person(gap_months=3), stories=[story("2026-09-30")]), "not_yet", "session_gap", on="2026-12-30")


def test_the_latest_of_a_persons_sessions_counts():
    stories = [story("2026-09-30"), story("2026-10-15"), story("2026-01-01")]
    verdict = ask(person(gap_months=3), form="composite", stories=stories)
    assert (verdict["verdict"], verdict["on"]) == ("not_yet", "2027-01-15")


def test_after_therapy_has_no_day_while_therapy_goes_on():
    only(ask(person(therapy="after")), "not_yet", "in_therapy")


def test_therapy_that_ended_before_a_session_went_on_after_all():
    only(ask(person(therapy="after", therapy_ended="2026-01-09")), "not_yet", "in_therapy")
    assert ask(person(therapy="after", therapy_ended="2026-01-10"))["verdict"] == "allowed"


def test_one_session_after_the_end_of_therapy_is_enough_to_go_on():
    came_back = person(therapy="after", therapy_ended="2026-02-01")
    stories = [story("2026-01-10"), story("2026-03-10")]
    verdict = ask(came_back, form="composite", stories=stories)
    assert (verdict["verdict"], verdict["on"]) == ("not_yet", None)
    assert rules(verdict) == ["in_therapy", "too_few_for_composite"]


def test_therapy_that_ends_on_a_day_to_come_names_that_day():
    only(ask(person(therapy="after", therapy_ended="2026-12-24")), "not_yet", "in_therapy", on="2026-12-24")


@pytest.mark.parametrize("material", ["health", "words", "reenactment", "humor"])
def test_what_cannot_be_shown_first_is_never_live(material):
    only(ask(materials=[material], live=True), "no", "live_cannot_be_shown_first")


def test_live_is_fine_where_nobody_must_be_asked():
    assert ask(live=True)["verdict"] == "allowed"


def test_a_yes_to_a_draft_does_not_make_a_live_one_possible():
    granted = person("ask", grants=[GRANT])
    only(ask(granted, live=True, content_hash=DRAFT), "no", "live_cannot_be_shown_first")


def test_who_wants_a_mix_gets_no_single_story():
    only(ask(person("composite")), "no", "composite_required")


def test_who_must_not_recognise_themselves_gets_no_single_story():
    only(ask(person(may_recognise_self=False)), "no", "composite_required")


def test_who_is_to_be_asked_is_named():
    only(ask(person("ask")), "ask", "ask", ask=["A"])


@pytest.mark.parametrize("few", [1, 2])
def test_too_few_stories_make_no_composite_and_that_is_said(few):
    everyone = {code: person() for code in "AB"}
    verdict = ask(form="composite", stories=APART[:few], people=everyone)
    reason = {"rule": "too_few_for_composite", "person": None}
    assert verdict == NOTHING | {"verdict": "allowed", "reasons": [reason], "steps": ["deidentify", "record_post"]}
    mixed = ask(form="composite", stories=APART[:few], people=everyone | {"A": person("composite")})
    assert mixed["reasons"] == [{"rule": "composite_required", "person": "A"}, reason]


def test_an_invented_post_is_nobodys_and_the_therapist_attests_it():
    steps = ["attest_invented"]
    assert ask(form="invented", stories=[], uses=["ai"]) == NOTHING | {"verdict": "out_of_scope", "steps": steps}


# --- together ----------------------------------------------------------------------------------


def test_three_separate_stories_are_a_composite_and_nobody_gives_more_than_half():
    verdict = ask(form="composite", stories=APART, people={code: person("composite") for code in "ABC"})
    assert verdict == NOTHING | {"verdict": "allowed", "steps": ["deidentify", "no_majority", "record_post"]}


@pytest.mark.parametrize(
    "people",
    [
        ["A", "A", "B"],
        ["AB", "BC", "D"],
        ["AB", "BC", "A", "D"],
        ["AB", "CD", "BC", "E"],
        ["AD", "BD", "CD"],
        ["A", "B", "AB", "C"],
    ],
)
def test_stories_that_share_a_person_directly_or_through_others_are_one(people):
    stories = [{"people": list(codes), "session_date": "2026-01-10"} for codes in people]
    verdict = ask(form="composite", stories=stories, people={code: person("composite") for code in "ABCDE"})
    assert verdict["verdict"] == "no"
    assert "too_few_for_composite" in rules(verdict)


def test_a_mix_and_a_yes_are_two_duties_and_neither_stands_for_the_other():
    wants_both = person("composite", grants=[GRANT])
    everyone = {"A": wants_both, "B": person(), "C": person()}
    mixed = {"form": "composite", "stories": APART, "materials": ["health"], "content_hash": DRAFT}
    others = {code: person(grants=[GRANT]) for code in "BC"}
    assert ask(people=everyone | others, **mixed)["verdict"] == "allowed"
    assert ask(people=others | {"A": person("composite")}, **mixed)["ask"] == ["A"]
    only(ask(wants_both, materials=["health"], content_hash=DRAFT), "no", "composite_required")


def test_a_yes_to_this_draft_is_enough():
    assert ask(person("ask", grants=[GRANT]), content_hash=DRAFT)["verdict"] == "allowed"


def test_one_matching_yes_among_others_is_enough():
    others = [GRANT | {"content_hash": OTHER}, GRANT | {"withdrawn": True}, GRANT]
    assert ask(person("ask", grants=others), content_hash=DRAFT)["verdict"] == "allowed"


@pytest.mark.parametrize(
    "change",
    [
        {"content_hash": OTHER},
        {"channels": ["video", "audio"]},
        {"channels": []},
        {"ready_at": "2026-11-22T10:00:01Z"},
        {"expires_at": "2026-11-22T10:00:00Z"},
        {"withdrawn": True},
    ],
    ids=["other draft", "other places", "no place", "cooling off", "ended", "taken back"],
)
def test_a_yes_that_does_not_fit_is_none(change):
    only(ask(person("ask", grants=[GRANT | change]), content_hash=DRAFT), "ask", "ask", ask=["A"])


def test_a_yes_counts_from_its_first_second_to_its_last():
    exact = [GRANT | {"ready_at": "2026-11-22T10:00:00Z", "expires_at": "2026-11-22T10:00:01Z"}]
    assert ask(person("ask", grants=exact), content_hash=DRAFT)["verdict"] == "allowed"


def test_two_yeses_to_half_the_places_do_not_add_up():
    halves = [GRANT | {"channels": ["post"]}, GRANT | {"channels": ["video"]}]
    verdict = ask(person("ask", grants=halves), content_hash=DRAFT, channels=["post", "video"])
    assert verdict["verdict"] == "ask"


def test_a_yes_that_said_nothing_of_money_does_not_cover_it():
    unpaid = [GRANT | {"channels": ["post"]}]
    assert ask(person("ask", grants=unpaid), content_hash=DRAFT)["verdict"] == "allowed"
    assert ask(person("ask", grants=unpaid), content_hash=DRAFT, paid=True)["verdict"] == "ask"


def test_while_there_is_no_draft_no_yes_can_match():
    only(ask(person("ask", grants=[GRANT])), "ask", "ask", ask=["A"])


def test_a_yes_never_beats_what_comes_before_it():
    granted = {"grants": [GRANT], "refused": []}
    for change, word in [({"hold": True}, "no"), ({"topics": []}, "no"), ({"gap_months": 6}, "not_yet")]:
        verdict = ask(person("ask", **granted, **change), content_hash=DRAFT, stories=[story("2026-08-01")])
        assert verdict["verdict"] == word


def test_every_reason_of_the_verdict_is_told_and_no_weaker_one():
    troubled = person("composite", withdrawn=True, topics=[], materials=[], therapy="after", channels={"video": "ask"})
    verdict = ask(troubled, channels=["post", "video"], live=True)
    no = ["composite_required", "live_cannot_be_shown_first", "material_left_out", "topic_left_out", "withdrawn"]
    assert rules(verdict) == no


def test_the_most_protective_person_decides_and_only_their_reasons_are_told():
    couple = [{"people": ["B", "A", "C"], "session_date": "2026-01-10"}]
    people = {"A": person("ask"), "B": person(therapy="after"), "C": person("never")}
    assert ask(people=people, stories=couple)["reasons"] == [{"rule": "never", "person": "C"}]
    waiting = ask(people=people | {"C": person()}, stories=couple)
    assert (waiting["verdict"], waiting["ask"]) == ("not_yet", [])
    assert waiting["reasons"] == [{"rule": "in_therapy", "person": "B"}]
    asking = ask(people=people | {"B": person("ask"), "C": person()}, stories=couple)
    assert (asking["verdict"], asking["ask"]) == ("ask", ["A", "B"])


def test_several_waits_end_with_the_latest_and_one_without_a_day_beats_all():
    couple = [{"people": ["A", "B"], "session_date": "2026-10-01"}]
    later = {"A": person(gap_months=3), "B": person(gap_months=6)}
    assert ask(people=later, stories=couple)["on"] == "2027-04-01"
    verdict = ask(people=later | {"A": person(therapy="after")}, stories=couple)
    assert (verdict["verdict"], verdict["on"]) == ("not_yet", None)
    assert rules(verdict) == ["in_therapy", "session_gap"]


def test_a_note_that_any_of_them_left_is_to_be_read():
    couple = [story("2026-01-10", "AB")]
    people = {"A": person(), "B": person(note="not the old job")}
    assert ask(people=people, stories=couple)["steps"] == ["deidentify", "read_note", "record_post"]


def test_a_person_left_half_told_is_a_no():
    for field in ("withdrawn", "hold", "lapsed"):
        told = person()
        del told[field]
        only(ask(told), "no", field)


def test_where_nobody_says_what_was_refused_any_draft_may_be():
    told = person()
    del told["refused"]
    only(ask(told, content_hash=DRAFT), "no", "refused")

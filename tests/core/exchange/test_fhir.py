"""FHIR R4: accepted by somebody else's models and by R4's own rules, and never wider than the rules of posting."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from fhirclient.models.bundle import Bundle
from fhirclient.models.consent import Consent
from hypothesis import assume, given, settings

from core.exchange import fhir, fhir_consent
from core.exchange.fhir_terms import CONDITIONS, DOCUMENT, STANDING, SYSTEMS
from core.exchange.fhir_terms import HEAD as HEAD_EXTENSION
from core.exchange.subject import OBSTACLES
from core.model.dates import iso
from core.model.preferences import Preferences
from core.model.taxonomy import TAXONOMY
from tests.core.clinic import NOW, later
from tests.core.exchange import fhir_reading as reading
from tests.core.exchange.subjects import (
    CARD,
    EXPORTER,
    HEAD,
    NOES,
    OTHER,
    chosen,
    question,
    stopped,
    subject,
    subjects,
    verdict,
)


def bundle(*many, at=NOW):
    return fhir.bundle(many, EXPORTER, at, HEAD)


def consents(one, at=NOW):
    return fhir_consent.consents(one, EXPORTER, at)


def everything_in(made):
    return [part for entry in made["entry"] for _, part in reading.walk(entry["resource"])]


def parts(extension, name):
    """The values of an extension's parts of one name."""
    inner = [part for part in extension["extension"] if part["url"] == name]
    return [next(value for key, value in part.items() if key.startswith("value")) for part in inner]


def conditions(rule):
    [extension] = rule["modifierExtension"]
    assert extension["url"] == CONDITIONS.url
    return extension


def places(rule):
    return [coding["code"] for action in rule["action"] for coding in action["coding"] if "urn:" in coding["system"]]


# --- accepted by others ---------------------------------------------------------------------------


@given(subjects)
@settings(max_examples=30, deadline=None)
def test_somebody_else_s_models_of_r4_take_every_consent_and_lose_nothing_of_it(one):
    for made in fhir_consent.consents(one, EXPORTER, NOW):
        assert Consent(made, strict=True).as_json() == made


def test_they_take_the_whole_bundle_with_its_definitions():
    made = bundle(subject(chosen(video="disguised"), questions=(question(),)))
    assert Bundle(made, strict=True).as_json() == made


@given(subjects)
@settings(max_examples=30, deadline=None)
def test_every_bundle_keeps_the_rules_that_models_do_not_know(one):
    assert reading.faults(bundle(one)) == []


BREAKAGES = {
    "no policy": lambda consent: consent.pop("policy"),
    "no category": lambda consent: consent.update(category=[]),
    "no patient": lambda consent: consent.pop("patient"),
    "an unknown status": lambda consent: consent.update(status="given"),
    "a rule without a type": lambda consent: consent["provision"]["provision"][0].pop("type"),
    "a period backwards": lambda consent: consent["provision"]["provision"][0]["period"].update(
        end="2020-01-01T00:00:00Z"
    ),
    "an unknown extension": lambda consent: consent["extension"][0].update(url="urn:uuid:none"),
    "a part too many": lambda consent: consent["extension"][0]["extension"].append({"url": "more", "valueCode": "x"}),
    "a choice too few": lambda consent: consent["extension"][0]["extension"].pop(0),
    "conditions that may be ignored": lambda consent: _plain(consent["provision"]["provision"][0]),
    "an empty text": lambda consent: consent["organization"][0].update(display=" "),
}


def _plain(rule):
    rule["extension"] = rule.pop("modifierExtension")


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_the_rules_notice_what_breaks_them(breakage):
    made = bundle(subject(chosen(video="disguised")))
    BREAKAGES[breakage](made["entry"][0]["resource"])
    assert reading.faults(made)


def test_an_export_of_nobody_is_a_bundle_too():
    made = bundle()
    assert Bundle(made, strict=True).as_json() == made
    assert reading.faults(made) == []
    assert reading.resources(made, "Consent") == []


def test_each_code_of_ours_is_defined_in_the_export_and_each_other_one_is_r4_s():
    everything = subject(
        chosen(video="disguised", post="composite", print="ask"),
        obstacles=frozenset(),
        questions=(question(), question("no", request_id="12" * 32)),
    )
    made = bundle(everything, subject(chosen(post="composite"), card=OTHER, obstacles=frozenset(OBSTACLES)))
    own = {one["url"]: set(_codes(one["concept"])) for one in reading.resources(made, "CodeSystem")}
    codings = [part for part in everything_in(made) if {"system", "code"} <= part.keys()]
    assert codings
    assert [one for one in codings if one["code"] not in (own | reading.KNOWN).get(one["system"], ())] == []


def _codes(concepts):
    for one in concepts:
        yield one["code"]
        yield from _codes(one.get("concept", ()))


def test_code_systems_hold_the_taxonomy_and_each_has_a_value_set_that_the_definitions_bind():
    made = bundle()
    systems = {one["name"]: one for one in reading.resources(made, "CodeSystem")}
    sets = {one["url"]: one for one in reading.resources(made, "ValueSet")}
    assert set(_codes(systems["SaysoPlaces"]["concept"])) - {"publish"} == set(TAXONOMY.channel_ids)
    assert set(_codes(systems["SaysoTreatments"]["concept"])) == set(TAXONOMY.treatment_codes)
    assert set(_codes(systems["SaysoMaterials"]["concept"])) == set(TAXONOMY.material_ids)
    assert set(_codes(systems["SaysoTopics"]["concept"])) == set(TAXONOMY.topic_ids)
    assert all(len(set(_codes(one["concept"]))) == one["count"] for one in systems.values())
    assert {one["valueSet"] for one in systems.values()} == sets.keys() == {terms.value_set for terms in SYSTEMS}
    bound = {
        part["valueSet"]
        for one in reading.resources(made, "StructureDefinition")
        for _, part in reading.walk(one)
        if "strength" in part
    }
    assert bound <= sets.keys()


def test_no_address_of_ours_leads_to_somebody_s_host():
    made = bundle(subject(chosen(video="disguised"), questions=(question(),)))
    texts = {value for part in everything_in(made) for value in part.values() if isinstance(value, str)}
    addresses = {text for text in texts if "://" in text}
    assert {address.split("/")[2] for address in addresses} == {"terminology.hl7.org", "loinc.org", "hl7.org"}


# --- what is said ---------------------------------------------------------------------------------


def test_no_to_all_is_active_and_denies():
    [consent] = consents(subject(chosen(materials=(), topics=(), note="")))
    assert consent["status"] == "active"
    assert consent["provision"]["type"] == "deny"
    assert reading.permitted(consent) == []
    assert consent["dateTime"] == iso(NOW)


def test_a_yes_is_a_permission_below_the_no_with_its_period_and_conditions():
    [consent] = consents(subject(chosen(video="disguised", post="composite", may_recognise_self=True)))
    assert (consent["status"], consent["provision"]["type"]) == ("active", "deny")
    rules = reading.permitted(consent)
    assert {place: parts(conditions(rule), "treatment") for rule in rules for place in places(rule)} == {
        "video": ["disguised"],
        "post": ["composite"],
    }
    for rule in rules:
        # R4 counts a period's end as part of it, and a yes is over as its last second begins.
        assert rule["period"] == {"start": iso(NOW), "end": "2027-05-22T09:59:59Z"}
        assert rule["actor"][0]["reference"]["identifier"]["value"] == EXPORTER.therapist_id
        assert parts(conditions(rule), "material") == ["lesson", "story"]
        assert parts(conditions(rule), "topic") == ["work"]
        assert parts(conditions(rule), "leaveOut") == ["not my old job"]
        assert parts(conditions(rule), "therapy") == ["after"]


def test_ask_permits_nothing_by_itself():
    [consent] = consents(subject(chosen(video="ask", promotion="ask")))
    assert consent["status"] == "active"
    assert reading.permitted(consent) == []


def test_a_story_that_the_client_must_not_recognise_is_permitted_only_in_a_blend():
    [consent] = consents(subject(chosen(video="disguised", may_recognise_self=False)))
    [rule] = reading.permitted(consent)
    assert parts(conditions(rule), "treatment") == ["composite"]


def test_what_always_asks_is_not_permitted_without_asking():
    [consent] = consents(subject(chosen(video="composite", materials=("lesson", "health"))))
    assert parts(conditions(reading.permitted(consent)[0]), "material") == ["lesson"]
    [consent] = consents(subject(chosen(video="composite", materials=("health", "words"))))
    assert reading.permitted(consent) == []


@given(subjects)
@settings(max_examples=40, deadline=None)
def test_nothing_is_permitted_that_the_rules_of_posting_would_not_allow(one):
    for document, consent in zip(one.documents, consents(one), strict=False):
        for rule in reading.permitted(consent):
            form, materials = parts(conditions(rule), "treatment")[0], parts(conditions(rule), "material")
            for place in places(rule):
                assert verdict(document.usable, place, form, tuple(materials)).answer == "allowed"


@given(subjects)
@settings(max_examples=40, deadline=None)
def test_each_document_is_read_back_just_as_it_was_signed(one):
    for document, consent in zip(one.documents, consents(one), strict=False):
        whole = next(extension for extension in consent["extension"] if extension["url"] == DOCUMENT.url)
        note = document.chosen.note
        assume(all(letter >= " " or letter in "\t\n\r" for letter in note) and note == note.strip())
        choices = [part["extension"] for part in whole["extension"] if part["url"] == "choice"]
        read = {
            "channels": {place["valueCode"]: treatment["valueCode"] for place, treatment in choices},
            "materials": parts(whole, "material"),
            "topics": parts(whole, "topic"),
            "note": "".join(parts(whole, "leaveOut")),
            "may_recognise_self": parts(whole, "recogniseSelf")[0],
            "therapy": parts(whole, "therapy")[0],
            "gap_months": parts(whole, "gapMonths")[0],
            "understood": parts(whole, "understood")[0],
            "issued_at": consent["dateTime"],
            "expires_at": document.chosen.expires_at,
        }
        assert Preferences.model_validate(read) == document.chosen
        assert parts(whole, "sequence") == [str(document.sequence)]


# --- what stands against a yes --------------------------------------------------------------------


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_while_something_stands_against_it_nothing_is_permitted_and_it_is_not_active(obstacle):
    one = subject(chosen(video="disguised"), obstacles=frozenset({obstacle}), questions=(question(),))
    standing, single = consents(one, at=later(days=9))
    assert (standing["status"], single["status"]) == ("inactive", "inactive")
    assert reading.permitted(standing) + reading.permitted(single) == []
    reasons = [extension for extension in standing["extension"] if extension["url"] == STANDING.url]
    assert [parts(reason, "obstacle") for reason in reasons] == [[obstacle]]


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_a_no_stays_active_whatever_stands_beside_it(obstacle):
    [consent] = consents(subject(chosen(), obstacles=frozenset({obstacle})))
    assert (consent["status"], consent["provision"]["type"]) == ("active", "deny")


def test_a_first_choice_that_nobody_compared_is_proposed_and_permits_nothing():
    waiting = replace(chosen(video="disguised"), compared_at=None)
    [consent] = consents(subject(waiting, obstacles=frozenset({"hold"}), never_confirmed=True))
    assert consent["status"] == "proposed"
    assert consent["verification"] == [{"verified": False}]
    assert reading.permitted(consent) == []


def test_a_first_choice_that_ran_out_before_it_was_compared_is_over():
    waiting = replace(chosen(video="disguised"), compared_at=None)
    [consent] = consents(subject(waiting, obstacles=frozenset({"hold", "expired"}), never_confirmed=True))
    assert consent["status"] == "inactive"


def test_what_may_not_be_used_of_a_document_is_in_no_permission():
    usable = chosen(video="composite", topics=("work",)).chosen
    narrowed = chosen(usable, video="composite", post="composite", topics=("work", "substances"))
    standing, single = consents(subject(narrowed, questions=(question(),)))
    [rule] = reading.permitted(standing)
    assert (places(rule), parts(conditions(rule), "topic")) == (["video"], ["work"])
    assert [places(rule) for rule in reading.permitted(single)] == [["video"]]


@pytest.mark.parametrize("signed", [True, False])
def test_a_stop_is_a_no_of_its_own_and_only_the_client_s_key_makes_it_the_client_s(signed):
    one = subject(
        chosen(video="disguised"), obstacles=frozenset({"withdrawn"}), stop=stopped(later(days=1), signed=signed)
    )
    standing, stop = consents(one)
    assert (standing["status"], stop["status"], stop["provision"]["type"]) == ("inactive", "active", "deny")
    assert stop["dateTime"] == iso(later(days=1))
    assert ("performer" in stop) == signed


def test_a_stop_alone_is_told_too():
    [stop] = consents(subject(stop=stopped(signed=False)))
    assert (stop["status"], stop["provision"]["type"]) == ("active", "deny")


def test_a_guardian_s_document_names_no_patient_as_who_agreed():
    [consent] = consents(subject(replace(chosen(video="ask"), signer="guardian")))
    assert consent["performer"] == [{"type": "RelatedPerson", "display": "Parent or guardian"}]


# --- one draft, one yes ---------------------------------------------------------------------------


def test_a_yes_to_one_draft_is_a_consent_of_its_own_for_that_draft_alone():
    standing, single = consents(subject(chosen(video="ask", post="ask"), questions=(question(),)))
    assert reading.permitted(standing) == []
    assert single["status"] == "active"
    [rule] = reading.permitted(single)
    assert places(rule) == ["video", "post"]
    assert rule["period"] == {"start": iso(later(days=8)), "end": iso(later(days=90) - timedelta(seconds=1))}
    assert [data["reference"]["identifier"]["value"] for data in rule["data"]] == ["ef" * 32]
    assert [data["meaning"] for data in single["provision"]["data"]] == ["instance"]
    assert parts(conditions(rule), "once") == [True]
    assert parts(conditions(rule), "account") == ["@willowstreet"]
    assert single["identifier"][0]["value"] == "cd" * 32


@pytest.mark.parametrize("answer", [*NOES, "open"])
def test_any_other_answer_permits_nothing(answer):
    _, single = consents(subject(chosen(video="ask", post="ask"), questions=(question(answer),)))
    assert reading.permitted(single) == []
    assert single["status"] == {"open": "proposed", "taken_back": "inactive"}.get(answer, "rejected")
    assert "performer" not in single


@pytest.mark.parametrize("days", [89, 90, 91])
def test_a_yes_that_ran_out_is_over(days):
    _, single = consents(subject(chosen(video="ask", post="ask"), questions=(question(),)), at=later(days=days))
    alive = days < 90
    assert (single["status"], bool(reading.permitted(single))) == (("active", True) if alive else ("inactive", False))


def test_a_yes_that_ends_before_it_is_ready_permits_nothing():
    short = question(ready_at=later(days=8), expires_at=later(days=8))
    _, single = consents(subject(chosen(video="ask", post="ask"), questions=(short,)))
    assert (single["status"], reading.permitted(single)) == ("inactive", [])


def test_a_later_never_closes_its_place_to_an_old_yes():
    _, single = consents(subject(chosen(video="never", post="ask"), questions=(question(),)))
    assert [places(rule) for rule in reading.permitted(single)] == [["post"]]
    _, single = consents(subject(chosen(video="never", post="undecided"), questions=(question(),)))
    assert (single["status"], reading.permitted(single)) == ("inactive", [])


# --- the export itself ----------------------------------------------------------------------------


def test_the_head_of_the_record_is_in_it_word_for_word():
    made = bundle(subject(chosen(video="disguised")))
    [provenance] = reading.resources(made, "Provenance")
    assert provenance["extension"] == [{"url": HEAD_EXTENSION.url, "valueString": HEAD}]
    assert [target["reference"] for target in provenance["target"]] == [made["entry"][0]["fullUrl"]]


def test_a_patient_is_a_card_code_and_nothing_else():
    made = bundle(subject(chosen(video="disguised"), questions=(question(),)))
    patients = [part for part in everything_in(made) if part.get("type") == "Patient"]
    assert patients
    assert all(set(patient) == {"type", "identifier"} for patient in patients)
    assert {patient["identifier"]["value"] for patient in patients} == {CARD}


def test_the_same_holdings_are_exported_with_the_same_ids():
    one = subject(chosen(video="disguised"), questions=(question(),))
    assert json.dumps(bundle(one)) == json.dumps(bundle(one))
    ids = [consent["id"] for consent in consents(one, at=later(days=30))]
    assert ids == [consent["id"] for consent in consents(one)]


def test_what_no_string_of_r4_can_hold_is_left_out():
    [consent] = consents(subject(chosen(video="disguised", note="a\x00b\x1b")))
    assert parts(conditions(reading.permitted(consent)[0]), "leaveOut") == ["ab"]
    [consent] = consents(subject(chosen(video="disguised", note=" \x00 ")))
    assert parts(conditions(reading.permitted(consent)[0]), "leaveOut") == []

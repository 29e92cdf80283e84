"""ISO/IEC TS 27560: read by somebody else's JSON-LD reader, each term one of DPV's, each field of the guide there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, Namespace, URIRef

from core.exchange import iso27560
from core.exchange.iso_terms import CONTEXT
from core.exchange.subject import OBSTACLES, urn, usable_materials
from core.model.taxonomy import TAXONOMY
from tests.core.clinic import NOW, later
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

DPV = Namespace("https://w3id.org/dpv#")
DCT = Namespace("http://purl.org/dc/terms/")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
OURS = Namespace(urn("vocabulary") + "#")
DOCS = Path(__file__).resolve().parents[3] / "docs" / "exchange.md"
COMPLETE = replace(EXPORTER, postal="Example Street 1", jurisdiction="California, USA")
#: What the guide asks of each record, and of each process in it ("This field MUST be present").
RECORD = ("hasDataSubject", "hasDataController", "hasProcess", "hasConsentControl", "hasRight", "hasConsentStatus")
CONTROLLER = ("hasName", "hasContact", "hasAddress")
PROCESS = ("hasPurpose", "hasPersonalData", "hasStorageCondition", "hasRecipient", "hasLegalBasis", "hasDataController")

# The reader's own, about its own.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


def graph(*many, at=NOW, exporter=EXPORTER):
    """The triples that a stranger reads out of the file."""
    text = json.dumps(iso27560.graph(many, exporter, at, HEAD))
    return Graph().parse(data=text, format="json-ld")


def records(found):
    return list(found.subjects(RDF.type, DPV.ConsentRecord))


def current(found, record):
    [status] = found.objects(record, OURS.current)
    return status.removeprefix(DPV)


def rules(found, record):
    """Each place of a record with whether it is permitted, and as what."""
    said = {}
    for process in found.objects(record, DPV.hasProcess):
        [place], [rule] = found.objects(process, DPV.hasPurpose), found.objects(process, DPV.hasRule)
        [treatment] = found.objects(rule, OURS.treatment)
        permitted = (rule, RDF.type, DPV.Permission) in found
        assert permitted != ((rule, RDF.type, DPV.Prohibition) in found)
        said[place.removeprefix(OURS + "place-")] = (permitted, treatment.removeprefix(OURS + "treatment-"))
    return said


def permitted(found, record):
    return {place: treatment for place, (yes, treatment) in rules(found, record).items() if yes}


def listed(heading):
    """The terms that docs/exchange.md lists as taken from DPV."""
    part = DOCS.read_text("utf-8").partition(heading)[2].partition("\n## ")[0]
    return set(re.findall(r"`dpv:(\w+)`", part))


# --- read by others -------------------------------------------------------------------------------


@given(subjects)
@settings(max_examples=15, deadline=None)
def test_each_term_is_one_that_dpv_has_and_stands_where_it_may(one):
    classes, properties = listed("## DPV: classes"), listed("## DPV: properties")
    assert classes
    assert properties
    found = graph(one, exporter=COMPLETE)
    for said, relation, value in found:
        assert DPV not in said
        if relation.startswith(DPV):
            assert relation.removeprefix(DPV) in properties
        if isinstance(value, URIRef) and value.startswith(DPV):
            assert value.removeprefix(DPV) in classes


def everything():
    """Subjects in whom each state comes up."""
    yield subject(chosen(video="disguised", post="composite", may_recognise_self=True, promotion="ask"))
    yield subject(chosen(), card=OTHER)
    yield subject(chosen(video="disguised"), never_confirmed=True, obstacles=frozenset({"hold"}))
    yield subject(replace(chosen(video="ask"), signer="guardian"))
    for answer in (*NOES, "open", "yes"):
        yield subject(questions=(question(answer, request_id=answer),))
    for obstacle in OBSTACLES:
        yield subject(chosen(video="disguised"), obstacles=frozenset({obstacle}))
    for signed in (True, False):
        yield subject(stop=stopped(signed=signed))


def test_docs_list_no_term_that_no_export_uses():
    text = json.dumps(iso27560.graph(everything(), COMPLETE, NOW, HEAD)["@graph"])
    assert set(re.findall(r'"dpv:(\w+)"', text)) == listed("## DPV: classes") | listed("## DPV: properties")


def test_nothing_has_to_be_fetched_to_read_it():
    contexts = [value["@id"] if isinstance(value, dict) and "@id" in value else value for value in CONTEXT.values()]
    assert isinstance(CONTEXT, dict)
    assert [value for value in contexts if isinstance(value, str) and not re.match(r"https?://|urn:|@id", value)] == []
    assert "@import" not in CONTEXT


@given(subjects)
@settings(max_examples=15, deadline=None)
def test_no_key_of_the_document_is_lost_on_the_way_to_triples(one):
    document = iso27560.graph([one], COMPLETE, NOW, HEAD)
    found = Graph().parse(data=json.dumps(document), format="json-ld")
    names = set(re.findall(r'"(\w+:\w+)": (?!\[\])', json.dumps(document["@graph"])))
    spelt = {name: CONTEXT[name] for name in ("dpv", "dct", "rdf", "skos")} | {"sayso": str(OURS)}
    meant = {URIRef(spelt[prefix] + local) for prefix, local in (name.split(":") for name in names)}
    assert meant == {relation for _, relation, _ in found} - {RDF.type}


@given(subjects)
@settings(max_examples=15, deadline=None)
def test_each_record_has_every_field_that_the_guide_asks_for(one):
    found = graph(one, exporter=COMPLETE)
    for record in records(found):
        assert [name for name in RECORD if (record, DPV[name], None) not in found] == []
        assert len(list(found.objects(record, DCT.identifier))) == 1
        assert list(found.objects(record, DCT.conformsTo)) == [URIRef("https://w3id.org/dpv/schema/dpv-27560#record")]
        assert (record, DPV.hasJurisdiction, None) in found
        for process in found.objects(record, DPV.hasProcess):
            assert [name for name in PROCESS if (process, DPV[name], None) not in found] == []
        for event in found.objects(record, DPV.hasConsentStatus):
            assert len(list(found.objects(event, DPV.isIndicatedAtTime))) == 1
            assert (event, DPV.hasDuration, None) in found
    for process in found.subjects(RDF.type, DPV.DataController):
        assert [
            name for name in ("hasName", "hasContact", "hasAddress") if (process, DPV[name], None) not in found
        ] == []


def test_who_states_no_address_and_no_jurisdiction_does_not_claim_the_schema():
    for exporter in (EXPORTER, replace(EXPORTER, postal="Example Street 1"), replace(EXPORTER, jurisdiction="France")):
        found = graph(subject(chosen(video="ask")), exporter=exporter)
        assert list(found.objects(None, DCT.conformsTo)) == []


# --- what is said ---------------------------------------------------------------------------------


def test_a_place_is_permitted_or_prohibited_with_what_was_chosen_for_it():
    found = graph(subject(chosen(video="disguised", post="composite", print="ask", may_recognise_self=True)))
    [record] = records(found)
    assert rules(found, record) == {
        "video": (True, "disguised"),
        "post": (True, "composite"),
        "print": (False, "ask"),
        "audio": (False, "never"),
        "teaching": (False, "never"),
        "promotion": (False, "never"),
    }
    assert current(found, record) == "ConsentGiven"


@given(subjects)
@settings(max_examples=20, deadline=None)
def test_nothing_is_permitted_that_the_rules_of_posting_would_not_allow(one):
    found = graph(one)
    for document in one.documents:
        for place, form in permitted(found, URIRef(urn(f"iso/document/{document.digest}"))).items():
            materials = usable_materials(document)
            assert verdict(document.usable, place, form, materials).answer == "allowed"


def test_no_to_all_is_refused_without_an_end():
    found = graph(subject(chosen()))
    [record] = records(found)
    assert (current(found, record), permitted(found, record)) == ("ConsentRefused", {})
    [event] = found.objects(record, DPV.hasConsentStatus)
    [lasts] = found.objects(event, DPV.hasDuration)
    assert (lasts, RDF.type, DPV.EndlessDuration) in found


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"obstacles": {"expired"}}, "ConsentExpired"),
        ({"obstacles": {"lapsed"}}, "ConsentInvalidated"),
        ({"obstacles": {"tie"}}, "ConsentInvalidated"),
        ({"obstacles": {"hold"}}, "ConsentInvalidated"),
        ({"obstacles": {"hold"}, "never_confirmed": True}, "ConsentUnknown"),
        ({"obstacles": {"withdrawn"}, "stop": stopped(later(days=1), signed=True)}, "ConsentWithdrawn"),
        ({"obstacles": {"hold"}, "stop": stopped(later(days=1), signed=False)}, "ConsentRevoked"),
        ({"obstacles": {"expired", "lapsed"}}, "ConsentInvalidated"),
    ],
)
def test_what_stands_against_a_yes_is_what_it_is_called_now(about, status):
    one = subject(chosen(video="disguised"), **about | {"obstacles": frozenset(about["obstacles"])})
    found = graph(one, at=later(days=300))
    [record] = records(found)
    assert (current(found, record), permitted(found, record)) == (status, {})


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("open", "ConsentRequested"),
        ("yes", "ConsentGiven"),
        ("no", "ConsentRefused"),
        ("no_never_ask", "ConsentRefused"),
        ("silence", "ConsentRefused"),
        ("yes_if_changed", "ConsentRefused"),
        ("not_now", "ConsentRequestDeferred"),
        ("taken_back", "ConsentWithdrawn"),
    ],
)
def test_a_question_about_one_draft_is_a_record_of_its_own(answer, status):
    found = graph(subject(chosen(video="ask", post="ask"), questions=(question(answer),)))
    record = URIRef(urn(f"iso/request/{'cd' * 32}"))
    assert current(found, record) == status
    assert set(permitted(found, record)) == ({"video", "post"} if answer == "yes" else set())
    processes = found.objects(record, DPV.hasProcess)
    data = [data for process in processes for data in found.objects(process, DPV.hasPersonalData)]
    assert {str(value) for one in data for value in found.objects(one, DCT.identifier)} == {"ef" * 32}


@pytest.mark.parametrize(("days", "status"), [(89, "ConsentGiven"), (90, "ConsentExpired")])
def test_a_yes_to_one_draft_runs_out(days, status):
    found = graph(subject(chosen(video="ask"), questions=(question(),)), at=later(days=days))
    assert current(found, URIRef(urn(f"iso/request/{'cd' * 32}"))) == status


def test_a_yes_that_something_stands_against_is_not_given_any_more():
    one = subject(chosen(video="ask"), obstacles=frozenset({"hold"}), questions=(question(),))
    found = graph(one)
    record = URIRef(urn(f"iso/request/{'cd' * 32}"))
    assert (current(found, record), permitted(found, record)) == ("ConsentInvalidated", {})


def test_a_stop_alone_is_a_record_that_prohibits_every_place():
    found = graph(subject(stop=stopped(signed=False)))
    [record] = records(found)
    assert current(found, record) == "ConsentRevoked"
    assert set(rules(found, record)) == set(TAXONOMY.channel_ids)
    assert permitted(found, record) == {}


def test_a_guardian_is_who_gave_it():
    found = graph(subject(replace(chosen(video="ask"), signer="guardian")))
    [by] = found.objects(None, DPV.isIndicatedBy)
    assert by == DPV.GuardianOfDataSubject


def test_a_receipt_holds_one_card_s_records_and_all_is_listed_under_the_head():
    other = replace(chosen(), digest="34" * 32)
    found = graph(subject(chosen(video="ask"), questions=(question(),)), subject(other, card=OTHER))
    receipts = list(found.subjects(RDF.type, DPV.ConsentReceipt))
    assert sorted(len(list(found.objects(one, DPV.hasRecordOfActivity))) for one in receipts) == [1, 2]
    for receipt in receipts:
        own = found.objects(receipt, DPV.hasRecordOfActivity)
        owners = {owner for record in own for owner in found.objects(record, DPV.hasDataSubject)}
        assert owners == set(found.objects(receipt, DCT.audience))
        assert next(found.objects(receipt, DCT.created)).toPython() == NOW
    [activities] = found.subjects(OURS.head, None)
    assert str(next(found.objects(activities, OURS.head))) == HEAD
    assert set(found.objects(activities, DCT.hasPart)) == {*receipts, *records(found)}


def test_each_of_our_terms_that_is_used_has_its_words():
    found = graph(subject(chosen(video="disguised", materials=TAXONOMY.material_ids, topics=TAXONOMY.topic_ids)))
    used = {value for _, _, value in found if isinstance(value, URIRef) and value.startswith(OURS)}
    assert {term for term in used if (term, SKOS.prefLabel, None) not in found} == set()


def test_a_data_subject_is_a_card_code():
    found = graph(subject(chosen(video="ask")))
    [who] = found.subjects(RDF.type, DPV.DataSubject)
    assert {str(value) for _, value in found.predicate_objects(who)} == {CARD, str(DPV.DataSubject)}

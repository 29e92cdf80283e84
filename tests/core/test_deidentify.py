"""The de-identification check: what it marks, what it leaves, and that it repeats nothing of a draft.

The floors below are what the drafts in ``tests/drafts`` measure, rounded down (``python -m bench.deidentify``).
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.deidentify import PARTS, read_drafts, score
from core.deidentify import CAUTION, FOUND_NONE, ITEM_OF, KINDS, Finding, Segment, find, marked, name_key
from core.model.checklist import ITEMS
from core.text import Words

DRAFTS = read_drafts()
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from([draft.text for draft in DRAFTS]), max_size=3).map("\n".join),
    st.text(alphabet="Mr. Aa1-:/@#“”\"'’ \n,()[]|ß’é👋", max_size=200),
)


def found(text, kind):
    return [text[f.start : f.end] for f in find(text) if f.kind == kind]


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("name", "I told Maria’s mother.", "Maria"),
        ("name", "Then Dr. Amit Patel called.", "Dr. Amit Patel"),
        ("name", "We all call her Big Lou.", "Big Lou"),
        ("name", "my client maria said no", "maria"),
        ("name", "I saw Siobhan O’Dowd cry.", "Siobhan O’Dowd"),
        ("name", "That was Ana de la Cruz again.", "Ana de la Cruz"),
        ("place", "She lives in Duluth.", "Duluth"),
        ("place", "It is 1420 Willow Creek Road, I think.", "1420 Willow Creek Road"),
        ("place", "We met in Ely, Minnesota.", "Ely"),
        ("place", "The form said TX 78701.", "TX 78701"),
        ("date", "It was on March 3, 2021.", "March 3, 2021"),
        ("date", "It was 9/14/2022 then.", "9/14/2022"),
        ("date", "It was 2022-09-14 then.", "2022-09-14"),
        ("date", "He left on the 14th.", "14th"),
        ("date", "They fought on Christmas Eve.", "Christmas Eve"),
        ("age", "She is 34.", "34"),
        ("age", "A 72-year-old came in.", "72-year-old"),
        ("age", "He turned ninety-one here.", "ninety-one"),
        ("phone", "Ring (415) 555-0142 now.", "(415) 555-0142"),
        ("phone", "Ring +44 20 7946 0958 now.", "+44 20 7946 0958"),
        ("phone", "Ring 0141 496 0372 now.", "0141 496 0372"),
        ("fax", "Our fax is 303-555-0178.", "303-555-0178"),
        ("fax", "It is 303-555-0178 (fax).", "303-555-0178"),
        ("email", "Write to a.b-c@example.org.", "a.b-c@example.org"),
        ("ssn", "It read 078-05-1120.", "078-05-1120"),
        ("ssn", "Her social is 078051120.", "078051120"),
        ("ssn", "SSN ending xxx-xx-4410 there", "xxx-xx-4410"),
        ("record", "See MRN 00482913.", "00482913"),
        ("plan", "member ID 9930-221-87 lapsed", "9930-221-87"),
        ("plan", "Her card, 1EG4-TE5-MK73.", "1EG4-TE5-MK73"),
        ("account", "IBAN GB29 NWBK 6016 1331 9268 19 was his", "GB29 NWBK 6016 1331 9268 19"),
        ("account", "account number 000123456789", "000123456789"),
        ("licence", "nursing license 44-71902 gone", "44-71902"),
        ("vehicle", "his plate, 7KRD 402.", "7KRD 402"),
        ("vehicle", "VIN 1HGCM82633A004352", "1HGCM82633A004352"),
        ("vehicle", "her old Honda Civic", "old Honda Civic"),
        ("device", "IMEI 356938035643809", "356938035643809"),
        ("device", "at 00:1B:44:11:3A:B7 then", "00:1B:44:11:3A:B7"),
        ("url", "See www.waltsbees.example now.", "www.waltsbees.example"),
        ("url", "See instagram.com/mossandmarrow.", "instagram.com/mossandmarrow"),
        ("ip", "From 203.0.113.77, twice.", "203.0.113.77"),
        ("ip", "From 2001:db8::4a1f, twice.", "2001:db8::4a1f"),
        ("biometric", "They took his fingerprints.", "fingerprints"),
        ("photo", "He kept a photo of her.", "photo of her"),
        ("code", "docket no. 22-CR-0917", "22-CR-0917"),
        ("handle", "She is @quiet.jonah there.", "@quiet.jonah"),
        ("handle", "See u/throwaway_lena88.", "throwaway_lena88"),
        ("employer", "He works at Boeing.", "Boeing"),
        ("employer", "the Denver Art Museum hired him", "Denver Art Museum"),
        ("school", "She goes to Oakmont College.", "Oakmont College"),
        ("quote", "She said, “I keep saying sorry to chairs.”", "“I keep saying sorry to chairs.”"),
        ("quote", "She told me: “I never slept in that house.”", "“I never slept in that house.”"),
        ("quote", "He asked me, “did you ever lose a child?”", "“did you ever lose a child?”"),
        ("place", "Ann Arbor was cold that year.", "Ann Arbor"),
        ("place", "She left Ann Arbor for good.", "Ann Arbor"),
        ("name", "Ann Smith came at noon.", "Ann Smith"),
        ("quote", 'He wrote "please tell the next one" twice.', '"please tell the next one"'),
        ("quote", "Client: I can’t be strong.", "I can’t be strong."),
        ("relation", "He is an identical twin.", "identical twin"),
        ("relation", "She has five sisters.", "five sisters"),
        ("session", "It was last Tuesday.", "last Tuesday"),
        ("session", "two days ago she rang", "two days ago"),
    ],
)
def test_each_kind_is_found_where_it_stands(kind, text, words):
    assert words in found(text, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Three signs you are people pleasing. Save this for later!",
        "In 2019 I read a lot about CBT and EMDR.",
        "Stop Telling Anxious People To Calm Down.",
        "She moved to Texas, then to France.",
        "I said, “we can stop at any time.”",
        "Me: “What would you like to say today?”",
        "Call or text 988 in the US.",
        "He’s in his forties and he’s fine.",
        "It took 45 minutes and 12 tries, about 90% of them dull.",
        "People call it “toxic” now.",
    ],
)
def test_what_points_to_nobody_is_left_alone(text):
    assert find(text) == []


def test_a_name_found_once_is_found_wherever_it_comes_again():
    text = "I asked Xochitl first. xochitl said nothing. Then came XOCHITL."
    assert found(text, "name") == ["Xochitl", "xochitl", "XOCHITL"]


def test_a_name_inside_a_quote_is_marked_as_both():
    text = "She said “tell Maria I am fine.”"
    name = next(segment for segment in marked(text, find(text)) if segment.text == "Maria")
    assert set(name.kinds) == {"name", "quote"}


def test_a_number_is_told_by_the_word_before_it_once():
    kinds = Counter(f.kind for f in find("His account number 4410098821 and his policy number AET-7733-0192."))
    assert kinds == {"account": 1, "plan": 1}


def test_months_and_days_follow_the_language():
    assert [f.kind for f in find("fue el 3 de marzo de 2021", "es")] == ["date"]
    assert [f.kind for f in find("lo vi el martes", "es")] == ["session"]


def test_an_unknown_language_is_read_as_english():
    text = "She came on March 3 and cried."
    assert find(text, "not a language") == find(text, "en") != []


@pytest.mark.parametrize(
    "kind", ["fax", "email", "ssn", "record", "plan", "account", "licence", "vehicle", "url", "ip"]
)
def test_what_has_a_shape_or_a_label_is_found_in_every_draft(kind):
    counts = score(DRAFTS, [kind])
    assert counts.marks >= 6
    assert counts.same == counts.marks


@pytest.mark.parametrize(
    ("kind", "floor"),
    [
        *(
            ("name", 0.9),
            ("place", 0.9),
            ("date", 0.95),
            ("age", 0.95),
            ("phone", 0.9),
            ("device", 0.85),
            ("code", 0.9),
        ),
        *(("biometric", 0.9), ("photo", 0.9), ("handle", 0.9), ("quote", 0.9), ("relation", 0.9), ("session", 0.9)),
        *(("employer", 0.8), ("school", 0.6)),
    ],
)
def test_of_the_rest_most_is_found_as_what_it_is(kind, floor):
    counts = score(DRAFTS, [kind])
    assert counts.same / counts.marks >= floor


@pytest.mark.parametrize(("part", "floor"), [("tuned", 0.95), ("held_out", 0.95), ("fresh", 0.9)])
def test_nearly_all_that_gives_away_is_marked_as_something(part, floor):
    counts = score(draft for draft in DRAFTS if draft.part == part)
    assert counts.seen / counts.marks >= floor


def test_nine_marks_in_ten_are_right():
    counts = score(DRAFTS)
    assert counts.right / counts.findings >= 0.9


def test_a_draft_with_nothing_in_it_is_hardly_marked():
    clean = [draft for draft in DRAFTS if not draft.marks]
    assert len(clean) >= 20
    assert sum(len(find(draft.text)) for draft in clean) <= len(clean) / 4


def test_the_drafts_are_many_and_know_every_kind():
    assert len([draft for draft in DRAFTS if draft.marks]) >= 100
    assert {mark.kind for draft in DRAFTS for mark in draft.marks} == set(KINDS)
    assert {draft.part for draft in DRAFTS} == set(PARTS)
    assert len({draft.id for draft in DRAFTS}) == len(DRAFTS)


@given(TEXTS)
@example("“”")
@example("A" * 3000)
@example("a." * 1500)
@example("1-" * 1500)
@example("a-" * 1500)
@example("\n" * 3000)
def test_any_text_is_read_and_its_segments_make_it_again(text):
    findings = find(text)
    assert all(0 <= f.start < f.end <= len(text) for f in findings)
    assert findings == sorted(set(findings), key=lambda f: (f.start, f.end, KINDS.index(f.kind)))
    assert "".join(segment.text for segment in marked(text, findings)) == text


@given(TEXTS)
def test_the_same_draft_gives_the_same_findings(text):
    assert find(text) == find(text)


@st.composite
def text_with_findings(draw):
    text = draw(st.text(min_size=1, max_size=60))
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    spans = draw(st.lists(st.tuples(st.sampled_from(KINDS), ends), max_size=6))
    return text, [Finding(kind, start, end) for kind, (start, end) in spans]


@given(text_with_findings())
def test_each_character_carries_just_the_kinds_that_cover_it(drawn):
    text, findings = drawn
    segments = marked(text, findings)
    assert "".join(segment.text for segment in segments) == text
    assert all(segment.text for segment in segments)
    kinds = [segment.kinds for segment in segments for _ in segment.text]
    for place, carried in enumerate(kinds):
        assert set(carried) == {f.kind for f in findings if f.start <= place < f.end}


def test_plain_text_is_one_segment_and_none_is_none():
    assert marked("nothing here", []) == (Segment("nothing here"),)
    assert marked("", []) == ()


def test_findings_lie_in_the_order_of_the_text():
    findings = find("Maria called 415-555-0142 from Duluth on March 3.")
    assert all(one.start <= other.start for one, other in pairwise(findings))


def test_what_was_found_is_never_repeated_by_a_finding_or_a_segment():
    text = "I told Maria in Duluth: 078-05-1120."
    shown = f"{find(text)!r} {marked(text, find(text))!r}"
    assert not any(word in shown for word in ("Maria", "Duluth", "078"))


def test_every_kind_has_its_name_and_its_line_on_the_checklist():
    words, items = Words("en"), {item.id for item in ITEMS}
    assert set(ITEM_OF) == set(KINDS)
    assert set(ITEM_OF.values()) <= items
    assert len({words(name_key(kind)) for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("key", [CAUTION, FOUND_NONE])
def test_no_result_is_called_safe(key):
    assert "We may miss things" in Words("en")(key)


def test_it_works_without_a_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError("no network")

    monkeypatch.setattr(socket, "socket", refuse)
    assert found("I told Maria to ring 415-555-0142.", "phone") == ["415-555-0142"]


def test_a_page_that_only_imports_it_loads_no_list():
    code = "import sys, core.deidentify; print({'faker', 'phonenumbers'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"

"""``python -m core decide``: questions and verdicts as JSON, and one sentence for each fault."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.__main__ import main
from core.commands import Console
from tests.core import oracle
from tests.core.asking import DRAFT, GRANT, NOW, person
from tests.core.questions import questions

ROOT = Path(__file__).resolve().parents[2]
CANARY = "canary-3f9c"
GONE = object()
STORY = {"people": ["K7QM2XPF"], "session_date": "2026-01-10"}


def called(stdin, *words):
    """What one call printed: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    code = main(["decide", *words], Console(io.BytesIO(stdin), out, err, lambda: NOW))
    return code, out.getvalue(), err.getvalue()


def question():
    return {
        "now": "2026-11-22T10:00:00Z",
        "post": {
            "channels": ["post"],
            "form": "disguised",
            "materials": ["story"],
            "topics": ["work"],
            "live": False,
            "paid": False,
            "uses": [],
            "content_hash": DRAFT,
            "stories": [STORY],
        },
        "people": {"K7QM2XPF": person(grants=[GRANT])},
    }


def changed(*changes):
    """The question with the values at some paths replaced, added, or gone."""
    document = json.loads(json.dumps(question()))
    for path, value in changes:
        *steps, last = path.split("/")
        place = document
        for step in steps:
            place = place[int(step) if isinstance(place, list) else step]
        if value is GONE:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = value
    return document


def faults(document, *, raw=False):
    """The sentences that a question which is none gets, and that it gets nothing else."""
    code, out, err = called(document if raw else json.dumps(document).encode())
    assert (code, json.loads(out)) == (2, {"error": "bad_input"})
    return err.splitlines()


def answered(document):
    code, out, err = called(json.dumps(document).encode())
    assert (code, err) == (0, "")
    return json.loads(out)


# --- answers -----------------------------------------------------------------------------------


def test_a_question_is_answered_with_the_five_fields_in_their_order():
    code, out, err = called(json.dumps(question()).encode())
    expected = '{"verdict": "allowed", "on": null, "ask": [], "reasons": [], "steps": ["deidentify", "record_post"]}\n'
    assert (code, out, err) == (0, expected, "")


def test_a_day_a_person_and_a_reason_are_written_as_documented():
    waiting = changed(("people/K7QM2XPF/preferences/gap_months", 6), ("post/stories/0/session_date", "2026-08-31"))
    assert answered(waiting) == {
        "verdict": "not_yet",
        "on": "2027-02-28",
        "ask": [],
        "reasons": [{"rule": "session_gap", "person": "K7QM2XPF"}],
        "steps": [],
    }


@given(questions)
def test_the_command_says_what_the_rules_say(asked):
    code, out, _ = called(asked.text().encode())
    assert (code, json.loads(out)) == (0, oracle.answer(asked.post, asked.people, asked.now))


def test_an_invented_post_needs_nobody():
    post = {"channels": ["post"], "form": "invented", "materials": ["story"]}
    assert answered({"now": "2026-11-22T10:00:00Z", "post": post})["verdict"] == "out_of_scope"


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("people", "no_preferences"),
        ("people/K7QM2XPF/preferences", "no_preferences"),
        ("people/K7QM2XPF/withdrawn", "withdrawn"),
        ("people/K7QM2XPF/hold", "hold"),
        ("people/K7QM2XPF/lapsed", "lapsed"),
        ("people/K7QM2XPF/refused", "refused"),
        ("people/K7QM2XPF/preferences/materials", "material_left_out"),
        ("people/K7QM2XPF/preferences/topics", "topic_left_out"),
        ("people/K7QM2XPF/preferences/may_recognise_self", "composite_required"),
        ("people/K7QM2XPF/preferences/therapy", "in_therapy"),
        ("post/uses", "locked_use"),
    ],
)
def test_a_field_left_out_takes_its_protective_value(path, rule):
    assert [reason["rule"] for reason in answered(changed((path, GONE)))["reasons"]] == [rule]


def test_topics_left_out_are_all_of_them():
    path = "people/K7QM2XPF/preferences/topics"
    assert answered(changed(("post/topics", GONE)))["verdict"] == "allowed"
    assert answered(changed(("post/topics", GONE), (path, ["work", "law"])))["verdict"] == "no"
    assert answered(changed(("post/topics", []), (path, ["work", "law"])))["verdict"] == "allowed"


def test_money_and_live_are_assumed_where_nobody_denies_them():
    never = ("people/K7QM2XPF/preferences/channels/promotion", "never")
    assert answered(changed(never))["verdict"] == "allowed"
    assert answered(changed(never, ("post/paid", GONE)))["verdict"] == "no"
    health = ("post/materials", ["health"])
    assert answered(changed(health))["verdict"] == "allowed"
    assert answered(changed(health, ("post/live", GONE)))["verdict"] == "no"


def test_whether_a_yes_still_stands_is_assumed_against_it():
    asked = ("people/K7QM2XPF/preferences/channels/post", "ask")
    assert answered(changed(asked))["verdict"] == "allowed"
    assert answered(changed(asked, ("people/K7QM2XPF/grants/0/withdrawn", GONE)))["verdict"] == "ask"
    assert answered(changed(asked, ("people/K7QM2XPF/grants", GONE)))["verdict"] == "ask"
    assert answered(changed(asked, ("post/content_hash", GONE)))["verdict"] == "ask"


def test_therapy_goes_on_where_nobody_says_that_it_ended():
    after = ("people/K7QM2XPF/preferences/therapy", "after")
    assert answered(changed(after, ("people/K7QM2XPF/therapy_ended", "2026-02-01")))["verdict"] == "allowed"
    assert answered(changed(after, ("people/K7QM2XPF/therapy_ended", GONE)))["verdict"] == "not_yet"


def test_a_session_on_the_day_that_has_begun_somewhere_is_no_fault():
    assert answered(changed(("post/stories/0/session_date", "2026-11-23")))["on"] == "2026-11-23"


# --- faults ------------------------------------------------------------------------------------

A_TIME = "must be a time written like 2026-11-22T10:00:00Z."
AN_ID = "is not an id that is known here."
A_DAY = "must be a day written like 2026-05-01."
FAULTS = [
    ("now", GONE, "now is missing."),
    ("now", 1790000000, f"now {A_TIME}"),
    ("now", "2026-11-22T10:00:00", f"now {A_TIME}"),
    ("now", "2026-11-22T10:00:00+00:00", f"now {A_TIME}"),
    ("now", "2026-11-22", f"now {A_TIME}"),
    ("now", "2026-02-29T10:00:00Z", f"now {A_TIME}"),
    ("now", "9999-12-31T23:59:59Z", f"now {A_TIME}"),
    ("now", "0001-01-01T00:00:00Z", f"now {A_TIME}"),
    (CANARY, 1, "The question has a field that is not known here."),
    ("post", GONE, "post is missing."),
    ("post", None, "post must be an object."),
    (f"post/{CANARY}", 1, "post has a field that is not known here."),
    ("post/channels", GONE, "post.channels is missing."),
    ("post/channels", [], "post.channels must not be empty."),
    ("post/channels", "post", "post.channels must be a list."),
    ("post/channels", ["post", CANARY], f"post.channels[1] {AN_ID}"),
    ("post/channels", [1], "post.channels[0] must be text."),
    ("post/form", GONE, "post.form is missing."),
    ("post/form", CANARY, f"post.form {AN_ID}"),
    ("post/materials", GONE, "post.materials is missing."),
    ("post/materials", [], "post.materials must not be empty."),
    ("post/materials", [CANARY], f"post.materials[0] {AN_ID}"),
    ("post/topics", [CANARY], f"post.topics[0] {AN_ID}"),
    ("post/topics", None, "post.topics must be a list."),
    ("post/uses", [CANARY], f"post.uses[0] {AN_ID}"),
    ("post/live", "no", "post.live must be true or false."),
    ("post/paid", 0, "post.paid must be true or false."),
    ("post/content_hash", "", "post.content_hash must not be empty."),
    ("post/content_hash", 7, "post.content_hash must be text."),
    ("post/stories", GONE, "post.stories must not be empty unless the post is invented."),
    ("post/stories", [STORY, STORY], "post.stories must hold just one story for a disguised post."),
    ("post/form", "invented", "post.stories must be empty for an invented post."),
    ("post/stories/0", CANARY, "post.stories[0] must be an object."),
    (f"post/stories/0/{CANARY}", 1, "post.stories[0] has a field that is not known here."),
    ("post/stories/0/people", GONE, "post.stories[0].people is missing."),
    ("post/stories/0/people", [], "post.stories[0].people must not be empty."),
    ("post/stories/0/people", [""], "post.stories[0].people[0] must not be empty."),
    ("post/stories/0/session_date", GONE, "post.stories[0].session_date is missing."),
    ("post/stories/0/session_date", "2026-11-24", "post.stories[0].session_date must not lie in the future."),
    ("post/stories/0/session_date", "2026-02-30", f"post.stories[0].session_date {A_DAY}"),
    ("post/stories/0/session_date", "2026-W20-1", f"post.stories[0].session_date {A_DAY}"),
    ("post/stories/0/session_date", "2026-01-10T00:00:00Z", f"post.stories[0].session_date {A_DAY}"),
    ("post/stories/0/session_date", 20000, f"post.stories[0].session_date {A_DAY}"),
    ("people", [], "people must be an object."),
    ("people", None, "people must be an object."),
    ("people/K7QM2XPF", True, "people[0] must be an object."),
    (f"people/K7QM2XPF/{CANARY}", 1, "people[0] has a field that is not known here."),
    ("people/K7QM2XPF/hold", 1, "people[0].hold must be true or false."),
    ("people/K7QM2XPF/grants/0/withdrawn", 0, "people[0].grants[0].withdrawn must be true or false."),
    ("people/K7QM2XPF/withdrawn", 0, "people[0].withdrawn must be true or false."),
    ("people/K7QM2XPF/withdrawn", None, "people[0].withdrawn must be true or false."),
    ("people/K7QM2XPF/lapsed", "false", "people[0].lapsed must be true or false."),
    ("people/K7QM2XPF/therapy_ended", CANARY, f"people[0].therapy_ended {A_DAY}"),
    ("people/K7QM2XPF/refused", CANARY, "people[0].refused must be a list."),
    ("people/K7QM2XPF/refused", [None], "people[0].refused[0] must be text."),
    ("people/K7QM2XPF/grants", {}, "people[0].grants must be a list."),
    ("people/K7QM2XPF/grants/0", CANARY, "people[0].grants[0] must be an object."),
    (f"people/K7QM2XPF/grants/0/{CANARY}", 1, "people[0].grants[0] has a field that is not known here."),
    ("people/K7QM2XPF/grants/0/content_hash", None, "people[0].grants[0].content_hash must be text."),
    ("people/K7QM2XPF/grants/0/channels", [CANARY], f"people[0].grants[0].channels[0] {AN_ID}"),
    ("people/K7QM2XPF/grants/0/ready_at", GONE, "people[0].grants[0].ready_at is missing."),
    ("people/K7QM2XPF/grants/0/ready_at", 1790000000, f"people[0].grants[0].ready_at {A_TIME}"),
    ("people/K7QM2XPF/grants/0/expires_at", "1790000000", f"people[0].grants[0].expires_at {A_TIME}"),
    ("people/K7QM2XPF/grants/0/expires_at", "2026-11-22T10:00:00", f"people[0].grants[0].expires_at {A_TIME}"),
    ("people/K7QM2XPF/grants/0/expires_at", f"{CANARY}T", f"people[0].grants[0].expires_at {A_TIME}"),
    (f"people/K7QM2XPF/preferences/{CANARY}", 1, "people[0].preferences has a field that is not known here."),
    ("people/K7QM2XPF/preferences/gap_months", "3", "people[0].preferences.gap_months must be a whole number."),
    ("people/K7QM2XPF/preferences/therapy", CANARY, f"people[0].preferences.therapy {AN_ID}"),
    ("people/K7QM2XPF/preferences/channels/post", CANARY, f"people[0].preferences.channels.post {AN_ID}"),
    (f"people/K7QM2XPF/preferences/channels/{CANARY}", CANARY, f"people[0].preferences.channels {AN_ID}"),
    (
        "people/K7QM2XPF/preferences/channels/post",
        GONE,
        "people[0].preferences: channels must name all six places, and no other.",
    ),
    (
        "people/K7QM2XPF/preferences/expires_at",
        None,
        "people[0].preferences: a document with a yes ends 3, 6 or 12 calendar months after issued_at.",
    ),
    (
        "people/K7QM2XPF/preferences/understood",
        False,
        "people[0].preferences: without understood only never, ask and undecided are valid.",
    ),
    ("people/K7QM2XPF/preferences/note", "x" * 48, "people[0].preferences: note is longer than 47 bytes."),
]


@pytest.mark.parametrize(("path", "value", "sentence"), FAULTS)
def test_each_fault_has_its_own_sentence(path, value, sentence):
    assert faults(changed((path, value))) == [sentence]


@pytest.mark.parametrize(("path", "value", "_sentence"), FAULTS)
def test_no_sentence_repeats_what_was_given(path, value, _sentence):
    said = " ".join(faults(changed((path, value))))
    assert [private for private in (CANARY, "K7QM2XPF", DRAFT) if private in said] == []


def test_every_fault_is_told_not_only_the_first():
    wrong = changed(
        ("post/channels", []),
        ("post/stories", [STORY | {"session_date": "2030-01-01"}, STORY | {"people": []}]),
        ("people/K7QM2XPF/hold", 1),
        ("people/B", {"preferences": None, "lapsed": 2}),
    )
    assert faults(wrong) == [
        "post.channels must not be empty.",
        "post.stories[0].session_date must not lie in the future.",
        "post.stories[1].people must not be empty.",
        "people[0].hold must be true or false.",
        "people[1].lapsed must be true or false.",
    ]


def test_too_many_stories_are_told_beside_another_fault():
    wrong = changed(("post/materials", []), ("post/stories", [STORY, STORY]))
    assert len(faults(wrong)) == 2


NO_JSON = "The question cannot be read. It must be JSON in UTF-8 that gives each name once."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", NO_JSON),
        (b"{", NO_JSON),
        (b'{"now": "2026-11-22T10:00:00Z", "now": "2026-11-23T10:00:00Z"}', NO_JSON),
        (b'{"now": NaN}', NO_JSON),
        (b"\xff\xfe", NO_JSON),
        (b"[" * 100_000, NO_JSON),
        (b"[]", "The question must be one JSON object."),
        (b"null", "The question must be one JSON object."),
    ],
    ids=["nothing", "half", "twice", "NaN", "no UTF-8", "deep", "a list", "null"],
)
def test_what_is_no_question_at_all_is_refused(text, sentence):
    assert faults(text, raw=True) == [sentence]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
PATHS = sorted({path for path, *_ in FAULTS if CANARY not in path})


@given(st.sampled_from(PATHS), json_values)
def test_any_value_anywhere_is_answered_or_refused_and_never_breaks_it(path, value):
    code, out, err = called(json.dumps(changed((path, value))).encode())
    assert (code, set(json.loads(out))) in [
        (0, {"verdict", "on", "ask", "reasons", "steps"}),
        (2, {"error"}),
    ]
    assert code == 0 or (json.loads(out)["error"] == "bad_input" and err.endswith(".\n"))


# --- line by line ------------------------------------------------------------------------------


def lines(*documents):
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def test_each_line_has_its_answer_in_its_place_and_a_bad_one_does_not_stop_the_rest():
    stdin = lines(question(), changed(("post/channels", []), ("now", 1))) + b"{\n\n" + lines(question())[:-1]
    code, out, err = called(stdin, "--lines")
    first, second, third, empty, last = map(json.loads, out.splitlines())
    assert (code, err) == (0, "")
    assert first == last == answered(question())
    assert second == {"error": "bad_input", "problems": [f"now {A_TIME}", "post.channels must not be empty."]}
    assert third == empty == {"error": "bad_input", "problems": [NO_JSON]}


def test_no_line_no_answer():
    assert called(b"", "--lines") == (0, "", "")


def test_an_answer_comes_before_the_next_question_is_asked():
    command = [sys.executable, "-m", "core", "decide", "--lines"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for document in (question(), changed(("post/uses", ["ai"]))):
            process.stdin.write(lines(document))
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == answered(document)
        process.stdin.close()
        assert process.wait(timeout=60) == 0

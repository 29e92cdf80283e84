"""A kept draft's verdict: in the record once for each change, and shown as changed until its therapist has seen it."""

from __future__ import annotations

import json

import pytest

from core import drafting
from core.drafting import Writing
from core.errors import NoSuchDraft
from core.model.posted import Judged
from core.model.verdict import Reason, Verdict
from core.store import audit, posts
from core.vault import KEY_VERSION
from tests.core.clinic import NOW, later
from tests.core.story import about, draft, publish


@pytest.fixture
def piece(clinic, free):
    return draft(clinic, about((free.card.code, "2026-05-01")))


def verdicts(clinic):
    """What the record says of verdicts, oldest first."""
    with clinic.database.read() as connection:
        told = [facts for entry, facts in audit.opened(connection, clinic.vault) if entry.kind == "verdict"]
    said = [{fact.name: fact.value for fact in facts} for facts in told]
    return [(one["answer"], one["rules"]) for one in said]


def changed(clinic, at):
    """The drafts whose answer is not the one that was seen last."""
    return [one for one, _ in drafting.look_again(clinic.vault, at) if one.draft.seen is not None]


def answers(pieces):
    return [(one.draft.seen.answer, one.draft.judged.answer) for one in pieces]


def test_a_verdict_is_entered_when_a_draft_is_kept(clinic, free, piece):
    assert verdicts(clinic) == [("allowed", [])]
    drafting.save(clinic.vault, Writing(piece.draft.post, "@willowstreet", "Other."), later(days=1), piece.id)
    assert len(verdicts(clinic)) == 2


def test_where_the_inbox_comes_first_there_is_no_verdict_to_enter_yet(clinic, free):
    clinic.stop(NOW, free.keys, free.card)
    made = draft(clinic, about((free.card.code, "2026-05-01")))
    assert (made.draft.judged, verdicts(clinic)) == (None, [])
    assert changed(clinic, NOW) == []
    free.arrives(NOW)
    assert changed(clinic, NOW) == []  # the first answer to it: nothing changed
    assert verdicts(clinic) == [("no", ["withdrawn"])]


def test_looking_again_judges_each_draft_as_judging_does(clinic, free, piece):
    free.stops(later(days=1))
    verdicts_now = [(one.id, verdict) for one, verdict in drafting.judged(clinic.vault, later(days=1))]
    for _ in range(2):
        assert [(one.id, verdict) for one, verdict in drafting.look_again(clinic.vault, later(days=1))] == verdicts_now


def test_nothing_changed_says_and_enters_nothing(clinic, piece):
    assert changed(clinic, later(days=1)) == []
    assert len(verdicts(clinic)) == 1


def test_a_changed_answer_is_entered_once_and_flagged_until_it_was_seen(clinic, free, piece):
    free.stops(later(days=1))
    for hours in (1, 2):
        assert answers(changed(clinic, later(days=1, hours=hours))) == [("allowed", "no")]
    assert verdicts(clinic) == [("allowed", []), ("no", ["withdrawn"])]
    drafting.note_seen(clinic.vault, piece.id)
    assert changed(clinic, later(days=2)) == []
    with pytest.raises(NoSuchDraft):
        drafting.note_seen(clinic.vault, "0" * 16)


def test_an_answer_that_came_back_is_no_change_but_both_are_in_the_record(clinic, free, piece):
    free.chooses(later(days=1), treatment="never")
    assert answers(changed(clinic, later(days=1))) == [("allowed", "no")]
    free.chooses(later(days=2), treatment="disguised", may_recognise_self=True)
    assert changed(clinic, later(days=2)) == []
    assert [answer for answer, _ in verdicts(clinic)] == ["allowed", "no", "allowed"]


def test_a_note_to_be_read_first_is_a_change(clinic, free, piece):
    free.chooses(later(days=1), treatment="disguised", may_recognise_self=True, note="not the boat")
    [one] = changed(clinic, later(days=1))
    assert (one.draft.seen.steps, one.draft.judged.steps) == (
        ("deidentify", "record_post"),
        ("deidentify", "read_note", "record_post"),
    )


def test_another_reason_for_the_same_no_is_entered_and_not_flagged(clinic, free, piece):
    free.chooses(later(days=1), treatment="never")
    changed(clinic, later(days=1))
    drafting.note_seen(clinic.vault, piece.id)
    free.stops(later(days=2))
    assert changed(clinic, later(days=2)) == []
    assert [rules for _, rules in verdicts(clinic)] == [[], ["never"], ["never", "withdrawn"]]


def test_time_alone_changes_an_answer_too(clinic, piece):
    assert answers(changed(clinic, later(days=200))) == [("allowed", "no")]


def test_what_is_posted_is_no_draft_any_more(clinic, free, piece):
    publish(clinic, piece, later(days=1))
    free.stops(later(days=2))
    assert changed(clinic, later(days=2)) == []


def test_keeping_a_draft_anew_is_seeing_its_answer(clinic, free, piece):
    free.stops(later(days=1))
    changed(clinic, later(days=1))
    drafting.save(clinic.vault, Writing(piece.draft.post, "@willowstreet", "Other."), later(days=1), piece.id)
    assert changed(clinic, later(days=2)) == []


def test_a_draft_from_before_verdicts_were_kept_still_opens(clinic, piece):
    old = json.loads(piece.model_dump_json())
    del old["draft"]["judged"], old["draft"]["seen"]
    place = posts._place(clinic.vault, piece.id, KEY_VERSION)
    clinic.change_rows("UPDATE post SET sealed = ?", clinic.vault.data_key.seal(json.dumps(old).encode(), place))
    assert drafting.drafts(clinic.vault)[0].draft.judged is None
    assert changed(clinic, NOW) == []
    assert drafting.drafts(clinic.vault)[0].draft.judged.answer == "allowed"


def test_a_verdict_comes_back_as_it_was_kept():
    verdict = Verdict("ask", None, ("K7QM2XPF",), (Reason("ask", "K7QM2XPF"), Reason("too_few_for_composite")))
    assert Judged.model_validate_json(Judged.of(verdict).model_dump_json()).verdict == verdict

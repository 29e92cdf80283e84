"""The report of a month: what was noted in it, what has to come down, what waits, and a head that can be checked."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pypdfium2
import pytest

from core import people, qr, report
from core.audit import KINDS
from core.errors import BadInput
from core.head import read_head
from core.paper import render
from core.store import audit
from tests.core.clinic import NOW, PASSPHRASE, later
from tests.core.commanding import Call
from tests.core.story import Client, about, ask, draft, publish

NOVEMBER = date(2026, 11, 1)
DECEMBER = datetime(2026, 12, 3, 9, tzinfo=UTC)


@pytest.fixture
def busy(clinic):
    """A month: two clients, a question and its yes, a post that has to come down again."""
    free, asked = Client(clinic, clinic.cards[0]), Client(clinic, clinic.cards[1])
    free.chooses(treatment="disguised", may_recognise_self=True, note="canary note")
    people.rename(clinic.vault, free.card.code, "canary alias")
    asked.chooses()
    ask(clinic, draft(clinic, about((asked.card.code, "2026-05-01"))), asked)
    asked.answers("yes", later(days=1))
    publish(
        clinic, draft(clinic, about((free.card.code, "2026-05-01")), "A canary story.", title="canary"), later(days=2)
    )
    free.stops(later(days=3))
    return clinic


def make(clinic, month=NOVEMBER, at=DECEMBER):
    return report.make(clinic.vault, month, at)


def text_of(pdf):
    """All text of a PDF, as a reader takes it out."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)).replace("\r\n", "\n")


# --- counting -------------------------------------------------------------------------------------


def test_entries_of_the_month_are_counted_by_kind_and_no_answer_by_what_it_said(busy):
    made = make(busy)
    with busy.database.read() as connection:
        kinds = [entry.kind for entry in audit.entries(connection)][:-1]  # the last one is the report itself
    assert made.counts == {kind: kinds.count(kind) for kind in KINDS}
    assert (made.counts["request"], made.counts["answer"], made.counts["post"]) == (1, 1, 1)
    assert not {"yes", "no", "not_now", "rate", "percent", "%"} & set(
        json.dumps(made.as_json()).replace('"', " ").split()
    )


def test_another_month_counts_nothing_of_this_one(busy):
    assert set(make(busy, date(2026, 10, 1)).counts.values()) == {0}


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), 1),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), 1),
        (datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 12, 1, tzinfo=UTC), 0),
    ],
)
def test_a_month_is_from_its_first_second_to_its_last_in_utc(clinic, at, counted):
    with clinic.database.write() as connection:
        audit.append(connection, "backup", at, clinic.vault)
    assert make(clinic).counts["backup"] == counted


def test_what_was_noted_for_another_therapist_is_theirs(clinic):
    with clinic.database.write() as connection:
        audit.append(connection, "backup", NOW, audit.Keeper("f" * 16, clinic.vault.data_key))
        audit.append(connection, "restore", NOW)
    made = make(clinic)
    assert (made.counts["backup"], made.counts["restore"]) == (0, 0)


def test_the_month_before_is_the_newest_that_is_over():
    assert report.last_month(DECEMBER) == NOVEMBER
    assert report.last_month(datetime(2026, 1, 1, tzinfo=UTC)) == date(2025, 12, 1)
    still_november_there = datetime(2026, 12, 1, 3, tzinfo=UTC).astimezone(timezone(-timedelta(hours=8)))
    assert report.last_month(still_november_there) == NOVEMBER


@pytest.mark.parametrize("month", [date(2026, 12, 1), date(2027, 1, 1)])
def test_a_month_that_is_not_over_has_no_report_and_nothing_is_noted(clinic, month):
    before = clinic.rows("SELECT count(*) FROM audit")
    with pytest.raises(BadInput):
        make(clinic, month)
    assert clinic.rows("SELECT count(*) FROM audit") == before


# --- what is open ---------------------------------------------------------------------------------


def test_what_has_to_come_down_stands_with_its_day(busy):
    [one] = make(busy).open
    assert (one.place, one.reasons, one.due) == ("post", ("withdrawn",), later(days=5))
    assert one.posted_on == later(days=2).date()
    with busy.database.read() as connection:
        [post] = [entry.sequence for entry in audit.entries(connection) if entry.kind == "post"]
    assert one.post == post


@pytest.mark.parametrize(("days", "said"), [(4, "By November 27, 2026"), (6, "It was due by November 27, 2026")])
def test_what_is_late_is_said_to_be_late(busy, days, said):
    made = report.make(busy.vault, date(2026, 10, 1), later(days=days))
    assert said in text_of(report.pdf(made))


def test_what_waits_unopened_is_counted(busy):
    assert make(busy).unopened == 0
    busy.stop(later(days=4), card=busy.cards[4])
    made = make(busy)
    assert made.unopened == 1
    assert "In the inbox, not opened: 1. Any of them may be a no." in " ".join(text_of(report.pdf(made)).split())


# --- what leaves ----------------------------------------------------------------------------------


def test_the_report_is_an_entry_and_its_head_is_that_of_the_whole_record(busy):
    made = make(busy)
    with busy.database.read() as connection:
        *_, (entry, facts) = audit.opened(connection, busy.vault)
    assert (entry.kind, {fact.name: fact.value for fact in facts}) == (
        "export",
        {"what": "report", "parts": ["2026-11"]},
    )
    assert (made.head.sequence, made.head.hash, made.head.is_signed) == (entry.sequence, entry.hash, True)


def test_no_client_and_no_draft_is_in_it(busy):
    made = make(busy)
    said = (json.dumps(made.as_json()) + text_of(report.pdf(made))).lower()
    tokens = [record.token for record in busy.vault.records()]
    hidden = [
        "canary",
        "example.org/1",
        *(card.code.lower() for card in busy.cards),
        *(token.digest.hex() for token in tokens),
    ]
    assert tokens
    assert [word for word in hidden if word in said] == []


def test_on_paper_it_is_large_enough_and_says_everything(busy):
    made = make(busy)
    said = " ".join(text_of(report.pdf(made)).split())
    for words in (
        "Report of November 2026",
        "Willow Street Practice",
        "What has to come down",
        "Questions sent to clients",
    ):
        assert words in said
    assert "Backups" not in said
    assert len(list(render.pages(report.pdf(made, "a4"), 40))) == 2


def test_the_head_on_paper_is_read_by_camera_and_by_eye(busy):
    made = make(busy)
    *_, last = render.pages(report.pdf(made), 150)
    assert [read_head(seen) for seen in qr.seen_in(last)] == [made.head]
    lines = text_of(report.pdf(made)).split("\n")
    start = next(n for n, line in enumerate(lines) if line.startswith("SAYSO-HEAD-1"))
    end = next(n for n, line in enumerate(lines) if line.startswith("To check it"))
    assert read_head("\n".join(lines[start:end])) == made.head


def test_an_empty_month_is_a_page_of_its_own(clinic):
    said = " ".join(text_of(report.pdf(make(clinic, date(2026, 1, 1)))).split())
    assert "Nothing is left to take down." in said
    assert "Nothing was noted." in said
    assert "Nothing waits in the inbox." in said


# --- from the command line ------------------------------------------------------------------------


@pytest.fixture
def call(busy, monkeypatch, tmp_path):
    monkeypatch.setenv("SAYSO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SAYSO_DATABASE_URL", f"sqlite:///{busy.path}")
    (tmp_path / "passphrase").write_text(f"{PASSPHRASE}\n", "utf-8")
    return lambda *words, at=DECEMBER: Call("audit", *words, "--passphrase-file", tmp_path / "passphrase", at=at)


def test_the_file_of_a_report_is_what_the_record_is_checked_against(busy, call, tmp_path):
    done = call("report", "--pdf", tmp_path / "report.pdf")
    assert (done.code, done.json["month"], done.json["format"]) == (0, "2026-11", "sayso-report")
    kept = tmp_path / "report.json"
    kept.write_text(done.out, "utf-8")
    assert Call("audit", "verify", "--head", kept).json["ok"]
    assert done.json["head"]["therapist"].upper() in text_of((tmp_path / "report.pdf").read_bytes())
    busy.change_rows("DROP TRIGGER IF EXISTS audit_never_shrinks")
    busy.change_rows("DELETE FROM audit WHERE sequence > 3")
    assert Call("audit", "verify", "--head", kept).json["faults"] == [{"sequence": 4, "fault": "truncated"}]


@pytest.mark.parametrize("typed", ["2026-13", "2026", "november", "2026-12"])
def test_a_month_that_is_none_or_not_over_is_said(busy, call, typed):
    before = busy.rows("SELECT count(*) FROM audit")
    assert call("report", "--month", typed).error == "bad_input"
    assert busy.rows("SELECT count(*) FROM audit") == before


def test_a_pdf_never_replaces_another_file(busy, call, tmp_path):
    (tmp_path / "report.pdf").write_text("mine", "utf-8")
    before = busy.rows("SELECT count(*) FROM audit")
    assert call("report", "--pdf", tmp_path / "report.pdf").error == "would_overwrite"
    assert (tmp_path / "report.pdf").read_text("utf-8") == "mine"
    assert busy.rows("SELECT count(*) FROM audit") == before


@pytest.mark.parametrize("broken", ["", "{}", '{"head": 3}', '{"head": {}}', "[" * 3000, '{"head": {"version": 1}}'])
def test_what_holds_no_head_is_said(call, tmp_path, broken):
    (tmp_path / "file").write_text(broken, "utf-8")
    assert Call("audit", "verify", "--head", tmp_path / "file").error == "bad_input"


def test_a_typed_head_may_be_wrapped_as_it_was_on_paper(busy, call, tmp_path):
    (tmp_path / "typed").write_text(report.in_lines(make(busy).head.line), "utf-8")
    assert Call("audit", "verify", "--head", tmp_path / "typed").json["ok"]


def test_two_reports_of_one_month_differ_only_in_when_they_were_made(busy):
    first, second = make(busy).as_json(), make(busy, at=DECEMBER + timedelta(hours=1)).as_json()
    assert {name for name in first if first[name] != second[name]} == {"made_at", "head"}

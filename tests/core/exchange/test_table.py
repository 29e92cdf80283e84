"""The table for people: a row for each card, nothing that a spreadsheet would run, nothing that does not count."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exchange import table
from core.exchange.subject import OBSTACLES
from core.text import Words
from tests.core.clinic import NOW, later
from tests.core.exchange.subjects import CARD, HEAD, chosen, question, stopped, subject, subjects

WORDS = Words()
PLACES = ("Short videos and live streams", "Posts, blogs, and newsletters")


def text(*many, at=NOW):
    return table.text(many, at, HEAD, WORDS)


def rows(*many, at=NOW):
    """The rows as a spreadsheet reads them, by the names of their columns; the last one apart."""
    *read, _last = csv.DictReader(io.StringIO(text(*many, at=at).removeprefix(table.MARK), newline=""))
    return read


def test_a_row_says_in_words_what_was_chosen():
    [row] = rows(subject(chosen(video="disguised", post="ask", topics=())))
    assert row["Number on the stub"] == "7"
    assert row["Card code"] == f"{CARD[:4]}-{CARD[4:]}"
    assert (row[PLACES[0]], row[PLACES[1]]) == ("OK if no one could tell it is me", "Ask me each time")
    assert (row["Since"], row["A yes ends on"]) == ("2026-11-22", "2027-05-22")
    assert row["Where it stands"] == "As set in this row"
    assert "The lesson only" in row["What may be used"]
    assert row["Also left out"] == "not my old job"


def test_a_no_everywhere_has_no_end_and_no_limits():
    [row] = rows(subject(chosen()))
    assert row["Where it stands"] == "No everywhere"
    assert {row[place] for place in PLACES} == {"Never"}
    assert row["A yes ends on"] == row["What may be used"] == row["When"] == ""


def test_a_card_without_choices_has_its_row():
    [row] = rows(subject())
    assert row["Where it stands"] == "No choices yet: that means no"
    assert row["Since"] == row[PLACES[0]] == ""


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_what_does_not_count_is_not_shown_as_if_it_did(obstacle):
    [row] = rows(subject(chosen(video="disguised"), obstacles=frozenset({obstacle}), questions=(question(),)))
    assert {row[place] for place in PLACES} == {""}
    assert row["Single drafts"] == ""
    assert row["Where it stands"] not in {"", "As set in this row", "No everywhere"}


def test_a_stop_says_since_when():
    [row] = rows(
        subject(
            chosen(video="disguised"),
            obstacles=frozenset({"withdrawn"}),
            stop=stopped(later(days=3), signed=True),
        )
    )
    assert (row["Where it stands"], row["Since"]) == ("Stopped: no", "2026-11-25")
    [row] = rows(subject(stop=stopped(later(days=3), signed=False)))
    assert (row["Where it stands"], row["Since"]) == ("On hold: no for now", "2026-11-25")


def test_single_drafts_are_told_while_they_matter():
    one = subject(chosen(video="ask"), questions=(question(), question("open", request_id="12" * 32), question("no")))
    [row] = rows(one)
    assert (
        row["Single drafts"]
        == "Yes to one draft, from 2026-11-30, before 2027-02-20; Asked on 2026-11-22, not answered yet"
    )
    [row] = rows(subject(chosen(video="ask"), questions=(question(),)), at=later(days=90))
    assert row["Single drafts"] == ""


def test_a_spreadsheet_is_told_that_it_is_utf_8():
    assert text(subject(chosen(video="ask", note="déjà vu"))).encode().startswith(b"\xef\xbb\xbf")
    assert rows(subject(chosen(video="ask", note="déjà vu")))[0]["Also left out"] == "déjà vu"


def test_the_last_row_is_the_head_and_every_row_is_as_wide():
    read = list(csv.reader(io.StringIO(text(subject(), subject(chosen(video="ask"))).removeprefix(table.MARK))))
    assert len({len(row) for row in read}) == 1
    assert read[-1][:2] == ["Head of the record", HEAD]
    assert len(read) == 4


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_begins_like_a_formula_is_made_harmless(begin):
    note = f"{begin}1+1"
    [row] = rows(subject(chosen(video="ask", note=note)))
    assert row["Also left out"] == f"'{note}"
    [row] = rows(subject(chosen(video="ask", note=f"  {note}")))
    assert row["Also left out"].startswith("'")


@given(st.lists(subjects, max_size=3))
@settings(max_examples=30, deadline=None)
def test_no_cell_of_any_table_is_a_formula_and_none_breaks_out_of_its_row(many):
    read = list(csv.reader(io.StringIO(text(*many).removeprefix(table.MARK), newline="")))
    assert len(read) == len(many) + 2
    assert len({len(row) for row in read}) == 1
    assert [cell for row in read for cell in row if cell[:1] in set("=+-@\t\r\n")] == []

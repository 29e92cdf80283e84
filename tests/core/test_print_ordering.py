"""A list of cards to make: every wrong line is named, and nothing is made until all are right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import batches, ordering
from core.ordering import Line
from core.store.practice import Therapist
from core.text import Words

DANA = Therapist("d", "Dana Reyes, LMFT", (), b"", b"")
JOSE = Therapist("j", "José Núñez", (), b"", b"")
TWINS = [Therapist("1", "Kim Lee", (), b"", b""), Therapist("2", "kim  lee", (), b"", b"")]
ALL = [DANA, JOSE, *TWINS]


def read(text, therapists=ALL):
    return ordering.read(text, therapists, Words())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("head", [True, False])
def test_a_list_is_read_as_spreadsheets_write_it(separator, ends, head):
    rows = [["Therapist", "Language", "Count"]] if head else []
    rows += [['"Dana Reyes, LMFT"', "en", "20"], [], [" josé  núñez ", " EN", "10"]]
    found = read(ends.join(separator.join(row) for row in rows))
    assert found.faults == []
    assert found.lines == [Line("d", "en", 20), Line("j", "en", 10)]
    assert found.cards == 30


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("José Núñez,en", "three parts"),
        ("José Núñez,en,1,2", "three parts"),
        ("Dana Reyes, LMFT,en,1", "three parts"),
        ("Nobody,en,1", "no therapist here has this name"),
        (",en,1", "no therapist here has this name"),
        ("Kim Lee,en,1", "more than one therapist"),
        ("José Núñez,xx,1", "no cards in this language"),
        *[
            (f"José Núñez,en,{count}", "whole number from 1 to 10,000")
            for count in ("", "0", "-1", "1.0", "ten", "10001", "１", "9" * 5000)
        ],
    ],
)
def test_a_wrong_line_is_named_by_its_number_in_one_sentence(line, said):
    found = read(f"José Núñez,en,1\n\n{line}\nJosé Núñez,en,2")
    (fault,) = found.faults
    assert fault.startswith("Line 3: ")
    assert said in fault
    assert fault.endswith(".")


def test_each_wrong_line_is_named():
    assert [fault[:7] for fault in read("a\nb\nJosé Núñez,en,1\nc").faults] == ["Line 1:", "Line 2:", "Line 4:"]


def test_the_line_that_goes_over_the_most_is_named():
    found = read(f"José Núñez,en,{batches.MOST}\nJosé Núñez,en,1")
    assert found.faults == ["Line 2: with it there are more than 10,000 cards. Make the rest later."]


@pytest.mark.parametrize("text", ["", "\n \n", "therapist,language,count\n", "Terapeuta; Idioma; Cantidad\n"])
def test_a_list_without_a_line_says_so(text):
    assert read(text).faults == ["The list has no line to read."]


def test_a_list_too_long_is_not_read():
    assert read("José Núñez,en,1\n" * (ordering.MOST_LINES + 1)).faults == [
        "The list is too long. Use at most 1,000 lines."
    ]
    assert read("x" * (ordering.MOST_BYTES + 1)).faults == ["The list is too long. Use at most 1,000 lines."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_the_letters_it_was_written_in(encoding):
    assert read(ordering.decoded("José Núñez,en,1".encode(encoding))).lines == [Line("j", "en", 1)]


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_gives_lines_or_sentences(file):
    found = read(ordering.decoded(file))
    assert found.lines or found.faults

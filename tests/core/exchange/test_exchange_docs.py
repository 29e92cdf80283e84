"""docs/exchange.md maps every field there is, names the columns and terms as they are, and its commands are taken."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import fields
from pathlib import Path

import pytest

from core.exchange import fhir_terms, table
from core.exchange.subject import NAMESPACE, uuid_of
from core.exporting import FORMATS
from core.model.body import Body
from core.model.person import Grant, Person
from core.model.preferences import Preferences
from core.model.request import Request
from core.text import Words
from tests.core.clinic import NOW
from tests.core.exchange.subjects import HEAD

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "exchange.md").read_text("utf-8")


def rows(heading):
    """The first cells of the table whose first column is called so."""
    part = TEXT.partition("## Field by field")[2].partition("\n## ")[0].partition(f"| {heading} |")[2]
    return [line.split("|")[1] for line in part.partition("\n\n")[0].splitlines()[2:]]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("of the document", set(Preferences.model_fields)),
        ("of the token that carries it", {field.name for field in fields(Body)} - set(Preferences.model_fields)),
        ("of a request", set(Request.model_fields) - {"card"}),
        ("of a yes to one draft", set(Grant.model_fields) - {"content_hash", "channels"}),
        ("of a person", set(Person.model_fields) - {"preferences", "grants"}),
    ],
)
def test_every_field_is_mapped_or_said_to_be_lost(heading, names):
    assert names - set(re.findall(r"`(\w+)`", " ".join(rows(heading)))) == set()


def test_the_columns_and_words_it_quotes_are_those_of_the_table():
    header = next(csv.reader(io.StringIO(table.text([], NOW, HEAD, Words()).removeprefix(table.MARK))))
    english = [Words()(f"exchange.standing.{name}") for name in ("counts", "no", "hold", "withdrawn", "lapsed", "none")]
    for words in ("What may be used", "Topics that may come up", "Also left out", "When", "Since", "A yes ends on"):
        assert words in header
        assert f'"{words}"' in TEXT
    assert [words for words in english if f'"{words}"' not in TEXT] == []


def test_the_names_it_lists_make_the_uris_that_are_used():
    assert f"`{NAMESPACE}`" in TEXT
    assert {"document", "conditions", "standing", "head"} == {one.name for one in fhir_terms.EXTENSIONS}
    for one in (*fhir_terms.EXTENSIONS, *fhir_terms.SYSTEMS):
        assert f"`{one.name}`" in TEXT
    assert uuid_of("identifier/card").urn == fhir_terms.CARD
    for name in (
        "identifier/card",
        "identifier/token",
        "identifier/request",
        "identifier/draft",
        "policy/preferences/1",
    ):
        assert f"`{name}`" in TEXT


def test_each_format_is_shown_as_a_command():
    assert set(re.findall(r"core export --format (\S+)", TEXT)) == set(FORMATS)

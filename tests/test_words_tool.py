"""``make words`` loses no translation, and says what is open."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.test_texts import TEXT
from tools import words as tool

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def text(tmp_path) -> Path:
    """A catalogue of its own, with a translation that was made by hand."""
    shutil.copy(TEXT / "notice.pot", tmp_path)
    shutil.copy(TEXT / "window.pot", tmp_path)
    (tmp_path / "es").mkdir()
    shutil.copy(TEXT / "es" / "window.po", tmp_path / "es")
    return tmp_path


def messages(path: Path) -> dict[str, object]:
    with path.open("rb") as file:
        return {message.context: message for message in read_po(file, locale="es") if message.id}


def change(text: Path, english: str, other: str) -> None:
    path = text / "window.pot"
    before = path.read_text("utf-8")
    assert english in before
    path.write_text(before.replace(english, other), "utf-8")


def test_what_fits_is_left_as_it_is_to_the_byte(text) -> None:
    tool.refresh(text, NOW)
    first = (text / "es" / "window.po").read_bytes()
    assert tool.refresh(text, datetime.now(UTC))["es/window"] == []
    assert (text / "es" / "window.po").read_bytes() == first


def test_the_translations_in_the_repository_need_no_refreshing(text) -> None:
    before = {key: message.string for key, message in messages(text / "es" / "window.po").items()}
    tool.refresh(text, NOW)
    assert {key: message.string for key, message in messages(text / "es" / "window.po").items()} == before


def test_an_empty_folder_becomes_a_language_with_everything_open(text) -> None:
    (text / "fr").mkdir()
    found = tool.refresh(text, NOW)
    assert set(found) == {"es/notice", "es/window", "fr/notice", "fr/window"}
    assert found["fr/notice"] == list(messages(text / "notice.pot"))
    assert {message.string for message in messages(text / "fr" / "notice.po").values()} == {""}


def test_a_sentence_whose_english_changed_keeps_its_translation_and_is_marked(text) -> None:
    before = messages(text / "es" / "window.po")["stuck.title"].string
    change(text, "This page does not open", "This page stays shut")
    assert tool.refresh(text, NOW)["es/window"] == ["stuck.title"]
    after = messages(text / "es" / "window.po")["stuck.title"]
    assert (after.id, after.string, after.fuzzy) == ("This page stays shut", before, True)
    assert "This page does not open" in (text / "es" / "window.po").read_text("utf-8")
    # Refreshed once more it is still to be looked at, and still says what it was made for.
    assert tool.refresh(text, NOW)["es/window"] == ["stuck.title"]
    assert "This page does not open" in (text / "es" / "window.po").read_text("utf-8")


def test_a_sentence_that_is_gone_goes_from_the_translation_too(text) -> None:
    path = text / "window.pot"
    entry = next(one for one in path.read_text("utf-8").split("\n\n") if '"stuck.title"' in one)
    path.write_text(path.read_text("utf-8").replace(entry + "\n\n", ""), "utf-8")
    assert tool.refresh(text, NOW)["es/window"] == []
    assert "stuck.title" not in messages(text / "es" / "window.po")


def test_the_template_of_the_failures_can_be_written_and_read_back(tmp_path) -> None:
    tool.write_template(tmp_path / "errors.pot")
    assert {key: message.id for key, message in messages(tmp_path / "errors.pot").items()} == tool.sentences()

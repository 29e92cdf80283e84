"""Help in place: each question is answered where it comes up, folded, and never before a no."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from core import seal, text
from core.store.schema import therapist as therapists
from core.text import Words
from tests.pages.conftest import Practised
from tests.pages.screens import Screen, screens

#: On each screen the questions that come up there, by the key of their label.
RAISED = {
    "welcome": ("welcome.real", "help.what.label", "help.who.label", "help.talk.label", "help.saw.label"),
    "explain": ("help.what.label", "help.who.label", "help.talk.label"),
    "choose": ("help.who.label", "help.talk.label"),
    "choose-same": ("help.words.label", "help.who.label", "help.talk.label"),
    "choose-each": ("help.words.label", "help.who.label", "help.talk.label"),
    "limits": ("help.who.label", "help.talk.label"),
    "questions": ("help.talk.label",),
    "check-yes": ("help.who.label", "welcome.real"),
    "check-no": ("help.who.label", "welcome.real"),
    "answer": ("help.who.label", "help.talk.label", "welcome.real"),
    "mine-posted": ("help.saw.label", "help.who.label", "help.talk.label", "welcome.real"),
}


@pytest.fixture(params=text.LANGUAGES)
def read(request, practised, page) -> tuple[Words, dict[str, Screen]]:
    """The words of a language, and every screen in it."""
    return Words(request.param), screens(practised, page, request.param)


def test_each_screen_answers_the_questions_it_raises(read) -> None:
    words, found = read
    missing = {(name, key) for name, keys in RAISED.items() for key in keys if words(key) not in found[name].lines}
    assert missing == set()


def test_what_to_do_about_a_post_one_thinks_to_be_in(read) -> None:
    words, found = read
    steps = ("proof", "note", "practice", "stop", "others", "person")
    for name in ("welcome", "mine-posted"):
        said = [words(f"help.saw.{step}", therapist="Demo therapist") for step in steps]
        assert [line for line in found[name].lines if line in said] == said
    # Only a page that lists posts sends anybody to look at them first.
    assert words("help.saw.listed") in found["mine-posted"].lines
    assert words("help.saw.listed") not in found["welcome"].lines


def test_is_this_real_shows_the_four_words_of_the_card_on_every_screen_that_asks(read, practised: Practised) -> None:
    words, found = read
    # The cards are English ones: their words stay, whatever language is read.
    therapist = practised.therapist
    four = list(seal.check_words(therapist.sealing_public, therapist.signing_public, "en"))
    for name in (name for name, keys in RAISED.items() if "welcome.real" in keys):
        at = found[name].lines.index(words("welcome.real.words"))
        assert list(found[name].lines[at + 1 : at + 5]) == four, name


def test_a_therapists_name_is_text_in_the_help_too(practised: Practised, page) -> None:
    with practised.portal.database.write() as connection:
        connection.execute(update(therapists).values(name="<b>A & B</b>"))
    practised.scan()
    html = "\n".join(str(element.value) for element in page("explain").get("html"))
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in html
    assert "<b>A" not in html


@pytest.mark.parametrize("name", ["explain", "choose", "check"])
def test_help_is_closed_asks_the_server_for_nothing_and_opens_no_window(practised: Practised, page, name) -> None:
    practised.scan()
    html = "\n".join(str(element.value) for element in page(name).get("html"))
    folds = re.findall(r"<details[^>]*>", html)
    assert set(folds) <= {"<details>"}
    assert not re.search(r"<(form|button|input|dialog|iframe|a)\b[^>]*>[^<]*</details>", html)
    assert html.count("<details>") == html.count("<summary>") == html.count("</details>")

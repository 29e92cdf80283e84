"""The records go away while somebody is in the middle of something: what each page says, and what is still there."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from core import importing
from core.drafts import Draft
from core.errors import StoreUnavailable
from core.portal import clock
from core.store import practice
from tests.pages.conftest import BROWSER, shown, titles, unfolded

SENTENCE = StoreUnavailable().sentence


@pytest.fixture
def away(practised, tmp_path):
    """Take the records away for a while."""
    file, elsewhere = tmp_path / "data" / "sayso.sqlite3", tmp_path / "elsewhere"

    @contextmanager
    def gone():
        practised.portal.database.close()
        file.rename(elsewhere)
        yield
        practised.portal.database.close()
        elsewhere.rename(file)

    return gone


@pytest.fixture
def choosing(practised):
    card = practised.scan()
    practised.draft(Draft(card.code, way="same"))
    return practised


def said(at):
    assert not at.exception
    return [error.value for error in at.error]


def test_a_choice_tapped_while_the_records_are_away_is_kept_and_the_page_says_so(choosing, page, away):
    at = page("choose")
    with away():
        at.radio(key="same").set_value("ask").run()
        assert said(at) == [SENTENCE]
        assert choosing.portal.drafts.get(BROWSER).same == "ask"
        assert at.radio(key="same").value == "ask"
    at.run()
    assert said(at) == []
    assert at.radio(key="same").value == "ask"


@pytest.mark.parametrize("part_2", [False, True])
def test_the_limits_open_and_hide_what_a_part_2_practice_does_not_offer(choosing, page, away, part_2):
    practice.switch_part_2(choosing.portal.database, clock(), on=part_2)
    choosing.draft(Draft(choosing.cards[0].code, way="same", same="ask"))
    at = page("choose")
    with away():
        at._page_hash = ""
        at.button(key="onward").click().run()
        assert titles(at) == ["Your limits"]
        assert said(at) == [SENTENCE]
        at = unfolded(at, "topics")
        assert ("topic-substances" in {box.key for box in at.checkbox}) is not part_2


def test_save_waits_says_so_and_sends_once_when_the_records_are_back(choosing, page, away):
    choosing.draft(Draft(choosing.cards[0].code, way="no"))
    at = page("check")
    with away():
        at.button(key="save").click().run()
        assert set(said(at)) == {SENTENCE}
        at.button(key="save").click().run()
        assert choosing.portal.drafts.get(BROWSER).saved is None
    at._page_hash = ""
    at.button(key="save").click().run()
    assert said(at) == []
    assert choosing.portal.drafts.get(BROWSER).saved
    assert len(importing.look_at_mailbox(choosing.vault, clock())) == 1


def test_a_window_opened_meanwhile_does_not_say_that_nothing_is_kept(choosing, page, away):
    with away():
        at = page("choose")
        assert titles(at)[0] == "This does not work right now"
        assert said(at) == [SENTENCE]
    at.button(key="gone-again").click().run()
    assert said(at) == []
    assert at.radio(key="way").value == "same"


def test_another_card_is_not_shown_under_the_name_of_the_one_before(choosing, page, away):
    at = page("choose")
    choosing.portal.cards.put(BROWSER, choosing.cards[1].code)
    with away():
        at.run()
        assert said(at) == [SENTENCE]
        assert not at.radio


@pytest.mark.parametrize("name", ["inbox", "people", "may_i_post", "ask", "posts", "cards", "settings"])
def test_a_therapist_tries_again_with_the_vault_still_open(practised, page, away, name):
    practised.unlock()
    at = page(name)
    title = titles(at)
    with away():
        at.run()
        assert said(at) == [SENTENCE]
        at.button(key="gone-again").click().run()
        assert said(at) == [SENTENCE]
    at.button(key="gone-again").click().run()
    assert said(at) == []
    assert titles(at) == title
    assert practised.portal.vaults.get(BROWSER) is not None


def test_what_a_therapist_wrote_is_still_there(practised, page, away):
    practised.unlock()
    at = page("may_i_post")
    at.text_area(key="post-f-text").set_value("Rest is work too.").run()
    with away():
        at.run()
        assert "Rest is work" not in shown(at)
    at.button(key="gone-again").click().run()
    assert at.text_area(key="post-f-text").value == "Rest is work too."

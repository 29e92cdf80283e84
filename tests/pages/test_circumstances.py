"""Special cases on a person's page: noted, shown at a glance with what follows, and taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import importing, knowing, people
from core.card import shown as card_shown
from core.drafts import Draft
from core.keys import ClientKeys
from core.model.circumstances import Circumstances
from core.portal import clock
from core.saving import save_choices
from tests.pages.conftest import BROWSER, document, shown, unfolded

GROWN = date(2040, 5, 3)


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


@pytest.fixture
def opened(at_work, page):
    """One card's page."""

    def run(number=0):
        at = page("people")
        return at.button(key=f"open-{at_work.cards[number].number}").click().run()

    return run


def _about(at_work, number=0):
    return at_work.vault.holder(at_work.cards[number].code).about


def _save(at):
    return at.button(key="special-save").click().run()


def _choose(at_work, number, *, guardian=False, **channels):
    saved = save_choices(
        at_work.portal.outbox,
        at_work.cards[number],
        at_work.therapist,
        document(channels=channels),
        keys=ClientKeys.new(),
        guardian=guardian,
    )
    look = importing.preview(at_work.vault, saved.token.text, clock())
    importing.keep(at_work.vault, look, clock(), compared=True)


@pytest.mark.parametrize(
    ("flag", "follows"),
    [
        ("died", "Nobody is asked."),
        ("crisis", "What they chose stays as it is."),
        ("court_ordered", "may not feel free to say no"),
        ("works_here", "they depend on you for work"),
        ("part_2", "Alcohol and drugs are left out"),
    ],
)
def test_a_case_is_noted_with_what_follows_and_can_be_taken_back(at_work, opened, flag, follows):
    at = opened()
    at.checkbox(key=f"special-{flag}").check()
    _save(at)
    assert getattr(_about(at_work), flag)
    assert follows in _facts(at)
    at.button(key="undo-last").click().run()
    assert _about(at_work) == Circumstances()
    assert not at.checkbox(key=f"special-{flag}").value
    assert follows not in _facts(at)


def _facts(at):
    """What stands at the top of the card, before the form."""
    return shown(at).split("Note a special case")[0]


def test_the_day_therapy_ended_is_said_as_past_or_to_come(at_work, opened):
    at = opened()
    at.date_input(key="special-ended").set_value(date(2026, 5, 3))
    assert "Therapy ended May 3, 2026" in _facts(_save(at))
    to_come = clock().date() + timedelta(days=30)
    at.date_input(key="special-ended").set_value(to_come)
    assert "Therapy ends " in _facts(_save(at))
    at.date_input(key="special-ended").set_value(None)
    assert "Therapy end" not in _facts(_save(at))
    assert _about(at_work).therapy_ended is None


@pytest.mark.parametrize("typed", ["{code}", "{number}", "quiet river", "{code}, Other"])
def test_a_minors_guardians_are_named_by_code_number_or_name(at_work, opened, typed):
    guardian, other = at_work.cards[1], at_work.cards[2]
    people.rename(at_work.vault, guardian.code, "Quiet river")
    people.rename(at_work.vault, other.code, "Other")
    at = opened()
    at.date_input(key="special-majority").set_value(GROWN)
    at.text_input(key="special-guardians").set_value(typed.format(code=guardian.code, number=guardian.number))
    _save(at)
    assert guardian.code in _about(at_work).guardians
    assert "Minor until May 3, 2040" in _facts(at)
    assert f"Quiet river {card_shown(guardian.code)}" in _facts(at)
    assert _about(at_work, 1).is_guardian
    at.button(key="back").click().run()
    at.button(key=f"open-{guardian.number}").click().run()
    assert "Guardian of a minor until May 3, 2040" in _facts(at)
    assert "special-majority" not in [one.key for one in at.date_input]


@pytest.mark.parametrize(
    ("day", "typed", "said"),
    [
        (GROWN, "nobody", "There is no such card."),
        (GROWN, "{own}", "A guardian has a card of their own."),
        (None, "{other}", "Say the day they come of age too."),
    ],
)
def test_what_cannot_be_noted_says_why_and_notes_nothing(at_work, opened, day, typed, said):
    at = opened()
    at.date_input(key="special-majority").set_value(day)
    at.text_input(key="special-guardians").set_value(
        typed.format(own=at_work.cards[0].code, other=at_work.cards[1].code)
    )
    at.checkbox(key="special-died").check()
    _save(at)
    assert said in at.error[0].value
    assert _about(at_work) == Circumstances()


def test_the_list_says_it_at_a_glance(at_work, page):
    knowing.note_circumstances(at_work.vault, at_work.cards[0].code, Circumstances(died=True))
    _choose(at_work, 0, video="ask")
    said = shown(page("people"))
    assert "They have died" in said
    assert "For now all of it means no." in said
    assert "Ask me each time: videos" not in said


def test_a_signature_that_does_not_count_for_a_minor_says_what_to_do(at_work, opened):
    minor, guardian = at_work.cards[0].code, at_work.cards[1].code
    knowing.note_circumstances(at_work.vault, minor, Circumstances(majority_on=GROWN))
    _choose(at_work, 0, video="ask")
    assert "no guardian is named" in _facts(opened(0))
    knowing.note_circumstances(at_work.vault, minor, Circumstances(majority_on=GROWN, guardians=(guardian,)))
    assert "On hold" not in _facts(opened(0))
    _choose(at_work, 1, video="ask")
    assert "not signed as a guardian" in _facts(opened(1))
    _choose(at_work, 2, guardian=True, video="ask")
    assert "no minor names this card" in _facts(opened(2))


def test_two_cards_of_one_screen_do_not_share_what_was_typed(at_work, opened):
    at = opened(0)
    at.checkbox(key="special-crisis").check()
    at.button(key="back").click().run()
    at.button(key=f"open-{at_work.cards[1].number}").click().run()
    assert not at.checkbox(key="special-crisis").value


def test_a_part_2_practice_is_set_in_the_settings_and_offers_clients_no_substances(at_work, page):
    card = at_work.scan()
    at_work.draft(Draft(card.code, way="each", channels={"video": "ask"}, topics=("work", "substances"), term_months=6))
    assert "topic-substances" in [one.key for one in unfolded(page("limits"), "topics").checkbox]
    settings = page("settings")
    settings.checkbox(key="is-part-2").check()
    settings.button(key="save-part-2").click().run()
    assert settings.checkbox(key="is-part-2").value
    at = unfolded(page("limits"), "topics")
    assert "topic-substances" not in [one.key for one in at.checkbox]
    assert "Topics: *some may come up*" in [one.label for one in at.expander]
    assert "always left out here" in shown(at)
    assert at_work.portal.drafts.get(BROWSER).topics == ("work",)

"""Someone signs for a person under age: said at the check, unticked, and only never and ask are left then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import importing, visit
from core.drafts import QUESTIONS, Draft
from core.portal import clock
from tests.pages.conftest import BROWSER, shown, titles

READY = {"way": "each", "materials": ("lesson",), "term_months": 6, "right": tuple(QUESTIONS)}


@pytest.fixture
def check(practised, page):
    """The check page of a draft with one treatment for videos."""

    def run(treatment, **said):
        card = practised.scan()
        practised.draft(Draft(card.code, channels={"video": treatment}, **READY | said))
        at = page("check")
        at._page_hash = ""
        return at

    return run


def _save(at):
    at.checkbox(key="own").check()
    return at.button(key="save").click().run()


def _token(practised):
    return practised.portal.drafts.get(BROWSER).saved.token


@pytest.mark.parametrize("guardian", [True, False])
def test_who_signs_for_someone_under_age_says_so_and_the_token_carries_it(practised, check, guardian):
    at = check("ask")
    assert not at.checkbox(key="guardian").value
    if guardian:
        at.checkbox(key="guardian").check().run()
        assert "both of you must say yes" in shown(at)
    _save(at)
    assert titles(at) == ["Saved"]
    assert _token(practised).body.guardian is guardian


@pytest.mark.parametrize("treatment", ["composite", "disguised"])
def test_a_guardian_can_save_only_never_and_ask(practised, check, treatment):
    at = check(treatment)
    at.checkbox(key="guardian").check().run()
    assert "you can not save composite or changed" in at.error[0].value
    assert "save" not in [button.key for button in at.button]
    at.button(key="change-guardian").click().run()
    assert at.radio(key="channel-video").options == ["Never", "Ask me each time", "Not sure yet"]
    assert at.radio(key="channel-video").value is None
    at.radio(key="channel-video").set_value("ask").run()
    at.button(key="onward").click().run()
    at.button(key="onward").click().run()
    _save(at)
    assert _token(practised).body.guardian
    assert _token(practised).body.content.preferences.channels["video"] == "ask"


def test_a_slip_is_unticked_and_what_was_chosen_is_still_there(practised, check):
    at = check("composite")
    at.checkbox(key="guardian").check().run()
    at.checkbox(key="guardian").uncheck().run()
    assert not at.error
    _save(at)
    assert not _token(practised).body.guardian
    assert _token(practised).body.content.preferences.channels["video"] == "composite"


def test_who_comes_back_as_a_guardian_is_still_one(practised, check):
    at = check("ask", guardian=True)
    _save(at)
    draft = practised.portal.drafts.get(BROWSER)
    back = visit.come_back(practised.portal.database, practised.cards[0], draft.keys, clock())
    assert visit.change(practised.cards[0], back).guardian


def test_the_same_choices_by_another_signer_are_sent_again(practised, check):
    _save(check("ask"))
    draft = practised.portal.drafts.get(BROWSER)
    assert visit.going_on(draft).saved
    assert visit.going_on(replace(draft, guardian=True)).saved is None


def test_the_therapist_sees_that_a_guardian_signed(practised, check, page):
    _save(check("ask", guardian=True))
    practised.unlock()
    assert importing.preview(practised.vault, _token(practised).text, clock()).token.body.guardian
    assert "Signed by a guardian." in shown(page("inbox"))

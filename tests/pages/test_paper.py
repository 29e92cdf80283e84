"""A paper form on the staff page: whose it is, what is kept, and handing the screen to the client."""

from __future__ import annotations

import pytest

from core import importing, people
from core.drafts import QUESTIONS
from core.model.taxonomy import TAXONOMY
from core.settings import Settings
from tests.pages.conftest import BROWSER, shown, titles


@pytest.fixture
def at_work(practised):
    practised.unlock()
    return practised


@pytest.fixture
def form(at_work, page):
    """The form of the first card, with one place ticked."""

    def run(way="each", **channels):
        at = page("paper")
        at._page_hash = ""
        at.text_input(key="paper-typed").set_value(str(at_work.cards[0].number))
        at.button(key="paper-use").click().run()
        at.radio(key="paper-f-way").set_value(way).run()
        for channel, treatment in channels.items():
            at.radio(key=f"paper-f-channel-{channel}").set_value(treatment)
        return at.run()

    return run


def _keep(at):
    return at.button(key="paper-save").click().run()


def _standing(at_work):
    return importing.standing(at_work.vault, at_work.cards[0].code)


def _buttons(at):
    return [button.key for button in at.button]


def test_it_needs_an_open_vault(practised, page):
    assert "paper-use" not in _buttons(page("paper"))


@pytest.mark.parametrize("typed", ["{code}", "#{number}", "quiet river"])
def test_a_card_is_picked_by_code_number_or_name(at_work, page, typed):
    card = at_work.cards[1]
    people.rename(at_work.vault, card.code, "Quiet river")
    at = page("paper")
    at.text_input(key="paper-typed").set_value(typed.format(code=card.code.lower(), number=card.number))
    at.button(key="paper-use").click().run()
    assert "Quiet river" in shown(at)
    at.button(key="paper-other").click().run()
    assert at.text_input(key="paper-typed")


def test_a_card_that_is_none_says_so(at_work, page):
    at = page("paper")
    at.text_input(key="paper-typed").set_value("nobody")
    at.button(key="paper-use").click().run()
    assert "There is no such card." in at.error[0].value


def test_the_form_has_every_choice_in_the_one_order_and_presets_none(form):
    at = form()
    radios = [radio for radio in at.radio if radio.key.startswith("paper-f-channel-")]
    assert [radio.key.removeprefix("paper-f-channel-") for radio in radios] == list(TAXONOMY.channel_ids)
    labels = {term.id: term.label for term in TAXONOMY.treatments}
    for channel, radio in zip(TAXONOMY.channel_ids, radios, strict=True):
        assert radio.options == [labels[treatment] for treatment in TAXONOMY.treatments_for(channel)]
    assert all(radio.value is None for radio in at.radio if radio.key != "paper-f-way")
    assert not any(box.value for box in at.checkbox)


def test_nothing_ticked_at_the_top_is_asked_for_first(at_work, page):
    at = page("paper")
    at.text_input(key="paper-typed").set_value(str(at_work.cards[0].number))
    at.button(key="paper-use").click().run()
    _keep(at)
    assert "Say first what is ticked at the top" in at.error[0].value
    assert not at_work.vault.records(at_work.cards[0].code)


def test_no_to_everything_counts_at_once_and_asks_for_nothing_more(at_work, form):
    at = _keep(form("no"))
    assert "No to everything counts from now on." in shown(at)
    assert "paper-confirm" not in _buttons(at)
    assert _standing(at_work).on_hold


def test_a_yes_is_kept_and_means_no_until_it_is_confirmed(at_work, form):
    at = form(video="ask")
    at.radio(key="paper-f-term").set_value("6")
    at.checkbox(key="paper-f-material-story").check()
    _keep(at)
    assert "all of it means no, until the client confirms it" in shown(at)
    [hold] = _standing(at_work).holds
    assert hold.reason == "paper"
    kept = hold.token.body.content.preferences
    assert (kept.channels["video"], kept.channels["post"], kept.materials) == ("ask", "undecided", ("story",))


def test_what_cannot_be_kept_is_said_before_and_after(at_work, form):
    at = form(video="composite", post="ask")
    for seen in (at, _keep(at)):
        said = " ".join(one.value for one in seen.info)
        assert "The four questions are not on paper" in said
        assert "No end is ticked" in said
    assert set(_standing(at_work).holds[0].token.body.content.preferences.channels.values()) == {"undecided", "never"}


def test_a_note_that_is_too_long_is_kept_nowhere(at_work, form):
    at = form(video="never")
    at.text_input(key="paper-f-note").set_value("ü" * 24).run()
    assert "too long by 1" in at.error[0].value
    _keep(at)
    assert not at_work.vault.records(at_work.cards[0].code)


def test_what_was_entered_outlives_a_look_at_another_page(at_work, form):
    at = form(video="ask")
    at.switch_page("therapist/inbox.py").run()
    at.switch_page("clinic/paper.py").run()
    assert at.radio(key="paper-f-channel-video").value == "ask"


def test_another_form_begins_with_nothing(at_work, form):
    at = _keep(form(video="ask"))
    at.button(key="paper-next").click().run()
    at.text_input(key="paper-typed").set_value(str(at_work.cards[1].number))
    at.button(key="paper-use").click().run()
    assert at.radio(key="paper-f-way").value is None


def test_a_persons_page_leads_to_their_form(at_work, page):
    at = page("people")
    at._page_hash = ""
    at.button(key=f"open-{at_work.cards[2].number}").click().run()
    at.button(key="paper").click().run()
    assert titles(at) == ["Enter a paper form"]
    assert at.radio(key="paper-f-way")


def test_the_screen_is_handed_over_with_the_vault_locked_and_the_choices_ready(at_work, form, page):
    at = form(video="composite")
    at.radio(key="paper-f-term").set_value("6")
    at.checkbox(key="paper-f-material-story").check()
    _keep(at)
    at.button(key="paper-confirm").click().run()
    assert titles(at) == ["Now hand it over"]
    assert at_work.portal.vaults.get(BROWSER) is None
    assert f'href="/c/{at_work.cards[0].code}"' in "".join(element.value for element in at.get("html"))
    assert [key for key in ("paper-card", "paper-done", "paper-draft", "paper-f-way") if key in at.session_state] == []
    assert "locked" in shown(page("people")).casefold()
    client = page("choose")
    client._page_hash = ""
    assert "the choices from your paper form" in shown(client)
    assert client.radio(key="channel-video").value == "composite"
    client.button(key="onward").click().run()
    client.button(key="onward").click().run()
    assert titles(client) == ["Four short questions"]
    for question, right in QUESTIONS.items():
        assert client.radio(key=f"question-{question}-0").value is None
        client.radio(key=f"question-{question}-0").set_value(right)
    client.button(key="onward").click().run()
    client.checkbox(key="own").check()
    client.button(key="save").click().run()
    assert titles(client) == ["Saved"]
    [outcome] = importing.look_at_mailbox(at_work.vault, at_work.portal.drafts.get(BROWSER).saved.token.body.issued_at)
    assert outcome.preview.token.body.signed
    assert outcome.preview.token.body.content.preferences.channels["video"] == "composite"


def test_who_was_handed_the_screen_by_mistake_gets_back_by_the_passphrase(at_work, form):
    at = _keep(form(video="ask"))
    at.button(key="paper-confirm").click().run()
    at.button(key="to-therapist/inbox.py").click().run()
    assert "to-therapist/unlock.py" in _buttons(at)
    at_work.unlock()
    at.switch_page("clinic/paper.py").run()
    assert "paper-use" in _buttons(at)


def test_where_clients_have_a_portal_of_their_own_the_address_is_named(at_work, form):
    at = _keep(form(video="ask"))
    at_work.portal.settings = Settings(data=at_work.portal.settings.data, face="staff", public_url="https://x.org")
    at.run()
    assert "paper-confirm" not in _buttons(at)
    assert "/c/" in shown(at)

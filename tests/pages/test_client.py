"""The client's way through the pages, as Streamlit runs them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from core import parcel
from core.card import shown as code_as_shown
from core.drafts import QUESTIONS
from core.keys import ClientKeys
from core.model.taxonomy import TAXONOMY
from core.portal import Portal, clock
from core.store import mailbox, practice
from core.store.cards import Card
from core.store.schema import therapist
from pages.parts.staff_text import plain
from tests.pages.conftest import BROWSER, Practised, shown, titles, unfolded

Open = Callable[[str], AppTest]


def _on(page: AppTest) -> AppTest:
    return page.button(key="onward").click().run()


def _choose_video(page: AppTest, treatment: str) -> AppTest:
    page.radio(key="way").set_value("each").run()
    page.radio(key="channel-video").set_value(treatment).run()
    return _on(page)


def _limits(page: AppTest) -> AppTest:
    page.checkbox(key="material-story").check().run()
    page.radio(key="term").set_value("6").run()
    return _on(page)


def _answer(page: AppTest, misses: int = 0, **other: str) -> AppTest:
    for question, right in QUESTIONS.items():
        page.radio(key=f"question-{question}-{misses}").set_value(other.get(question, right))
    return _on(page)


@pytest.fixture
def binding() -> str:
    return BROWSER


@pytest.fixture
def portal(practised: Practised) -> Portal:
    return practised.portal


@pytest.fixture
def client_without_card(practised: Practised, page: Open) -> Open:
    return page


@pytest.fixture
def card(practised: Practised) -> Card:
    return practised.scan()


@pytest.fixture
def client(card: Card, page: Open) -> Open:
    def run(name: str) -> AppTest:
        at = page(name)
        # From here on the page is the one the script switched to, as a browser would say.
        at._page_hash = ""
        return at

    return run


@pytest.fixture
def waiting(practised: Practised) -> Callable[[], int]:
    recipient = parcel.recipient_of(practised.therapist.sealing_public)
    return lambda: mailbox.count_waiting(practised.portal.database, recipient)


@pytest.fixture
def choose(client: Open) -> AppTest:
    return client("choose")


def test_without_a_card_nothing_is_kept_and_it_says_what_to_do(client_without_card: Open) -> None:
    page = client_without_card("choose")
    assert titles(page) == ["Not kept"]
    assert not page.radio


def test_nothing_is_preset_on_the_choose_screen(choose: AppTest) -> None:
    choose.radio(key="way").set_value("each").run()
    assert all(radio.value is None for radio in choose.radio if radio.key != "way")


def test_every_place_offers_its_options_in_the_one_order(choose: AppTest) -> None:
    choose.radio(key="way").set_value("each").run()
    unfolded(choose, "promotion")
    for channel in TAXONOMY.channel_ids:
        shown = choose.radio(key=f"channel-{channel}").options
        labels = {term.id: term.label for term in TAXONOMY.treatments}
        assert shown == [labels[treatment] for treatment in TAXONOMY.treatments_for(channel)]


def test_no_to_everything_goes_straight_to_the_check_and_saves_without_a_tick(
    choose: AppTest, portal: Portal, binding: str
) -> None:
    choose.radio(key="way").set_value("no").run()
    _on(choose)
    assert titles(choose) == ["Check your choices"]
    choose.button(key="save").click().run()
    assert titles(choose) == ["Saved"]
    draft = portal.drafts.get(binding)
    assert draft is not None
    assert draft.saved is not None
    assert set(draft.treatments().values()) == {"never"}


def test_going_on_without_a_choice_says_what_is_missing(choose: AppTest) -> None:
    _on(choose)
    assert [error.value for error in choose.error] == ["[Pick one way to choose first.](#to-way)"]
    assert "Pick one way to choose first.</p>" in "".join(element.value for element in choose.get("html"))


def test_a_yes_needs_its_term(choose: AppTest) -> None:
    _on(_choose_video(choose, "ask"))
    assert titles(choose) == ["Your limits"]
    assert [error.value for error in choose.error] == ["[Pick how long a yes lasts.](#to-term)"]


def test_choices_pass_through_to_the_saved_token(choose: AppTest, portal: Portal, binding: str) -> None:
    _answer(_limits(_choose_video(choose, "disguised")))
    choose.checkbox(key="own").check().run()
    choose.button(key="save").click().run()
    assert titles(choose) == ["Saved"]
    saved = portal.drafts.get(binding).saved  # type: ignore[union-attr]
    preferences = saved.token.body.content.preferences  # type: ignore[union-attr]
    assert preferences.channels["video"] == "disguised"
    assert preferences.channels["post"] == "undecided"
    assert preferences.channels["promotion"] == "never"
    assert preferences.materials == ("story",)
    assert preferences.understood
    assert preferences.term_months == 6


def test_a_yes_is_not_saved_before_the_client_says_it_is_their_own(
    choose: AppTest, portal: Portal, binding: str
) -> None:
    _answer(_limits(_choose_video(choose, "disguised")))
    choose.button(key="save").click().run()
    assert len(choose.error) == 1
    assert portal.drafts.get(binding).saved is None  # type: ignore[union-attr]


def test_a_wrong_answer_explains_and_asks_again(choose: AppTest) -> None:
    _answer(_limits(_choose_video(choose, "disguised")), stop="gone")
    assert len(choose.warning) == 1
    assert [radio.key for radio in choose.radio] == ["question-stop-1"]
    choose.radio(key="question-stop-1").set_value("copies_stay")
    assert titles(_on(choose)) == ["Check your choices"]


def test_after_two_misses_only_never_and_ask_are_left(choose: AppTest) -> None:
    _answer(_limits(_choose_video(choose, "disguised")), guess="no")
    choose.radio(key="question-guess-1").set_value("no")
    _on(choose)
    assert not choose.radio
    _on(choose)
    assert titles(choose) == ["Make my choices"]
    assert choose.radio(key="channel-video").options == ["Never", "Ask me each time", "Not sure yet"]
    assert choose.radio(key="channel-video").value is None


def test_a_reload_goes_on_where_the_client_was(client: Open, choose: AppTest) -> None:
    choose.radio(key="way").set_value("each").run()
    choose.radio(key="channel-audio").set_value("ask").run()
    again = client("choose")
    assert again.radio(key="way").value == "each"
    assert again.radio(key="channel-audio").value == "ask"
    assert again.radio(key="channel-video").value is None


def test_the_check_page_opened_early_says_what_is_missing(client: Open) -> None:
    page = client("check")
    assert len(page.error) == 1
    assert "save" not in [button.key for button in page.button]


def test_a_double_tap_on_save_sends_one_parcel(
    choose: AppTest, client: Open, portal: Portal, waiting: Callable[[], int]
) -> None:
    choose.radio(key="way").set_value("no").run()
    _on(choose)
    choose.button(key="save").click().run()
    assert waiting() == 1
    again = client("check")
    assert titles(again) == ["Saved"]
    assert waiting() == 1


def test_a_note_that_is_too_long_is_said_and_not_kept(choose: AppTest, portal: Portal, binding: str) -> None:
    _choose_video(choose, "ask")
    choose.text_input(key="note").set_value("é" * 30).run()
    assert [error.value for error in choose.error] == ["The note is too long by 13. Please make it shorter."]
    assert portal.drafts.get(binding).note == ""  # type: ignore[union-attr]


def test_my_page_opens_with_the_typed_codes_and_shows_the_choices(
    choose: AppTest, client: Open, portal: Portal, binding: str, card: Card
) -> None:
    keys = _saved_no(choose, portal, binding)
    portal.forget_browser(binding)
    mine = client("mine")
    mine.text_input(key="mine-card").set_value(card.code.lower())
    mine.text_input(key="mine-code").set_value(keys.code)
    mine.button(key="open").click().run()
    assert "What you chose last" in [header.value for header in mine.header]


def test_a_wrong_personal_code_gets_one_sentence(client: Open) -> None:
    mine = client("mine")
    mine.text_input(key="mine-code").set_value("0000")
    mine.button(key="open").click().run()
    assert len(mine.error) == 1
    assert not mine.header


def test_stop_on_my_page_takes_one_tap_and_is_shown(
    choose: AppTest, client: Open, portal: Portal, binding: str, waiting: Callable[[], int]
) -> None:
    keys = _saved_no(choose, portal, binding)
    portal.personal.put(binding, keys.seed)
    mine = client("mine")
    mine.button(key="stop").click().run()
    assert len(mine.success) == 1
    assert "stop" not in [button.key for button in mine.button]
    assert waiting() == 2


def test_a_change_starts_from_the_last_choices_and_supersedes(
    choose: AppTest, client: Open, portal: Portal, binding: str
) -> None:
    keys = _saved_no(choose, portal, binding)
    first = portal.drafts.get(binding).saved  # type: ignore[union-attr]
    portal.personal.put(binding, keys.seed)
    mine = client("mine")
    mine.button(key="change").click().run()
    assert titles(mine) == ["Make my choices"]
    mine.radio(key="channel-print").set_value("undecided").run()
    _on(mine)
    mine.button(key="save").click().run()
    second = portal.drafts.get(binding).saved  # type: ignore[union-attr]
    assert second.token.body.client_key == first.token.body.client_key  # type: ignore[union-attr]
    assert second.token.body.previous == first.token.digest[:16]  # type: ignore[union-attr]
    assert second.token.body.sequence == first.token.body.sequence + 1  # type: ignore[union-attr]
    assert second.token.body.issued_at > first.token.body.issued_at  # type: ignore[union-attr]


def test_what_is_changed_after_a_save_is_saved_again_and_not_called_saved(
    choose: AppTest, client: Open, portal: Portal, binding: str, waiting: Callable[[], int]
) -> None:
    _answer(_limits(_choose_video(choose, "disguised")))
    choose.checkbox(key="own").check().run()
    choose.button(key="save").click().run()
    again = client("choose")
    again.radio(key="way").set_value("no").run()
    _on(again)
    assert titles(again) == ["Check your choices"]
    again.button(key="save").click().run()
    assert waiting() == 2
    saved = portal.drafts.get(binding).saved  # type: ignore[union-attr]
    assert set(saved.token.body.content.preferences.channels.values()) == {"never"}  # type: ignore[union-attr]


def test_going_back_without_a_change_after_a_save_sends_nothing_more(
    choose: AppTest, client: Open, portal: Portal, binding: str, waiting: Callable[[], int]
) -> None:
    _saved_no(choose, portal, binding)
    assert titles(_on(client("choose"))) == ["Saved"]
    assert waiting() == 1


def test_answers_about_one_card_never_become_those_of_another_in_the_same_browser(
    choose: AppTest, practised: Practised, binding: str, waiting: Callable[[], int]
) -> None:
    choose.radio(key="way").set_value("same").run()
    choose.radio(key="same").set_value("ask").run()
    other = practised.scan(1)
    _on(choose)
    assert titles(choose) == ["Another card"]
    assert not choose.radio
    kept = practised.portal.drafts.get(binding)
    assert kept is None or kept.card != other.code
    assert waiting() == 0


def test_after_a_stop_the_choices_before_it_are_not_shown_as_saved(
    choose: AppTest, client: Open, portal: Portal, binding: str
) -> None:
    keys = _saved_no(choose, portal, binding)
    portal.personal.put(binding, keys.seed)
    client("mine").button(key="stop").click().run()
    assert titles(client("done")) == ["Check your choices"]
    assert portal.drafts.get(binding).keys == keys  # type: ignore[union-attr]


def test_a_stop_that_could_not_be_sent_is_shown_as_a_code_to_scan(
    choose: AppTest, client: Open, portal: Portal, binding: str
) -> None:
    keys = _saved_no(choose, portal, binding)
    portal.personal.put(binding, keys.seed)
    practice.switch_mailbox(portal.database, clock(), on=False)
    mine = client("mine")
    mine.button(key="stop").click().run()
    assert len(mine.get("image")) == 1


@pytest.mark.parametrize("name", ["**Bold**", "$x$ and $y$", ":smile:", "[a](http://a.example)", "`code`"])
def test_a_therapists_name_is_shown_letter_by_letter(choose: AppTest, practised: Practised, name: str) -> None:
    with practised.portal.database.write() as connection:
        connection.execute(update(therapist).values(name=name))
    choose.radio(key="way").set_value("no").run()
    _on(choose)
    assert plain(name) in choose.button(key="save").label
    choose.button(key="save").click().run()
    # As HTML it needs no more than HTML's own escaping, which its letters show.
    assert name in shown(choose)
    assert not [text for text in choose.markdown if name in text.value]


def _saved_no(choose: AppTest, portal: Portal, binding: str) -> ClientKeys:
    choose.radio(key="way").set_value("no").run()
    _on(choose)
    choose.button(key="save").click().run()
    draft = portal.drafts.get(binding)
    assert draft is not None
    assert draft.keys is not None
    return draft.keys


@pytest.mark.parametrize("name", ["explain", "choose", "check"])
def test_each_screen_says_which_card_it_is_about(practised: Practised, page: Open, name: str) -> None:
    card = practised.scan()
    at = page(name)
    assert f"Card {code_as_shown(card.code)}" in shown(at)


def test_back_from_saved_does_not_lead_to_saved_again(
    choose: AppTest, portal: Portal, binding: str, waiting: Callable[[], int]
) -> None:
    _saved_no(choose, portal, binding)
    assert titles(choose) == ["Saved"]
    choose._page_hash = ""
    choose.switch_page("client/check.py").run()
    assert titles(choose) == ["These choices are saved"]
    assert waiting() == 1
    choose.button(key="show-saved").click().run()
    assert titles(choose) == ["Saved"]


def test_who_comes_back_from_saved_can_change_it(choose: AppTest, portal: Portal, binding: str) -> None:
    _saved_no(choose, portal, binding)
    choose._page_hash = ""
    choose.switch_page("client/check.py").run()
    choose.button(key="change").click().run()
    assert titles(choose) == ["Make my choices"]


def test_without_a_mailbox_the_button_promises_no_sending(
    choose: AppTest, portal: Portal, practised: Practised, waiting: Callable[[], int]
) -> None:
    practice.switch_mailbox(portal.database, clock(), on=False)
    choose.radio(key="way").set_value("no").run()
    _on(choose)
    assert choose.button(key="save").label == "Save"
    assert "Nothing is sent from this page" in shown(choose)
    choose.button(key="save").click().run()
    assert titles(choose) == ["Saved"]
    assert waiting() == 0

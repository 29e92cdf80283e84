"""A client's own page: what waits, what was posted, what comes down, and how far each word of theirs is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import drafting, plain, posting, saving
from core.answering import write_no_to_whatever_is_open
from core.drafting import Writing
from core.errors import StoreUnavailable, WrongClientCode
from core.model.posted import Piece, Place
from core.portal import clock
from core.saving import Saved
from core.store import practice
from core.text import Words
from core.wire import Withdrawal
from tests.core.living import Person, practice_at
from tests.core.story import about, publish
from tests.pages.conftest import BROWSER, Practised, shown, titles
from tests.pages.own import Visitor, keys, ref, someone, tap

WORDS = Words()
NAME = "Demo therapist"
OWN = Place(channel="post", control="own", address="https://example.org/1")
GUEST = Place(channel="post", control="others", address="https://example.com/guest")
PAPER = Place(channel="post", control="lasting", address="a newsletter on paper")


@pytest.fixture
def client(practised: Practised, page) -> Visitor:
    return Visitor(practised, someone(practised, clock()), page)


@pytest.fixture
def visitor(practised: Practised, page):
    """Make a client who chose some days ago."""
    return lambda days, **chosen: Visitor(practised, someone(practised, clock() - timedelta(days=days), **chosen), page)


def posted_on_yes(client: Visitor, *places: Place) -> Piece:
    asked = client.person.is_asked()
    client.person.answers("yes", client.person.at + timedelta(hours=1))
    return client.person.is_posted(asked.request.content_hash, clock(), *(places or (OWN,)))


def says(at: AppTest, key: str, **values: object) -> bool:
    return WORDS(key, **values) in shown(at)


# --- nothing there, and the way in --------------------------------------------------------------------


def test_a_yes_to_words_that_changed_since_is_said_to_have_ended(client: Visitor, monkeypatch) -> None:
    assert not says(client.opens(), "mine.words_changed")
    # A notice cannot change in the middle of a test otherwise.
    monkeypatch.setattr("core.standing.still_counts", lambda *_: False)
    at = client.opens()
    assert says(at, "mine.words_changed")
    assert "It means no until you choose again." in shown(at)


def test_a_page_with_nothing_on_it_says_so(client: Visitor) -> None:
    at = client.opens()
    assert says(at, "mine.nothing_waits")
    assert [button for button in keys(at) if button.startswith(("read", "undo"))] == []


def test_a_personal_link_that_does_not_open_says_why_until_one_does(client: Visitor, page) -> None:
    portal, sentence = client.practised.portal, WrongClientCode().sentence
    portal.said.put(BROWSER, sentence)
    at = page("mine")
    assert [error.value for error in at.error] == [WORDS("mine.link", sentence=sentence)]
    at.text_input(key="mine-card").set_value(client.person.card.code)
    at.text_input(key="mine-code").set_value(client.person.keys.code)
    at.button(key="open").click().run()
    assert not at.error
    assert says(at, "mine.chosen")


def test_while_the_records_are_gone_the_code_is_kept(client: Visitor) -> None:
    at = client.opens()
    with client.practised.portal.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE parcel RENAME TO elsewhere")
    at.run()
    assert [error.value for error in at.error] == [StoreUnavailable().sentence]
    assert titles(at) == [WORDS("mine.title")]
    assert client.practised.portal.personal.get(BROWSER) == client.person.keys.seed
    with client.practised.portal.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO parcel")
    at = at.button(key="gone-again").click().run()
    assert not at.error
    assert says(at, "mine.chosen")


# --- choices ---------------------------------------------------------------------------------------------


def just_saved(practised: Practised, page) -> Visitor:
    """A client whose choices nobody has opened yet."""
    clinic = practice_at(practised.portal, practised.therapist, practised.vault, practised.cards)
    person = Person(clinic, clinic.cards[0], at=clock())
    practised.save(person.card, person.keys, channels={"post": "ask"})
    return Visitor(practised, person, page)


def test_choices_are_sent_and_then_seen(practised: Practised, page) -> None:
    client = just_saved(practised, page)
    assert says(client.opens(), "mine.progress.sent")
    client.person.arrives(clock(), compared=True)
    at = client.opens()
    assert says(at, "mine.progress.seen")
    assert not says(at, "mine.progress.sent")


def test_what_was_seen_stays_seen_when_something_newer_is_on_its_way(client: Visitor) -> None:
    client.person.is_asked()
    client.person.answers("not_now", clock(), import_at=False)
    at = client.opens()
    assert says(at, "mine.progress.seen")
    assert says(at, "mine.progress.sent")


def test_a_practice_that_takes_codes_by_hand_is_not_said_to_have_it_or_not(practised: Practised, page) -> None:
    practice.switch_mailbox(practised.portal.database, clock(), on=False)
    at = just_saved(practised, page).opens()
    assert says(at, "mine.progress.by_hand")
    assert not says(at, "mine.progress.sent")


def test_what_ends_within_thirty_days_is_shown_ahead(visitor) -> None:
    client = visitor(165)
    ends = plain.day(client.person.record(clock()).body.expires_at, WORDS)
    at = client.opens()
    assert says(at, "mine.soon")
    assert ends in shown(at).partition(WORDS("mine.soon"))[2]


def test_what_ends_later_is_not(client: Visitor) -> None:
    assert not says(client.opens(), "mine.soon")


# --- questions ---------------------------------------------------------------------------------------------


def test_a_question_that_waits_is_named_without_its_content(client: Visitor) -> None:
    asked = client.person.is_asked("Somebody once kept a voice mail.")
    at = client.opens()
    assert says(at, "mine.question", therapist=NAME, date=plain.day(asked.request.answer_by, WORDS))
    assert f"read-{ref(asked)}" in keys(at)
    for hidden in ("voice mail", asked.request.audience, *asked.request.changed):
        assert hidden not in shown(at)


def test_an_answered_question_is_kept_with_what_was_said(client: Visitor) -> None:
    client.person.is_asked()
    client.person.answers("yes_if_changed", clock(), note="not the [town](x)")
    at = client.opens()
    label = WORDS("answer.choice.yes_if_changed.label")
    assert says(at, "answer.said", date=plain.day(clock(), WORDS), label=label)
    assert r"not the \[town\]\(x\)" in shown(at)
    assert not says(at, "mine.questions")


def test_a_question_nobody_answered_is_said_to_be_a_no(visitor) -> None:
    client = visitor(40)
    asked = client.person.is_asked()
    assert says(client.opens(), "answer.said.silence", date=plain.day(asked.request.answer_by, WORDS))


def test_a_therapists_name_is_shown_letter_by_letter(client: Visitor) -> None:
    with client.practised.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE therapist SET name = '**Dr.** [x](https://evil.example)'")
    client.person.is_asked()
    at = client.opens()
    assert r"\*\*Dr.\*\* \[x\]\(https\://evil.example\)" in shown(at)


# --- taking back ---------------------------------------------------------------------------------------------


def test_a_yes_is_taken_back_with_one_tap_on_a_screen_of_its_own(client: Visitor) -> None:
    asked = client.person.is_asked()
    client.person.answers("yes", clock())
    at = tap(client.opens(), f"undo-{ref(asked)}")
    assert titles(at) == [WORDS("mine.sent.title")]
    (sent,) = client.arrived()
    assert sent.body.content == Withdrawal("one_post", asked.request_id)
    assert sent.acknowledgement in shown(at)
    at = tap(at, "back")
    assert titles(at) == [WORDS("mine.title")]
    assert sent.acknowledgement in shown(at)
    assert f"undo-{ref(asked)}" not in keys(at)
    assert len(client.arrived()) == 1


def test_a_post_taken_back_is_followed_word_by_word_until_it_is_down(visitor) -> None:
    client = visitor(20)
    piece = posted_on_yes(client)
    at = client.opens()
    assert says(at, "mine.post.on_yes")
    assert says(at, "mine.place.up")
    assert OWN.address in shown(at)
    assert plain.day(piece.posted.take_down_on, WORDS) in shown(at)
    tap(at, f"undo-post-{piece.id}")
    assert says(client.opens(), "mine.post.taken_back.sent", therapist=NAME)
    client.person.arrives(clock())
    at = client.opens()
    assert says(at, "mine.post.taken_back.seen", therapist=NAME)
    assert not says(at, "mine.place.done")
    posting.mark(client.practised.vault, piece.id, 0, "done", clock())
    at = client.opens()
    assert says(at, "mine.place.done")
    assert not says(at, "mine.post.taken_back.seen", therapist=NAME)


def test_each_place_says_how_far_it_is_and_what_nobody_can_take_back(visitor) -> None:
    client = visitor(20)
    piece = posted_on_yes(client, OWN, GUEST, PAPER)
    assert says(client.opens(), "mine.post.lasting")
    now = clock()
    for number, state in enumerate(("to_do", "asked", "cannot_be_undone")):
        posting.mark(client.practised.vault, piece.id, number, state, now + timedelta(seconds=number))
    at = client.opens()
    for state in ("to_do", "asked", "cannot_be_undone"):
        assert says(at, f"mine.place.{state}")
    assert not says(at, "mine.place.done")


def composite(client: Visitor, now: datetime) -> Piece:
    """Post a composite of three people, each of whom lets their story be mixed."""
    others = [someone(client.practised, now, number, treatment="composite") for number in (1, 2)]
    stories = [(one.card.code, (now - timedelta(days=200)).date().isoformat()) for one in (client.person, *others)]
    clinic = client.person.clinic
    writing = Writing(about(*stories, form="composite"), clinic.therapist.accounts[0], "Three people kept a thing.")
    return publish(clinic, drafting.save(clinic.vault, writing, now), now, OWN)


def test_a_composite_on_the_standing_choice_is_shown_and_taken_back_by_its_exact_draft(visitor) -> None:
    client = visitor(2, treatment="composite")
    piece = composite(client, clock())
    at = client.opens()
    assert says(at, "mine.post.composite")
    assert "Three people" not in shown(at)
    for code in piece.draft.post.people:
        assert code == client.person.card.code or code not in shown(at)
    at = tap(at, f"undo-post-{piece.id}")
    assert client.said() == [Withdrawal("one_post", bytes.fromhex(piece.draft.content_hash))]
    at = client.opens()
    assert says(at, "mine.post.taken_back.sent", therapist=NAME)
    assert f"undo-post-{piece.id}" not in keys(at)
    assert "stop" in keys(at)


def test_a_stop_takes_back_every_post(visitor) -> None:
    client = visitor(20)
    piece = posted_on_yes(client)
    at = tap(client.opens(), "stop")
    assert says(at, "mine.stop.done", therapist=NAME)
    at = client.opens()
    assert says(at, "mine.post.taken_back.sent", therapist=NAME)
    assert {f"undo-post-{piece.id}", "stop"} & keys(at) == set()


def test_what_is_taken_back_but_not_sent_is_shown_to_be_handed_over(client: Visitor) -> None:
    asked = client.person.is_asked()
    client.person.answers("yes", clock())
    practice.switch_mailbox(client.practised.portal.database, clock(), on=False)
    at = tap(client.opens(), f"undo-{ref(asked)}")
    assert titles(at) == [WORDS("mine.by_hand.title")]
    token = client.practised.portal.forms.get(BROWSER).token
    assert token.text in shown(at)
    client.person.clinic.take_in(token.text, clock())
    assert client.person.outcomes(clock())[-1].answer == "taken_back"


def test_without_a_record_of_choices_one_post_taken_back_is_no_stop(practised: Practised, page) -> None:
    """Somebody whose record was lost takes one post back: they can still stop everything."""
    person = someone(practised, clock())
    asked = person.is_asked()
    person.answers("yes", clock())
    with practised.portal.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM parcel WHERE standing = 1")
    client = Visitor(practised, person, page)
    person.undoes(clock(), asked.request_id)
    at = client.opens()
    assert says(at, "mine.no_record")
    assert "stop" in keys(at)


def no_by_card(client: Visitor) -> Saved:
    no = write_no_to_whatever_is_open(client.person.card, client.practised.therapist, clock())
    return saving.send(client.practised.portal.outbox, no)


def test_a_no_by_the_card_alone_closes_the_question_here_once_it_was_opened(client: Visitor) -> None:
    asked = client.person.is_asked()
    no_by_card(client)
    assert says(client.opens(), "mine.questions")
    client.person.arrives(clock())
    assert client.person.outcomes(clock())[-1].answer == "no"
    at = client.opens()
    assert says(at, "mine.closed")
    assert says(at, "answer.said.card")
    assert says(at, "mine.progress.seen")
    assert not says(at, "mine.questions")
    at = tap(at, f"read-{ref(asked)}")
    assert says(at, "answer.said.card")
    assert at.radio(key=f"answer-{ref(asked)}").options == [WORDS("answer.choice.no_never_ask.label")]


def test_at_the_browser_where_the_card_said_no_the_question_is_closed_at_once(client: Visitor) -> None:
    client.person.is_asked()
    client.practised.portal.noes.put(BROWSER, no_by_card(client).token)
    at = client.opens()
    assert says(at, "answer.said.card")
    assert says(at, "mine.progress.sent")
    assert not says(at, "mine.questions")
    client.practised.portal.forget_browser(BROWSER)
    assert says(client.opens(), "mine.questions")

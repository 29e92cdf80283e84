"""A question on a client's own page, and each answer to it, as Streamlit runs it and the therapist receives it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core import plain, visit
from core.answers import COOLING_OFF, Asked
from core.errors import StoreUnavailable
from core.portal import clock
from core.received import ANSWERS
from core.store import practice
from core.text import Words
from core.wire import Answer, Withdrawal
from tests.pages.conftest import BROWSER, Practised, shown
from tests.pages.own import Visitor, keys, ref, someone, tap

WORDS = Words()
DRAFT = "Somebody once kept a voice mail.\n\n*She* played it <b>each</b> evening."


@pytest.fixture
def client(practised: Practised, page) -> Visitor:
    return Visitor(practised, someone(practised, clock()), page)


@pytest.fixture
def asked(client: Visitor) -> Asked:
    return client.person.is_asked(DRAFT)


def pick(at: AppTest, asked: Asked, answer: str) -> AppTest:
    return at.radio(key=f"answer-{ref(asked)}").set_value(answer).run()


def feel(at: AppTest, asked: Asked, feeling: str) -> AppTest:
    return at.radio(key=f"feeling-{ref(asked)}").set_value(feeling).run()


def send(at: AppTest, asked: Asked) -> AppTest:
    return tap(at, f"send-{ref(asked)}")


def says_yes(client: Visitor, asked: Asked, feeling: str = "want") -> AppTest:
    return send(feel(pick(client.reads(asked), asked, "yes"), asked, feeling), asked)


def _week_from_now() -> str:
    return plain.day(clock() + COOLING_OFF, WORDS)


def outcome(client: Visitor) -> str | None:
    client.person.arrives(clock())
    return client.person.outcomes(clock())[-1].answer


# --- what is shown -----------------------------------------------------------------------------------


def test_a_question_shows_the_exact_draft_and_everything_that_goes_with_it(client: Visitor, asked: Asked) -> None:
    words = shown(client.reads(asked))
    request = asked.request
    for said in (request.account, request.audience, *request.changed, *request.kept):
        assert said in words
    for key in ("answer.money.no", "answer.others.no", "answer.off", "answer.free", "answer.talk", "answer.undo.post"):
        assert WORDS(key) in words
    for day in (request.post_on, request.take_down_on, request.answer_by):
        assert plain.day(day, WORDS) in words
    for rule in ("one", "ninety", "follow_up", "again", "pause", "silence"):
        assert WORDS(f"asking.rule.{rule}") in words


def test_the_draft_is_shown_letter_by_letter_and_never_as_markup(client: Visitor, asked: Asked) -> None:
    at = client.reads(asked)
    (framed,) = [one.value for one in at.main if one.type == "html" and "marked" in one.value]
    assert "\n\n*She* played it &lt;b&gt;each&lt;/b&gt; evening." in framed


def test_a_translation_stands_beside_the_draft(client: Visitor) -> None:
    asked = client.person.is_asked("A voice mail.", translation="Un mensaje de voz.")
    words = shown(client.reads(asked))
    assert "A voice mail." in words
    assert "Un mensaje de voz." in words


def test_the_five_answers_stand_in_one_order_with_nothing_preset_and_nothing_to_send(
    client: Visitor, asked: Asked
) -> None:
    at = client.reads(asked)
    answers = at.radio(key=f"answer-{ref(asked)}")
    assert answers.options == [WORDS(f"answer.choice.{one}.label") for one in ANSWERS]
    assert answers.value is None
    assert f"send-{ref(asked)}" not in keys(at)


def test_without_a_question_or_a_code_the_page_says_what_to_do(client: Visitor, asked: Asked, page) -> None:
    assert WORDS("answer.enter") in shown(page("answer"))
    assert WORDS("answer.none") in shown(client.opens("answer"))


# --- each answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["no", "no_never_ask", "not_now", "yes_if_changed"])
def test_every_answer_but_yes_is_sent_with_two_taps(client: Visitor, asked: Asked, answer) -> None:
    at = pick(client.reads(asked), asked, answer)
    assert client.said() == []
    assert WORDS(f"answer.then.{answer}") in shown(at)
    at = send(at, asked)
    assert client.said() == [Answer(asked.request_id, answer)]
    assert client.arrived()[0].acknowledgement in shown(at)
    assert WORDS("mine.progress.sent") in shown(at)
    assert outcome(client) == answer


def test_a_wish_for_changes_takes_a_short_note_with_it(client: Visitor, asked: Asked) -> None:
    at = pick(client.reads(asked), asked, "yes_if_changed")
    at.text_input(key=f"note-{ref(asked)}").set_value("  not the wedding ").run()
    at = send(at, asked)
    assert client.said() == [Answer(asked.request_id, "yes_if_changed", "not the wedding")]
    assert "not the wedding" in shown(at)


@pytest.mark.parametrize(("note", "over"), [("a" * 60, 1), ("é" * 30, 1), ("a" * 58 + "é", 1), ("😀" * 20, 6)])
def test_a_note_that_is_too_long_says_by_how_many_letters_and_is_not_sent(
    client: Visitor, asked: Asked, note, over
) -> None:
    at = pick(client.reads(asked), asked, "yes_if_changed")
    at.text_input(key=f"note-{ref(asked)}").set_value(note).run()
    assert [error.value for error in at.error] == [WORDS("answer.note.too_long", over=over)]
    send(at, asked)
    assert [error.value for error in at.error] == [WORDS("answer.note.too_long", over=over)], "said once"
    assert client.said() == []
    at.text_input(key=f"note-{ref(asked)}").set_value(note[: len(note) - over])
    send(at, asked)
    assert client.said() == [Answer(asked.request_id, "yes_if_changed", note[: len(note) - over])]


def test_a_yes_asks_how_it_feels_first_and_says_from_when_it_counts(client: Visitor, asked: Asked) -> None:
    at = pick(client.reads(asked), asked, "yes")
    assert f"send-{ref(asked)}" not in keys(at)
    feelings = at.radio(key=f"feeling-{ref(asked)}")
    assert feelings.value is None
    at = feel(at, asked, "fine")
    assert WORDS("answer.then.yes", therapist="Demo therapist", date=_week_from_now()) in shown(at)
    send(at, asked)
    assert client.said() == [Answer(asked.request_id, "yes")]
    assert outcome(client) == "yes"


def test_a_yes_under_pressure_is_said_to_leave_as_not_now_before_it_does(client: Visitor, asked: Asked) -> None:
    at = feel(pick(client.reads(asked), asked, "yes"), asked, "pressured")
    said = WORDS("answer.check.pressured", therapist="Demo therapist")
    assert said in [info.value for info in at.info]
    assert client.said() == []
    at = send(at, asked)
    assert client.said() == [Answer(asked.request_id, "not_now", "")]
    assert said not in shown(at)
    assert outcome(client) == "not_now"


def test_nothing_keeps_how_a_yes_felt(client: Visitor, asked: Asked) -> None:
    at = says_yes(client, asked, "pressured")
    left = {key: at.session_state[key] for key in at.session_state if ref(asked) in str(key)}
    assert set(left.values()) <= {None, False}
    assert not [key for key in left if key.startswith("feeling")]
    portal = client.practised.portal
    assert portal.opened.get(BROWSER).letter is None
    body = portal.forms.get(BROWSER).token.body
    assert (body.content, body.expires_at) == (Answer(asked.request_id, "not_now", ""), None)
    assert [one.content for one in client.person.record(clock()).given] == [body.content]


def test_a_feeling_is_not_taken_along_to_another_answer(client: Visitor, asked: Asked) -> None:
    at = feel(pick(client.reads(asked), asked, "yes"), asked, "pressured")
    at = pick(pick(at, asked, "no"), asked, "yes")
    assert at.radio(key=f"feeling-{ref(asked)}").value is None


# --- once ------------------------------------------------------------------------------------------------


def test_reading_again_after_an_answer_shows_it_and_sends_nothing(client: Visitor, asked: Asked) -> None:
    at = send(pick(client.reads(asked), asked, "not_now"), asked)
    ack = client.arrived()[0].acknowledgement
    for again in (at.run(), client.opens("answer"), client.reads(asked)):
        assert ack in shown(again)
        assert f"send-{ref(asked)}" not in keys(again)
    assert len(client.arrived()) == 1


def test_a_try_after_the_records_were_gone_sends_the_letter_that_was_made(client: Visitor, asked: Asked) -> None:
    at = feel(pick(client.reads(asked), asked, "yes"), asked, "want")
    database = client.practised.portal.database
    with database.write() as connection:
        # A number too large: an error of the database itself, as a full disk is.
        fails = "BEGIN SELECT abs(-9223372036854775807 - 1); END"
        connection.exec_driver_sql(f"CREATE TRIGGER full_disk BEFORE INSERT ON parcel {fails}")
    at = send(at, asked)
    assert [error.value for error in at.error] == [StoreUnavailable().sentence]
    letter = client.practised.portal.opened.get(BROWSER).letter
    assert client.said() == []
    with database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk")
    send(at, asked)
    assert [token.digest for token in client.arrived()] == [letter.token.digest]


def test_while_the_records_are_gone_there_is_one_sentence_and_nothing_is_lost(client: Visitor, asked: Asked) -> None:
    at = pick(client.reads(asked), asked, "no")
    with client.practised.portal.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE parcel RENAME TO elsewhere")
    at = at.run()
    assert [error.value for error in at.error] == [StoreUnavailable().sentence]
    with client.practised.portal.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO parcel")
    at = client.opens("answer")
    assert DRAFT.partition("\n")[0] in shown(at)
    send(pick(at, asked, "no"), asked)
    assert client.said() == [Answer(asked.request_id, "no")]


def test_another_card_in_this_browser_closes_the_question(client: Visitor, asked: Asked) -> None:
    at = pick(client.reads(asked), asked, "yes")
    visit.scan(client.practised.portal, BROWSER, client.practised.cards[1].code)
    at = at.run()
    assert DRAFT.partition("\n")[0] not in shown(at)
    assert client.practised.portal.opened.get(BROWSER) is None


def test_a_tap_left_from_one_persons_question_never_answers_anothers(client: Visitor, asked: Asked) -> None:
    at = pick(client.reads(asked), asked, "no")
    other = someone(client.practised, clock(), 1)
    theirs = other.is_asked("Another one's words.")
    at.button(key=f"send-{ref(asked)}").click()
    Visitor(client.practised, other, client.page).reads(theirs)
    at.run()
    assert client.said() == []


def test_leaving_forgets_the_question(client: Visitor, asked: Asked) -> None:
    client.reads(asked)
    client.practised.portal.forget_browser(BROWSER)
    assert client.practised.portal.opened.get(BROWSER) is None


# --- by hand -----------------------------------------------------------------------------------------------


def test_an_answer_that_could_not_be_sent_is_shown_as_square_and_text(client: Visitor, asked: Asked) -> None:
    practice.switch_mailbox(client.practised.portal.database, clock(), on=False)
    at = send(pick(client.reads(asked), asked, "no"), asked)
    assert client.said() == []
    assert WORDS("answer.by_hand", therapist="Demo therapist") in shown(at)
    assert WORDS("mine.progress.by_hand") in shown(at)
    assert client.practised.portal.forms.get(BROWSER).token.text in shown(at)
    client.person.clinic.take_in(client.practised.portal.forms.get(BROWSER), clock())
    assert client.person.outcomes(clock())[-1].answer == "no"


# --- afterwards ----------------------------------------------------------------------------------------------


def test_a_yes_can_be_taken_back_from_either_page_with_one_more_tap(client: Visitor, asked: Asked) -> None:
    says_yes(client, asked)
    for at in (client.opens(), client.opens("answer")):
        assert f"undo-{ref(asked)}" in keys(at)
    at = tap(client.opens("answer"), f"undo-{ref(asked)}")
    assert WORDS("mine.undo.done", therapist="Demo therapist") in shown(at)
    assert client.said() == [Answer(asked.request_id, "yes"), Withdrawal("one_post", asked.request_id)]
    assert f"undo-{ref(asked)}" not in keys(at)
    assert outcome(client) == "taken_back"
    assert WORDS("answer.said.taken_back") in shown(client.opens())


def test_after_an_answer_only_stricter_ones_are_offered(client: Visitor, asked: Asked) -> None:
    send(pick(client.reads(asked), asked, "not_now"), asked)
    at = client.reads(asked)
    stricter = [WORDS(f"answer.choice.{one}.label") for one in ("no", "no_never_ask")]
    assert at.radio(key=f"answer-{ref(asked)}").options == stricter
    send(pick(at, asked, "no"), asked)
    assert outcome(client) == "no"


def test_after_the_strictest_answer_nothing_is_asked_any_more(client: Visitor, asked: Asked) -> None:
    send(pick(client.reads(asked), asked, "no_never_ask"), asked)
    assert not client.reads(asked).radio


def test_a_question_whose_day_has_passed_takes_no_yes_any_more(practised: Practised, page) -> None:
    client = Visitor(practised, someone(practised, clock() - timedelta(days=30)), page)
    asked = client.person.is_asked(DRAFT)
    at = client.reads(asked)
    assert WORDS("answer.said.silence", date=plain.day(asked.request.answer_by, WORDS)) in shown(at)
    assert at.radio(key=f"answer-{ref(asked)}").options == [
        WORDS(f"answer.choice.{one}.label") for one in ("no", "no_never_ask")
    ]


def test_after_a_stop_the_page_says_that_nothing_may_be_posted(client: Visitor, asked: Asked) -> None:
    client.person.stops(clock())
    assert WORDS("answer.stopped") in shown(client.reads(asked))

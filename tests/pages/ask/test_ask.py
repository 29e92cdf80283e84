"""Asking one client about one draft: what stands against it, the form, and what is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core import answering, drafting, people, questions, requests
from core.card import shown as card_shown
from core.drafting import Writing
from core.errors import CannotReach, InboxFirst, MayNotAsk, StoreUnavailable
from core.model.circumstances import Circumstances
from core.model.post import Post
from core.plain import day
from core.portal import clock
from core.store import practice
from core.store.database import Database
from core.text import Words
from tests.pages.asking import (
    DAY,
    WORDS,
    Client,
    ask_now,
    draft,
    just_before_writing,
    keys,
    open_form,
    send,
    send_key,
    sent,
)
from tests.pages.conftest import shown


@pytest.fixture
def form(page, piece, client):
    """The form for asking this client about this draft."""
    return open_form(page, piece, client)


# --- the list ---------------------------------------------------------------------------------------


def test_a_locked_vault_shows_nothing_of_it(page):
    at = page("ask", "another browser")
    assert "Questions to clients" not in shown(at)


def test_without_a_draft_that_needs_a_yes_there_is_a_way_to_the_drafts(at_work, page):
    at = page("ask")
    assert "None of your kept drafts needs a yes right now." in shown(at)
    assert "You have asked no one so far." in shown(at)
    at.button(key="to-therapist/may_i_post.py").click().run()
    assert "May I post this?" in shown(at)


def test_a_draft_that_needs_a_yes_names_whom_to_ask(at_work, page, piece, client):
    people.rename(at_work.vault, client.card.code, "Quiet *river*")
    at = page("ask")
    assert "### Rest" in shown(at)
    label = at.button(key=f"ask-{piece.id}-{client.card.code}").label
    assert label == rf"Ask Quiet \*river\* \(card {card_shown(client.card.code)}\)"


def test_a_file_cannot_be_shown_to_a_client(at_work, page, client):
    told = [{"people": [client.card.code], "session_date": DAY.isoformat()}]
    post = Post.model_validate(
        {"channels": ["post"], "form": "disguised", "materials": ["story"], "topics": [], "stories": told}
        | {"live": False, "paid": False, "uses": []}
    )
    drafting.save(at_work.vault, Writing(post, "demo account", file=b"film"), clock())
    at = page("ask")
    assert "This draft is a file." in shown(at)
    assert keys(at) == set()


@pytest.mark.parametrize("name", ["died", "crisis", "court_ordered", "works_here"])
def test_who_is_not_asked_comes_with_the_reason_and_nothing_to_fill_in(at_work, page, piece, client, name):
    form = open_form(page, piece, client)
    with at_work.portal.database.write() as connection:
        at_work.vault.change_holder(connection, client.card.code, about=Circumstances(**{name: True}))
    form.run()
    assert Words()(f"asking.not.{name}") in shown(form)
    assert keys(form) == {"ask-back"}
    assert f"ask-{piece.id}-{client.card.code}" not in keys(page("ask"))


def test_one_question_at_a_time_and_the_day_it_ends_is_named(at_work, page, piece, client):
    ask_now(at_work, piece, client)
    at = page("ask")
    usual = questions.days(clock())["answer_by"].usual
    assert f"A question is still open until the end of {day(usual, Words())}." in shown(at)
    assert f"The next one can go out on {day(clock() + timedelta(days=90), Words())}." in shown(at)
    assert f"ask-{piece.id}-{client.card.code}" not in keys(at)


def test_nobody_is_asked_while_something_is_unopened(at_work, page, piece, client):
    form = open_form(page, piece, client)
    Client(at_work, at_work.cards[4]).stops()
    for at in (page("ask"), form.run()):
        assert at.warning[0].value == InboxFirst().sentence
        assert {"ask-f-audience", f"ask-{piece.id}-{client.card.code}"}.isdisjoint(keys(at))
    at.button(key="to-therapist/inbox.py").click().run()
    assert "Inbox" in shown(at)


def test_without_a_mailbox_nobody_is_asked_and_nothing_is_half_done(at_work, page, piece, client):
    form = open_form(page, piece, client)
    practice.switch_mailbox(at_work.portal.database, clock(), on=False)
    for at in (page("ask"), form.run()):
        assert at.warning[0].value == CannotReach().sentence
        assert {"ask-f-audience", f"ask-{piece.id}-{client.card.code}"}.isdisjoint(keys(at))
    assert sent(at_work) == []


# --- the form -----------------------------------------------------------------------------------------


def test_the_form_starts_with_everything_that_protects(form, piece):
    days = questions.days(clock())
    assert form.text_input(key="ask-f-audience").value == "Anyone online"
    assert not any(form.checkbox(key=f"ask-f-{one}").value for one in ("comments", "reuse"))
    assert {name: form.date_input(key=f"ask-f-{name}").value for name in days} == {
        name: each.usual for name, each in days.items()
    }
    assert form.title[0].value.startswith("Ask ")


def test_the_preview_shows_the_exact_words_and_every_fact(form, client):
    said = shown(form)
    exact = [one.value for one in form.get("html") if 'class="marked"' in one.value]
    assert len(exact) == 2  # above the form, and in the preview
    for one in exact:
        assert "voice mail.\n\nFor years &lt;b&gt;&amp;amp; more&lt;/b&gt;." in one
    for fact in ("demo account", "Posts, blogs", "Anyone online", "No money is involved", "Nothing named"):
        assert fact in said
    assert said.count("Switched off") == 2
    assert "No one else" in said


def test_what_is_said_shows_in_the_preview_and_is_what_the_client_reads(at_work, form, client):
    form.text_area(key="ask-f-changed").set_value("the town\nthe job")
    form.text_area(key="ask-f-kept").set_value("that it was a *voice mail*")
    form.checkbox(key="ask-f-comments").check()
    form.text_input(key="ask-f-audience").set_value("my followers").run()
    for fact in ("the town; the job", "that it was a *voice mail*", "my followers", "Switched off"):
        assert fact in shown(form)
    send(form)
    [question], _ = client.letters()
    request = question.request
    assert request.draft == WORDS
    assert (request.changed, request.kept) == (("the town", "the job"), ("that it was a *voice mail*",))
    assert (request.audience, request.comments_off, request.remix_off) == ("my followers", False, True)
    assert (request.answer_by, request.post_on, request.take_down_on) == tuple(
        each.usual for each in questions.days(clock()).values()
    )


def test_nothing_is_sent_before_the_last_tap(at_work, form):
    form.text_input(key="ask-f-audience").set_value("my followers").run()
    assert sent(at_work) == []
    assert "Nothing is sent until you tap this." in shown(form)


@pytest.mark.parametrize(
    ("field", "days", "sentence"),
    [
        ("answer_by", -1, "The last day for an answer lies in the past."),
        ("answer_by", 400, "The last day for an answer comes before it is taken down."),
        ("post_on", 6, "Post it a week from now at the earliest"),
        ("post_on", 500, "It comes down after it went up."),
        ("take_down_on", 8, "It comes down after it went up."),
        ("take_down_on", 370, "A yes lasts twelve months at most."),
    ],
)
def test_a_day_that_cannot_be_is_said_and_nothing_can_be_sent(at_work, form, field, days, sentence):
    form.date_input(key=f"ask-f-{field}").set_value(clock().date() + timedelta(days=days)).run()
    assert sentence in form.error[0].value
    assert not any(key.startswith("ask-send-") for key in keys(form))
    assert sent(at_work) == []


@pytest.mark.parametrize("field", ["answer_by", "post_on", "take_down_on"])
def test_a_day_that_is_missing_is_asked_for(form, field):
    form.date_input(key=f"ask-f-{field}").set_value(None).run()
    assert "Pick all three days" in form.error[0].value
    assert not any(key.startswith("ask-send-") for key in keys(form))


def test_who_will_see_it_must_be_said(form):
    form.text_input(key="ask-f-audience").set_value("  ").run()
    assert "Say who will see it" in form.error[0].value


def test_what_was_typed_is_still_there_after_a_look_at_another_page(form):
    form.text_area(key="ask-f-changed").set_value("the town")
    form.checkbox(key="ask-f-reuse").check()
    form.date_input(key="ask-f-answer_by").set_value(None).run()
    form.switch_page("therapist/people.py").run()
    form.switch_page("therapist/ask.py").run()
    assert form.text_area(key="ask-f-changed").value == "the town"
    assert form.checkbox(key="ask-f-reuse").value
    assert form.date_input(key="ask-f-answer_by").value is None


def test_what_was_typed_for_one_client_is_not_there_for_another(at_work, page, client):
    other = Client(at_work, at_work.cards[1]).chooses()
    piece = draft(at_work, client, other)
    at = open_form(page, piece, client)
    at.text_area(key="ask-f-changed").set_value("the town").run()
    at.button(key="ask-back").click().run()
    at.button(key=f"ask-{piece.id}-{other.card.code}").click().run()
    assert at.text_area(key="ask-f-changed").value == ""
    assert Words()("ask.fact.others.yes") in shown(at)


def test_words_that_changed_meanwhile_are_not_sent_unseen(at_work, form, piece, client):
    before = send_key(form)
    draft(at_work, client, text="Other words.", piece_id=piece.id)
    form.button(key=before).click().run()
    assert sent(at_work) == []
    assert send_key(form) != before
    assert "Other words." in shown(form)


def test_a_draft_that_is_gone_leads_back_to_the_list(at_work, form, piece):
    drafting.forget(at_work.vault, piece.id)
    form.run()
    assert Words()("ask.gone") in [one.value for one in form.info]
    assert "What you asked" in shown(form)


# --- sending ------------------------------------------------------------------------------------------


def test_after_sending_there_is_an_invitation_a_slip_and_the_limits(at_work, form, client):
    send(form)
    said = shown(form)
    assert "The question is on the client's page." in form.success[0].value
    assert requests.invitation(Words()) in said
    assert form.get("download_button")[0].label == "Slip to print (PDF)"
    for limit in answering.rules(Words()):
        assert limit in said
    assert WORDS.split("\n", maxsplit=1)[0] not in said


def test_a_question_is_sent_once_however_often_it_is_tapped(at_work, page, piece, client):
    first, second = open_form(page, piece, client), open_form(page, piece, client)
    send(first)
    send(second)
    assert len(sent(at_work)) == len(client.letters()[0]) == 1
    assert "A question is still open until" in shown(second)
    first.run()
    assert len(sent(at_work)) == 1


def test_what_came_up_at_the_last_moment_is_listed(at_work, form, client, piece):
    elsewhere = replace(at_work.vault, database=Database(at_work.portal.database.url))
    just_before_writing(at_work, lambda: ask_now(at_work, piece, client, elsewhere))
    send(form)
    assert form.error[0].value == MayNotAsk().sentence
    assert "A question is still open until" in shown(form)
    assert len(sent(at_work)) == 1
    elsewhere.database.close()


def test_a_database_that_goes_while_sending_sends_nothing_and_says_so(at_work, form, client):
    path = at_work.portal.settings.data / "sayso.sqlite3"
    away = path.with_name("away")
    just_before_writing(at_work, lambda: path.rename(away))
    form.text_area(key="ask-f-changed").set_value("the town").run()
    send(form)
    assert form.error[0].value == StoreUnavailable().sentence
    away.rename(path)
    assert sent(at_work) == []
    send(form)
    assert [request.changed for request in sent(at_work)] == [("the town",)]


def test_a_database_that_is_gone_already_is_said_too(at_work, form, client):
    path = at_work.portal.settings.data / "sayso.sqlite3"
    away = path.rename(path.with_name("away"))
    send(form)
    assert form.error[0].value == StoreUnavailable().sentence
    away.rename(path)
    assert sent(at_work) == []
    form.run()
    assert send_key(form)

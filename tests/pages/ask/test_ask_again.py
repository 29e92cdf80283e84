"""What became of each question, and the ways from a draft to asking and to noting its post."""

from __future__ import annotations

import pytest

from core import drafting, requests
from core.drafting import Writing
from core.model.post import Post
from core.portal import clock
from core.text import Words
from tests.pages.asking import WORDS, Client, ask_now, draft, open_form, send, sent
from tests.pages.conftest import shown

# --- what came back -----------------------------------------------------------------------------------


@pytest.fixture
def asked(at_work, piece, client):
    return ask_now(at_work, piece, client)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("no", "No. Leave this story alone from now on."),
        ("no_never_ask", "No, and please never ask again. That stands for good."),
        ("not_now", "Not now. That is a no for this draft."),
        ("yes_if_changed", "Yes, if it is changed. This draft stays unposted."),
        ("yes", "Yes. It counts from"),
    ],
)
def test_an_answer_shows_in_plain_words_once_it_was_imported(page, asked, client, answer, words):
    assert "Open. They can answer until the end of" in shown(page("ask"))
    client.answers(answer)
    assert words in shown(page("ask"))


def test_a_pressured_yes_shows_just_as_not_now(at_work, page, client):
    other = Client(at_work, at_work.cards[1]).chooses()
    for one, answer in ((client, "yes"), (other, "not_now")):
        ask_now(at_work, draft(at_work, one, text=f"Words of {one.card.number}."), one)
        one.answers(answer, "pressured", "he kept asking" if answer == "yes" else "")
    found = shown(page("ask"))
    assert found.count("Not now. That is a no for this draft.") == 2
    assert "he kept asking" not in found
    assert "Yes" not in found.partition("What you asked")[2]


def test_nothing_counts_or_adds_up_answers(page, asked, client):
    client.answers("yes")
    said = shown(page("ask")).lower()
    assert "%" not in said
    assert not {"rate", "total", "answered yes"} & set(said.split())


def test_a_wish_for_a_change_leads_to_the_draft_and_then_to_one_more_question(at_work, page, asked, piece, client):
    client.answers("yes_if_changed", note="not the <town>")
    at = page("ask")
    assert "They wrote: not the <town>" in shown(at)
    at.button(key=f"ask-change-{asked.request_id.hex()[:16]}").click().run()
    assert at.text_area(key="post-f-text").value == WORDS
    draft(at_work, client, text="Somebody kept something.", piece_id=piece.id)
    at = page("ask")
    assert at.button(key=f"ask-{piece.id}-{client.card.code}").label.endswith(" again")
    at.button(key=f"ask-{piece.id}-{client.card.code}").click().run()
    assert "They wrote: not the <town>" in shown(at)
    send(at)
    assert len(client.letters()[0]) == 2


def test_a_wish_without_a_note_says_so(at_work, page, asked, piece, client):
    client.answers("yes_if_changed")
    changed = draft(at_work, client, text="Somebody kept something.", piece_id=piece.id)
    assert "They left no note." in shown(open_form(page, changed, client))


def test_the_invitation_to_an_open_question_can_be_had_again(page, asked):
    at = page("ask")
    at.button(key=f"ask-invite-{asked.request_id.hex()[:16]}").click().run()
    assert requests.invitation(Words()) in shown(at)
    at.button(key="ask-back").click().run()
    assert "What you asked" in shown(at)


def test_many_questions_come_a_part_at_a_time(at_work, page, client, monkeypatch):
    ask_now(at_work, draft(at_work, client), client)
    other = Client(at_work, at_work.cards[1]).chooses()
    ask_now(at_work, draft(at_work, other, text="Other words."), other)
    monkeypatch.setattr("pages.parts.staff_ask._STEP", 1)
    at = page("ask")
    rows = [button.key for button in at.button if (button.key or "").startswith("ask-invite-")]
    assert len(rows) == 1
    at.button(key="ask-more").click().run()
    rows = [button.key for button in at.button if (button.key or "").startswith("ask-invite-")]
    assert len(rows) == 2


def test_a_damaged_vault_is_said_and_shows_no_half_list(at_work, page, asked):
    with at_work.portal.database.write() as connection:
        connection.exec_driver_sql("UPDATE request SET sealed = zeroblob(80)")
    at = page("ask")
    assert "does not open" in at.error[0].value
    assert not at.exception


# --- the way from "May I post this?" ------------------------------------------------------------------


def test_a_kept_draft_leads_to_asking_with_draft_and_client_picked(page, piece, client):
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    at.button(key=f"post-ask-{client.card.code}").click().run()
    assert at.title[0].value.startswith("Ask Card ")
    assert at.text_input(key="ask-f-audience").value == "Anyone online"


@pytest.mark.parametrize("change", ["words", "translation", "place"])
def test_what_was_changed_and_not_kept_leads_nowhere(page, piece, client, change):
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    if change == "place":
        at.checkbox(key="post-f-materials-lesson").check().run()
    else:
        at.text_area(key=f"post-f-{'text' if change == 'words' else change}").set_value("Other words.").run()
    assert f"post-ask-{client.card.code}" not in [button.key for button in at.button]
    if change != "place":
        assert "Keep the draft first." in shown(at)


def test_a_draft_that_is_allowed_leads_to_noting_its_post(at_work, page):
    Client(at_work, at_work.cards[2]).chooses(channels={"post": "disguised"}, may_recognise_self=True)
    piece = draft(at_work, Client(at_work, at_work.cards[2]))
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    at.button(key="post-posted").click().run()
    assert at.session_state["posts-open"] == piece.id
    assert at.title[0].value == Words()("posted.title")


def test_a_made_up_draft_leads_to_noting_its_post(at_work, page):
    post = Post.model_validate(
        {"channels": ["post"], "form": "invented", "materials": ["story"], "topics": [], "stories": []}
        | {"live": False, "paid": False, "uses": []}
    )
    piece = drafting.save(at_work.vault, Writing(post, "demo account", "Words."), clock())
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    assert at.button(key="post-posted").label == "Note that it was posted"


def test_a_translation_is_kept_with_the_draft_and_asked_with_it(at_work, page, piece, client):
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    at.text_area(key="post-f-translation").set_value("Alguien guardó un mensaje.").run()
    at.button(key="post-keep").click().run()
    at.button(key=f"post-ask-{client.card.code}").click().run()
    at._page_hash = ""
    assert "Alguien guardó un mensaje." in shown(at)
    send(at)
    assert sent(at_work)[0].translation == "Alguien guardó un mensaje."


def test_words_too_long_for_one_question_are_said_at_once_and_not_kept(at_work, page, piece):
    at = page("may_i_post")
    at.button(key=f"post-open-{piece.id}").click().run()
    at.text_area(key="post-f-text").set_value("long " * 9000).run()
    assert any("too long to show to a client" in one.value for one in at.error)
    at.button(key="post-keep").click().run()
    [kept] = drafting.drafts(at_work.vault)
    assert kept.draft.text == WORDS

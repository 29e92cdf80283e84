"""A review says why a post was not permitted: the verdict, the document, the stop, or the yes to one draft."""

from __future__ import annotations

import pytest

from core import entries
from core.keys import ClientKeys
from tests.core.clinic import later
from tests.core.recorded import Client, Practice, checked, hash_of, made_of, rests_on

END = later(days=20)


@pytest.fixture
def practice(clinic):
    return Practice(clinic)


def found_fault(practice, tmp_path, capsys):
    """Return what the script says against the one post of a practice."""
    assert checked(practice.review(later(days=200)), tmp_path) == 2
    return next(
        line.split(": ", 2)[2] for line in capsys.readouterr().out.splitlines() if line.startswith("fault: post")
    )


def one_post(practice, at, document, *, client, channels=("video",), grants=(), **more):
    post = made_of("disguised", "draft", channels, client)
    return practice.post(post, at, rests_on(document, grants=grants), **more)


@pytest.fixture
def client(practice):
    return practice.client(0)


def test_a_verdict_that_did_not_allow_it(practice, client, tmp_path, capsys):
    one_post(practice, later(days=1), client.choose(video="disguised"), client=client, answer="ask")
    assert found_fault(practice, tmp_path, capsys) == "the verdict did not allow it"


def test_a_verdict_about_another_draft_or_place(practice, client, tmp_path, capsys):
    document = client.choose(video="disguised", post="disguised")
    verdict = practice.judge(made_of("disguised", "draft", ("video",), client), later(days=1))
    for draft, channels, said in (("another", ("video",), "content_hash"), ("draft", ("post",), "channels")):
        post = made_of("disguised", draft, channels, client)
        said_of_it = entries.posted(post, later(days=1), verdict, [rests_on(document)])
        practice.write("post", later(days=1), said_of_it)
        assert found_fault(practice, tmp_path, capsys).endswith(("another content_hash", f"another {said}"))


def test_a_verdict_that_came_only_after_it_was_posted(practice, client, tmp_path, capsys):
    document = client.choose(video="disguised")
    one_post(practice, later(days=2), document, client=client, posted_at=later(days=1))
    assert found_fault(practice, tmp_path, capsys) == "the verdict came after it was posted"


def test_a_post_dated_after_its_own_entry(practice, client, tmp_path, capsys):
    document = client.choose(video="disguised")
    one_post(practice, later(days=2), document, client=client, posted_at=later(days=3))
    assert found_fault(practice, tmp_path, capsys) == "it is dated after its own entry"


def test_a_document_that_came_in_after_the_verdict(practice, client, tmp_path, capsys):
    client.choose(video="disguised")
    post = made_of("disguised", "draft", ("video",), client)
    verdict = practice.judge(post, later(days=1))
    late = client.choose(later(days=2), video="disguised")
    practice.write("post", later(days=3), entries.posted(post, later(days=3), verdict, [rests_on(late)]))
    assert found_fault(practice, tmp_path, capsys) == "what it rests on was not imported before the verdict"


def test_a_document_that_another_had_taken_the_place_of(practice, client, tmp_path, capsys):
    document = client.choose(video="disguised")
    client.choose(later(days=1), video="never")
    one_post(practice, later(days=2), document, client=client)
    assert found_fault(practice, tmp_path, capsys) == "it does not rest on the document that was in force"


def test_a_document_that_had_run_out(practice, client, tmp_path, capsys):
    one_post(practice, later(days=190), client.choose(video="disguised"), client=client)
    assert found_fault(practice, tmp_path, capsys) == "a document had run out"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("never", "the document does not allow video"),
        ("undecided", "the document does not allow video"),
        ("composite", "the document allows video only blended with other stories"),
        ("ask", "a yes to this draft was needed"),
    ],
)
def test_a_document_that_says_something_else(practice, client, tmp_path, capsys, chosen, said):
    one_post(practice, later(days=1), client.choose(video=chosen, post="disguised"), client=client)
    assert found_fault(practice, tmp_path, capsys) == said


@pytest.mark.parametrize("signed", [True, False])
def test_a_stop_that_had_come_in(practice, client, tmp_path, capsys, signed):
    document = client.choose(video="disguised")
    client.stop(later(days=1), signed=signed)
    one_post(practice, later(days=2), document, client=client)
    assert found_fault(practice, tmp_path, capsys) == "everything was stopped by entry 4"


def test_a_stop_that_came_in_later_takes_nothing_from_what_was_permitted_then(practice, client, tmp_path):
    document = client.choose(video="disguised")
    one_post(practice, later(days=1), document, client=client)
    client.stop(later(days=2))
    assert checked(practice.review(END), tmp_path) == 0


def test_a_stop_that_new_choices_lifted_is_over(practice, client, tmp_path):
    client.choose(video="disguised")
    client.stop(later(days=1))
    document = client.choose(later(days=2), compared=False, video="disguised")
    one_post(practice, later(days=3), document, client=client)
    assert checked(practice.review(END), tmp_path) == 0


def test_a_key_that_nobody_had_confirmed(practice, client, tmp_path, capsys):
    one_post(practice, later(days=1), client.choose(compared=False, video="disguised"), client=client)
    assert found_fault(practice, tmp_path, capsys) == "nobody had confirmed the key it rests on"


def test_choices_under_another_key_are_a_hold(practice, client, tmp_path, capsys):
    document = client.choose(video="disguised")
    stranger = Client(practice.clinic, client.card)
    stranger.choose(later(days=1), compared=False, video="disguised")
    one_post(practice, later(days=2), document, client=client)
    assert found_fault(practice, tmp_path, capsys) == "entry 4 put it on hold"


def test_everyone_in_it_is_accounted_for_once(practice, tmp_path, capsys):
    clients = [practice.client(number) for number in range(3)]
    documents = [client.choose(post="composite") for client in clients]
    post = made_of("composite", "draft", ("post",), *clients)
    practice.post(post, later(days=1), *(rests_on(document) for document in documents[:2]))
    assert found_fault(practice, tmp_path, capsys) == "not everyone in it is accounted for"
    practice.post(post, later(days=1), *(rests_on(documents[at]) for at in (0, 1, 1)))
    assert checked(practice.review(END), tmp_path) == 2
    assert "one person is counted twice" in capsys.readouterr().out


def test_two_documents_of_one_moment_must_both_permit(practice, client, tmp_path, capsys):
    documents = [client.choose(video=treatment, post="disguised") for treatment in ("disguised", "never")]
    post = made_of("disguised", "draft", ("video",), client)
    practice.post(post, later(days=1), rests_on(*documents))
    assert found_fault(practice, tmp_path, capsys) == "the document does not allow video"


# --- a yes to one draft -------------------------------------------------------------------------


def asked(practice, client, *, at=1, channels=("video",), draft="draft"):
    """Return the document, the request's id, and a client who will be asked about a draft."""
    document = client.choose(video="ask", post="ask")
    return document, practice.ask(client, draft, later(days=at), *channels)


def test_a_yes_counts_from_the_eighth_day_on(practice, client, tmp_path, capsys):
    document, request_id = asked(practice, client)
    yes = client.answer(request_id, "yes", later(days=2))
    one_post(practice, later(days=9), document, client=client, grants=(yes,))
    assert checked(practice.review(END), tmp_path) == 0
    one_post(practice, later(days=9, seconds=-1), document, client=client, grants=(yes,))
    assert found_fault(practice, tmp_path, capsys) == "it was posted within seven days of the yes"


def test_a_yes_to_another_draft_or_other_places(practice, client, tmp_path, capsys):
    document, request_id = asked(practice, client, draft="another")
    yes = client.answer(request_id, "yes", later(days=2))
    one_post(practice, later(days=10), document, client=client, grants=(yes,))
    assert found_fault(practice, tmp_path, capsys) == "the yes was to another draft"
    one = practice.client(1)
    document, request_id = asked(practice, one, channels=("post",))
    yes = one.answer(request_id, "yes", later(days=2))
    one_post(practice, later(days=10), document, client=one, grants=(yes,))
    assert checked(practice.review(END), tmp_path) == 2
    assert "the yes was for other places" in capsys.readouterr().out


def test_a_yes_that_no_place_asked_for_may_be_narrower(practice, client, tmp_path):
    document = client.choose(video="disguised", post="disguised")
    yes = client.answer(practice.ask(client, "draft", later(days=1), "video"), "yes", later(days=2))
    one_post(practice, later(days=10), document, client=client, channels=("video", "post"), grants=(yes,))
    assert checked(practice.review(END), tmp_path) == 0


def test_a_yes_by_somebody_else_s_key(practice, client, tmp_path, capsys):
    document, request_id = asked(practice, client)
    yes = client.answer(request_id, "yes", later(days=2), keys=ClientKeys.new())
    one_post(practice, later(days=10), document, client=client, grants=(yes,))
    assert found_fault(practice, tmp_path, capsys).endswith("put it on hold")


def test_a_yes_that_was_given_too_late(practice, client, tmp_path, capsys):
    document, request_id = asked(practice, client)
    yes = client.answer(request_id, "yes", later(days=16))
    one_post(practice, later(days=30), document, client=client, grants=(yes,))
    assert found_fault(practice, tmp_path, capsys) == "the yes was not given in time"


def test_a_yes_that_had_run_out(practice, client, tmp_path, capsys):
    document, request_id = asked(practice, client)
    yes = client.answer(request_id, "yes", later(days=2), until=later(days=20))
    one_post(practice, later(days=20), document, client=client, grants=(yes,))
    assert found_fault(practice, tmp_path, capsys) == "the yes had run out"


def test_an_answer_that_was_no_yes(practice, client, tmp_path, capsys):
    document, request_id = asked(practice, client)
    no = client.answer(request_id, "not_now", later(days=2))
    one_post(practice, later(days=10), document, client=client, grants=(no,))
    assert found_fault(practice, tmp_path, capsys) == "the answer was no yes"


@pytest.mark.parametrize("by", ["request", "draft", "anything", "another answer", "an answer to anything", "a stop"])
def test_a_yes_that_was_taken_back(practice, client, tmp_path, capsys, by):
    document, request_id = asked(practice, client)
    yes = client.answer(request_id, "yes", later(days=2))
    {
        "request": lambda: client.take_back(request_id, later(days=1)),
        "draft": lambda: client.take_back(bytes.fromhex(hash_of("draft")), later(days=1)),
        "anything": lambda: client.take_back(bytes(32), later(days=3)),
        "another answer": lambda: client.answer(request_id, "no", later(days=3)),
        "an answer to anything": lambda: client.answer(bytes(32), "no", later(days=3)),
        "a stop": lambda: client.stop(later(days=3)),
    }[by]()
    one_post(practice, later(days=10), document, client=client, grants=(yes,))
    last = "everything was stopped by entry 6" if by == "a stop" else "the yes was taken back by entry 6"
    assert found_fault(practice, tmp_path, capsys) == last


def test_a_yes_outlives_a_no_to_another_draft(practice, client, tmp_path):
    document, request_id = asked(practice, client)
    yes = client.answer(request_id, "yes", later(days=2))
    client.answer(b"another request, thirty-two byte", "no", later(days=3))
    client.take_back(b"another request, thirty-two byte", later(days=3))
    client.take_back(bytes(32), later(days=1))
    one_post(practice, later(days=10), document, client=client, grants=(yes,))
    assert checked(practice.review(END), tmp_path) == 0


# --- the rest -----------------------------------------------------------------------------------


def test_an_invented_post_rests_on_nobody(practice, client, tmp_path, capsys):
    document = client.choose(video="disguised")
    practice.post(made_of("invented", "draft", ("video",)), later(days=1), rests_on(document), answer="out_of_scope")
    assert found_fault(practice, tmp_path, capsys) == "an invented post rests on nobody"

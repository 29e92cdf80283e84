"""A paper form: what of it is kept, that it only restricts, and how the client's confirmation takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import from_paper, importing, knowing, people, saving, token, visit
from core.drafts import QUESTIONS, Draft
from core.errors import BadInput
from core.keys import ClientKeys
from core.portal import Portal
from core.settings import Settings
from core.store.database import Database
from tests.core.clinic import NOW, document, later
from tests.core.story import about

BROWSER = "one browser"
LIMITS = {"materials": ("story",), "topics": ("work",), "therapy": "during", "gap_months": 0}


@pytest.fixture
def portal(clinic, tmp_path: Path) -> Iterator[Portal]:
    """The clinic's portal."""
    made = Portal(Settings(data=tmp_path), b"test")
    own = made.database
    made.database = Database(f"sqlite:///{clinic.path}")
    made.limits = clinic.outbox.limits
    yield made
    for database in (own, made.database):
        database.close()


def form(card, term=6, **channels):
    return Draft(card.code, way="each", channels=channels, term_months=term, **LIMITS)


def entered(portal, clinic, draft, at=NOW):
    letter = from_paper.write(portal, clinic.card, draft, at)
    return letter, from_paper.enter(portal, letter, clinic.vault, at)


def test_a_form_is_an_unsigned_token_from_paper(portal, clinic):
    letter, _ = entered(portal, clinic, replace(form(clinic.card, video="ask"), guardian=True))
    body = token.read(letter.token.text, [clinic.vault.keys.sealing], NOW).body
    assert (body.signed, body.paper, body.guardian, body.understood) == (False, True, True, False)
    assert (body.card, body.issued_at) == (clinic.card.code, NOW)
    assert body.content.preferences.materials == ("story",)


@pytest.mark.parametrize("treatment", ["composite", "disguised"])
def test_what_takes_the_questions_is_kept_as_not_sure_yet_and_said(clinic, treatment):
    draft = replace(form(clinic.card, video=treatment, post="ask"), may_recognise_self=True, right=tuple(QUESTIONS))
    kept = from_paper.document(draft, NOW)
    assert (kept.channels["video"], kept.channels["post"]) == ("undecided", "ask")
    assert not kept.understood
    assert not kept.may_recognise_self
    assert from_paper.left_open(draft) == ("questions",)


def test_a_yes_without_an_end_is_kept_as_not_sure_yet_and_said(clinic):
    draft = form(clinic.card, term=None, video="ask", post="never")
    kept = from_paper.document(draft, NOW)
    assert (kept.channels["video"], kept.channels["post"], kept.expires_at) == ("undecided", "never", None)
    assert from_paper.left_open(draft) == ("end",)


def test_no_to_everything_is_kept_whole(clinic):
    draft = Draft(clinic.card.code, way="no", channels={"video": "ask"})
    assert set(from_paper.document(draft, NOW).channels.values()) == {"never"}
    assert from_paper.left_open(draft) == ()


@pytest.mark.parametrize(
    ("said", "problem"), [({"way": None}, "at the top of the form"), ({"note": "ü" * 24}, "The note is too long")]
)
def test_a_form_that_cannot_be_kept_says_why(portal, clinic, said, problem):
    with pytest.raises(BadInput, match=problem):
        from_paper.write(portal, clinic.card, replace(form(clinic.card), **said), NOW)


def test_it_restricts_at_once_whatever_was_allowed_before(portal, clinic):
    keys = ClientKeys.new()
    chosen = LIMITS | {"post": "disguised", "may_recognise_self": True}
    clinic.take_in(clinic.write(keys, later(days=-1), **chosen).token.text, compared=True)
    post = about((clinic.card.code, "2026-05-01"))
    assert knowing.judge(clinic.vault, post, NOW).answer == "allowed"
    _, standing = entered(portal, clinic, form(clinic.card, post="ask"))
    assert [hold.reason for hold in standing.holds] == ["paper"]
    assert knowing.judge(clinic.vault, post, NOW).answer == "no"
    assert not people.unopened(clinic.vault)


def test_the_client_confirms_it_with_a_later_choice_of_their_own(portal, clinic):
    entered(portal, clinic, form(clinic.card, post="ask"))
    letter = saving.write_choices(
        clinic.card, clinic.therapist, document(later(minutes=9), post="ask", **LIMITS), keys=ClientKeys.new()
    )
    clinic.take_in(letter.token.text, later(minutes=9))
    assert clinic.stands().on_hold
    standing = importing.confirm_key(clinic.vault, clinic.card.code, letter.keys.signing_public, later(minutes=10))
    assert not standing.on_hold
    assert knowing.judge(clinic.vault, about((clinic.card.code, "2026-05-01")), later(minutes=10)).answer == "ask"


def test_a_form_that_is_kept_twice_counts_once(portal, clinic):
    letter, first = entered(portal, clinic, form(clinic.card, video="ask"))
    assert from_paper.enter(portal, letter, clinic.vault, later(minutes=1)) == first
    assert len(clinic.vault.records(clinic.card.code)) == 1


def test_who_brings_a_form_has_the_card(portal, clinic):
    card = clinic.printed[0]
    letter = from_paper.write(portal, card, Draft(card.code, way="no"), NOW)
    from_paper.enter(portal, letter, clinic.vault, NOW)
    assert people.own_card(clinic.vault, card.code).state == "handed_out"


def test_without_the_vault_it_waits_in_the_mailbox_and_nothing_is_allowed_until_it_is_opened(portal, clinic):
    letter = from_paper.write(portal, clinic.card, form(clinic.card, video="ask"), NOW)
    assert from_paper.enter(portal, letter, None, NOW) is None
    [outcome] = importing.look_at_mailbox(clinic.vault, NOW)
    assert outcome.preview.token.body.paper
    assert [hold.reason for hold in outcome.preview.after.holds] == ["paper"]


def test_without_vault_and_mailbox_it_says_whom_to_ask(portal, clinic):
    portal.settings = portal.settings.model_copy(update={"mailbox": False})
    letter = from_paper.write(portal, clinic.card, form(clinic.card, video="ask"), NOW)
    with pytest.raises(BadInput, match="Ask the therapist"):
        from_paper.enter(portal, letter, None, NOW)


def test_a_browser_that_is_handed_over_has_the_draft_and_nothing_of_the_vault(portal, clinic):
    portal.vaults.put(BROWSER, clinic.vault)
    portal.personal.put(BROWSER, b"somebody else's code")
    answered = replace(form(clinic.card, video="composite"), right=tuple(QUESTIONS), mark="A.", keys=ClientKeys.new())
    from_paper.hand_over(portal, BROWSER, answered)
    assert portal.vaults.get(BROWSER) is None
    assert portal.personal.get(BROWSER) is None
    assert portal.cards.get(BROWSER) == clinic.card.code
    draft = portal.drafts.get(BROWSER)
    assert draft == replace(form(clinic.card, video="composite"), on_paper=True)
    assert draft.missing() == ("questions",)
    with pytest.raises(BadInput):
        visit.prepare(portal.outbox, draft, clinic.card, clinic.therapist, NOW)

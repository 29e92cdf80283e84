"""Posts: judged at the moment they are noted, told to everyone in them, and taken down when that ends."""

from __future__ import annotations

import json
from datetime import date

import pytest

from core import drafting, knowing, may_post, people, posting
from core.drafting import Writing
from core.errors import AlreadyKept, BadInput, CardUnknown, InboxFirst, MayNotPost, NoSuchDraft
from core.model.circumstances import Circumstances
from core.model.posted import Place
from core.store import practice
from tests.core.clinic import NOW, later
from tests.core.story import Client, about, ask, check, draft, publish

OWN = Place(channel="post", control="own", address="https://example.org/1")
OTHERS = Place(channel="post", control="others", address="https://example.com/guest")
BOOK = Place(channel="post", control="lasting", address="a newsletter on paper")


@pytest.fixture
def granted(clinic, client):
    """A draft with a yes that has cooled off on day 8."""
    piece = draft(clinic, about((client.card.code, "2026-05-01")))
    ask(clinic, piece, client)
    client.answers("yes", later(days=1))
    return piece


@pytest.fixture
def standing(clinic, free):
    """A draft that a standing document permits."""
    return draft(clinic, about((free.card.code, "2026-05-01")), "Another story, changed.")


def kept_kinds(clinic):
    return [kind for (kind,) in clinic.rows("SELECT kind FROM audit ORDER BY sequence")]


# --- drafts ---------------------------------------------------------------------------------------


def test_a_draft_keeps_its_salt_while_its_words_stay(clinic, client):
    post = about((client.card.code, "2026-05-01"))
    piece = draft(clinic, post)
    again = drafting.save(
        clinic.vault, Writing(post, "@willowstreet", piece.draft.text, title="later"), later(days=1), piece.id
    )
    assert again.draft.content_hash == piece.draft.content_hash
    changed = drafting.save(clinic.vault, Writing(post, "@willowstreet", "Other words."), later(days=2), piece.id)
    assert changed.draft.salt != piece.draft.salt
    assert changed.draft.content_hash != piece.draft.content_hash
    assert [one.id for one in drafting.drafts(clinic.vault)] == [piece.id]


def test_a_yes_for_one_account_is_none_for_another(clinic, client, granted):
    accounts = ("@willowstreet", "@willowstreet.ads")
    practice.change_accounts(clinic.database, clinic.vault.therapist_id, accounts, NOW)
    draft_before = granted.draft
    moved = drafting.save(
        clinic.vault, Writing(draft_before.post, accounts[1], draft_before.text), later(days=8), granted.id
    )
    assert knowing.judge(clinic.vault, moved.draft.post, later(days=9)).answer == "ask"
    with pytest.raises(MayNotPost):
        publish(clinic, moved, later(days=9))
    assert client.letters(later(days=9)).posts == ()


def test_a_yes_to_a_story_of_ones_own_is_none_to_one_with_somebody_else_in_it(clinic, client, free, granted):
    assert not client.letters(later(days=2)).questions[0].request.others_included
    both = about(((client.card.code, free.card.code), "2026-05-01"))
    joined = drafting.save(clinic.vault, Writing(both, "@willowstreet", granted.draft.text), later(days=8), granted.id)
    assert knowing.judge(clinic.vault, joined.draft.post, later(days=9)).ask == (client.card.code,)
    with pytest.raises(MayNotPost):
        publish(clinic, joined, later(days=9))


def test_the_same_words_twice_are_two_drafts_that_nobody_can_tell_alike(clinic, client):
    one, other = (draft(clinic, about((client.card.code, "2026-05-01"))) for _ in range(2))
    assert one.draft.content_hash != other.draft.content_hash


def test_how_a_line_ends_or_a_letter_is_composed_makes_no_other_draft(clinic, client):
    post = about((client.card.code, "2026-05-01"))
    piece = draft(clinic, post, "Café\r\nand on")
    assert piece.draft.text == "Café\nand on"
    again = drafting.save(clinic.vault, Writing(post, "@willowstreet", "Café\nand on"), NOW, piece.id)
    assert again.draft.content_hash == piece.draft.content_hash


def test_a_film_is_kept_as_its_hash(clinic, free):
    piece = draft(clinic, about((free.card.code, "2026-05-01")), "", file=b"a film")
    assert piece.draft.text == ""
    assert publish(clinic, piece, NOW).posted.verdict == "allowed"


def test_a_draft_can_be_dropped_and_a_post_cannot(clinic, standing, free):
    dropped = draft(clinic, about((free.card.code, "2026-05-01")), "Never mind.")
    drafting.forget(clinic.vault, dropped.id)
    with pytest.raises(NoSuchDraft):
        drafting.forget(clinic.vault, dropped.id)
    publish(clinic, standing, NOW)
    with pytest.raises(AlreadyKept):
        drafting.forget(clinic.vault, standing.id)
    with pytest.raises(AlreadyKept):
        drafting.save(clinic.vault, Writing(standing.draft.post, "@willowstreet", "New."), NOW, standing.id)


def test_every_draft_is_judged_again_when_asked(clinic, standing, granted, free):
    answers = {piece.id: verdict.answer for piece, verdict in drafting.judged(clinic.vault, later(days=8))}
    assert answers == {standing.id: "allowed", granted.id: "allowed"}
    clinic.stop(later(days=8), free.keys, free.card)
    assert {verdict for _, verdict in drafting.judged(clinic.vault, later(days=8))} == {None}


# --- noting a post ----------------------------------------------------------------------------------


def test_a_post_names_what_it_rests_on(clinic, client, granted):
    done = publish(clinic, granted, later(days=8))
    [rest] = done.posted.rests_on
    [record_of_choices, record_of_yes] = sorted(
        clinic.vault.records(client.card.code), key=lambda record: record.token.body.kind, reverse=True
    )
    assert rest.documents == (record_of_choices.token.digest,)
    assert rest.answers == (record_of_yes.token.digest,)
    assert rest.grant_ends_at.date() == done.posted.take_down_on == date(2027, 4, 20)
    assert posting.published(clinic.vault) == [done]
    assert drafting.drafts(clinic.vault) == []


def test_the_client_reads_what_was_posted_on_their_yes(clinic, client, granted):
    done = publish(clinic, granted, later(days=8), OWN)
    [post] = client.letters(later(days=8)).posts
    [question] = client.letters(later(days=8)).questions
    assert post.posted.request_id == question.request_id.hex()
    assert post.posted.content_hash == done.draft.content_hash
    assert [place.address for place in post.posted.places] == [OWN.address]
    assert post.posted.take_down_on == date(2027, 4, 20)
    assert post.taken_down is None


def test_everyone_in_a_composite_is_told_and_told_nothing_of_the_others(clinic):
    three = [Client(clinic, card) for card in clinic.cards[:3]]
    for one in three:
        one.chooses(treatment="composite")
    piece = draft(clinic, about(*((one.card.code, "2026-05-01") for one in three), form="composite"))
    publish(clinic, piece, NOW)
    for one in three:
        [post] = one.letters().posts
        assert (post.posted.form, post.posted.request_id) == ("composite", None)
        said = post.posted.to_bytes()
        assert not any(other.card.code.encode() in said for other in three if other is not one)


@pytest.mark.parametrize(("at", "answer"), [(NOW, "ask"), (later(days=7), "ask"), (later(days=190), "no")])
def test_nothing_is_noted_but_what_is_allowed_at_that_moment(clinic, granted, at, answer):
    with pytest.raises(MayNotPost) as refused:
        publish(clinic, granted, at)
    assert refused.value.details["verdict"].answer == answer
    assert posting.published(clinic.vault) == []


def test_nothing_is_noted_while_something_is_unopened(clinic, free, standing):
    clinic.stop(NOW, free.keys, free.card)
    with pytest.raises(InboxFirst):
        publish(clinic, standing, NOW)
    assert posting.published(clinic.vault) == []


def test_steps_come_first_places_fit_and_accounts_are_covered(clinic, free, standing):
    with pytest.raises(BadInput):
        publish(clinic, standing, NOW, checked=False, steps_done=("deidentify",))
    for places in ((Place(channel="video", control="own"),), (OWN.model_copy(update={"state": "done"}),), (OWN,) * 21):
        with pytest.raises(BadInput):
            publish(clinic, standing, NOW, *places)
    practice.change_accounts(clinic.database, clinic.vault.therapist_id, ("@other",), NOW)
    with pytest.raises(BadInput):
        publish(clinic, standing, NOW)


def test_the_check_counts_only_whole_and_only_for_these_words(clinic, free, standing):
    with pytest.raises(BadInput):
        publish(clinic, may_post.check(clinic.vault, standing, ["names"], NOW), NOW, checked=False)
    check(clinic, standing, NOW)
    drafting.save(
        clinic.vault,
        Writing(standing.draft.post, "@willowstreet", "Changed.", checklist=found(clinic, standing).draft.checklist),
        NOW,
        standing.id,
    )
    with pytest.raises(BadInput):
        publish(clinic, standing, NOW, checked=False)
    assert publish(clinic, found(clinic, standing), NOW).posted


def found(clinic, piece):
    return next(one for one in drafting.drafts(clinic.vault) if one.id == piece.id)


def test_a_note_left_for_the_therapist_is_read_before_anything_is_posted(clinic, free, standing):
    free.chooses(later(days=1), treatment="disguised", may_recognise_self=True, note="not the boat")
    with pytest.raises(BadInput):
        publish(clinic, standing, later(days=1), steps_done=())
    assert publish(clinic, standing, later(days=1), steps_done=("read_note",)).posted


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_the_day_to_take_it_down_lies_ahead(clinic, standing, day):
    with pytest.raises(BadInput):
        publish(clinic, standing, NOW, take_down_on=day)


def test_an_address_of_any_length_would_not_reach_the_client(clinic, standing):
    with pytest.raises(BadInput):
        publish(clinic, standing, NOW, OWN.model_copy(update={"address": "x" * 501}))
    done = publish(clinic, standing, NOW, OWN.model_copy(update={"address": " https://example.org/\n1 "}))
    assert done.posted.places[0].address == "https://example.org/ 1"


def test_the_last_day_to_take_it_down_is_told_before_it_is_noted(clinic, client, granted, standing):
    assert posting.latest_take_down(clinic.vault, granted.draft, later(days=8)) == date(2027, 4, 20)
    assert posting.latest_take_down(clinic.vault, granted.draft, later(days=7)) is None  # still cooling off
    assert posting.latest_take_down(clinic.vault, standing.draft, NOW) is None


def test_it_comes_down_no_later_than_the_yes_ends(clinic, granted):
    with pytest.raises(BadInput):
        publish(clinic, granted, later(days=8), take_down_on=date(2027, 4, 21))
    assert publish(clinic, granted, later(days=8), take_down_on=date(2027, 2, 1)).posted.take_down_on == date(
        2027, 2, 1
    )


def test_noting_it_twice_notes_it_once(clinic, client, granted):
    first = publish(clinic, granted, later(days=8))
    assert publish(clinic, granted, later(days=9)) == first
    assert len(client.letters(later(days=9)).posts) == 1
    assert kept_kinds(clinic).count("post") == 1


def test_an_invented_post_is_attested_and_the_signature_holds_for_it_alone(clinic):
    piece = draft(clinic, about(form="invented"), "Nobody is behind this.")
    done = publish(clinic, piece, NOW, steps_done=("attest_invented",))
    other = publish(clinic, draft(clinic, about(form="invented"), "Nor this."), NOW, steps_done=("attest_invented",))
    signer = clinic.therapist.signing_public
    assert done.posted.verdict == "out_of_scope"
    assert posting.is_attested(done, signer)
    assert not posting.is_attested(done, clinic.therapist.sealing_public)
    swapped = done.model_copy(update={"draft": other.draft})
    assert not posting.is_attested(swapped, signer)
    assert not posting.is_attested(piece, signer)


def test_an_invented_post_is_not_noted_without_the_attestation(clinic):
    piece = draft(clinic, about(form="invented"), "Nobody is behind this.")
    with pytest.raises(BadInput):
        publish(clinic, piece, NOW, steps_done=())


def test_a_post_and_what_came_before_it_are_entries_of_the_record(clinic, granted):
    done = publish(clinic, granted, later(days=8))
    assert kept_kinds(clinic)[-2:] == ["verdict", "post"]
    posting.mark(clinic.vault, done.id, 0, "done", later(days=9))
    assert kept_kinds(clinic)[-1] == "take_down"
    assert {"request", "answer"} <= set(kept_kinds(clinic))


# --- people -----------------------------------------------------------------------------------------


def test_both_cards_of_one_person_and_every_guardian_must_permit(clinic, free):
    guardian = Client(clinic, clinic.cards[2])
    post = about((free.card.code, "2026-05-01"))
    assert knowing.judge(clinic.vault, post, NOW).answer == "allowed"
    knowing.note_circumstances(clinic.vault, free.card.code, Circumstances(guardians=(guardian.card.code,)))
    [reason] = knowing.judge(clinic.vault, post, NOW).reasons
    assert (reason.rule, reason.person) == ("no_preferences", guardian.card.code)
    people.link(clinic.vault, guardian.card.code, clinic.cards[3].code, NOW)
    assert {one.person for one in knowing.judge(clinic.vault, post, NOW).reasons} == {
        guardian.card.code,
        clinic.cards[3].code,
    }


def test_a_minors_majority_is_noted_on_the_guardians_card_too(clinic, free):
    guardian = clinic.cards[2]
    minor = Circumstances(guardians=(guardian.code.lower(),), majority_on=date(2030, 1, 1))
    knowing.note_circumstances(clinic.vault, free.card.code, minor)
    assert clinic.vault.holder(free.card.code).about.guardians == (guardian.code,)
    assert clinic.vault.holder(guardian.code).about.majority_on == date(2030, 1, 1)
    with pytest.raises(BadInput):
        knowing.note_circumstances(clinic.vault, free.card.code, Circumstances(guardians=(free.card.code,)))
    with pytest.raises(CardUnknown):
        knowing.note_circumstances(clinic.vault, free.card.code, Circumstances(guardians=("00000000",)))


def test_a_minor_can_permit_only_never_and_ask(clinic, free, client):
    with clinic.database.write() as connection:
        for code in (free.card.code, client.card.code):
            clinic.vault.change_holder(connection, code, about=Circumstances(majority_on=date(2030, 1, 1)))
    assert knowing.person_of(clinic.vault, free.card.code, NOW).preferences.channels["post"] == "undecided"
    assert knowing.person_of(clinic.vault, client.card.code, NOW).preferences.channels["post"] == "ask"


def test_a_part_2_client_leaves_substances_out_whatever_they_ticked(clinic, client):
    client.chooses(later(days=1), topics=("work", "substances"))
    with clinic.database.write() as connection:
        clinic.vault.change_holder(connection, client.card.code, about=Circumstances(part_2=True))
    assert knowing.person_of(clinic.vault, client.card.code, later(days=1)).preferences.topics == ("work",)


def test_when_therapy_ended_is_known_to_the_rules(clinic, free):
    with clinic.database.write() as connection:
        ended = Circumstances(therapy_ended=date(2026, 6, 1))
        clinic.vault.change_holder(connection, free.card.code, about=ended)
    assert knowing.person_of(clinic.vault, free.card.code, NOW).therapy_ended == date(2026, 6, 1)


def test_at_a_tie_both_documents_are_judged(clinic, free):
    tied = Client(clinic, clinic.cards[4])
    fields = {"materials": ("story",), "topics": ("work",), "therapy": "during", "gap_months": 0}
    for treatment in ("ask", "disguised"):
        letter = clinic.write(tied.keys, NOW, tied.card, None, post=treatment, may_recognise_self=True, **fields)
        clinic.take_in(letter.token.text, NOW, compared=True)
    assert len(knowing.known(clinic.vault, tied.card.code, NOW).persons) == 2
    assert knowing.person_of(clinic.vault, tied.card.code, NOW).hold
    post = about((tied.card.code, "2026-05-01"))
    verdict = knowing.judge(clinic.vault, post, NOW)
    assert (verdict.answer, verdict.ask) == ("ask", (tied.card.code,))


def test_a_holder_from_before_there_were_circumstances_still_opens(clinic, client):
    [(row_id,)] = clinic.rows("SELECT id FROM holder")
    vault = clinic.vault
    place = vault._place("holder", row_id, 1)
    [(sealed,)] = clinic.rows("SELECT sealed FROM holder")
    old = json.loads(vault.data_key.open(sealed, place))
    del old["about"]
    clinic.change_rows("UPDATE holder SET sealed = ?", vault.data_key.seal(json.dumps(old).encode(), place))
    assert vault.holder(client.card.code).about == Circumstances()

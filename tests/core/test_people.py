"""The therapist's list: what each card allows, what asks for attention, whose cards belong together."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import entries, knowing, people
from core.card import shown
from core.errors import BadInput, CardUnknown, OtherCard
from core.keys import ClientKeys, TherapistKeys
from core.model.circumstances import Circumstances
from core.model.dates import to_unix
from core.store import audit, cards, practice
from core.token import issue
from tests.core.clinic import NOW, found, later
from tests.core.story import about


@pytest.fixture
def keys():
    return ClientKeys.new()


def attention(clinic, at=NOW):
    return people.find_person(clinic.vault, clinic.card.code, at).attention


def listed(clinic, at=NOW, search=""):
    return [one.card.number for one in people.list_people(clinic.vault, at, search)]


# --- who is in the list -------------------------------------------------------------------------


def test_a_card_is_listed_once_it_was_handed_out(clinic):
    assert listed(clinic) == [card.number for card in sorted(clinic.cards, key=lambda card: shown(card.code))]


def test_a_card_that_was_taken_back_stays_listed_where_something_was_imported(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"))
    cards.take_back(clinic.database, clinic.card.number, NOW)
    cards.take_back(clinic.database, clinic.cards[1].number, NOW)
    assert clinic.card.number in listed(clinic)
    assert clinic.cards[1].number not in listed(clinic)


def test_those_that_need_attention_come_first(clinic, keys):
    last = max(clinic.cards, key=lambda card: shown(card.code))
    clinic.take_in(clinic.save(keys, card=last, post="ask"))
    assert listed(clinic)[0] == last.number


def test_one_therapists_list_has_no_card_of_anothers(clinic):
    keys = TherapistKeys.new()
    with clinic.database.write() as connection:
        other = practice.register_therapist(connection, "Sam", keys.sealing.public, keys.signing.public, NOW)
        [theirs] = cards.register(connection, cards.Order(other, "en", "https://sayso.example.org", "card", 1), NOW)
    cards.hand_out(clinic.database, theirs.number, NOW)
    assert theirs.number not in listed(clinic)
    with pytest.raises(OtherCard):
        people.find_person(clinic.vault, theirs.code, NOW)
    with pytest.raises(CardUnknown):
        people.find_person(clinic.vault, "nonsense", NOW)


# --- what asks for attention --------------------------------------------------------------------


def test_nothing_asks_for_attention_where_all_is_well(clinic, keys):
    assert attention(clinic) == ()
    clinic.take_in(clinic.save(keys, post="ask"), compared=True)
    assert attention(clinic) == ()


def test_a_first_key_asks_to_be_compared(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"))
    assert attention(clinic) == ("compare",)


def test_a_stop_with_a_key_is_a_withdrawal_and_without_one_a_hold(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"), compared=True)
    clinic.take_in(clinic.stop(later(hours=1)), later(hours=1))
    assert attention(clinic) == ("hold",)
    clinic.take_in(clinic.stop(later(hours=2), keys), later(hours=2))
    assert attention(clinic) == ("withdrawn", "hold")


def test_two_documents_of_one_moment_are_a_fork(clinic, keys):
    for chosen in ("ask", "composite"):
        letter = clinic.write(keys, post=chosen)
        clinic.take_in(letter.token.text, compared=True)
    assert attention(clinic) == ("fork",)


def test_a_choice_that_never_arrived_is_said(clinic, keys):
    clinic.save(keys, post="ask")
    clinic.take_in(clinic.save(keys, later(hours=1), post="composite"), later(hours=1), compared=True)
    assert attention(clinic) == ("choice_missing",)


def test_an_end_is_shown_ahead_and_when_it_has_come(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"), compared=True)
    end = clinic.stands().documents[0].expires_at
    ahead = people.ENDS_SOON
    assert [attention(clinic, end - 2 * ahead), attention(clinic, end - ahead), attention(clinic, end)] == [
        (),
        ("ends_soon",),
        ("ended",),
    ]


def test_a_no_does_not_end(clinic, keys):
    clinic.take_in(clinic.save(keys), compared=True)
    assert attention(clinic, later(days=3650)) == ()


def under_old_words(clinic, keys, **chosen):
    """A token that rests on words which were shown once and are not any more."""
    body = replace(clinic.write(keys, **chosen).token.body, notice=b"\1" * 8)
    return issue(body, clinic.therapist.sealing_public, keys)


def test_a_yes_to_words_that_changed_since_is_said_and_a_no_stays(clinic, keys):
    clinic.take_in(under_old_words(clinic, keys, post="ask").text, compared=True)
    assert attention(clinic) == ("new_words",)
    clinic.take_in(clinic.save(keys, later(days=1), post="ask"), later(days=1))
    assert attention(clinic, later(days=1)) == ()


def test_a_no_to_words_that_changed_since_stays_a_no(clinic, keys):
    clinic.take_in(under_old_words(clinic, keys).text, compared=True)
    assert attention(clinic) == ()


# --- the list of many and the one card ------------------------------------------------------------


@given(data=st.data())
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
def test_the_list_says_of_each_card_what_the_card_says_itself(practice_file, tmp_path_factory, data):
    source, therapist, recovery_code = practice_file
    copy = shutil.copy(source, tmp_path_factory.mktemp("many") / "clinic.sqlite3")
    clinic = found(copy, therapist, recovery_code)
    clinic.without_mailbox()
    at = lives(clinic, data.draw)
    told = people.list_people(clinic.vault, at)
    alone = [people.find_person(clinic.vault, one.card.code, at) for one in told]
    assert told == alone
    assert [one.attention for one in told] == [one.attention for one in alone]
    assert [one.standing.documents for one in told] == [one.standing.documents for one in alone]
    assert {one.card.number for one in told} == {card.number for card in clinic.cards}
    holders = clinic.vault.holders()
    for card in clinic.cards:
        post = about((card.code, "2026-05-01"))
        assert knowing.entered(clinic.vault, post) == knowing.entered(clinic.vault, post, holders)
    clinic.database.close()


def lives(clinic, draw):
    """Let anything happen to three people, in any order, and return when it is over."""
    clients, at = [ClientKeys.new() for _ in range(4)], NOW
    choices = st.sampled_from(["ask", "composite", "disguised", "never", "undecided"])
    for step in draw(
        st.lists(st.sampled_from(["save", "save", "stop", "link", "unlink", "rename", "dies"]), max_size=9)
    ):
        at += draw(st.sampled_from([timedelta(0), timedelta(days=1), timedelta(days=100)]))
        who, other = draw(st.permutations(range(3)))[:2]
        card = clinic.cards[who]
        if step == "save":
            keys = clients[draw(st.sampled_from([who, 3]))]
            clinic.take_in(
                clinic.write(keys, at, card, post=draw(choices)).token.text, at, compared=draw(st.booleans())
            )
        elif step == "stop":
            clinic.take_in(clinic.stop(at, draw(st.sampled_from([None, clients[who]])), card), at)
        elif step == "link":
            people.link(clinic.vault, card.code, clinic.cards[other].code, at)
        elif step == "unlink":
            people.unlink(clinic.vault, card.code, at)
        elif step == "rename":
            people.rename(clinic.vault, card.code, draw(st.sampled_from(["", "Z", "a"])))
        else:
            knowing.note_circumstances(clinic.vault, card.code, Circumstances(died=draw(st.booleans())))
    return at + draw(st.sampled_from([timedelta(0), timedelta(days=170)]))


# --- names and search ---------------------------------------------------------------------------


def test_a_card_is_called_by_its_alias_or_by_its_code(clinic):
    assert people.find_person(clinic.vault, clinic.card.code, NOW).name == shown(clinic.card.code)
    people.rename(clinic.vault, clinic.card.code, "  Tall   one ")
    assert people.find_person(clinic.vault, clinic.card.code, NOW).name == "Tall one"
    people.rename(clinic.vault, clinic.card.code, "")
    assert people.find_person(clinic.vault, clinic.card.code, NOW).name == shown(clinic.card.code)


def test_an_alias_has_an_end(clinic):
    people.rename(clinic.vault, clinic.card.code, "x" * 40)
    with pytest.raises(BadInput):
        people.rename(clinic.vault, clinic.card.code, "x" * 41)


def test_a_card_is_found_by_alias_code_or_number(clinic):
    card = clinic.cards[3]
    people.rename(clinic.vault, card.code, "Émile")
    for search in ("émile", "MIL", card.code, shown(card.code).lower(), card.code[:4], f"#{card.number:03}"):
        assert card.number in listed(clinic, search=search), search
    assert listed(clinic, search=card.code) == [card.number]
    assert listed(clinic, search="nobody at all") == []
    assert len(listed(clinic, search="  ")) == 10


# --- history ------------------------------------------------------------------------------------


def test_the_history_is_in_the_order_the_client_meant(clinic, keys):
    saved = [clinic.save(keys, later(hours=n), post="ask") for n in range(3)]
    for one in (saved[1], saved[2], saved[0]):
        clinic.take_in(one, later(days=1))
    found = people.history(clinic.vault, clinic.card.code)
    assert [record.token.digest for record in found] == [one.token.digest for one in reversed(saved)]
    assert people.newest(clinic.stands().in_force).digest == saved[2].token.digest
    assert people.newest(()) is None


def test_a_person_shows_when_something_last_came_in(clinic, keys):
    assert people.find_person(clinic.vault, clinic.card.code, NOW).last_import is None
    clinic.take_in(clinic.save(keys), later(days=2))
    assert people.find_person(clinic.vault, clinic.card.code, NOW).last_import == later(days=2)


def test_unopened_parcels_are_counted(clinic, keys):
    assert people.unopened(clinic.vault) == 0
    clinic.save(keys)
    assert people.unopened(clinic.vault) == 1


# --- cards of one person ------------------------------------------------------------------------


def together(clinic, number):
    return {holder.card for holder in people.linked_to(clinic.vault, clinic.cards[number].code)}


def codes(clinic, *numbers):
    return {clinic.cards[number].code for number in numbers}


def test_linked_cards_belong_together_from_both_sides(clinic):
    people.link(clinic.vault, clinic.cards[0].code, shown(clinic.cards[1].code).lower(), NOW)
    assert together(clinic, 0) == codes(clinic, 1)
    assert together(clinic, 1) == codes(clinic, 0)
    assert together(clinic, 2) == set()


def test_linking_two_people_makes_them_one(clinic):
    for one, other in ((0, 1), (2, 3), (1, 2)):
        people.link(clinic.vault, clinic.cards[one].code, clinic.cards[other].code, NOW)
    assert together(clinic, 0) == codes(clinic, 1, 2, 3)


def test_linking_again_changes_nothing(clinic):
    for _ in range(2):
        people.link(clinic.vault, clinic.cards[0].code, clinic.cards[1].code, NOW)
    assert together(clinic, 0) == codes(clinic, 1)


def test_an_unlinked_card_stands_alone_and_the_rest_stay_together(clinic):
    people.link(clinic.vault, clinic.cards[0].code, clinic.cards[1].code, NOW)
    people.link(clinic.vault, clinic.cards[0].code, clinic.cards[2].code, NOW)
    people.unlink(clinic.vault, clinic.cards[0].code, NOW)
    assert together(clinic, 0) == set()
    assert together(clinic, 1) == codes(clinic, 2)


def test_only_two_cards_of_this_therapist_can_be_linked(clinic):
    with pytest.raises(BadInput):
        people.link(clinic.vault, clinic.card.code, clinic.card.code, NOW)
    with pytest.raises(CardUnknown):
        people.link(clinic.vault, clinic.card.code, "nonsense", NOW)
    assert clinic.vault.holders() == {}


def test_the_record_tells_which_cards_are_one_person_s_and_names_none(clinic):
    people.link(clinic.vault, clinic.cards[0].code, clinic.cards[1].code, NOW)
    people.link(clinic.vault, clinic.cards[2].code, clinic.cards[1].code, later(days=1))
    people.unlink(clinic.vault, clinic.cards[1].code, later(days=2))
    with clinic.database.read() as connection:
        told = [(entry, said) for entry, said in audit.opened(connection, clinic.vault) if entry.kind == "link"]
    assert audit.check(clinic.database).ok
    one, two, three = (entries.subject_of(clinic.vault.data_key, card.code) for card in clinic.cards[:3])
    assert [{fact.name: fact.value for fact in said} for _, said in told] == [
        {"subject": one, "others": [two]},
        {"subject": three, "others": sorted([one, two])},
        {"subject": two, "others": []},
    ]
    assert [entry.at for entry, _ in told] == [to_unix(later(days=days)) for days in range(3)]
    assert not any(card.code in repr(told) for card in clinic.cards[:3])


def test_a_link_that_is_refused_is_in_no_record(clinic):
    before = len(clinic.rows("SELECT * FROM audit"))
    with pytest.raises(BadInput):
        people.link(clinic.vault, clinic.card.code, clinic.card.code, NOW)
    assert len(clinic.rows("SELECT * FROM audit")) == before


def test_a_link_that_an_older_version_kept_counts_for_the_list_and_the_verdict(clinic):
    # It kept no list of the others with each.
    with clinic.database.write() as connection:
        for card in clinic.cards[:3]:
            clinic.vault.change_holder(connection, card.code, person="p")
    assert together(clinic, 0) == codes(clinic, 1, 2)
    post = about((clinic.cards[1].code, "2026-05-01"))
    assert set(knowing.entered(clinic.vault, post).people) == codes(clinic, 0, 1, 2)
    people.unlink(clinic.vault, clinic.cards[2].code, NOW)
    assert together(clinic, 0) == codes(clinic, 1)


def test_a_link_keeps_alias_and_confirmed_key(clinic, keys):
    clinic.take_in(clinic.save(keys, post="ask"), compared=True)
    people.rename(clinic.vault, clinic.card.code, "R")
    people.link(clinic.vault, clinic.card.code, clinic.cards[1].code, NOW)
    known = clinic.vault.holder(clinic.card.code)
    assert (known.alias, known.confirmed_key) == ("R", keys.signing_public)

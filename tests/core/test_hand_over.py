"""A therapist leaves: exactly the noes go on, sealed, and from then on a card of theirs only says no."""

from __future__ import annotations

import pytest

from core import hand_over, importing, people, saving
from core.errors import BadInput, HasLeft, InboxFirst, OnlySaysNo, StubBlocked
from core.keys import ClientKeys
from core.model.taxonomy import TAXONOMY
from core.store import attendance, audit, cards, practice
from core.store.vaults import open_vault, recover_vault
from tests.core.clinic import NOW, PASSPHRASE, document, later
from tests.core.story import Client, about, ask, draft

WORDS = "four other words here"
GONE = later(days=10)


@pytest.fixture
def successor(clinic):
    """A colleague's open vault."""
    made = practice.new_therapist("Kim Sample", ("@kim",), WORDS, NOW)
    with clinic.database.write() as connection:
        practice.add_therapist(connection, made, NOW)
    return recover_vault(clinic.database, made.id, made.recovery_code)


def chooses(clinic, card, at=NOW, keys=None, **chosen):
    keys = keys or ClientKeys.new()
    clinic.take_in(clinic.save(keys, at=at, card=card, **chosen), at, compared=True)
    empty_inbox(clinic.vault, at)
    return keys


def empty_inbox(vault, at):
    outcomes = importing.look_at_mailbox(vault, at)
    return importing.keep_many(vault, [one.preview for one in outcomes if one.preview], at, not_handed_out_is_fine=True)


def arrives(successor, at=GONE):
    """What the colleague's vault holds once they opened their inbox, by card."""
    assert all(one.refusal is None for one in empty_inbox(successor, at))
    return {record.token.body.card: record.token.body for record in successor.records()}


def test_exactly_the_noes_go_on(clinic, successor):
    yes, mixed, stopped, silent, held = clinic.cards[:5]
    chooses(clinic, yes, **dict.fromkeys(TAXONOMY.channel_ids[:5], "composite"), promotion="ask", note="canary note")
    chooses(clinic, mixed, video="disguised", post="composite", note="canary note")
    keys = chooses(clinic, stopped, video="ask")
    clinic.stop(at=later(days=1), card=stopped, keys=keys)
    chooses(clinic, held, video="ask", **dict.fromkeys(TAXONOMY.channel_ids[1:], "ask"))
    clinic.take_in(saving.Saved(clinic_paper(clinic, held), sent=False), later(days=1))
    empty_inbox(clinic.vault, later(days=2))
    people.rename(clinic.vault, mixed.code, "canary alias")

    handed = hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    assert (handed.cards, handed.noes) == (12, 3)
    bodies = arrives(successor)
    assert set(bodies) == {mixed.code, stopped.code, held.code}
    assert silent.code not in bodies
    assert not any(body.signed or body.understood or any(body.client_key) for body in bodies.values())
    assert bodies[stopped.code].kind == "withdrawal"
    went = bodies[mixed.code].content.preferences
    assert went.channels == dict.fromkeys(TAXONOMY.channel_ids, "never") | {"video": "undecided", "post": "undecided"}
    assert (went.note, went.materials, went.topics, went.expires_at) == ("", (), (), None)
    assert set(bodies[held.code].content.preferences.channels.values()) == {"undecided"}
    assert all(holder.alias == "" for holder in successor.holders().values())


def clinic_paper(clinic, card):
    return saving.write_paper(
        card, clinic.therapist, document(later(days=1), **dict.fromkeys(TAXONOMY.channel_ids, "undecided"))
    ).token


def test_nothing_that_goes_on_permits_anything(clinic, successor):
    for card in clinic.cards[:3]:
        chooses(clinic, card, video="composite", post="ask")
    hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    arrives(successor)
    found = people.list_people(successor, GONE)
    assert len(found) == 10
    assert not any(person.standing.permits_something(GONE) for person in found)
    assert not any(person.standing.pending_keys for person in found)


def test_never_ask_me_again_goes_on_as_a_no_to_everything(clinic, successor):
    client = Client(clinic, clinic.card)
    client.chooses(NOW)
    piece = draft(clinic, about((client.card.code, "2026-05-01")))
    ask(clinic, piece, client, NOW)
    client.answers("no_never_ask", later(days=1), import_at=later(days=1))
    hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    body = arrives(successor)[client.card.code]
    assert set(body.content.preferences.channels.values()) == {"never"}


def test_a_stop_after_it_reaches_who_took_over(clinic, successor):
    chooses(clinic, clinic.card, video="composite")
    hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    arrives(successor)
    card = cards.find(clinic.database, clinic.card.code)
    taking_over = practice.find_therapist(clinic.database, card.therapist_id)
    assert taking_over.id == successor.therapist_id
    assert saving.stop_everything(clinic.outbox, card, taking_over, later(days=20)).sent
    assert people.unopened(successor) == 1
    empty_inbox(successor, later(days=20))
    found = people.find_person(successor, card.code, later(days=20))
    assert "unsigned_stop" in {hold.reason for hold in found.standing.holds}


def test_its_cards_say_no_and_no_more(clinic, successor):
    hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    card = cards.usable(clinic.database, clinic.card.code, GONE)
    taking_over = practice.find_therapist(clinic.database, card.therapist_id)
    keys = ClientKeys.new()
    for chosen in ({"video": "ask"}, {"post": "composite"}):
        with pytest.raises(OnlySaysNo):
            saving.write_choices(card, taking_over, document(GONE, **chosen), keys=keys)
    no = saving.save_choices(clinic.outbox, card, taking_over, saving.nevers(GONE), keys=keys)
    assert no.sent
    printed = clinic.printed[0]
    with pytest.raises(StubBlocked):
        cards.hand_out(clinic.database, printed.number, GONE)
    # Nor does it run out: whoever finds it can say no.
    assert cards.usable(clinic.database, printed.code, later(days=5000)).only_no


def test_unread_mail_comes_first(clinic, successor):
    clinic.stop()
    with pytest.raises(InboxFirst):
        hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    assert attendance.is_at_work(clinic.database, clinic.therapist.id)
    assert not cards.find(clinic.database, clinic.card.code).only_no
    assert clinic.rows("SELECT count(*) FROM parcel") == [(1,)]


def test_who_left_opens_nothing_and_leaves_once(clinic, successor):
    chooses(clinic, clinic.card, video="ask")
    hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    with pytest.raises(HasLeft):
        open_vault(clinic.database, clinic.therapist.id, PASSPHRASE)
    with pytest.raises(HasLeft):
        hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    assert people.unopened(successor) == 1


def test_only_a_colleague_at_work_takes_over(clinic, successor):
    for nobody in (clinic.therapist.id, "0" * 16, ""):
        with pytest.raises(BadInput):
            hand_over.leave(clinic.vault, nobody, GONE)
    hand_over.leave(successor, clinic.therapist.id, GONE)
    with pytest.raises(BadInput):
        hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    assert attendance.is_at_work(clinic.database, clinic.therapist.id)


def test_it_is_all_or_nothing(clinic, successor):
    chooses(clinic, clinic.card, video="ask")
    with clinic.refusing("INSERT ON audit"), pytest.raises(Exception, match="records"):
        hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    assert attendance.is_at_work(clinic.database, clinic.therapist.id)
    assert people.unopened(successor) == 0
    assert hand_over.leave(clinic.vault, successor.therapist_id, GONE).noes == 1


def test_a_colleague_closes_the_vault_of_who_cannot_and_learns_nothing(clinic, successor):
    chooses(clinic, clinic.card, video="composite")
    with pytest.raises(BadInput):
        hand_over.close_for(successor, successor.therapist_id, GONE)
    assert hand_over.close_for(successor, clinic.therapist.id, GONE) == hand_over.Handed(12, 0)
    assert people.unopened(successor) == 0
    assert arrives(successor) == {}
    with pytest.raises(HasLeft):
        open_vault(clinic.database, clinic.therapist.id, PASSPHRASE)


def test_who_is_let_back_opens_their_vault_and_finds_what_waited(clinic, successor):
    chooses(clinic, clinic.card, video="ask")
    clinic.stop(at=later(days=1))
    hand_over.close_for(successor, clinic.therapist.id, GONE)
    [waits] = [one for one in attendance.unread(clinic.database) if one.left]
    assert (waits.name, waits.count) == ("Robin Example", 1)
    hand_over.let_back(successor, clinic.therapist.id, GONE)
    hand_over.let_back(successor, clinic.therapist.id, GONE)
    again = open_vault(clinic.database, clinic.therapist.id, PASSPHRASE)
    assert people.unopened(again) == 1
    assert cards.of_therapist(clinic.database, clinic.therapist.id) == []


def test_it_stands_in_the_record(clinic, successor):
    chooses(clinic, clinic.card, video="ask")
    hand_over.leave(clinic.vault, successor.therapist_id, GONE)
    with clinic.database.read() as connection:
        told = [
            {fact.name: fact.value for fact in facts}
            for entry, facts in audit.opened(connection, clinic.vault)
            if entry.kind == "hand_over"
        ]
    assert told == [
        {
            "therapist": clinic.therapist.id,
            "successor": successor.therapist_id,
            "state": "left",
            "cards": 12,
            "noes": 1,
        }
    ]
    assert audit.check(clinic.database).ok

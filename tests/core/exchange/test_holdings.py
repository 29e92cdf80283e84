"""What is read from the vault for an export: each card as it stands, by the same knowledge that a verdict rests on."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import event

from core import exporting, knowing
from core.errors import VaultDamaged
from core.exchange import fhir_consent
from core.keys import ClientKeys
from core.model.circumstances import Circumstances
from core.model.post import Post, Story
from core.store import restorations
from core.store.vaults import Vault
from tests.core.clinic import NOW, later
from tests.core.exchange import fhir_reading as reading
from tests.core.exchange.subjects import EXPORTER
from tests.core.story import Client, about, ask, draft


@pytest.fixture
def client(clinic):
    return Client(clinic, clinic.card)


def told(client, at=NOW):
    """The one card of a test, as it is told at a moment."""
    [subject] = [one for one in exporting.collect(client.clinic.vault, at) if one.card == client.card.code]
    return subject


def consents(client, at=NOW):
    return fhir_consent.consents(told(client, at), EXPORTER, at)


def statuses(client, at=NOW):
    return [consent["status"] for consent in consents(client, at)]


def permits(client, at=NOW):
    return any(reading.permitted(consent) for consent in consents(client, at))


def test_each_card_that_was_handed_out_is_told_and_no_other(clinic, client):
    client.chooses()
    clinic.save(ClientKeys.new(), NOW, clinic.printed[0], video="ask")
    codes = [subject.card for subject in exporting.collect(clinic.vault, NOW)]
    assert codes == [card.code for card in clinic.cards]


def test_a_first_choice_waits_for_the_comparison(clinic, client):
    clinic.save(client.keys, NOW, client.card, video="composite", materials=("story",))
    client.arrives(NOW)
    subject = told(client)
    assert (subject.obstacles, subject.never_confirmed, subject.stop) == ({"hold"}, True, None)
    assert (statuses(client), permits(client)) == (["proposed"], False)
    client.chooses(later(days=1), treatment="composite")
    assert (statuses(client, later(days=1)), permits(client, later(days=1))) == (["active"], True)


def test_a_stranger_s_key_is_a_hold(client):
    client.chooses(treatment="composite")
    Client(client.clinic, client.card).clinic.save(ClientKeys.new(), later(days=1), client.card, video="disguised")
    client.arrives(later(days=1))
    subject = told(client, later(days=1))
    assert (subject.obstacles, subject.never_confirmed) == ({"hold"}, False)
    assert (statuses(client, later(days=1)), permits(client, later(days=1))) == (["inactive"], False)


@pytest.mark.parametrize(("signed", "obstacles"), [(True, {"withdrawn"}), (False, {"hold"})])
def test_a_stop_is_told_until_new_choices(client, signed, obstacles):
    client.chooses(treatment="composite")
    client.stops(later(days=1), signed=signed)
    subject = told(client, later(days=2))
    assert (subject.obstacles, subject.stop.at, subject.stop.signed) == (obstacles, later(days=1), signed)
    assert (statuses(client, later(days=2)), permits(client, later(days=2))) == (["inactive", "active"], False)
    client.chooses(later(days=3), treatment="composite")
    assert told(client, later(days=3)).stop is None
    assert permits(client, later(days=3))


def test_a_stop_by_card_before_any_choices_is_all_that_is_told(client):
    client.stops(NOW, signed=False)
    subject = told(client)
    assert (subject.documents, subject.obstacles, subject.stop.at) == ((), {"hold"}, NOW)
    assert statuses(client) == ["active"]


def test_a_yes_runs_out(client):
    client.chooses(treatment="composite")
    ends = told(client).documents[0].chosen.expires_at
    assert permits(client, later(days=180))
    assert (told(client, ends).obstacles, permits(client, ends)) == ({"expired"}, False)


def test_who_died_permits_nothing_more(client):
    client.chooses(treatment="composite")
    knowing.note_circumstances(client.clinic.vault, client.card.code, Circumstances(died=True))
    assert (told(client).obstacles, permits(client)) == ({"lapsed"}, False)


def test_after_a_restore_everything_is_on_hold_until_it_is_proved(clinic, client):
    client.chooses(treatment="composite")
    with clinic.database.write() as connection:
        restorations.note(connection, later(days=1))
    assert (told(client, later(days=1)).obstacles, permits(client, later(days=1))) == ({"hold"}, False)
    assert statuses(client, later(days=1)) == ["inactive"]


def test_of_a_minor_s_choices_only_what_may_be_used_is_permitted(client):
    client.chooses(treatment="composite")
    guardian = client.clinic.cards[5].code
    minor = Circumstances(majority_on=date(2030, 1, 1), guardians=(guardian,))
    knowing.note_circumstances(client.clinic.vault, client.card.code, minor)
    assert not permits(client)
    [consent] = consents(client)
    assert consent["status"] == "active"  # what is left of it is a no


def test_a_part_2_programme_leaves_its_topic_out(client):
    client.chooses(treatment="composite", topics=("substances", "work"))
    knowing.note_circumstances(client.clinic.vault, client.card.code, Circumstances(part_2=True))
    [document] = told(client).documents
    assert (document.usable.topics, document.chosen.topics) == (("work",), ("substances", "work"))


def test_two_documents_of_one_second_permit_nothing_here(clinic, client):
    client.chooses(treatment="composite")
    [document] = told(client).documents
    again = clinic.write(client.keys, NOW, client.card, video="composite", materials=("lesson",))
    same_second = again.token.body.sequence == document.sequence
    clinic.take_in(again.token.text, NOW)
    subject = told(client)
    assert ("tie" in subject.obstacles) == (len(subject.documents) > 1) == same_second
    assert same_second
    assert not permits(client)


def test_a_question_is_told_from_asking_to_the_end_of_its_yes(client):
    client.chooses()
    ask(client.clinic, draft(client.clinic, about((client.card.code, "2026-05-01"))), client)
    assert statuses(client) == ["active", "proposed"]
    client.answers("yes", later(days=1))
    [question] = told(client, later(days=2)).questions
    assert (question.answer, question.ready_at, question.account) == ("yes", later(days=8), "@willowstreet")
    assert (statuses(client, later(days=2)), permits(client, later(days=2))) == (["active", "active"], True)
    client.undoes(later(days=9))
    assert (statuses(client, later(days=10)), permits(client, later(days=10))) == (["active", "inactive"], False)


@pytest.mark.parametrize("answer", ["no", "not_now", "no_never_ask"])
def test_any_other_answer_is_told_as_no_yes(client, answer):
    client.chooses()
    ask(client.clinic, draft(client.clinic, about((client.card.code, "2026-05-01"))), client)
    client.answers(answer, later(days=1))
    assert (statuses(client, later(days=2)), permits(client, later(days=2))) == (["active", "rejected"], False)


def verdict(vault: Vault, code: str, at):
    post = Post(
        channels=("post",),
        form="disguised",
        materials=("story",),
        topics=("work",),
        live=False,
        paid=False,
        uses=(),
        content_hash="ab" * 32,
        stories=(Story(people=(code,), session_date=date(2026, 1, 5)),),
    )
    return knowing.decide(post, {code: knowing.known(vault, code, at)}, vault, at).answer


@pytest.mark.parametrize("change", ["nothing", "stop", "stop by card", "stranger", "died", "time", "never"])
def test_where_the_verdict_changes_the_export_changes_with_it(client, change):
    client.chooses(treatment="disguised", may_recognise_self=True)
    at = later(days=2)
    if change.startswith("stop"):
        client.stops(later(days=1), signed=change == "stop")
    elif change == "stranger":
        client.clinic.save(ClientKeys.new(), later(days=1), client.card, video="disguised")
        client.arrives(later(days=1))
    elif change == "died":
        knowing.note_circumstances(client.clinic.vault, client.card.code, Circumstances(died=True))
    elif change == "time":
        at = later(days=200)
    elif change == "never":
        client.chooses(later(days=1), treatment="never")
    assert (
        permits(client, at)
        == (verdict(client.clinic.vault, client.card.code, at) == "allowed")
        == (change == "nothing")
    )


# --- read in one go ---------------------------------------------------------------------------------


def statements(clinic, do):
    """How many statements the database is given meanwhile."""
    given = []

    def note(_connection, _cursor, statement, *_) -> None:
        given.append(statement)

    event.listen(clinic.database.engine, "before_cursor_execute", note)
    do()
    event.remove(clinic.database.engine, "before_cursor_execute", note)
    return len(given)


def test_many_cards_take_no_more_statements_than_one(clinic, client):
    client.chooses()
    one = statements(clinic, lambda: exporting.collect(clinic.vault, NOW))
    for card in clinic.cards[1:]:
        Client(clinic, card).chooses()
    assert statements(clinic, lambda: exporting.collect(clinic.vault, NOW)) == one


def test_what_is_read_in_one_go_is_what_is_read_of_each_card(clinic, client):
    client.chooses(treatment="disguised")
    client.stops(later(days=1), signed=False)
    asked, silent = Client(clinic, clinic.cards[1]), clinic.cards[2]
    asked.chooses()
    ask(clinic, draft(clinic, about((asked.card.code, "2026-05-01"))), asked)
    asked.answers("not_now", later(days=2))
    knowing.note_circumstances(clinic.vault, client.card.code, Circumstances(died=True))
    at, codes = later(days=3), [asked.card.code, silent.code, client.card.code]
    together = knowing.known_of(clinic.vault, codes, at)
    assert together == [knowing.known(clinic.vault, code, at) for code in codes]
    assert [len(one.outcomes) for one in together] == [1, 0, 0]


@pytest.mark.parametrize("table", ["record", "holder", "request"])
def test_a_row_filed_under_another_card_is_told_of_nobody(clinic, client, table):
    client.chooses()
    ask(clinic, draft(clinic, about((client.card.code, "2026-05-01"))), client)
    other = clinic.vault.card_index(clinic.cards[1].code)
    clinic.change_rows(f"UPDATE {table} SET card_index = ?", other)  # noqa: S608 - listed names
    Client(clinic, clinic.cards[2]).chooses()
    with pytest.raises(VaultDamaged):
        knowing.known_of(clinic.vault, [card.code for card in clinic.cards], NOW)

"""After a restore everybody is on hold, until their choices are imported again or they were asked."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress

import pytest

from core import backup, importing, knowing, people
from core.errors import AlreadyImported
from core.keys import ClientKeys, SealingKey
from core.locked_file import PrivateKey, PublicKey
from core.portal import Portal
from core.settings import Settings
from core.store import audit, restorations
from core.store.database import Database
from core.store.outside import LAST_ENTRY_FILE, Last, Outside
from core.store.vaults import recover_vault
from tests.core.clinic import NOW, SECRET, later
from tests.core.story import Client, about

KEY = SealingKey(bytes(range(32)))


@pytest.fixture
def client(clinic):
    """Somebody whose choices allow a post."""
    one = Client(clinic, clinic.card)
    one.chooses(NOW, treatment="disguised", may_recognise_self=True)
    return one


def mark(clinic, at):
    with clinic.database.write() as connection:
        restorations.note(connection, at)


def verdict(vault, client, at):
    return knowing.judge(vault, about((client.card.code, "2026-05-01")), at).answer


def reasons(clinic, client):
    return {hold.reason for hold in clinic.stands(client.card).holds}


# --- the hold -----------------------------------------------------------------------------------


def test_a_restore_holds_everybody_wherever_it_is_asked(clinic, client):
    assert verdict(clinic.vault, client, later(days=1)) == "allowed"
    mark(clinic, later(days=2))
    assert verdict(clinic.vault, client, later(days=3)) == "no"
    assert knowing.person_of(clinic.vault, client.card.code, later(days=3)).hold
    assert reasons(clinic, client) == {"restored"}
    [listed] = [one for one in people.list_people(clinic.vault, later(days=3)) if one.card == client.card]
    assert listed.attention == ("hold",)
    assert people.find_person(clinic.vault, client.card.code, later(days=3)).standing.on_hold
    assert not listed.standing.permits_something(later(days=3))


def test_a_stop_stays_a_stop(clinic, client):
    clinic.take_in(clinic.stop(later(days=1), client.keys), later(days=1))
    mark(clinic, later(days=2))
    standing = importing.still_holds(clinic.vault, client.card.code, later(days=3))
    assert (standing.withdrawn, standing.on_hold) == (True, False)


def test_new_choices_after_it_count(clinic, client):
    mark(clinic, later(days=2))
    client.chooses(later(days=3), treatment="disguised", may_recognise_self=True)
    assert reasons(clinic, client) == set()
    assert verdict(clinic.vault, client, later(days=4)) == "allowed"


def test_the_same_choices_imported_again_count(clinic, client):
    token = clinic.vault.records(client.card.code)[0].token
    with pytest.raises(AlreadyImported):
        importing.preview(clinic.vault, token.text, later(days=1))
    mark(clinic, later(days=2))
    look = importing.preview(clinic.vault, token.text, later(days=3))
    assert (look.again, look.before.on_hold, look.after.on_hold, look.changes) == (True, True, False, ())
    importing.keep(clinic.vault, look, later(days=3))
    assert verdict(clinic.vault, client, later(days=4)) == "allowed"
    assert len(clinic.vault.records(client.card.code)) == 1
    with pytest.raises(AlreadyImported):
        importing.preview(clinic.vault, token.text, later(days=4))


def test_being_asked_counts(clinic, client):
    mark(clinic, later(days=2))
    standing = importing.still_holds(clinic.vault, client.card.code, later(days=3))
    assert not standing.on_hold
    assert verdict(clinic.vault, client, later(days=3)) == "allowed"
    with clinic.database.read() as connection:
        assert audit.last_entry(connection).kind == "confirm"


def test_a_second_restore_holds_again(clinic, client):
    for days in (2, 4):
        mark(clinic, later(days=days))
        assert reasons(clinic, client) == {"restored"}
        importing.still_holds(clinic.vault, client.card.code, later(days=days + 1))
        assert reasons(clinic, client) == set()


# --- what does not lift it ----------------------------------------------------------------------


def test_older_choices_do_not_lift_it(clinic, client):
    old = clinic.write(client.keys, later(days=-5), client.card, post="disguised", may_recognise_self=True)
    mark(clinic, later(days=2))
    clinic.take_in(old.token.text, later(days=3))
    assert reasons(clinic, client) == {"restored"}
    assert verdict(clinic.vault, client, later(days=4)) == "no"


def test_a_token_from_the_card_alone_does_not_lift_it(clinic, client):
    mark(clinic, later(days=2))
    clinic.take_in(clinic.stop(later(days=3)), later(days=3))
    assert reasons(clinic, client) == {"restored", "unsigned_stop"}


def test_a_stranger_s_key_does_not_lift_it(clinic, client):
    mark(clinic, later(days=2))
    clinic.take_in(clinic.save(ClientKeys.new(), later(days=3), client.card, post="ask"), later(days=3))
    assert reasons(clinic, client) == {"restored", "other_key"}


def test_choices_nobody_compared_are_not_confirmed_by_importing_them_again(clinic):
    keys = ClientKeys.new()
    saved = clinic.save(keys, post="ask")
    clinic.take_in(saved)
    mark(clinic, later(days=2))
    assert {hold.reason for hold in clinic.stands().holds} == {"first_key", "restored"}
    with pytest.raises(AlreadyImported):
        importing.preview(clinic.vault, saved.token.text, later(days=3))
    assert importing.still_holds(clinic.vault, clinic.card.code, later(days=3)).on_hold
    standing = importing.confirm_key(clinic.vault, clinic.card.code, keys.signing_public, later(days=3))
    assert not standing.on_hold


def test_a_name_given_after_it_does_not_lift_it(clinic, client):
    mark(clinic, later(days=2))
    people.rename(clinic.vault, client.card.code, "R")
    assert reasons(clinic, client) == {"restored"}


def test_another_key_confirmed_meanwhile_is_not_put_back(clinic, client):
    mark(clinic, later(days=2))
    token = clinic.vault.records(client.card.code)[0].token
    look = importing.preview(clinic.vault, token.text, later(days=3))
    other = ClientKeys.new()
    clinic.take_in(clinic.save(other, later(days=3), client.card, post="never"), later(days=3), compared=True)
    with pytest.raises(AlreadyImported):
        importing.keep(clinic.vault, look, later(days=4))
    assert clinic.vault.holder(client.card.code).confirmed_key == other.signing_public


@pytest.mark.parametrize("days", [-30, 0])
def test_a_clock_that_is_behind_loosens_nothing(clinic, client, days):
    clinic.take_in(clinic.save(ClientKeys.new(), later(days=1), clinic.cards[1], post="ask"), later(days=1))
    mark(clinic, later(days=days))
    assert restorations.last(clinic.database) == later(days=1)
    assert reasons(clinic, client) == {"restored"}
    importing.still_holds(clinic.vault, client.card.code, later(days=days))
    assert reasons(clinic, client) == {"restored"}


# --- recognised ---------------------------------------------------------------------------------


@pytest.fixture
def watched(clinic, tmp_path):
    """The practice, with a file outside that keeps where the record stands."""
    clinic.database.outside = Outside(tmp_path / LAST_ENTRY_FILE)
    restorations.recognise(clinic.database, NOW)
    return clinic


def entry(database):
    with database.read() as connection:
        last = audit.last_entry(connection)
    return Last(last.sequence, last.hash)


def test_the_file_follows_what_is_kept(watched):
    assert watched.database.outside.last() == entry(watched.database)
    watched.take_in(watched.save(ClientKeys.new(), post="ask"), compared=True)
    assert watched.database.outside.last() == entry(watched.database)
    assert entry(watched.database).sequence == 3
    assert not restorations.recognise(watched.database, later(days=1))
    assert restorations.last(watched.database) is None


def test_what_was_not_kept_is_not_told(watched):
    before = watched.database.outside.last()
    with suppress(RuntimeError), watched.database.write() as connection:
        audit.append(connection, "backup", NOW)
        raise RuntimeError
    assert watched.database.outside.last() == before
    with watched.database.write():
        pass
    assert watched.database.outside.last() == before


def test_the_file_names_nobody(watched):
    watched.take_in(watched.save(ClientKeys.new(), post="ask"), compared=True)
    assert set(json.loads(watched.database.outside.path.read_text())) == {"sequence", "hash"}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"sequence": "x", "hash": ""}', '{"sequence": 5}'])
def test_a_file_that_cannot_be_read_says_nothing_and_is_made_anew(watched, text):
    watched.database.outside.path.write_text(text)
    assert not restorations.recognise(watched.database, NOW)
    assert watched.database.outside.last() == entry(watched.database)


def test_a_folder_that_cannot_be_written_stops_nothing(watched, tmp_path):
    watched.database.outside = Outside(tmp_path / "nowhere" / "file")
    watched.take_in(watched.save(ClientKeys.new(), post="ask"), compared=True)
    assert len(watched.vault.records()) == 1


@pytest.mark.in_a_file
@pytest.mark.parametrize("goes_on", [0, 5])
def test_an_old_file_that_is_copied_back_is_recognised(clinic, client, tmp_path, goes_on):
    """Also where the old copy grew again, past what is kept outside."""
    outside = tmp_path / LAST_ENTRY_FILE
    old = tmp_path / "old.sqlite3"
    clinic.database.close()
    shutil.copy(clinic.path, old)
    clinic.database.outside = Outside(outside)
    clinic.take_in(clinic.stop(later(days=1), client.keys), later(days=1))  # a no that the copy does not know
    clinic.database.close()
    for beside in clinic.path.parent.glob(f"{clinic.path.name}-*"):
        beside.unlink()
    shutil.copy(old, clinic.path)
    restored = Database(clinic.address, outside=None)
    for _ in range(goes_on):
        with restored.write() as connection:
            audit.append(connection, "export", later(days=2))
    restored.close()

    database = Database(clinic.address, outside=outside)
    vault = recover_vault(database, clinic.therapist.id, clinic.recovery_code)
    assert not importing.standing(vault, client.card.code).on_hold
    assert restorations.recognise(database, later(days=3))
    assert importing.standing(vault, client.card.code).on_hold
    assert not restorations.recognise(database, later(days=4))
    with database.read() as connection:
        assert audit.last_entry(connection).kind == "restore"
    assert audit.check(database).ok
    database.close()


def test_a_note_that_cannot_be_kept_outside_does_not_hold_up_whoever_made_it(watched, monkeypatch):
    """Who may not write the folder learns of it anew at each start; until then the work goes on."""
    outside = watched.database.outside
    told = json.dumps({"sequence": 99, "hash": "00" * 32})
    outside.path.write_text(told)
    monkeypatch.setattr("core.store.outside.mkstemp", _no_room)
    assert restorations.recognise(watched.database, later(days=1))
    watched.take_in(watched.stop(later(days=2)), later(days=2))
    assert outside.path.read_text() == told
    assert not restorations.recognise(watched.database, later(days=2))
    again = Database(watched.address, outside=outside.path)
    assert restorations.recognise(again, later(days=3))
    again.close()


def _no_room(**_where):
    raise OSError


@pytest.mark.in_a_file
def test_the_portal_recognises_it_at_its_start(clinic, client, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / LAST_ENTRY_FILE).write_text(json.dumps({"sequence": 99, "hash": "00" * 32}))
    for face, held in (("client", False), ("staff", True)):
        portal = Portal(Settings(face=face, data=data, database_url=clinic.address), SECRET)
        assert (restorations.last(portal.database) is not None) == held
        portal.database.close()
    assert reasons(clinic, client) == {"restored"}


def test_restoring_by_the_command_s_way_holds_everybody_and_says_what_was_lost(watched, tmp_path, bare):
    client = Client(watched, watched.card)
    client.chooses(NOW, treatment="disguised", may_recognise_self=True)
    out = tmp_path / "file"
    backup.make(watched.database, out, PublicKey(KEY.public), later(days=1), tmp_path)
    watched.take_in(watched.stop(later(days=2), client.keys), later(days=2))
    bare.outside = watched.database.outside
    done = backup.restore(bare, out, PrivateKey(KEY), later(days=3))
    assert done.lost == 2  # that the backup was made, and the stop
    vault = recover_vault(bare, watched.therapist.id, watched.recovery_code)
    assert verdict(vault, client, later(days=4)) == "no"
    assert importing.standing(vault, client.card.code).on_hold
    assert bare.outside.last() == entry(bare)
    assert not restorations.recognise(bare, later(days=5))

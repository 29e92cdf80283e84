"""People at a practice: invitations, joining, the office's sign-in, and who is let in no more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from core import naming, saving, signing_in, staff
from core.errors import (
    BadInput,
    CardUnknown,
    HasLeft,
    OtherCard,
    PassphrasesDiffer,
    StubBlocked,
    TooManyTries,
    WrongInvitation,
    WrongLogin,
    WrongPassphrase,
)
from core.portal import Portal
from core.settings import Settings
from core.signing_in import NewPassphrase
from core.staff import Joining
from core.store import attendance, cards, practice
from core.store import staff as logins
from core.store.vaults import open_vault
from tests.core.clinic import NOW, PASSPHRASE, SECRET, later

HERE, BROWSER = "203.0.113.7", "one browser"
WORDS = "four other words here"
NEW = NewPassphrase(WORDS, WORDS)


@pytest.fixture
def portal(practice_file, tmp_path) -> Iterator[Portal]:
    (tmp_path / "data").mkdir()
    shutil.copy(practice_file[0], tmp_path / "data" / "sayso.sqlite3")
    made = Portal(Settings(data=tmp_path / "data"), SECRET)
    yield made
    made.database.close()


@pytest.fixture
def first(practice_file):
    return practice_file[1]


def invite(portal, first, role="therapist", now=NOW):
    return logins.invite(portal.database, role, first.id, now)


def join(portal, code, name="Kim Sample", browser="another", **typed):
    return staff.join_as_therapist(
        portal, browser, Joining(code, name, NEW, typed.pop("accounts", ("@kim",))), HERE, typed.pop("now", NOW)
    )


def join_office(portal, code, name="Front Desk", browser="desk", now=NOW, new=NEW):
    return staff.join_as_office(portal, browser, Joining(code, name, new), HERE, now)


# --- invitations --------------------------------------------------------------------------------


def test_who_is_invited_has_keys_and_a_vault_of_their_own(portal, first):
    therapist, recovery_code = join(portal, invite(portal, first))
    vault = portal.vaults.get("another")
    assert vault.therapist_id == therapist.id != first.id
    assert (therapist.name, therapist.accounts) == ("Kim Sample", ("@kim",))
    assert therapist.sealing_public != first.sealing_public
    assert therapist.signing_public != first.signing_public
    assert [one.name for one in practice.list_vaults(portal.database)] == ["Kim Sample", "Robin Example"]
    assert open_vault(portal.database, therapist.id, WORDS).keys == vault.keys
    signing_in.recover(portal, "third", therapist.id, recovery_code, NEW, HERE, NOW)
    with pytest.raises(WrongPassphrase):
        open_vault(portal.database, first.id, WORDS)


def test_a_code_has_sixty_bits_is_read_as_people_type_and_is_nowhere_kept(portal, first):
    codes = {invite(portal, first) for _ in range(20)}
    assert {len(code.replace("-", "")) for code in codes} == {12}
    assert len({code[place] for code in codes for place in (0, 5, 10)}) > 8
    code = codes.pop()
    kept = (portal.settings.data / "sayso.sqlite3").read_bytes()
    kept += (portal.settings.data / "sayso.sqlite3-wal").read_bytes()
    assert code.encode() not in kept
    assert code.replace("-", "").encode() not in kept
    assert staff.invited(portal, f"  {code.lower().replace('-', ' ')} ", HERE, NOW).role == "therapist"


def test_an_invitation_is_taken_up_once(portal, first):
    code = invite(portal, first)
    join(portal, code)
    with pytest.raises(WrongInvitation):
        join(portal, code, "Somebody Else")
    assert len(practice.list_vaults(portal.database)) == 2


def test_of_two_at_the_same_moment_one_joins(portal, first):
    code = invite(portal, first, "office")
    invitation = staff.invited(portal, code, HERE, NOW)
    join_office(portal, code)
    with pytest.raises(WrongInvitation), portal.database.write() as connection:
        logins.take_up(connection, invitation.id, "office", NOW)


def test_it_ends_after_seven_days(portal, first):
    code = invite(portal, first)
    [open_one] = logins.open_invitations(portal.database, later(days=6))
    assert (open_one.invited_by, open_one.ends_at) == ("Robin Example", later(days=7))
    assert staff.invited(portal, code, HERE, later(days=7, seconds=-1)).id == open_one.id
    with pytest.raises(WrongInvitation):
        join(portal, code, now=later(days=7))
    assert logins.open_invitations(portal.database, later(days=7)) == []


def test_one_that_is_taken_back_opens_nothing(portal, first):
    code, other = invite(portal, first), invite(portal, first, "office")
    [mine] = [one for one in logins.open_invitations(portal.database, NOW) if one.role == "therapist"]
    logins.revoke(portal.database, mine.id)
    logins.revoke(portal.database, mine.id)
    with pytest.raises(WrongInvitation):
        staff.invited(portal, code, HERE, NOW)
    assert staff.invited(portal, other, HERE, NOW).role == "office"


def test_an_invitation_for_the_office_makes_no_therapist(portal, first):
    with pytest.raises(WrongInvitation):
        join(portal, invite(portal, first, "office"))
    with pytest.raises(WrongInvitation):
        join_office(portal, invite(portal, first, "therapist"))
    assert len(practice.list_therapists(portal.database)) == 1
    assert logins.list_office(portal.database) == []


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "ABCDEFGH", "💥", "0" * 5000])
def test_another_code_opens_nothing_and_is_counted(portal, first, typed):
    code = invite(portal, first)
    for _ in range(5):
        with pytest.raises(WrongInvitation):
            staff.invited(portal, typed, HERE, NOW)
    with pytest.raises(TooManyTries):
        staff.invited(portal, code, HERE, NOW)
    assert staff.invited(portal, code, "198.51.100.2", NOW)


def test_what_is_typed_wrong_uses_nothing_up(portal, first):
    code = invite(portal, first)
    with pytest.raises(PassphrasesDiffer):
        staff.join_as_therapist(portal, BROWSER, Joining(code, "Kim", NewPassphrase(WORDS, WORDS + "x")), HERE, NOW)
    for name, new in (("", NEW), ("x" * 201, NEW), ("Kim", NewPassphrase("short", "short"))):
        with pytest.raises(BadInput):
            staff.join_as_therapist(portal, BROWSER, Joining(code, name, new), HERE, NOW)
    assert portal.vaults.get(BROWSER) is None
    assert join(portal, code)[0].name == "Kim Sample"


def test_there_are_not_too_many_open_at_once(portal, first):
    for _ in range(logins.MOST_OPEN):
        invite(portal, first)
    with pytest.raises(BadInput):
        invite(portal, first)
    assert invite(portal, first, now=later(days=8))


# --- the office ---------------------------------------------------------------------------------


@pytest.fixture
def office(portal, first):
    return join_office(portal, invite(portal, first, "office"))


def test_the_office_signs_in_by_name_and_has_no_vault(portal, office):
    assert staff.office_here(portal, "desk") == office
    assert staff.sign_in_office(portal, BROWSER, "  front   DESK ", WORDS, HERE, NOW) == office
    assert staff.office_here(portal, BROWSER) == office
    assert portal.vaults.get(BROWSER) is None
    assert staff.office_here(portal, "a stranger") is None


@pytest.mark.parametrize(("name", "passphrase"), [("Front Desk", "not the words"), ("Nobody", WORDS), ("", "")])
def test_a_wrong_name_is_refused_like_a_wrong_passphrase(portal, office, name, passphrase):
    with pytest.raises(WrongLogin):
        staff.sign_in_office(portal, BROWSER, name, passphrase, HERE, NOW)
    assert staff.office_here(portal, BROWSER) is None


def test_wrong_tries_are_counted_in_every_process(portal, office):
    other = Portal(Settings(data=portal.settings.data), SECRET)
    for at in (portal, other, portal, other, portal):
        with pytest.raises(WrongLogin):
            staff.sign_in_office(at, BROWSER, "Front Desk", "not the words", HERE, NOW)
    with pytest.raises(TooManyTries):
        staff.sign_in_office(other, BROWSER, "Front Desk", WORDS, HERE, NOW)
    other.database.close()


def test_a_login_is_locked_out_from_everywhere_after_thirty(portal, office):
    for number in range(30):
        with pytest.raises(WrongLogin):
            staff.sign_in_office(portal, BROWSER, "Front Desk", "no", f"198.51.100.{number}", NOW)
    with pytest.raises(TooManyTries):
        staff.sign_in_office(portal, BROWSER, "front desk", WORDS, "192.0.2.1", NOW)
    assert staff.sign_in_office(portal, BROWSER, "Front Desk", WORDS, "192.0.2.1", later(minutes=16))


def test_signing_in_as_the_office_locks_a_vault_in_this_browser_and_the_other_way(portal, office, first):
    signing_in.unlock(portal, "desk", first.id, PASSPHRASE, HERE, NOW)
    assert staff.office_here(portal, "desk") is None
    staff.sign_in_office(portal, "desk", "Front Desk", WORDS, HERE, NOW)
    assert portal.vaults.get("desk") is None


def test_a_removed_login_is_out_at_the_next_tap(portal, office):
    logins.remove_office(portal.database, office.id)
    assert staff.office_here(portal, "desk") is None
    with pytest.raises(WrongLogin):
        staff.sign_in_office(portal, "desk", "Front Desk", WORDS, HERE, NOW)


def test_the_passphrase_of_the_office_changes(portal, office):
    new = NewPassphrase("fresh words for them", "fresh words for them")
    with pytest.raises(WrongLogin):
        staff.change_office_passphrase(portal, office, "not this one", new, HERE, NOW)
    staff.change_office_passphrase(portal, office, WORDS, new, HERE, NOW)
    with pytest.raises(WrongLogin):
        staff.sign_in_office(portal, BROWSER, "Front Desk", WORDS, HERE, NOW)
    staff.sign_in_office(portal, BROWSER, "Front Desk", "fresh words for them", HERE, NOW)


def test_two_in_the_office_have_two_names(portal, office, first):
    code = invite(portal, first, "office")
    with pytest.raises(BadInput):
        join_office(portal, code, "FRONT desk")
    assert join_office(portal, code, "Front Desk 2").name == "Front Desk 2"


def test_the_office_hands_out_cards_of_those_it_works_for(portal, first):
    with portal.database.write() as connection:
        order = cards.Order(first.id, "en", "https://sayso.example.org", "card", 3)
        made = cards.register(connection, order, NOW)
    given = staff.hand_out(portal.database, (first.id,), f" #{made[0].number} ", NOW)
    assert (given.code, given.state) == (made[0].code, "handed_out")
    with pytest.raises(BadInput):
        staff.hand_out(portal.database, (first.id,), str(made[0].number), NOW)
    with pytest.raises(StubBlocked):
        staff.hand_out(portal.database, ("another",), str(made[1].number), NOW)
    for wrong in ("", "x", "-1", "1.5", "٣", "9" * 30):
        with pytest.raises(BadInput):
            staff.hand_out(portal.database, (first.id,), wrong, NOW)
    for missing in ("0", "999"):
        with pytest.raises(CardUnknown):
            staff.hand_out(portal.database, (first.id,), missing, NOW)


def test_a_card_is_found_by_code_or_number_among_those_of_therapists_at_work(portal, first):
    with portal.database.write() as connection:
        order = cards.Order(first.id, "en", "https://sayso.example.org", "card", 2)
        made = cards.register(connection, order, NOW)
    database = portal.database
    for typed in (made[1].code, f" {made[1].code[:4].lower()}-{made[1].code[4:]} ", f"#{made[1].number}"):
        assert naming.card_at(database, (first.id,), typed).code == made[1].code
    with pytest.raises(OtherCard):
        naming.card_at(database, ("another",), made[0].code)
    for typed in ("", "999", "9" * 30, "some name"):
        with pytest.raises(CardUnknown):
            naming.card_at(database, (first.id,), typed)
    assert naming.numbers_at(database, (first.id,), f"{made[0].number}-{made[1].number}") == [
        made[0].number,
        made[1].number,
    ]
    with pytest.raises(BadInput):
        naming.numbers_at(database, (), str(made[0].number))


# --- what waits unread --------------------------------------------------------------------------


def test_what_waits_is_a_number_and_an_age_for_each_therapist(portal, first):
    kim, _ = join(portal, invite(portal, first))
    with portal.database.write() as connection:
        order = cards.Order(first.id, "en", "https://sayso.example.org", "card", 1)
        [card] = cards.register(connection, order, NOW)
    for days in (0, 3):
        saving.stop_everything(portal.outbox, card, first, later(days=days))
    waits = {one.name: one for one in attendance.unread(portal.database)}
    assert (waits["Robin Example"].count, waits["Robin Example"].oldest) == (2, NOW)
    assert waits["Robin Example"].days(later(days=6, hours=23)) == 6
    assert not waits["Robin Example"].is_too_long(later(days=7, seconds=-1))
    assert waits["Robin Example"].is_too_long(later(days=7))
    assert (waits["Kim Sample"].therapist_id, waits["Kim Sample"].count) == (kim.id, 0)
    assert not waits["Kim Sample"].is_too_long(later(days=400))


def test_a_vault_of_who_left_is_closed_everywhere_at_once(portal, first):
    kim, recovery_code = join(portal, invite(portal, first), browser="kim's phone")
    portal.vaults.put("kim's desk", portal.vaults.get("kim's phone"))
    with portal.database.write() as connection:
        attendance.retire(connection, kim.id, first.id, NOW)
    for browser in ("kim's phone", "kim's desk"):
        assert staff.vault_here(portal, browser) is None
    with pytest.raises(HasLeft):
        signing_in.unlock(portal, BROWSER, kim.id, WORDS, HERE, NOW)
    with pytest.raises(HasLeft):
        signing_in.recover(portal, BROWSER, kim.id, recovery_code, NEW, HERE, NOW)
    assert [one.id for one in practice.list_vaults(portal.database)] == [first.id]
    assert attendance.list_left(portal.database) == [(kim.id, "Kim Sample")]

"""One running portal: what it is made from, what it keeps in memory, and who is on its own machine."""

from __future__ import annotations

import pytest

from core.answering import Opened
from core.drafts import Draft
from core.errors import NewerRecords, StoreUnavailable, WrongSetupCode
from core.keys import ClientKeys
from core.portal import Portal, clock, is_this_machine
from core.settings import Settings
from core.store import mailbox, practice
from tests.core.clinic import NOW, SECRET, later


@pytest.fixture
def portal(tmp_path):
    made = Portal(Settings(data=tmp_path / "data"), SECRET)
    yield made
    made.database.close()


def on_the_clinics_file(clinic, **settings):
    return Portal(Settings(database_url=clinic.database.url, **settings), SECRET)


def test_a_new_portal_makes_its_tables_and_is_not_set_up(portal):
    assert portal.database.is_up()
    assert practice.find_practice(portal.database) is None


def test_starting_lets_parcels_whose_time_is_over_go(clinic):
    clinic.stop(at=NOW)
    with clinic.database.write() as connection:
        mailbox.post(connection, bytes(32), b"old", later(days=-36500))
    on_the_clinics_file(clinic)
    assert clinic.rows("SELECT sealed FROM parcel WHERE sealed = x'6f6c64'") == []
    assert clinic.rows("SELECT count(*) FROM parcel") == [(1,)]


def test_records_of_a_newer_version_stop_the_start(clinic):
    clinic.change_rows("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerRecords):
        on_the_clinics_file(clinic)


def test_records_that_cannot_be_reached_stop_the_start(tmp_path):
    (tmp_path / "data").touch()
    with pytest.raises(StoreUnavailable):
        Portal(Settings(data=tmp_path / "data"), SECRET)


def test_the_set_up_code_is_read_as_people_type_it(portal):
    for typed in (portal.setup_code, portal.setup_code.lower(), portal.setup_code.replace("-", " ")):
        portal.check_setup_code(typed)


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "ünï"])
def test_another_set_up_code_is_refused(portal, typed):
    with pytest.raises(WrongSetupCode):
        portal.check_setup_code(typed)


def test_each_start_has_its_own_set_up_code(tmp_path):
    codes = {Portal(Settings(data=tmp_path), SECRET).setup_code for _ in range(3)}
    assert len(codes) == 3
    assert all(len(code) == 14 for code in codes)


def test_leave_now_forgets_everything_of_one_browser_and_nothing_of_another(portal, clinic):
    for binding in ("mine", "yours"):
        portal.cards.put(binding, clinic.card.code)
        portal.drafts.put(binding, Draft(clinic.card.code))
        portal.personal.put(binding, ClientKeys.new().seed)
        portal.opened.put(binding, Opened(bytes(32)))
        portal.said.put(binding, "This did not open.")
        portal.vaults.put(binding, clinic.vault)
    portal.forget_browser("mine")
    shelves = (portal.cards, portal.drafts, portal.personal, portal.opened, portal.said, portal.vaults)
    assert [shelf.get("mine") for shelf in shelves] == [None] * len(shelves)
    assert all(shelf.get("yours") for shelf in shelves)


def test_a_practice_or_a_setting_can_switch_the_mailbox_off(clinic):
    assert on_the_clinics_file(clinic).outbox.mailbox_on
    assert not on_the_clinics_file(clinic, mailbox=False).outbox.mailbox_on
    practice.switch_mailbox(clinic.database, NOW, on=False)
    assert not on_the_clinics_file(clinic).outbox.mailbox_on


def test_the_address_on_cards_is_the_setting_or_what_the_practice_entered(clinic):
    assert on_the_clinics_file(clinic).public_url == ""
    practice.change_address(clinic.database, "https://entered.example.org")
    assert on_the_clinics_file(clinic).public_url == "https://entered.example.org"
    set_by = on_the_clinics_file(clinic, public_url="https://set.example.org")
    assert set_by.public_url == "https://set.example.org"


def test_a_portal_shows_no_secret_when_it_is_printed(portal):
    assert portal.setup_code not in repr(portal)
    assert SECRET.decode() not in repr(portal)


def test_the_clock_knows_its_zone():
    assert clock().utcoffset().total_seconds() == 0


@pytest.mark.parametrize(
    ("host", "address", "forwarded", "expected"),
    [
        ("localhost:8501", "127.0.0.1", False, True),
        ("127.0.0.1", "127.0.0.1", False, True),
        ("[::1]:8501", "::1", False, True),
        ("[::1]", "::1", False, True),
        ("localhost:8501", None, False, True),
        ("localhost:8501", "127.0.0.1", True, False),
        ("localhost:8501", "192.0.2.1", False, False),
        ("evil.example:8501", "127.0.0.1", False, False),
        ("localhost.evil.example", "127.0.0.1", False, False),
        ("", "127.0.0.1", False, False),
        ("localhost", "not an address", False, False),
    ],
)
def test_only_a_browser_on_the_same_machine_counts_as_one(host, address, forwarded, expected):
    assert is_this_machine(host, address, forwarded=forwarded) is expected

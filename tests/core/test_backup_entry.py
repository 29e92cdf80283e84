"""A backup and its entry in the record: where one of them fails, neither is there."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from core.errors import StoreUnavailable, WouldOverwrite
from tests.core.test_backup import made, out, room

__all__ = ["out", "room"]


def entered(clinic):
    return [kind for (kind,) in clinic.rows("SELECT kind FROM audit") if kind == "backup"]


def test_where_the_record_takes_no_entry_there_is_no_file_either(clinic, out, room):
    with clinic.refusing("INSERT ON audit"), pytest.raises(StoreUnavailable):
        made(clinic, out, room)
    assert list(out.parent.iterdir()) == []
    made(clinic, out, room)
    assert list(out.parent.iterdir()) == [out]
    assert len(entered(clinic)) == 1


def test_where_the_database_goes_away_at_the_very_end_there_is_no_file_either(clinic, out, room):
    there = []

    def goes_away(_connection):
        there.append(out.exists())
        raise OperationalError("", {}, Exception())

    event.listen(clinic.database.engine, "commit", goes_away)
    with pytest.raises(StoreUnavailable):
        made(clinic, out, room)
    event.remove(clinic.database.engine, "commit", goes_away)
    assert there == [True]  # it had its name: that was taken back
    assert list(out.parent.iterdir()) == []
    assert entered(clinic) == []


def test_where_the_name_is_taken_meanwhile_that_file_stays_and_nothing_is_entered(clinic, out, room):
    def takes_the_name(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO audit"):
            out.write_bytes(b"mine")

    event.listen(clinic.database.engine, "before_cursor_execute", takes_the_name)
    with pytest.raises(WouldOverwrite):
        made(clinic, out, room)
    event.remove(clinic.database.engine, "before_cursor_execute", takes_the_name)
    assert out.read_bytes() == b"mine"
    assert entered(clinic) == []

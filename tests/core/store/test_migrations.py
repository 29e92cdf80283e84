"""Each migration goes up and down on data, and together they make the tables the code expects."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, select, text

from core.store.schema import metadata

#: A row of each table by the migration that made it, in the order of what they refer to.
ROWS = {
    "0001": {
        "practice": {"id": 1, "name": "Willow", "mailbox": True, "demo": False, "created_at": 0},
        "therapist": {
            "id": "t",
            "name": "Robin",
            "accounts": ["@robin"],
            "sealing_public": b"\0",
            "signing_public": b"\1",
            "created_at": 0,
        },
        "batch": {"id": "b", "therapist_id": "t", "language": "en", "base": "", "preset": "card", "created_at": 0},
        "card": {
            "code": "K7QM2XPF",
            "number": 1,
            "therapist_id": "t",
            "batch_id": "b",
            "language": "en",
            "state": "printed",
            "created_at": 0,
        },
        "parcel": {"id": "p", "recipient": b"\2", "standing": False, "posted_at": 5_000_000_000, "sealed": b"\0\xff"},
        "record": {
            "id": "r",
            "therapist_id": "t",
            "card_index": b"\3",
            "envelope_index": b"\4",
            "sealed": b"\5",
            "key_version": 1,
        },
        "holder": {"id": "h", "therapist_id": "t", "card_index": b"\3", "sealed": b"\6", "key_version": 1},
        "tally": {"bucket": b"\7", "window_start": 0, "count": 1, "ends_at": 5},
    },
    "0002": {
        "audit": {
            "sequence": 1,
            "at": 0,
            "therapist_id": "",
            "kind": "backup",
            "commitment": b"\0",
            "previous": b"\0",
            "hash": b"\1",
            "sealed": b"",
        },
    },
    "0003": {
        "request": {
            "id": "q",
            "therapist_id": "t",
            "card_index": b"\3",
            "request_index": b"\4",
            "sealed": b"\5",
            "key_version": 1,
        },
        "post": {"id": "p", "therapist_id": "t", "content_index": b"\4", "sealed": b"\5", "key_version": 1},
    },
    "0005": {"restoration": {"at": 5}},
    # One column more in a table from before.
    "0006": {},
    "0008": {
        "office": {"id": "o", "name": "Front desk", "passphrase": b"\7", "created_at": 0},
        "invitation": {
            "id": "i",
            "role": "office",
            "code_hash": b"\x08",
            "invited_by": "t",
            "created_at": 0,
            "ends_at": 5,
        },
    },
    "0007": {"logo": {"id": 1, "png": b"\x09"}},
}


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def revisions(database):
    """Every migration from the first to the last."""
    script = ScriptDirectory.from_config(database._alembic())
    return [one.revision for one in script.walk_revisions()][::-1]


def reflected(database):
    found = MetaData()
    with database.read() as connection:
        found.reflect(connection)
    return found.tables


def fill(database, revision):
    """Put a row into each table that this migration made."""
    there = reflected(database)
    with database.write() as connection:
        for name, row in ROWS.get(revision, {}).items():
            connection.execute(there[name].insert().values(row))


def kept(database):
    """What is in the tables, as far as a row was put there."""
    there = reflected(database)
    with database.read() as connection:
        return {
            name: [
                {column: getattr(found, column) for column in row} for found in connection.execute(select(there[name]))
            ]
            for rows in ROWS.values()
            for name, row in rows.items()
            if name in there
        }


def test_the_migrations_make_the_tables_the_code_expects(database):
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_are_one_line_from_first_to_last(bare):
    script = ScriptDirectory.from_config(bare._alembic())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_a_migration_that_fails_leaves_the_tables_as_they_were(bare):
    with bare.write() as connection:
        connection.execute(text("CREATE TABLE card (code TEXT)"))  # stands in the way of the first migration
    with pytest.raises(Exception, match=r"cannot reach its records"):
        bare.migrate()
    assert tables(bare) == {"card"}
    assert bare.pending_migrations()


def test_every_migration_goes_up_down_and_up_again_and_loses_nothing_that_was_there_before_it(bare):
    before = {}
    for revision in revisions(bare):
        command.upgrade(bare._alembic(), revision)
        after = kept(bare)
        assert {name: after[name] for name in before} == before
        fill(bare, revision)
        if revision != "0001":
            command.downgrade(bare._alembic(), "-1")
            assert kept(bare) == before
            command.upgrade(bare._alembic(), revision)
            fill(bare, revision)
        before = kept(bare)
    assert before == {name: [row] for rows in ROWS.values() for name, row in rows.items()}
    command.downgrade(bare._alembic(), "base")
    assert tables(bare) == set()

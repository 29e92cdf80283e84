"""Each migration goes up and down on data, and together they make the tables the code expects."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from core.store.database import Database
from core.store.schema import metadata


@pytest.fixture
def bare(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/sayso.sqlite3")
    yield made
    made.close()


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


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
        connection.exec_driver_sql("CREATE TABLE card (code TEXT)")  # stands in the way of the first migration
    with pytest.raises(Exception, match=r"cannot reach its records"):
        bare.migrate()
    assert tables(bare) == {"card"}
    assert bare.pending_migrations()


def test_0001_the_first_tables(bare):
    command.upgrade(bare._alembic(), "0001")
    assert tables(bare) == {"practice", "therapist", "batch", "card", "parcel", "record", "holder", "tally"}
    with bare.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO practice (id, name, mailbox, demo, created_at) VALUES (1, 'Willow', 1, 0, 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO therapist (id, name, accounts, sealing_public, signing_public, created_at)"
            " VALUES ('t', 'Robin', '[]', x'00', x'00', 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO batch (id, therapist_id, language, base, preset, created_at)"
            " VALUES ('b', 't', 'en', '', 'card', 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO card (code, number, therapist_id, batch_id, language, state, created_at)"
            " VALUES ('K7QM2XPF', 1, 't', 'b', 'en', 'printed', 0)"
        )
    command.downgrade(bare._alembic(), "base")
    assert tables(bare) == set()
    command.upgrade(bare._alembic(), "0001")
    assert "card" in tables(bare)


def test_0003_requests_and_posts(bare):
    command.upgrade(bare._alembic(), "0003")
    assert {"request", "post"} <= tables(bare)
    with bare.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO therapist (id, name, accounts, sealing_public, signing_public, created_at)"
            " VALUES ('t', 'Robin', '[]', x'00', x'00', 0)"
        )
        connection.exec_driver_sql("INSERT INTO request VALUES ('r', 't', x'00', x'01', x'02', 1)")
        connection.exec_driver_sql("INSERT INTO post VALUES ('p', 't', x'01', x'02', 1)")
    with bare.read() as connection:
        before = connection.exec_driver_sql("SELECT id FROM therapist").all()
    command.downgrade(bare._alembic(), "0002")
    assert not {"request", "post"} & tables(bare)
    with bare.read() as connection:
        assert connection.exec_driver_sql("SELECT id FROM therapist").all() == before
    command.upgrade(bare._alembic(), "0003")
    assert {"request", "post"} <= tables(bare)

"""What the public face may do in a PostgreSQL database: one table of rights, and the SQL made from it.

The client face stands in front of everybody. Under a role of its own it can file what clients send and read
what clients see, and nothing else: no vault, no record of what happened, no private key, however well
it is wrapped. It cannot take a parcel away that waits for a therapist, because that may be a no.
The owner of the tables runs the staff face and the migrations; these rights say nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text
from sqlalchemy.sql.compiler import IdentifierPreparer

from core.errors import BadInput
from core.store.schema import metadata

#: Rights that can be given for one column alone.
_OF_COLUMNS = {"SELECT", "INSERT", "UPDATE", "REFERENCES"}
_WHOLE = "SELECT has_table_privilege(:table, :right)"
_ANY_COLUMN = "SELECT has_any_column_privilege(:table, :right)"
_ONE_COLUMN = "SELECT has_column_privilege(:table, :column, :right)"
_OWNER = "FROM pg_tables WHERE tablename = 'practice' AND schemaname = current_schema()"
_ACTS_AS_THE_OWNER = f"SELECT pg_has_role(tableowner, 'USAGE') {_OWNER}"
#: Whether SET ROLE makes this connection the tables' owner, whatever it may do before.
_BECOMES_THE_OWNER = f"SELECT pg_has_role(tableowner, 'MEMBER') {_OWNER}"
#: Whether a role is one, or may become one, that no table of rights binds. A superuser is a member of everything; who
#: may make roles may also join them; who copies the server's files or its changes needs no table at all.
_TOO_STRONG = """
SELECT EXISTS (
    SELECT FROM pg_roles AS asked, pg_roles AS become
    WHERE asked.rolname = COALESCE(CAST(:role AS name), current_user)
    AND pg_has_role(asked.oid, become.oid, 'MEMBER') AND (
        become.rolsuper OR become.rolbypassrls OR become.rolcreaterole OR become.rolreplication
        OR become.rolname = ANY(:mighty)
        OR EXISTS (
            SELECT FROM pg_tables
            WHERE tablename = ANY(:tables) AND schemaname = current_schema() AND tableowner = become.rolname)))
"""
#: PostgreSQL's own roles that reach around the rights of a table.
_MIGHTY = [
    *("pg_read_all_data", "pg_write_all_data", "pg_read_server_files", "pg_write_server_files"),
    "pg_execute_server_program",
]


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be done with one table. ``columns``: those that may be read; none named means all.

    ``only``: for each kind of statement the rows it may touch, as a condition, where that is not every row.
    """

    may: tuple[str, ...]
    columns: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()


#: Each table the client face needs. What is not listed is refused.
CLIENT: dict[str, Rights] = {
    "alembic_version": Rights(("SELECT",)),
    "practice": Rights(("SELECT",)),
    "therapist": Rights(("SELECT",), ("id", "name", "accounts", "sealing_public", "signing_public", "created_at")),
    "card": Rights(("SELECT",)),
    # A client's own record gives way to the next one; what waits for a therapist stays.
    "parcel": Rights(
        ("SELECT", "INSERT", "DELETE"), only=(("SELECT", "true"), ("INSERT", "true"), ("DELETE", "standing"))
    ),
    "tally": Rights(("SELECT", "INSERT", "UPDATE", "DELETE")),
}


def statements(connection: Connection, role: str) -> list[str]:
    """Return the SQL that gives a role the rights of the client face, and takes all others from it.

    Raises ``BadInput`` where the database is no PostgreSQL, has no such role, or is asked by another than its owner,
    and where no right that is given or taken would bind the role.
    """
    if connection.dialect.name != "postgresql":
        raise BadInput(problem="Only PostgreSQL has roles. Set SAYSO_DATABASE_URL to the address of the tables' owner.")
    if connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}) is None:
        raise BadInput(problem="There is no role of this name. Make it first, with CREATE ROLE … LOGIN.")
    if too_strong(connection, role):
        raise BadInput(
            problem="This role is, or may become, one that no rights bind, such as a superuser or the tables' owner."
            " Make a new one, with CREATE ROLE … LOGIN and nothing else."
        )
    if not connection.scalar(text(_ACTS_AS_THE_OWNER)):
        raise BadInput(
            problem="Only the tables' owner gives rights. Set SAYSO_DATABASE_URL to the address of the owner."
        )
    preparer = connection.dialect.identifier_preparer
    schema = str(connection.scalar(text("SELECT current_schema()")))
    return [*_nothing(preparer, role, schema), *_rights(preparer, role)]


def too_strong(connection: Connection, role: str | None = None) -> bool:
    """Whether a role is, or may become, one that may do all it likes, whatever rights it is given.

    No role named is the one of this connection. SQLite has none.
    """
    if connection.dialect.name != "postgresql":
        return False
    asked = {"role": role, "tables": sorted(metadata.tables), "mighty": _MIGHTY}
    return bool(connection.scalar(text(_TOO_STRONG), asked))


def grant(connection: Connection, role: str) -> None:
    """Give a role the rights of the client face, in the caller's transaction. Raises ``BadInput``."""
    for statement in statements(connection, role):
        connection.execute(text(statement))


def _nothing(preparer: IdentifierPreparer, role: str, schema: str) -> Iterator[str]:
    who, where = preparer.quote_identifier(role), preparer.quote_identifier(schema)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {where} FROM {who}, PUBLIC"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {where} FROM {who}, PUBLIC"
    yield f"REVOKE ALL ON SCHEMA {where} FROM {who}"
    yield f"REVOKE CREATE ON SCHEMA {where} FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA {where} TO {who}"


def _rights(preparer: IdentifierPreparer, role: str) -> Iterator[str]:
    who = preparer.quote_identifier(role)
    for table, rights in CLIENT.items():
        columns = f" ({', '.join(rights.columns)})" if rights.columns else ""
        yield f"GRANT {', '.join(f'{right}{columns}' for right in rights.may)} ON {table} TO {who}"
        if rights.only:
            yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for right, rows in rights.only:
            name, asked = f"client_face_{right.lower()}", "WITH CHECK" if right == "INSERT" else "USING"
            yield f"DROP POLICY IF EXISTS {name} ON {table}"
            yield f"CREATE POLICY {name} ON {table} FOR {right} TO {who} {asked} ({rows})"


def refused(connection: Connection) -> list[str]:
    """Return every table this connection may do more with than the client face may, by name.

    Also by one column alone, by rows that its rules keep from it, or by becoming the owner. On SQLite there are no
    roles, and whoever has the file has all of it.
    """
    if connection.dialect.name != "postgresql":
        return []
    if connection.scalar(text(_BECOMES_THE_OWNER)):
        return sorted(metadata.tables)
    every_row = connection.scalar(text("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user"))
    ruled = {name for name, rights in CLIENT.items() if rights.only and every_row}
    return sorted(ruled | {name for name in metadata.tables if _can_do_more(connection, name)})


def _can_do_more(connection: Connection, table: str) -> bool:
    rights = CLIENT.get(table, Rights(()))
    for right in ("SELECT", "INSERT", "UPDATE", "REFERENCES", "DELETE", "TRUNCATE", "TRIGGER"):
        asked = _ANY_COLUMN if right in _OF_COLUMNS else _WHOLE
        if right not in rights.may and connection.scalar(text(asked), {"table": table, "right": right}):
            return True
    hidden = (
        sorted({column.name for column in metadata.tables[table].columns} - {*rights.columns}) if rights.columns else []
    )
    each = [{"table": table, "column": column, "right": right} for column in hidden for right in rights.may]
    return any(connection.scalar(text(_ONE_COLUMN), one) for one in each)


def missing(connection: Connection) -> list[str]:
    """Return every table of which this connection may do less than the client face has to, by name.

    So it is after an upgrade that came with a new table or column. On SQLite nothing is ever missing.
    """
    if connection.dialect.name != "postgresql":
        return []
    return sorted(name for name, rights in CLIENT.items() if _can_do_less(connection, name, rights))


def _can_do_less(connection: Connection, table: str, rights: Rights) -> bool:
    whole, one = text(_WHOLE), text(_ONE_COLUMN)
    if not rights.columns:
        return not all(connection.scalar(whole, {"table": table, "right": right}) for right in rights.may)
    asked = [{"table": table, "column": column, "right": right} for column in rights.columns for right in rights.may]
    return not all(connection.scalar(one, each) for each in asked)

"""PostgreSQL as this project needs it: it behaves as SQLite does, so that one set of tests holds both.

A reader sees one moment, however many questions it asks. Writers queue: what a writer read first is still
true when it writes, whatever other processes do. That costs nobody anything that would be noticed in a
practice, and no rule needs thinking about in two ways.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, create_engine, event

#: The queue of writers: a number that means nothing else here.
_LOCK = 0x5361_7973_6F21_0001
#: Seconds until a server that does not answer counts as gone.
_CONNECT_WITHIN = 10
#: What the server answers where its disk is full.
_DISK_FULL = "53100"


def engine(url: str, wait: float) -> Engine:
    """Return an engine. ``wait``: how many seconds a writer queues before it gives up."""
    made = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": _CONNECT_WITHIN},
    )
    milliseconds = max(1, round(wait * 1000))
    queue = f"SET LOCAL lock_timeout = {milliseconds}; SELECT pg_advisory_xact_lock({_LOCK})"

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            connection.exec_driver_sql(queue)

    event.listen(made, "begin", begin)
    return made


def is_full(problem: BaseException | None) -> bool:
    """Whether it failed because the server's disk has no room left."""
    return getattr(problem, "sqlstate", None) == _DISK_FULL


def readers(made: Engine) -> Engine:
    """Return the same engine for those who only read: each transaction sees one moment and can write nothing."""
    return made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

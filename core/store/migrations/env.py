"""Runs migrations on the engine that ``core.store.database`` hands over."""

from __future__ import annotations

from alembic import context

from core.store.schema import metadata

# As a writer from the start: of two processes that start at once, the second finds the work done.
with context.config.attributes["engine"].execution_options(writes=True).begin() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()

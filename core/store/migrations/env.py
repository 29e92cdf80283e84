"""Runs migrations on the engine that ``core.store.database`` hands over."""

from __future__ import annotations

from alembic import context

from core.store.schema import metadata

with context.config.attributes["engine"].begin() as connection:
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()

"""Run by Alembic: migrates the connection that `migrate.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from live_scribe.storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

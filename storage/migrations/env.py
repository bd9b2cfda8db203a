"""Alembic's entry: run on the connection that `storage.migrate` hands over."""

from alembic import context

from storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()

"""Alembic's entry: runs on the connection that `upgrade` hands over; its transaction is the caller's."""

from alembic import context

from linkwatch.store.tables import metadata

# transactional_ddl=False: Alembic neither begins nor commits; the caller's transaction holds all of it, or nothing.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()

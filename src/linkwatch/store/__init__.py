"""The store, on SQLAlchemy Core and Alembic: SQLite by default, PostgreSQL by URL.

Most functions take the connection of their caller's transaction (`Database.read`, `Database.write`), and load or save
values of `models`.

The data:
- resources: the records of resources, and what a check changes in them
- events: events, former values, outages, and the states after past checks
- playlists: inspections, members and their changes; inspection_results: what a report shows of them; overlaps
- channels: handles and user names, and the handles that left their channel
- lists: lists and their links
- runs: when checks began and ended; calls: those of a check that is distributed to workers
- acknowledgements, outbox, quota, schedules, leases; sessions and public_addresses of the dashboard
- retention: the purge of what may not be kept
- revision: whether a report is out of date; statistics: size and soundness of the database

The database:
- columns: the columns of records and members, each specified once; tables: all tables; migrations: one file a version
- schema: create and upgrade; database: connections, transactions and batches; dialects: SQLite and PostgreSQL
- db_errors: the drivers' errors as `StoreError`; filesystem: refuses network file systems
- backup, copy
"""

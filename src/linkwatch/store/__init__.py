"""Stage 6, REMEMBER: SQLAlchemy Core and Alembic; SQLite by default, nothing here that PostgreSQL lacks."""

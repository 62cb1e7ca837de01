"""The lists that are stored in the database. What is known of their resources is stored apart, and stays."""

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, delete, insert, select, update

from linkwatch.models.stored_list import StoredList
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import stored_lists

_COLUMNS = (stored_lists.c.name, stored_lists.c.path, stored_lists.c.digest, stored_lists.c.changed_at)


def load_stored_lists(connection: Connection) -> list[StoredList]:
    """All of them, by name."""
    rows = connection.execute(select(*_COLUMNS))
    # By the code points, as SQLite does: PostgreSQL's order is that of its locale.
    return sorted((StoredList(*row[:3], to_time(row.changed_at)) for row in rows), key=lambda each: each.name)


def load_stored_text(connection: Connection, name: str) -> tuple[StoredList, str] | None:
    """A list and its text, which is empty where it stands for a file; None: there is no such list."""
    row = connection.execute(select(*_COLUMNS, stored_lists.c.content).where(stored_lists.c.name == name)).first()
    return None if row is None else (StoredList(*row[:3], to_time(row.changed_at)), row.content)


def save_stored_list(connection: Connection, name: str, path: str | None, text: str, now: datetime) -> None:
    """Insert or replace a list.

    Args:
        connection: A transaction that writes.
        name: Of the list.
        path: Of the file or folder that it stands for; None: the list is the text.
        text: CSV with a header.
        now: The present time.
    """
    digest = blake2b(f"{path or ''}\0{text}".encode(), digest_size=16).hexdigest()
    values = {"path": path, "content": text, "digest": digest, "changed_at": to_millis(now)}
    if not connection.execute(update(stored_lists).where(stored_lists.c.name == name).values(values)).rowcount:
        connection.execute(insert(stored_lists).values(name=name, **values))


def delete_stored_list(connection: Connection, name: str) -> bool:
    """Delete a list, and nothing of what is known of its resources; returns whether there was one."""
    return connection.execute(delete(stored_lists).where(stored_lists.c.name == name)).rowcount > 0

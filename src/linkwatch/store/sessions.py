"""Sessions of the dashboard that were ended before their time: one by logging out, or all of them."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from linkwatch.models.records import EndedSessions
from linkwatch.models.times import to_millis, to_time
from linkwatch.store.tables import ended_sessions

_ALL = "*"
"""In place of a digest: the row has the time at which all sessions were ended."""


def load_ended_sessions(connection: Connection) -> EndedSessions:
    rows = {row.id: row.at for row in connection.execute(select(ended_sessions))}
    revoked = rows.pop(_ALL, None)
    return EndedSessions(None if revoked is None else to_time(revoked), frozenset(rows))


def end_session(connection: Connection, digest: str, until: datetime, now: datetime) -> None:
    """End a session before its time.

    Args:
        connection: A transaction that writes.
        digest: Of the session, which itself is a secret.
        until: When it would end by itself; nothing has to be known of it afterwards.
        now: The present time.
    """
    expired = delete(ended_sessions).where(ended_sessions.c.id != _ALL, ended_sessions.c.at < to_millis(now))
    connection.execute(expired)
    _save(connection, digest, until)


def end_all_sessions(connection: Connection, now: datetime) -> None:
    """End all sessions that have begun."""
    connection.execute(delete(ended_sessions))
    _save(connection, _ALL, now)


def _save(connection: Connection, id_: str, at: datetime) -> None:
    connection.execute(delete(ended_sessions).where(ended_sessions.c.id == id_))
    connection.execute(ended_sessions.insert(), {"id": id_, "at": to_millis(at)})

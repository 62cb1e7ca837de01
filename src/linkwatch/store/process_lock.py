"""A lock that the operating system, or the server, drops when its process dies: a crash is not a wait.

A lease alone ends by itself only after its term. Beside an SQLite file its holder also holds a `flock`, and on
PostgreSQL an advisory lock of a session.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import event

from linkwatch.errors import StoreError
from linkwatch.store.database import Database, sqlite_file
from linkwatch.store.db_errors import translate_errors

_NUMBER = int.from_bytes(b"linklead")
"""Of the advisory lock; `dialects` has another one."""


class ProcessLock(Protocol):
    """Held by one process at a time, until it lets go or dies."""

    def acquire(self) -> bool:
        """Acquire it, or see that it is still held; False when another process holds it, or there can't be one."""

    def release(self) -> None:
        """Let go; does nothing when it is not held."""


def process_lock(database: Database) -> ProcessLock:
    """The lock of a database, which is released when the database is closed."""
    lock: ProcessLock
    if database.engine.dialect.name == "postgresql":
        lock = SessionLock(database)
    else:
        file = sqlite_file(database.engine.url)
        lock = FileLock(None if file is None else file.with_name(f"{file.name}-leader"))
    event.listen(database.engine, "engine_disposed", lambda _engine: lock.release())
    return lock


class FileLock:
    """A `flock` on a file beside the database, which stays.

    Args:
        path: The file; None: there is no lock.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> bool:
        if self._file is not None:
            return True
        if self._path is None:
            return False
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            file = os.open(self._path, flags, 0o600)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SessionLock:
    """An advisory lock of PostgreSQL, on a connection of its own.

    Args:
        database: Opened.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Any = None

    def acquire(self) -> bool:
        if self._connection is None:
            return self._lock()
        try:
            self._connection.execute("SELECT 1")
        except self._errors():
            self.release()
            return self._lock()
        return True

    def _lock(self) -> bool:
        with suppress(StoreError, OSError), translate_errors(self._database.engine):
            pooled = self._database.engine.raw_connection()
            connection: Any = pooled.driver_connection
            pooled.detach()
            connection.autocommit = True
            if connection.execute("SELECT pg_try_advisory_lock(%s)", [_NUMBER]).fetchone()[0]:
                self._connection = connection
                return True
            connection.close()
        return False

    def release(self) -> None:
        if self._connection is not None:
            with suppress(self._errors()):
                self._connection.execute("SELECT pg_advisory_unlock(%s)", [_NUMBER])
            with suppress(self._errors()):
                self._connection.close()
            self._connection = None

    def _errors(self) -> type[Exception]:
        errors: type[Exception] = self._database.engine.dialect.loaded_dbapi.Error
        return errors

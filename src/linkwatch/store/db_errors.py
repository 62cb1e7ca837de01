"""Translates the errors of the databases: what failed, on which database, and what to do about it."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from linkwatch.errors import DamagedDatabaseError, FullDatabaseError, StoreError
from linkwatch.files import NO_SPACE

_SQLITE_REMEDIES = {
    "full": "Free some space; what was committed is safe.",
    "disk I/O": "See whether the disk is full or broken; what was committed is safe.",
    "readonly": "Make the file and its folder writable, or name another database.",
    "unable to open": "Make the file and its folder readable and writable, or name another database.",
    "not a database": "The file is something else; name another database.",
    "locked": "Another program holds the database; try again when it has finished.",
}
"""By a word of the message: the driver's exceptions have no finer class."""

_UNREACHABLE = (
    "See whether the server runs, and whether host, port, database, user and password are right; "
    "what was committed is safe."
)
_POOLED = (
    "A pooler is between, as PgBouncer in transaction mode: add ?prepare_threshold=None to the database's address."
)
_DISK_FULL = "53100"
_POSTGRESQL_REMEDIES = {
    "25006": "The server is read-only; name another one.",
    "42501": "Give the user of the address its rights, or upgrade the tables as their owner: linkwatch help postgresql",
    _DISK_FULL: "Free some space on the server; what was committed is safe.",
    "26000": _POOLED,
    "42P05": _POOLED,
    "55P03": "Another program holds the database; try again when it has finished.",
    "57P": _UNREACHABLE,
}
"""By the beginning of the SQLSTATE: the messages come in the server's language."""


def store_error_class(error: BaseException) -> type[StoreError]:
    """What to raise for an error of a driver or of the system: a full disk is no wrong setting."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    is_full = (
        code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
        or getattr(error, "sqlstate", None) == _DISK_FULL
        or (isinstance(error, OSError) and error.errno in NO_SPACE)
    )
    return FullDatabaseError if is_full else StoreError


@contextmanager
def translate_errors(engine: Engine) -> Iterator[None]:
    """Turn what the driver raises into a `StoreError`, without the password and without the values of a statement.

    Raises:
        KeyboardInterrupt: It was raised within the driver, which failed while it tidied up, and so hid it.
    """
    handled = sys.exception()  # of the caller, which may have been interrupted before
    try:
        yield
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:  # the second: of statements passed to the driver
        if _hides_interrupt(error, handled):
            raise KeyboardInterrupt from error
        raise _explain(engine, getattr(error, "orig", None) or error) from error


def _hides_interrupt(error: BaseException, handled: BaseException | None) -> bool:
    """Whether an error was raised while a KeyboardInterrupt was handled, which is younger than what was handled."""
    context: BaseException | None = error
    while context is not None and context is not handled:
        if isinstance(context, KeyboardInterrupt):
            return True
        context = context.__context__
    return False


def _explain(engine: Engine, error: BaseException) -> StoreError:
    # Parts of an address behind `?` may be secrets too.
    name = engine.url.set(query={}).render_as_string()
    if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT:
        return DamagedDatabaseError(f"{name}: the file is damaged: {error}", remedy="Restore a backup.")
    reason, remedy = _explain_postgresql(error) if engine.dialect.name == "postgresql" else _explain_sqlite(error)
    return store_error_class(error)(f"{name}: {reason or type(error).__name__}", remedy=remedy)


def _explain_sqlite(error: BaseException) -> tuple[str, str]:
    reason = str(error).strip()
    return reason, next((remedy for word, remedy in _SQLITE_REMEDIES.items() if word in reason), "")


def _explain_postgresql(error: BaseException) -> tuple[str, str]:
    diagnosis, state = getattr(error, "diag", None), getattr(error, "sqlstate", None)
    # The rest of the message may quote a whole row.
    primary = getattr(diagnosis, "message_primary", None) or next(iter(str(error).splitlines()), "")
    if state is None:
        return " ".join(primary.split()), _UNREACHABLE if type(error).__name__ == "OperationalError" else ""
    return primary, next((remedy for begin, remedy in _POSTGRESQL_REMEDIES.items() if state.startswith(begin)), "")

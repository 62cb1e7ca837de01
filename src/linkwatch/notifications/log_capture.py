"""Libraries log what they send where: addresses that hold secrets, which nobody may read in a log."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def capture_logs() -> Iterator[list[str]]:
    """Let no log be written meanwhile; yields the warnings that would have been, which may hold secrets too.

    All of the process's logs, its other threads' as well: which libraries a service of Apprise's uses is not known.
    """
    heard: list[str] = []
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, [_Listener(heard)]
    try:
        yield heard
    finally:
        root.handlers = handlers


class _Listener(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())

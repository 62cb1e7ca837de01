"""Keeps the logs of libraries out of ours: they contain addresses with secrets."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def capture_logs() -> Iterator[list[str]]:
    """Write no log meanwhile; yields the warnings that were logged, which may contain secrets too.

    This covers all loggers and threads, since the libraries that a service of Apprise uses are not known.
    """
    captured: list[str] = []
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, [_Listener(captured)]
    try:
        yield captured
    finally:
        root.handlers = handlers


class _Listener(logging.Handler):
    def __init__(self, captured: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._captured = captured

    def emit(self, record: logging.LogRecord) -> None:
        self._captured.append(record.getMessage())

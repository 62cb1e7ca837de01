"""When to stop asking: one reason that ends a run, shared by the threads that ask."""

from threading import Lock

from linkwatch.errors import IncompleteError, UnreachableError

MAX_CONSECUTIVE_FAILURES = 3
"""Calls in a row whose every attempt failed: with the service down, a long list must not retry for hours."""


class CircuitBreaker:
    """Holds why nothing more is asked; None while all is well."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._consecutive_failures = 0
        self.reason: IncompleteError | None = None
        self.failed_splits = 0
        """Single ids in a row, of calls that were asked in parts, that had no answer either."""

    def record_split_success(self) -> None:
        """A part of a call got an answer."""
        self.failed_splits = 0

    def record_split_failure(self) -> None:
        """A single id got none."""
        with self._lock:
            self.failed_splits += 1

    def record_success(self) -> None:
        """A call got through."""
        with self._lock:
            self._consecutive_failures = 0

    def record_failure(self, error: IncompleteError) -> None:
        """A call failed for good: quota and key end the run at once, the network after a few in a row."""
        with self._lock:
            self._consecutive_failures += 1
            if not isinstance(error, UnreachableError) or self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
                self.reason = self.reason or error

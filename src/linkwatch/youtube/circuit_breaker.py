"""When a run gives up: the first reason, shared by the threads that make its calls."""

from threading import Lock

from linkwatch.errors import IncompleteError, UnreachableError

MAX_CONSECUTIVE_FAILURES = 3
"""Calls in a row of which every attempt failed: while YouTube is down, a long list must not be retried for hours."""


class CircuitBreaker:
    """Holds in `reason` why no more calls are made; None while they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._consecutive_failures = 0
        self.reason: IncompleteError | None = None
        self.failed_splits = 0
        """Single ids in a row, of calls that were split, that got no answer either."""

    def record_split_success(self) -> None:
        """A part of a split call got an answer."""
        self.failed_splits = 0

    def record_split_failure(self) -> None:
        """A single id of a split call got no answer."""
        with self._lock:
            self.failed_splits += 1

    def record_success(self) -> None:
        """A call was answered."""
        with self._lock:
            self._consecutive_failures = 0

    def record_failure(self, error: IncompleteError) -> None:
        """A call failed for good: quota and key end the run at once, the network after several in a row."""
        with self._lock:
            self._consecutive_failures += 1
            if not isinstance(error, UnreachableError) or self._consecutive_failures >= MAX_CONSECUTIVE_FAILURES:
                self.reason = self.reason or error

"""How many requests may be in flight: half as many after YouTube refuses one as too many, slowly more again."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from linkwatch.youtube.retry import TooManyRequestsError


class InFlightLimit:
    """TCP's congestion control, for requests; shared by the threads that make them.

    Until the first refusal each response admits one more request, which doubles the limit within the time of a
    response; after it, only a whole limit of responses does.

    Args:
        start: Requests in flight at the beginning, ≥ 1.
        most: Requests in flight at most, ≥ 1.
    """

    def __init__(self, start: int, most: int) -> None:
        self._changed = Condition()
        self._most = most
        self._limit = float(min(start, most))
        self._in_flight = 0
        self._halvings = 0

    @property
    def limit(self) -> int:
        """How many may be in flight now."""
        return int(self._limit)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until a request may be made; it is in flight for as long as the block lasts.

        A `TooManyRequestsError` that leaves the block halves the limit, a block that ends well raises it.
        """
        with self._changed:
            while self._in_flight >= self.limit:
                self._changed.wait()
            self._in_flight += 1
            halvings = self._halvings
        try:
            yield
        except TooManyRequestsError:
            self._halve(halvings)
            raise
        else:
            self._grow()
        finally:
            with self._changed:
                self._in_flight -= 1
                self._changed.notify(max(0, self.limit - self._in_flight))

    def _halve(self, halvings: int) -> None:
        with self._changed:
            # A burst gets many refusals: those of requests that were made before the last halving say nothing new.
            if halvings == self._halvings:
                self._halvings += 1
                self._limit = max(1.0, self._limit / 2)

    def _grow(self) -> None:
        with self._changed:
            self._limit = min(self._most, self._limit + (1 / self._limit if self._halvings else 1))

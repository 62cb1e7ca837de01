"""Retries, with backoff and jitter, of what is transient."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from linkwatch.exchange import TransientError

__all__ = ["RetryPolicy", "TooManyRequestsError", "TransientError", "parse_retry_after"]

T = TypeVar("T")


class TooManyRequestsError(TransientError):
    """YouTube refused a request because it got too many at once."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and after which waits an attempt is repeated."""

    attempts: int = 4
    """In total, ≥ 1."""

    initial: float = 1.0
    """Seconds before the second attempt; doubled each time, with up to as much again at random."""

    longest: float = 30.0
    """Seconds; also the longest `Retry-After` that is respected: after a longer one, the next check comes sooner."""

    sleep: Callable[[float], None] = time.sleep

    def run(self, attempt: Callable[[], T]) -> T:
        """Call `attempt` until it returns.

        Raises:
            TransientError: The last one, when the attempts are used up.
        """
        return _retrying(self)(attempt)


@lru_cache(maxsize=16)
def _retrying(policy: RetryPolicy) -> Retrying:
    backoff = wait_exponential_jitter(initial=policy.initial, max=policy.longest, jitter=policy.initial)

    def wait(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, TransientError) and error.retry_after else 0.0
        return min(policy.longest, max(asked, backoff(state)))

    return Retrying(
        retry=retry_if_exception_type(TransientError),
        stop=stop_after_attempt(policy.attempts),
        wait=wait,
        sleep=policy.sleep,
        reraise=True,
    )


def parse_retry_after(value: str | None) -> float | None:
    """Seconds of a `Retry-After` header; None when it is missing or a date (YouTube sends seconds)."""
    return float(value) if value is not None and value.isdecimal() else None

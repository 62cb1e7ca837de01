import pytest

from linkwatch.errors import IncompleteError, KeyRejectedError, QuotaSpentError, UnreachableError
from linkwatch.youtube.circuit_breaker import GIVE_UP_AFTER, CircuitBreaker

DOWN = UnreachableError("down")


def test_a_network_that_fails_a_few_times_in_a_row_is_given_up() -> None:
    breaker = CircuitBreaker()
    for _ in range(GIVE_UP_AFTER - 1):
        breaker.failed(DOWN)
        assert breaker.reason is None
    breaker.failed(DOWN)
    assert breaker.reason is DOWN


def test_one_answer_in_between_starts_the_count_over() -> None:
    breaker = CircuitBreaker()
    for _ in range(10):
        breaker.failed(DOWN)
        breaker.failed(DOWN)
        breaker.answered()
    assert breaker.reason is None


@pytest.mark.parametrize("error", [QuotaSpentError("spent"), KeyRejectedError("refused")])
def test_quota_and_key_end_it_at_once(error: IncompleteError) -> None:
    breaker = CircuitBreaker()
    breaker.failed(error)
    assert breaker.reason is error


def test_the_first_reason_stays() -> None:
    breaker = CircuitBreaker()
    spent = QuotaSpentError("spent")
    breaker.failed(spent)
    for _ in range(GIVE_UP_AFTER):
        breaker.failed(DOWN)
    breaker.answered()
    assert breaker.reason is spent

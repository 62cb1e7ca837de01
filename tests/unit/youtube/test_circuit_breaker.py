import pytest

from linkwatch.errors import IncompleteError, KeyRejectedError, QuotaSpentError, UnreachableError
from linkwatch.youtube.circuit_breaker import MAX_CONSECUTIVE_FAILURES, CircuitBreaker

DOWN = UnreachableError("down")


def test_several_network_failures_in_a_row_end_the_run() -> None:
    breaker = CircuitBreaker()
    for _ in range(MAX_CONSECUTIVE_FAILURES - 1):
        breaker.record_failure(DOWN)
        assert breaker.reason is None
    breaker.record_failure(DOWN)
    assert breaker.reason is DOWN


def test_an_answer_resets_the_count() -> None:
    breaker = CircuitBreaker()
    for _ in range(10):
        breaker.record_failure(DOWN)
        breaker.record_failure(DOWN)
        breaker.record_success()
    assert breaker.reason is None


@pytest.mark.parametrize("error", [QuotaSpentError("spent"), KeyRejectedError("refused")])
def test_quota_and_key_end_the_run_at_once(error: IncompleteError) -> None:
    breaker = CircuitBreaker()
    breaker.record_failure(error)
    assert breaker.reason is error


def test_the_first_reason_stays() -> None:
    breaker = CircuitBreaker()
    spent = QuotaSpentError("spent")
    breaker.record_failure(spent)
    for _ in range(MAX_CONSECUTIVE_FAILURES):
        breaker.record_failure(DOWN)
    breaker.record_success()
    assert breaker.reason is spent

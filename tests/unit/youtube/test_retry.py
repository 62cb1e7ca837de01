from collections.abc import Callable

import pytest

from linkwatch.youtube.retry import RetryPolicy, TransientError, parse_retry_after


class Failing:
    """Fails with these errors, one an attempt, and then returns `done`."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.attempts = 0

    def __call__(self) -> str:
        self.attempts += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def policy(sleep: Callable[[float], None], attempts: int = 4) -> RetryPolicy:
    return RetryPolicy(attempts=attempts, initial=1.0, longest=30.0, sleep=sleep)


def test_success_needs_one_attempt_and_no_wait() -> None:
    slept: list[float] = []
    work = Failing()
    assert policy(slept.append).run(work) == "done"
    assert (work.attempts, slept) == (1, [])


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_transient_error_is_retried(failures: int) -> None:
    slept: list[float] = []
    work = Failing(*(TransientError("once") for _ in range(failures)))
    assert policy(slept.append).run(work) == "done"
    assert work.attempts == failures + 1
    assert len(slept) == failures


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_the_last_error_is_raised_after_the_last_attempt(attempts: int) -> None:
    slept: list[float] = []
    work = Failing(*(TransientError(f"attempt {number}") for number in range(1, 9)))
    with pytest.raises(TransientError, match=f"attempt {attempts}"):
        policy(slept.append, attempts).run(work)
    assert work.attempts == attempts
    assert len(slept) == attempts - 1


@pytest.mark.parametrize("error", [ValueError("bug"), KeyError("bug"), RuntimeError("bug")])
def test_other_errors_are_not_retried(error: Exception) -> None:
    slept: list[float] = []
    work = Failing(error)
    with pytest.raises(type(error)):
        policy(slept.append).run(work)
    assert (work.attempts, slept) == (1, [])


def test_an_interruption_is_not_retried() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        policy(lambda _: pytest.fail("it waited")).run(interrupted)


def test_waits_double_with_up_to_a_second_at_random() -> None:
    waits: list[list[float]] = []
    for _ in range(200):
        slept: list[float] = []
        policy(slept.append).run(Failing(*(TransientError("x") for _ in range(3))))
        waits.append(slept)
    for number, (low, high) in enumerate([(1, 2), (2, 3), (4, 5)]):
        drawn = [each[number] for each in waits]
        assert low <= min(drawn) <= max(drawn) <= high
        assert len(set(drawn)) > 100, "threads that fail together must not come back together"


def test_no_wait_exceeds_the_limit() -> None:
    slept: list[float] = []
    patient = RetryPolicy(attempts=12, initial=1.0, longest=5.0, sleep=slept.append)
    patient.run(Failing(*(TransientError("x") for _ in range(11))))
    assert max(slept) == 5.0


@pytest.mark.parametrize(
    ("asked", "low", "high"),
    [
        pytest.param(None, 1, 2, id="did not say"),
        pytest.param(0.0, 1, 2, id="at once is no reason to hurry"),
        pytest.param(17.0, 17, 17, id="honoured"),
        pytest.param(3600.0, 30, 30, id="no longer than the longest"),
    ],
)
def test_retry_after_is_respected(asked: float | None, low: float, high: float) -> None:
    slept: list[float] = []
    policy(slept.append).run(Failing(TransientError("busy", retry_after=asked)))
    assert low <= slept[0] <= high


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0.0),
        ("120", 120.0),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("soon", None),
    ],
)
def test_retry_after_is_seconds_or_nothing(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value) == seconds


def test_a_long_retry_after_is_cut() -> None:
    slept: list[float] = []
    policy(slept.append).run(Failing(TransientError("x", retry_after=parse_retry_after("9" * 400))))
    assert slept == [30.0]

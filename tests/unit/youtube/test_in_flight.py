from threading import Event, Thread

import pytest

from linkwatch.youtube.in_flight import InFlightLimit
from linkwatch.youtube.retry import TooManyRequestsError, TransientError

LONG = 20
"""Seconds after which a test that hangs fails."""


def answered(limit: InFlightLimit, times: int) -> None:
    for _ in range(times):
        with limit.slot():
            pass


def refused(limit: InFlightLimit) -> None:
    with pytest.raises(TooManyRequestsError), limit.slot():
        raise TooManyRequestsError("HTTP 429")


def test_each_response_admits_one_more_request_up_to_the_most() -> None:
    limit = InFlightLimit(16, 64)
    assert limit.limit == 16
    answered(limit, 16)
    assert limit.limit == 32
    answered(limit, 1000)
    assert limit.limit == 64


def test_no_more_than_the_most_start() -> None:
    assert InFlightLimit(16, 6).limit == 6


def test_a_refusal_halves_the_limit_down_to_one() -> None:
    limit = InFlightLimit(16, 64)
    halved = []
    for _ in range(6):
        refused(limit)
        halved.append(limit.limit)
    assert halved == [8, 4, 2, 1, 1, 1]


def test_the_refusals_of_one_burst_halve_the_limit_once() -> None:
    limit = InFlightLimit(16, 64)

    def burst() -> None:
        with limit.slot():
            refused(limit)
            refused(limit)
            raise TooManyRequestsError("HTTP 429")

    with pytest.raises(TooManyRequestsError):
        burst()
    assert limit.limit == 4, "the second was made after the first had halved it, the outer one before"


def test_after_a_refusal_only_a_whole_limit_of_responses_admits_one_more() -> None:
    limit = InFlightLimit(16, 64)
    refused(limit)
    answered(limit, 7)
    assert limit.limit == 8
    answered(limit, 2)
    assert limit.limit == 9


def test_other_faults_change_nothing() -> None:
    limit = InFlightLimit(16, 64)
    with pytest.raises(TransientError), limit.slot():
        raise TransientError("HTTP 503")
    assert limit.limit == 16


def test_a_request_beyond_the_limit_waits_for_a_response() -> None:
    limit = InFlightLimit(1, 1)
    made = Event()

    def request() -> None:
        with limit.slot():
            made.set()

    thread = Thread(target=request, daemon=True)
    with limit.slot():
        thread.start()
        thread.join(0.05)
        assert not made.is_set()
    assert made.wait(LONG)
    thread.join(LONG)

"""What `linkwatch doctor` makes of odd answers."""

from datetime import UTC, datetime

import pytest

from linkwatch.services.doctor import Problem, examine_clock

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("date", "problem", "message"),
    [
        ("Sun, 22 Nov 2026 09:00:10 GMT", None, "agrees"),
        ("Sun, 22 Nov 2026 09:00:10 -0000", None, "agrees"),
        ("Sun, 22 Nov 2026 10:00:10 +0100", None, "agrees"),
        ("Sun, 22 Nov 2026 19:00:00 GMT", Problem.INCOMPLETE, "differs"),
        ("", None, "no readable date"),
        ("garbage", None, "no readable date"),
        ("Sun, 22 Nov 99999 09:00:00 GMT", None, "no readable date"),
        ("Sun, 99 Nov 2026 99:99:99 GMT", None, "no readable date"),
        ("Sun, 22 Nov 2026 09:00:00 +9999999999999999", None, "no readable date"),
        ("Mon, 01 Jan 0001 00:00:00 +2300", Problem.INCOMPLETE, "differs"),
    ],
)
def test_the_clock_is_compared_with_whatever_date_an_answer_has(
    date: str, problem: Problem | None, message: str
) -> None:
    result = examine_clock(date, NOW)
    assert result.problem is problem
    assert message in result.message

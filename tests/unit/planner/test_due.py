from datetime import timedelta

import pytest

from linkwatch.models.records import Coverage
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.due import LONGEST_INTERVAL, NEVER_CHECKED, SHORTEST_INTERVAL, CheckTimes, Due, due
from linkwatch.spool import Spool, sequence

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_000 * DAY
SPACING = timedelta(hours=6)
A, B, C = (Resource(Kind.VIDEO, letter * 10 + "A") for letter in "abc")


def ask(interval_start: int = NOW, *, auto: bool = False, **known: CheckTimes) -> Due:
    resources = {"a": A, "b": B, "c": C}
    listed = ((resource, known.get(name, NEVER_CHECKED)) for name, resource in resources.items())
    return due(listed, now=NOW, interval_start=interval_start, spacing=SPACING, auto=auto)


def seen(ago: int, *, changed: int = 100 * DAY, missed: int | None = None) -> CheckTimes:
    return CheckTimes(NOW - ago, NOW - changed, None if missed is None else NOW - missed)


def test_everything_is_due_when_an_interval_begins() -> None:
    assert ask(a=seen(DAY), b=seen(1), c=seen(DAY)) == Due((A, B, C), Coverage.ALL, None)


def test_a_resource_with_an_answer_in_the_interval_is_not_due() -> None:
    assert ask(NOW - HOUR, a=seen(HOUR // 2), b=seen(HOUR), c=seen(DAY)) == Due((C,), Coverage.DUE, None)


def test_a_resource_without_an_answer_is_due_at_once() -> None:
    assert ask(0, a=seen(DAY), b=seen(DAY)).resources == (C,)


def test_a_suspect_is_due_when_its_next_missed_check_would_count() -> None:
    fresh, ripe = seen(2 * HOUR, missed=2 * HOUR), seen(7 * HOUR, missed=7 * HOUR)
    assert ask(0, a=fresh, b=ripe, c=seen(DAY)) == Due((B,), Coverage.DOUBTFUL, NOW + 4 * HOUR)


def test_resources_without_an_answer_are_due_together_with_suspects() -> None:
    found = ask(NOW - DAY, a=seen(7 * HOUR, missed=7 * HOUR), b=seen(2 * DAY), c=seen(HOUR))
    assert found == Due((A, B), Coverage.DUE, None)


@pytest.mark.parametrize(
    ("unchanged", "after"),
    [
        (0, SHORTEST_INTERVAL),
        (1, SHORTEST_INTERVAL),
        (4, timedelta(hours=12)),
        (16, timedelta(days=2)),
        (365, LONGEST_INTERVAL),
    ],
)
def test_at_auto_the_interval_is_shorter_after_a_recent_change(unchanged: int, after: timedelta) -> None:
    """Days without a change → the time between two checks, less up to a quarter by the id."""
    wait = after // timedelta(milliseconds=1)

    def is_due(ago: int) -> bool:
        times = CheckTimes(NOW - ago, NOW - ago - unchanged * DAY)
        return bool(due([(A, times)], now=NOW, interval_start=NOW, spacing=SPACING, auto=True).resources)

    assert is_due(wait)
    assert not is_due(wait * 3 // 4 - 1)


def test_at_auto_a_stream_to_come_is_asked_about_at_the_shortest_interval() -> None:
    steady = CheckTimes(NOW - 7 * HOUR, NOW - 400 * DAY)
    assert ask(auto=True, a=steady, b=steady._replace(passing=True), c=seen(HOUR)).resources == (B,)


@pytest.mark.parametrize("auto", [False, True])
def test_a_check_of_the_future_counts_as_none(*, auto: bool) -> None:
    """It was stored while the clock was wrong."""
    of_2031 = CheckTimes(NOW + 1800 * DAY, NOW + 1800 * DAY)
    assert ask(NOW - DAY, auto=auto, a=of_2031, b=seen(HOUR), c=seen(HOUR)).resources == (A,)


def test_a_missed_check_of_the_future_keeps_no_suspect_waiting() -> None:
    suspect = CheckTimes(NOW - HOUR, NOW - HOUR, NOW + 1800 * DAY)
    assert ask(NOW - DAY, a=suspect, b=seen(HOUR), c=seen(HOUR)) == Due((A,), Coverage.DOUBTFUL, None)


def test_at_auto_a_suspect_does_not_wait_for_its_interval() -> None:
    times = seen(7 * HOUR, changed=400 * DAY, missed=7 * HOUR)
    assert ask(auto=True, a=times, b=seen(HOUR), c=seen(HOUR)) == Due((A,), Coverage.DOUBTFUL, None)


def test_at_auto_resources_that_were_checked_together_are_spread_over_time() -> None:
    many = [Resource(Kind.PLAYLIST, f"PL{n:032d}") for n in range(400)]
    times = CheckTimes(NOW - 20 * HOUR, NOW - 20 * HOUR - 8 * DAY)
    found = due([(each, times) for each in many], now=NOW, interval_start=NOW, spacing=SPACING, auto=True)
    assert 0.2 < len(found.resources) / len(many) < 0.5, "of a quarter of a day, the first third"


def test_what_is_due_of_a_long_list_is_not_held_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "IN_MEMORY", 2)
    found = ask(NOW - HOUR, a=seen(DAY), b=seen(0, missed=7 * HOUR), c=seen(DAY))
    assert isinstance(found.resources, Spool)
    assert list(found.resources) == [A, B, C]
    assert found.coverage is Coverage.DUE

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from linkwatch.daemon.schedules import format_cadence, jitter, next_scheduled
from linkwatch.settings import Auto, Cadence, Cron, Schedule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUNDAY = datetime(2026, 11, 22, 9, tzinfo=UTC)


def slots(cadence: Cadence, after: datetime, count: int, name: str = "lists") -> list[datetime]:
    schedule = Schedule(name=name, lists=("a.md",), cadence=cadence)
    found = []
    for _ in range(count):
        after = next_scheduled(schedule, after)
        found.append(after)
    return found


def of_cron(expression: str, timezone: str, after: str, count: int) -> list[str]:
    """The times, in UTC."""
    found = slots(Cron(expression, timezone), datetime.fromisoformat(after), count)
    return [f"{slot:%a %m-%d %H:%M}" for slot in found]


def test_an_interval_never_starts_over_whenever_the_daemon_was_started() -> None:
    first, *_ = slots(6 * HOUR, SUNDAY, 1)
    assert slots(6 * HOUR, SUNDAY + timedelta(minutes=1), 1) == [first]
    assert slots(6 * HOUR, first - timedelta(seconds=1), 3) == [first, first + 6 * HOUR, first + 12 * HOUR]


def test_schedules_of_one_interval_are_spread_over_it() -> None:
    times = sorted(slots(DAY, SUNDAY, 1, name=f"list {n}")[0] for n in range(200))
    assert all(SUNDAY < time <= SUNDAY + DAY for time in times)
    assert max(later - earlier for earlier, later in pairwise(times)) < HOUR


def test_the_same_name_has_the_same_part_of_an_interval() -> None:
    assert jitter(DAY, "courses") == jitter(DAY, "courses") != jitter(DAY, "talks")
    assert timedelta() <= jitter(timedelta(minutes=1), "courses") < timedelta(minutes=1)


def test_auto_looks_every_hour() -> None:
    first, second = slots(Auto(), SUNDAY, 2)
    assert second - first == HOUR


@pytest.mark.parametrize(
    ("expression", "days"),
    [
        ("0 6 * * 0", ["Sun"] * 2),
        ("0 6 * * 7", ["Sun"] * 2),
        ("0 6 * * 1", ["Mon"] * 2),
        ("0 6 * * 1-5", ["Mon", "Tue", "Wed", "Thu", "Fri", "Mon"]),
        ("0 6 * * sat,sun", ["Sat", "Sun", "Sat", "Sun"]),
        ("0 6 * * 5-7", ["Fri", "Sat", "Sun", "Fri"]),
    ],
)
def test_weekday_numbers_mean_what_cron_means(expression: str, days: list[str]) -> None:
    assert [time[:3] for time in of_cron(expression, "UTC", "2026-11-22T12:00:00Z", len(days))] == days


def test_a_day_of_the_month_and_a_day_of_the_week_are_either_as_in_cron() -> None:
    times = of_cron("0 6 13 * 5", "UTC", "2026-11-01T00:00:00Z", 5)
    assert times == ["Fri 11-06 06:00", "Fri 11-13 06:00", "Fri 11-20 06:00", "Fri 11-27 06:00", "Fri 12-04 06:00"]


def test_a_cron_expression_is_meant_in_its_time_zone_in_summer_and_winter() -> None:
    assert of_cron("30 7 * * *", "Europe/Berlin", "2026-07-01T00:00:00Z", 1) == ["Wed 07-01 05:30"]
    assert of_cron("30 7 * * *", "Europe/Berlin", "2026-12-01T00:00:00Z", 1) == ["Tue 12-01 06:30"]
    assert of_cron("30 7 * * *", "Asia/Kolkata", "2026-12-01T00:00:00Z", 1) == ["Tue 12-01 02:00"]


def test_on_the_day_without_that_hour_it_comes_right_after_and_once() -> None:
    """In Berlin 02:00 to 03:00 on 29 March 2026 is left out."""
    assert of_cron("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3) == [
        "Sat 03-28 01:30",
        "Sun 03-29 01:00",
        "Mon 03-30 00:30",
    ]


def test_on_the_day_with_that_hour_twice_it_comes_once() -> None:
    """In Berlin 02:00 to 03:00 on 25 October 2026 comes twice."""
    assert of_cron("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2) == ["Sun 10-25 00:30", "Mon 10-26 01:30"]


def test_every_hour_is_every_hour_on_both_odd_days() -> None:
    for after in ("2026-03-28T23:30:00Z", "2026-10-24T23:30:00Z"):
        times = slots(Cron("0 * * * *", "Europe/Berlin"), datetime.fromisoformat(after), 6)
        assert {later - earlier for earlier, later in pairwise(times)} == {HOUR}


@pytest.mark.parametrize("minute", range(0, 180, 7))
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01"])
def test_a_slot_lies_behind_the_moment_it_is_asked_about(day: str, minute: int) -> None:
    for timezone in ("Europe/Berlin", "America/Los_Angeles"):
        after = datetime.fromisoformat(f"{day}T00:00:00Z") + timedelta(minutes=minute, hours=7)
        for moment in (after, after - 7 * HOUR):
            (slot,) = slots(Cron("30 1,2 * * *", timezone), moment, 1)
            assert moment < slot <= moment + 25 * HOUR


def test_two_cadences_are_distinguished_by_how_they_are_written() -> None:
    cadences = (DAY, HOUR, Auto(), Cron("0 6 * * *", "UTC"), Cron("0 6 * * *", "Asia/Tokyo"))
    assert len({format_cadence(cadence) for cadence in cadences}) == len(cadences)

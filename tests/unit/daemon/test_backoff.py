from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linkwatch.daemon.schedules import (
    MAX_RETRY_DELAY,
    after_check,
    after_failure,
    begin_interval,
    initial_status,
    next_scheduled,
    retry_delay,
    without_future_times,
)
from linkwatch.models.records import Coverage, QuotaDay, ScheduleStatus
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis
from linkwatch.planner.due import Due
from linkwatch.settings import Auto, Cadence, Cron, Schedule

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DONE = Due((), Coverage.DUE, None)
LEFT = Due((Resource(Kind.VIDEO, "a" * 10 + "A"),), Coverage.DUE, None)
RICH = QuotaDay(units=0, limit=100, exhausted=False, turns_at=NOW + 10 * HOUR)


def schedule(cadence: Cadence = DAY) -> Schedule:
    return Schedule(name="courses", lists=("a.md",), cadence=cadence)


def status(cadence: Cadence = DAY) -> ScheduleStatus:
    """Of a schedule whose interval_start has just begun."""
    return begin_interval(initial_status(None, schedule(cadence), NOW - 3 * DAY), schedule(cadence), NOW)


def test_a_new_schedule_is_due_when_its_lists_were_not_checked_within_the_interval() -> None:
    first = initial_status(None, schedule(6 * HOUR), NOW)
    assert first.interval_start == NOW - 6 * HOUR
    assert first.next_check == NOW
    assert NOW < first.next_scheduled <= NOW + 6 * HOUR


def test_a_new_schedule_by_cron_waits_for_its_time_but_for_what_was_never_checked() -> None:
    first = initial_status(None, schedule(Cron("0 6 * * *", "UTC")), NOW)
    assert first.interval_start is None
    assert first.next_scheduled == NOW + 21 * HOUR


def test_a_schedule_that_was_known_goes_on_where_it_was() -> None:
    before = replace(status(), failures=2, next_check=NOW + MINUTE)
    assert initial_status(before, schedule(), NOW) == before


def test_another_cadence_is_calculated_again_and_what_is_due_stays_due() -> None:
    before = status()
    after = initial_status(before, schedule(HOUR), NOW)
    assert after.interval_start == before.interval_start
    assert after.next_scheduled <= NOW + HOUR


def test_of_several_slots_that_were_missed_one_is_caught_up() -> None:
    late = begin_interval(initial_status(None, schedule(HOUR), NOW - 30 * DAY), schedule(HOUR), NOW)
    assert late.interval_start == NOW
    assert NOW < late.next_scheduled <= NOW + HOUR
    assert begin_interval(late, schedule(HOUR), NOW) == late


def test_after_a_check_that_left_nothing_the_next_slot_is_next() -> None:
    before = replace(status(), failures=3)
    after = after_check(before, DONE, NOW, RICH)
    assert (after.failures, after.next_check) == (0, before.next_scheduled)


def test_a_suspect_is_looked_at_again_before_the_next_slot() -> None:
    still = replace(DONE, next_at=to_millis(NOW + HOUR))
    before = replace(status(), next_scheduled=NOW + 20 * HOUR)
    assert after_check(before, still, NOW, RICH).next_check == NOW + HOUR
    assert after_check(replace(before, next_scheduled=NOW + MINUTE), still, NOW, RICH).next_check == NOW + MINUTE


def test_what_got_no_answer_is_tried_again_more_and_more_patiently() -> None:
    before, waits = replace(status(), next_scheduled=NOW + 30 * DAY), []
    for _ in range(7):
        before = after_check(before, LEFT, NOW, RICH)
        waits.append((before.next_check - NOW) / MINUTE)
    assert waits == [5, 10, 20, 40, 60, 60, 60]
    assert retry_delay(10_000) == MAX_RETRY_DELAY


def test_when_the_units_are_spent_nothing_is_tried_before_the_day_turns() -> None:
    before = replace(status(Auto()), next_scheduled=NOW + HOUR)
    spent = replace(RICH, units=100)
    after = after_check(before, LEFT, NOW, spent)
    assert spent.turns_at <= after.next_check < spent.turns_at + 10 * MINUTE
    assert after_check(before, LEFT, NOW, None).next_check == NOW + 5 * MINUTE, "without a key there are no units"


def test_youtubes_word_that_the_day_is_spent_is_asked_about_again_after_an_hour() -> None:
    after = after_check(status(), LEFT, NOW, replace(RICH, exhausted=True))
    assert after.next_check == NOW + HOUR


def test_after_a_fault_of_ours_it_is_tried_again_soon() -> None:
    once = after_failure(status(), NOW)
    assert (once.failures, once.next_check) == (1, NOW + 5 * MINUTE)
    assert after_failure(once, NOW).next_check == NOW + 10 * MINUTE


WRONG = datetime(2031, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("cadence", [6 * HOUR, DAY, Auto(), Cron("0 6 * * *", "UTC")], ids=str)
def test_times_computed_while_the_clock_was_wrong_delay_nothing(cadence: Cadence) -> None:
    before = replace(begin_interval(status(cadence), schedule(cadence), WRONG), files=("a.md",), failures=2)
    after = without_future_times(before, schedule(cadence), NOW)
    assert (after.next_check, after.files, after.failures) == (NOW, ("a.md",), 2)
    assert after.next_scheduled == next_scheduled(schedule(cadence), NOW)
    assert after.interval_start is None or after.interval_start < NOW
    assert initial_status(before, schedule(cadence), NOW) == after, "at a restart, too"


@pytest.mark.parametrize("cadence", [6 * HOUR, DAY, Auto(), Cron("0 6 * * *", "UTC")], ids=str)
def test_times_that_a_schedule_can_give_stay_as_they_are(cadence: Cadence) -> None:
    spent = QuotaDay(units=100, limit=100, exhausted=False, turns_at=NOW + 25 * HOUR)
    for possible in (
        status(cadence),
        after_check(status(cadence), LEFT, NOW, spent),
        after_failure(status(cadence), NOW),
    ):
        assert without_future_times(possible, schedule(cadence), NOW) == possible


def test_a_clock_that_is_set_back_by_some_minutes_begins_no_interval_again() -> None:
    begun = begin_interval(status(HOUR), schedule(HOUR), status(HOUR).next_scheduled)
    assert begun.interval_start is not None
    back = begun.interval_start - 4 * MINUTE
    assert without_future_times(begun, schedule(HOUR), back) == begun


def test_a_retry_or_a_new_quota_day_of_the_far_future_is_forgotten() -> None:
    before = replace(status(), next_check=WRONG)
    assert without_future_times(before, schedule(), NOW).next_check == NOW

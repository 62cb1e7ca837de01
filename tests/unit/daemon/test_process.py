from datetime import UTC, datetime, timedelta

from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler

from linkwatch.daemon.process import TICK_INTERVAL, follow_clock

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def job(next_run: datetime) -> Job:
    """Of a scheduler that is not started."""
    return BackgroundScheduler(timezone=UTC).add_job(
        lambda: None, "interval", seconds=TICK_INTERVAL, next_run_time=next_run
    )


def test_a_job_waits_for_no_time_from_before_the_clock_was_set_back() -> None:
    waiting = job(NOW + timedelta(days=1800))
    follow_clock(waiting, NOW)
    assert waiting.next_run_time == NOW


def test_a_job_that_is_soon_due_stays_as_it_is() -> None:
    waiting = job(NOW + timedelta(seconds=TICK_INTERVAL))
    follow_clock(waiting, NOW)
    assert waiting.next_run_time == NOW + timedelta(seconds=TICK_INTERVAL)

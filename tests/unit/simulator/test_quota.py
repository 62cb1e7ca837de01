from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from unit.simulator.api_calls import NOW

from linkwatch.errors import SettingsError
from linkwatch.simulator import quota
from linkwatch.simulator.quota import QuotaMeter, pacific_day


@pytest.mark.parametrize(
    ("before", "day"),
    [
        pytest.param(datetime(2026, 1, 15, 7, 59, 59, tzinfo=UTC), date(2026, 1, 14), id="winter, 08:00 UTC"),
        pytest.param(datetime(2026, 7, 15, 6, 59, 59, tzinfo=UTC), date(2026, 7, 14), id="summer, 07:00 UTC"),
        pytest.param(datetime(2026, 3, 8, 7, 59, 59, tzinfo=UTC), date(2026, 3, 7), id="into summer time: still 08:00"),
        pytest.param(datetime(2026, 3, 9, 6, 59, 59, tzinfo=UTC), date(2026, 3, 8), id="after 23 hours"),
        pytest.param(datetime(2026, 11, 1, 6, 59, 59, tzinfo=UTC), date(2026, 10, 31), id="out of summer time: 07:00"),
        pytest.param(datetime(2026, 11, 2, 7, 59, 59, tzinfo=UTC), date(2026, 11, 1), id="after 25 hours"),
    ],
)
def test_the_day_begins_at_midnight_in_california(before: datetime, day: date) -> None:
    assert pacific_day(before) == day
    assert pacific_day(before + timedelta(seconds=1)) == day + timedelta(days=1)


def test_a_spent_day_charges_nothing_and_the_next_day_starts_at_zero() -> None:
    meter = QuotaMeter(2)
    assert [meter.charge(NOW) for _ in range(3)] == [True, True, False]
    assert meter.used(pacific_day(NOW)) == 2
    assert meter.charge(NOW + timedelta(days=1))


def test_threads_lose_no_unit() -> None:
    meter = QuotaMeter(3000)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: meter.charge(NOW), range(4000)))
    assert sum(taken) == meter.used(pacific_day(NOW)) == 3000


def test_without_time_zone_data_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(quota, "ZoneInfo", missing)
    quota._pacific.cache_clear()
    try:
        with pytest.raises(SettingsError) as error:
            pacific_day(NOW)
    finally:
        monkeypatch.undo()
        quota._pacific.cache_clear()
    assert "tzdata" in error.value.remedy

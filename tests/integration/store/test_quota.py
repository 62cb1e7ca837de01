import re
import threading
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b, md5, sha1, sha256, sha512

import pytest
from integration.store.checks import NOW, everything
from sqlalchemy import insert

from linkwatch.errors import QuotaSpentError
from linkwatch.models.records import QuotaDay
from linkwatch.models.times import to_millis
from linkwatch.store.database import Database
from linkwatch.store.quota import StoredQuotaAccount, load_quota_day, next_pacific_day, pacific_day
from linkwatch.store.tables import quota_days

KEY = "AIza-the-first-key"
OTHER_KEY = "AIza-another-key"


class Clock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(database: Database, now: datetime, limit: int = 10, api_key: str | None = KEY) -> QuotaDay:
    with database.read() as connection:
        return load_quota_day(connection, now, limit, api_key)


@pytest.mark.parametrize(
    ("now", "pacific", "turns"),
    [
        pytest.param("2026-01-15T07:59:59", "2026-01-14", "2026-01-15T08:00:00", id="winter, before"),
        pytest.param("2026-01-15T08:00:00", "2026-01-15", "2026-01-16T08:00:00", id="winter, after"),
        pytest.param("2026-07-15T06:59:59", "2026-07-14", "2026-07-15T07:00:00", id="summer, before"),
        pytest.param("2026-07-15T07:00:00", "2026-07-15", "2026-07-16T07:00:00", id="summer, after"),
        pytest.param("2026-03-08T08:00:00", "2026-03-08", "2026-03-09T07:00:00", id="the day of 23 hours begins"),
        pytest.param("2026-03-09T06:59:59", "2026-03-08", "2026-03-09T07:00:00", id="the day of 23 hours ends"),
        pytest.param("2026-03-08T07:59:59", "2026-03-07", "2026-03-08T08:00:00", id="before the day of 23 hours"),
        pytest.param("2026-11-01T07:00:00", "2026-11-01", "2026-11-02T08:00:00", id="the day of 25 hours begins"),
        pytest.param("2026-11-02T07:59:59", "2026-11-01", "2026-11-02T08:00:00", id="the day of 25 hours ends"),
        pytest.param("2026-11-01T09:30:00", "2026-11-01", "2026-11-02T08:00:00", id="the hour that comes twice"),
        pytest.param("2026-12-31T23:00:00", "2026-12-31", "2027-01-01T08:00:00", id="the year turns later there"),
    ],
)
def test_the_day_turns_at_midnight_pacific_time(now: str, pacific: str, turns: str) -> None:
    assert pacific_day(utc(now)) == pacific
    assert next_pacific_day(utc(now)) == utc(turns)


def test_the_next_day_is_in_the_zone_of_the_question() -> None:
    zone = timezone(timedelta(hours=5, minutes=30))
    asked = NOW.astimezone(zone)
    assert next_pacific_day(asked).tzinfo is zone
    assert next_pacific_day(asked) == next_pacific_day(NOW)


def test_every_hour_of_a_year_lies_before_the_turn_of_its_day() -> None:
    for hours in range(0, 366 * 24, 5):
        now = NOW + timedelta(hours=hours)
        turn = next_pacific_day(now)
        assert now < turn <= now + timedelta(hours=25)
        assert pacific_day(turn - timedelta(seconds=1)) == pacific_day(now) < pacific_day(turn)


def test_the_account_of_a_day_that_nobody_booked_is_empty(database: Database) -> None:
    assert day(database, NOW) == QuotaDay(0, 10, False, utc("2026-11-23T08:00:00"))
    assert everything(database)["quota_days"] == []


def test_a_day_has_so_many_units_and_not_one_more(database: Database) -> None:
    ledger = StoredQuotaAccount(database, 3, KEY, Clock())
    for left in (2, 1, 0):
        ledger.book()
        assert day(database, NOW, 3).left == left
    with pytest.raises(QuotaSpentError, match=r"quota units are spent.*2026-11-23 08:00 UTC"):
        ledger.book()
    assert (ledger.units, day(database, NOW, 3).units) == (3, 3)


def test_two_runs_share_the_day_and_count_their_own(database: Database) -> None:
    one, two = StoredQuotaAccount(database, 3, KEY, Clock()), StoredQuotaAccount(database, 3, KEY, Clock())
    one.book()
    two.book()
    two.book()
    with pytest.raises(QuotaSpentError):
        one.book()
    assert (one.units, two.units) == (1, 2)


def test_the_next_day_has_its_own_units_in_the_same_run(database: Database) -> None:
    clock = Clock(utc("2026-11-23T07:59:59"))
    ledger = StoredQuotaAccount(database, 1, KEY, clock)
    ledger.book()
    with pytest.raises(QuotaSpentError):
        ledger.book()
    clock.now += timedelta(seconds=1)
    ledger.book()
    assert [(row["day"], row["units"]) for row in everything(database)["quota_days"]] == [
        ("2026-11-22", 1),
        ("2026-11-23", 1),
    ]


def test_a_limit_that_was_lowered_holds_at_once(database: Database) -> None:
    for _ in range(5):
        StoredQuotaAccount(database, 10, KEY, Clock()).book()
    with pytest.raises(QuotaSpentError):
        StoredQuotaAccount(database, 3, KEY, Clock()).book()
    assert day(database, NOW, 3).left == 0


@pytest.mark.parametrize("ledgers", [1, 8], ids=["one run", "eight runs"])
def test_eight_threads_book_exactly_the_limit(database: Database, ledgers: int) -> None:
    limit = 150
    shared = [StoredQuotaAccount(database, limit, KEY, Clock()) for _ in range(ledgers)]
    refused: list[int] = []

    def book(number: int) -> None:
        for _ in range(40):
            try:
                shared[number % ledgers].book()
            except QuotaSpentError:
                refused.append(number)

    threads = [threading.Thread(target=book, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert day(database, NOW, limit).units == limit == sum(ledger.units for ledger in shared)
    assert len(refused) == 8 * 40 - limit


@pytest.fixture
def exhausted(database: Database) -> tuple[Clock, StoredQuotaAccount]:
    """YouTube has said that the day is spent, after one unit of ours."""
    clock = Clock(utc("2026-11-22T12:00:00"))
    ledger = StoredQuotaAccount(database, 10, KEY, clock)
    ledger.book()
    error = ledger.exhaust()
    assert isinstance(error, QuotaSpentError)
    assert "YouTube reports" in error.message
    assert "2026-11-23 08:00 UTC" in error.message
    return clock, ledger


@pytest.mark.parametrize(
    ("later", "asked"),
    [
        (timedelta(), False),
        (timedelta(minutes=59, seconds=59), False),
        (timedelta(hours=1), True),
        (timedelta(hours=3), True),
        (timedelta(hours=21), True),
    ],
    ids=["at once", "just before an hour", "after an hour", "after three", "the next day"],
)
def test_youtubes_word_that_the_day_is_spent_is_believed_for_an_hour(
    exhausted: tuple[Clock, StoredQuotaAccount], later: timedelta, *, asked: bool
) -> None:
    clock, ledger = exhausted
    clock.now += later
    if asked:
        ledger.book()
    else:
        with pytest.raises(QuotaSpentError, match="YouTube reports"):
            ledger.book()
    assert ledger.units == 1 + asked


def test_youtubes_word_is_kept_for_the_next_run(
    database: Database, exhausted: tuple[Clock, StoredQuotaAccount]
) -> None:
    clock, _ = exhausted
    with pytest.raises(QuotaSpentError):
        StoredQuotaAccount(database, 10, KEY, clock).book()
    assert day(database, clock.now).exhausted


def test_youtubes_word_said_again_counts_from_then(exhausted: tuple[Clock, StoredQuotaAccount]) -> None:
    clock, ledger = exhausted
    clock.now += timedelta(hours=1)
    ledger.book()
    ledger.exhaust()
    clock.now += timedelta(minutes=30)
    with pytest.raises(QuotaSpentError):
        ledger.book()


def test_a_mark_of_the_day_as_spent_from_the_far_future_counts_as_never(database: Database) -> None:
    clock = Clock()
    ledger = StoredQuotaAccount(database, 10, KEY, clock)
    ledger.book()
    with database.write() as connection:
        connection.execute(quota_days.update().values(exhausted_at=to_millis(utc("2031-01-01T00:00:00"))))
    assert not day(database, NOW).exhausted
    ledger.book()
    assert day(database, NOW).units == 2


def test_two_keys_have_a_day_each(database: Database) -> None:
    first, second = (StoredQuotaAccount(database, 2, key, Clock()) for key in (KEY, OTHER_KEY))
    first.book()
    first.book()
    with pytest.raises(QuotaSpentError):
        first.book()
    assert [day(database, NOW, 2, key).left for key in (KEY, OTHER_KEY)] == [0, 2]
    second.book()
    assert [day(database, NOW, 2, key).units for key in (KEY, OTHER_KEY, None)] == [2, 1, 2]


def test_a_key_that_youtube_calls_spent_leaves_another_one_as_it_was(database: Database) -> None:
    first, second = (StoredQuotaAccount(database, 10, key, Clock()) for key in (KEY, OTHER_KEY))
    first.book()
    second.book()
    first.exhaust()
    assert [day(database, NOW, 10, key).exhausted for key in (KEY, OTHER_KEY)] == [True, False]
    second.book()
    assert second.units == 2


def test_neither_a_key_nor_a_plain_hash_of_it_is_stored(database: Database) -> None:
    StoredQuotaAccount(database, 10, KEY, Clock()).book()
    (row,) = everything(database)["quota_days"]
    assert re.fullmatch("[0-9a-f]{16}", row["key_digest"])
    stored = repr(everything(database))
    assert KEY not in stored
    hashes = [hash_(KEY.encode()).hexdigest() for hash_ in (md5, sha1, sha256, sha512, blake2b)]
    hashes.append(blake2b(KEY.encode(), digest_size=8).hexdigest())
    assert not [hash_ for hash_ in hashes if hash_[:16] in stored]


@pytest.fixture
def earlier(database: Database) -> None:
    """Seven of ten units were booked today before accounts were those of a key."""
    with database.write() as connection:
        connection.execute(insert(quota_days).values(day=pacific_day(NOW), units=7))


@pytest.mark.usefixtures("earlier")
def test_units_booked_without_a_key_count_for_whichever_key_is_used_that_day(database: Database) -> None:
    assert [day(database, NOW, 10, key).left for key in (KEY, OTHER_KEY)] == [3, 3]
    account = StoredQuotaAccount(database, 10, KEY, Clock())
    account.book()
    assert [day(database, NOW, 10, key).units for key in (KEY, OTHER_KEY)] == [8, 7]
    account.book()
    account.book()
    with pytest.raises(QuotaSpentError):
        account.book()
    StoredQuotaAccount(database, 10, OTHER_KEY, Clock()).book()
    assert [day(database, NOW, 10, key).units for key in (KEY, OTHER_KEY)] == [10, 8]


@pytest.mark.usefixtures("earlier")
def test_a_day_spent_before_accounts_were_those_of_a_key_stays_spent(database: Database) -> None:
    with pytest.raises(QuotaSpentError, match="quota units are spent"):
        StoredQuotaAccount(database, 7, KEY, Clock()).book()
    assert [row["units"] for row in everything(database)["quota_days"]] == [7]


@pytest.mark.usefixtures("earlier")
def test_the_next_day_no_key_inherits_anything(database: Database) -> None:
    clock = Clock(NOW + timedelta(days=1))
    StoredQuotaAccount(database, 10, KEY, clock).book()
    assert day(database, clock.now).units == 1

"""The outbox: each message is claimed by one, tried until it is taken or given up, and its text kept no longer."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from integration.store.checks import DAY, NOW, check, everything, places_of
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from linkwatch.models.records import DeliveryStatus
from linkwatch.models.times import to_millis
from linkwatch.store.database import Database
from linkwatch.store.outbox import (
    CLAIM,
    MAX_WAIT,
    ClaimedMessage,
    LastNotified,
    Message,
    Tone,
    claim_message,
    delivery_statuses,
    due_messages,
    enqueue,
    incomplete_since,
    last_notified,
    last_reminder_time,
    mark_failed,
    mark_notified,
    mark_sent,
    retry_unsent,
)
from linkwatch.store.retention import purge
from linkwatch.store.runs import INTERRUPTED, finish_run, insert_run
from linkwatch.store.tables import outbox, runs

TITLE = "The title of a lecture"
MINUTE = timedelta(minutes=1)


def message(number: int = 1, target: str = "team", *, reminds: bool = False) -> Message:
    return Message(f"{number:012x}", target, Tone.FAILURE, f"{TITLE} {number}", f"{TITLE}, broken", reminds)


def stored(database: Database, *messages: Message) -> int:
    """A run whose news these are."""
    run_id = check(database, NOW)
    with database.write() as connection:
        enqueue(connection, run_id, messages or [message()], NOW)
    return run_id


def claimed(database: Database, now: datetime = NOW, row_id: int = 1) -> ClaimedMessage | None:
    with database.write() as connection:
        return claim_message(connection, row_id, now)


def waiting(database: Database, now: datetime = NOW, *targets: str) -> list[int]:
    with database.read() as connection:
        return [row for row, _ in due_messages(connection, targets or ("team",), now)]


def ours(database: Database, now: datetime = NOW) -> ClaimedMessage:
    mine = claimed(database, now)
    assert mine is not None
    return mine


def fail(database: Database, mine: ClaimedMessage, again: datetime | None) -> None:
    with database.write() as connection:
        mark_failed(connection, mine, "the service answered 500", again)


def test_what_is_put_in_comes_out_as_it_was_oldest_first(database: Database) -> None:
    first, second = message(1), message(2, reminds=True)
    stored(database, first, second, message(3, "boss"))
    assert waiting(database) == [1, 2]
    assert [ours(database).message, claimed(database, row_id=2)] == [first, ClaimedMessage(2, second, 1, NOW)]


def test_the_same_message_is_not_put_in_twice(database: Database) -> None:
    run_id = stored(database)
    with pytest.raises(Exception, match=r"(?i)unique") as refused, database.write() as connection:
        enqueue(connection, run_id, [message()], NOW)
    assert isinstance(refused.value.__cause__, IntegrityError)


def test_a_claim_counts_for_some_minutes_and_then_no_more(database: Database) -> None:
    stored(database)
    assert claimed(database) is not None
    assert claimed(database, NOW + CLAIM - MINUTE) is None
    assert waiting(database, NOW + CLAIM - MINUTE) == []
    again = claimed(database, NOW + CLAIM)
    assert again is not None
    assert again.attempts == 2


def test_of_many_who_claim_at_once_one_does(database: Database) -> None:
    stored(database)
    barrier, found = Barrier(8), []

    def race() -> None:
        barrier.wait()
        found.append(claimed(database))

    threads = [Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each is not None for each in found) == 1
    assert len(found) == 8


def test_what_was_sent_is_never_due_again_and_its_text_is_gone(database: Database) -> None:
    stored(database)
    mine = ours(database)
    with database.write() as connection:
        mark_sent(connection, mine, NOW)
        retry_unsent(connection, NOW + DAY)
    assert waiting(database, NOW + DAY) == []
    assert places_of(database, TITLE) == []


def test_what_failed_is_due_when_it_is_said_to_be(database: Database) -> None:
    stored(database)
    fail(database, ours(database), NOW + 5 * MINUTE)
    assert waiting(database, NOW + 4 * MINUTE) == []
    assert waiting(database, NOW + 5 * MINUTE) == [1]
    with database.read() as connection:
        assert delivery_statuses(connection) == [DeliveryStatus("team", 1, 0, "the service answered 500")]


def test_what_is_given_up_is_counted_and_tried_again_on_demand(database: Database) -> None:
    stored(database)
    fail(database, ours(database), None)
    assert waiting(database, NOW + DAY) == []
    with database.write() as connection:
        assert delivery_statuses(connection) == [DeliveryStatus("team", 0, 1, "the service answered 500")]
        assert retry_unsent(connection, NOW) == 1
    assert ours(database).attempts == 1


def test_who_lost_its_claim_spoils_nothing(database: Database) -> None:
    """It took so long that another claimed the message, and sends it now."""
    stored(database)
    slow = ours(database)
    quick = ours(database, NOW + CLAIM)
    fail(database, slow, None)
    with database.read() as connection:
        assert delivery_statuses(connection) == [DeliveryStatus("team", 1, 0, None)], "it is the other one's still"
    assert claimed(database, NOW + CLAIM) is None
    with database.write() as connection:
        mark_sent(connection, quick, NOW + CLAIM)
    fail(database, slow, None)
    with database.read() as connection:
        assert delivery_statuses(connection) == []


def test_what_was_not_sent_within_the_retention_is_purged_and_given_up_for_good(database: Database) -> None:
    stored(database)
    with database.write() as connection:
        purge(connection, now=NOW + 30 * DAY, retention=timedelta(days=30))
    assert waiting(database, NOW + 30 * DAY) == [1]
    with database.write() as connection:
        purge(connection, now=NOW + 31 * DAY, retention=timedelta(days=30))
        assert retry_unsent(connection, NOW + 31 * DAY) == 0
        assert delivery_statuses(connection) == []
    assert places_of(database, TITLE) == []
    assert [row["state"] for row in everything(database)["outbox"]] == ["dead"]


def run(database: Database, now: datetime, reason: str | None = None, *, queued: bool = True, scope: str = "a") -> int:
    with database.write() as connection:
        run_id = insert_run(connection, scope=scope, source="data-api", now=now)
        finish_run(connection, run_id, now=now, units=0, incomplete_reason=reason, held=False, note=None)
        if queued:
            assert mark_notified(connection, run_id, now)
    return run_id


def test_a_run_is_notified_of_once(database: Database) -> None:
    run_id = run(database, NOW)
    with database.write() as connection:
        assert not mark_notified(connection, run_id, NOW + DAY)


def test_the_last_notified_run_is_one_of_the_same_lists_that_had_ended_before(database: Database) -> None:
    first = run(database, NOW)
    run(database, NOW + DAY, "no connection")
    run(database, NOW + 2 * DAY, queued=False)
    run(database, NOW + 2 * DAY, scope="b")
    at_once = run(database, NOW + 3 * DAY)
    last = run(database, NOW + 3 * DAY)
    with database.write() as connection:
        connection.execute(update(runs).where(runs.c.id == at_once).values(told_at=2**52))
        assert last_notified(connection, first) is None
        assert last_notified(connection, last) == LastNotified(NOW + DAY, complete=False)


def test_checks_are_incomplete_since_the_first_that_was_after_the_last_whole_one(database: Database) -> None:
    days = [run(database, NOW), run(database, NOW + DAY, INTERRUPTED), run(database, NOW + 2 * DAY, "no connection")]
    run(database, NOW + DAY, "no connection", scope="b")
    days += [run(database, NOW + 3 * DAY, "the brake"), run(database, NOW + 4 * DAY), run(database, NOW + 5 * DAY)]
    with database.read() as connection:
        since = [incomplete_since(connection, each) for each in days]
    assert since == [None, None, NOW + 2 * DAY, NOW + 2 * DAY, NOW + 2 * DAY, None]


def test_the_last_time_that_a_recipient_got_all_that_is_broken(database: Database) -> None:
    run_id = stored(database, message(1, reminds=True), message(2, "boss"))
    other = run(database, NOW, scope="b")
    with database.read() as connection:
        assert last_reminder_time(connection, run_id, "team", NOW) == NOW
        assert last_reminder_time(connection, run_id, "boss", NOW) is None
        assert last_reminder_time(connection, other, "team", NOW) is None


def test_a_claim_of_the_future_keeps_nobody_from_a_message(database: Database) -> None:
    stored(database)
    assert claimed(database, NOW + CLAIM) is not None
    assert claimed(database, NOW) is None, "two clocks may differ by the term of a claim"
    with database.write() as connection:
        connection.execute(update(outbox).values(claimed_at=to_millis(NOW + 2000 * DAY)))
    assert waiting(database) == [1]
    assert claimed(database) is not None


def test_a_next_attempt_of_the_future_delays_no_message(database: Database) -> None:
    stored(database)
    fail(database, ours(database), NOW + MAX_WAIT)
    assert waiting(database) == []
    with database.write() as connection:
        connection.execute(update(outbox).values(next_attempt_at=to_millis(NOW + 2000 * DAY)))
    assert waiting(database) == [1]


def test_a_reminder_of_the_future_was_never_sent(database: Database) -> None:
    run_id = stored(database, message(1, reminds=True))
    with database.write() as connection:
        connection.execute(update(outbox).values(created_at=to_millis(NOW + 2000 * DAY)))
        assert last_reminder_time(connection, run_id, "team", NOW) is None

"""The log is deleted after a year, and everything that asks about the present gets the same answers as before."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from integration.store.checks import DAY, NOW, check, everything, gone, seen
from integration.store.inspections import COURSE, GONE, listing, look
from sqlalchemy import insert

from linkwatch.store.backup import backup
from linkwatch.store.database import Database
from linkwatch.store.outbox import (
    Message,
    Tone,
    claim_message,
    due_messages,
    enqueue,
    incomplete_since,
    last_notified,
    last_reminder_time,
    mark_notified,
    mark_sent,
)
from linkwatch.store.retention import CHECKS_KEPT, KEPT, purge
from linkwatch.store.runs import (
    INTERRUPTED,
    consecutive_holds,
    finish_run,
    first_run_start,
    first_run_starts,
    insert_run,
    last_run_starts,
    load_last_run,
    previous_run_start,
    run_starts_reading,
)
from linkwatch.store.schema import open_database
from linkwatch.store.tables import quota_days

HOUR = timedelta(hours=1)
TARGETS = ("team", "boss")


def forget(database: Database, now: datetime) -> int:
    with database.write() as connection:
        return purge(connection, now=now, retention=timedelta(days=30)).log_rows


def ran(database: Database, scope: str, at: datetime, reason: str | None = None, *, held: bool = False) -> int:
    with database.write() as connection:
        run_id = insert_run(connection, scope=scope, source="data-api", now=at)
        end = at + timedelta(minutes=1)
        finish_run(connection, run_id, now=end, units=1, incomplete_reason=reason, held=held, note=None)
    return run_id


def hourly(database: Database, hours: range, scope: str = "a.md") -> list[int]:
    """Checks that found nothing."""
    return [ran(database, scope, NOW + hour * HOUR) for hour in hours]


def notify(database: Database, run_id: int, at: datetime, *targets: str, reminds: bool = False) -> None:
    """Put a message of a run into the outbox for each of these."""
    with database.write() as connection:
        mark_notified(connection, run_id, at)
        messages = (Message(f"{run_id} {to}", to, Tone.FAILURE, "a title", "a text", reminds) for to in targets)
        enqueue(connection, run_id, messages, at)


def send_all(database: Database, at: datetime) -> None:
    with database.write() as connection:
        for row_id, _ in due_messages(connection, TARGETS, at):
            if claimed := claim_message(connection, row_id, at):
                mark_sent(connection, claimed, at)


def ids(database: Database, table: str = "runs") -> list[int]:
    return [row["id"] for row in everything(database)[table]]


def test_of_checks_that_found_nothing_the_first_and_the_last_stay(database: Database) -> None:
    made = hourly(database, range(100))
    assert forget(database, NOW + KEPT + DAY * 30) == 100 - CHECKS_KEPT - 1
    assert ids(database) == [made[0], *made[-CHECKS_KEPT:]]
    assert forget(database, NOW + KEPT + DAY * 30) == 0


def test_what_is_not_a_year_old_stays(database: Database) -> None:
    made = hourly(database, range(100))
    assert forget(database, NOW + KEPT) == 0
    assert forget(database, NOW + KEPT + 10 * HOUR) == 9, "the first of all stays"
    assert ids(database) == [made[0], *made[10:]]


def test_checks_that_found_something_stay_for_ever_with_what_they_found(database: Database) -> None:
    found = [check(database, NOW, seen()), check(database, NOW + HOUR, gone()), check(database, NOW + 2 * HOUR, seen())]
    inside = [look(database, NOW + HOUR * (3 + n), {COURSE: listing("abc"[: 3 - n])}, {"c": GONE}) for n in range(2)]
    hourly(database, range(10, 200), everything(database)["runs"][0]["scope"])
    before = everything(database)
    forget(database, NOW + 20 * KEPT)
    after = everything(database)
    assert set(found[1:] + inside[1:]) <= set(ids(database))
    assert len(after["runs"]) < len(before["runs"])
    for table in ("spans", "member_events"):
        assert len(after[table]) == len(before[table]) > 0
    assert [row["run_id"] for row in after["events"]] == [row["run_id"] for row in before["events"]] != []


def test_a_check_that_was_killed_goes_too(database: Database) -> None:
    hourly(database, range(1))
    with database.write() as connection:
        killed = insert_run(connection, scope="a.md", source="data-api", now=NOW + HOUR)
    hourly(database, range(2, 2 + CHECKS_KEPT))
    forget(database, NOW + 2 * KEPT)
    assert killed not in ids(database)


def test_messages_that_were_sent_go_after_a_year_but_for_the_last_reminder_of_each(database: Database) -> None:
    made = hourly(database, range(4))
    for run_id, reminds in zip(made, (True, True, False, False), strict=True):
        notify(database, run_id, NOW + run_id * HOUR, *TARGETS, reminds=reminds)
    send_all(database, NOW + DAY)
    assert forget(database, NOW + KEPT) == 0
    assert forget(database, NOW + 2 * KEPT) == 6
    assert {(row["target"], row["run_id"]) for row in everything(database)["outbox"]} == {
        (target, made[1]) for target in TARGETS
    }


def test_the_last_notified_check_stays_so_that_the_next_message_is_no_first_one(database: Database) -> None:
    made = hourly(database, range(100))
    for run_id in made[1:3]:
        notify(database, run_id, NOW + DAY)
    forget(database, NOW + 2 * KEPT)
    assert made[2] in ids(database)
    assert made[1] not in ids(database)


def test_a_message_that_waits_with_its_text_is_not_deleted(database: Database) -> None:
    """Titles may be kept for longer than the log, by a setting."""
    notify(database, hourly(database, range(1))[0], NOW, "team")
    with database.write() as connection:
        purge(connection, now=NOW + 2 * KEPT, retention=3 * KEPT)
    assert len(ids(database, "outbox")) == 1


def test_units_of_a_day_are_kept_for_a_year(database: Database) -> None:
    with database.write() as connection:
        connection.execute(insert(quota_days), [{"day": day, "units": 1} for day in ("2026-11-20", "2026-11-22")])
    assert forget(database, NOW + KEPT) == 1
    assert [row["day"] for row in everything(database)["quota_days"]] == ["2026-11-22"]


@pytest.mark.long  # three simulated years
def test_three_years_of_checks_fill_no_more_than_one(database: Database) -> None:
    for month in range(36):
        hourly(database, range(month * 30 * 24, (month + 1) * 30 * 24, 12))
        forget(database, NOW + (month + 1) * 30 * DAY)
        if month == 12:
            rows = len(ids(database))
    assert len(ids(database)) <= rows


SCOPES = ("a.md", "a.md\nb.md", "c.md")
REASONS = (None, None, None, None, "the network", INTERRUPTED)


def live(database: Database, chance: Random, days: int) -> None:
    """A life with outages, holds, kills, messages, and lists that are checked seldom, or not any more."""
    for day in range(days):
        for scope in SCOPES:
            often = {"a.md": 0.9, "a.md\nb.md": 0.05}.get(scope, 0.5 if day < days // 3 else 0)
            if chance.random() > often:
                continue
            at = NOW + day * DAY + chance.randrange(20) * HOUR
            if chance.random() < 0.05:
                with database.write() as connection:
                    insert_run(connection, scope=scope, source="data-api", now=at)
                continue
            reason = chance.choice(REASONS)
            run_id = ran(database, scope, at, reason, held=reason == "the network" and chance.random() < 0.5)
            if chance.random() < 0.3 and day < days * 0.8:
                notify(database, run_id, at, chance.choice(TARGETS), reminds=chance.random() < 0.2)
        if day % 30 == 0:
            send_all(database, NOW + (day + 1) * DAY)


def all_that_is_asked(database: Database, now: datetime) -> list[Any]:
    """What the next checks and reports of these lists ask the log for."""
    made = [ran(database, scope, now, "the network", held=True) for scope in SCOPES]
    with database.read() as connection:
        answers: list[Any] = [first_run_starts(connection), first_run_start(connection), load_last_run(connection, now)]
        for scope, run_id in zip(SCOPES, made, strict=True):
            run = load_last_run(connection, now, scope)
            assert run is not None
            answers += [
                last_run_starts(connection, scope, now, CHECKS_KEPT),
                previous_run_start(connection, run),
                last_notified(connection, run_id),
                incomplete_since(connection, run_id),
                consecutive_holds(connection, scope),
                *(last_reminder_time(connection, run_id, target, now) for target in TARGETS),
            ]
        answers += [
            run_starts_reading(connection, files, now, CHECKS_KEPT) for files in ((), ("a.md",), ("b.md",), ("c.md",))
        ]
    return answers


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_whoever_asks_about_the_present_hears_the_same_of_a_log_that_was_cut(tmp_path: Path, seed: int) -> None:
    with open_database(f"sqlite:///{tmp_path}/whole.db") as whole:
        live(whole, Random(seed), 1000)  # noqa: S311 - weather, not secrets
    backup(f"sqlite:///{tmp_path}/whole.db", tmp_path / "cut.db")
    now = NOW + 1001 * DAY
    with open_database(f"sqlite:///{tmp_path}/whole.db") as whole, open_database(f"sqlite:///{tmp_path}/cut.db") as cut:
        assert forget(cut, now) > 100
        assert all_that_is_asked(cut, now) == all_that_is_asked(whole, now)

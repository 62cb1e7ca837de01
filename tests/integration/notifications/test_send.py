"""What waits is sent once it can be, by one of many, and given up when it never can."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from integration.check.harness import MORNING, Harness
from integration.notifications.webhook import NEVER, Webhook, closed_address
from sqlalchemy import select

from linkwatch.notifications.apprise_transport import Deliver, apprise_delivery
from linkwatch.notifications.send import (
    FIRST_RETRY_DELAY,
    MAX_ATTEMPTS,
    MAX_RETRY_DELAY,
    Attempt,
    retry_delay,
    send_due,
)
from linkwatch.notifications.urls import NotSentError
from linkwatch.settings import Notify
from linkwatch.store.database import Database
from linkwatch.store.outbox import Message, Tone, delivery_statuses, enqueue
from linkwatch.store.runs import insert_run
from linkwatch.store.tables import outbox

pytestmark = pytest.mark.usefixtures("apprise_in_this_process")

MINUTE = timedelta(minutes=1)


def team(url: str = "$CHAT", name: str = "team") -> Notify:
    return Notify(name=name, url=url, place="linkwatch.toml:1")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Harness(tmp_path).database


def put_in(database: Database, *targets: str) -> None:
    with database.write() as connection:
        run_id = insert_run(connection, scope="a", source="data-api", now=MORNING)
        messages = [
            Message(f"{run_id}-{at}", target, Tone.FAILURE, f"message {at}", "1 broken")
            for at, target in enumerate(targets)
        ]
        enqueue(connection, run_id, messages, MORNING)


def send(
    database: Database, *targets: Notify, now: datetime = MORNING, deliver: Deliver | None = None
) -> list[Attempt]:
    deliver = deliver or apprise_delivery({}, allow_private=True)
    return send_due(database, targets, deliver, clock=lambda: now, jitter=lambda: 0.5)


def failures(attempts: list[Attempt]) -> list[str | None]:
    return [attempt.failure for attempt in attempts]


def test_what_waits_is_sent_in_its_order_and_only_once(database: Database, hook: Webhook) -> None:
    put_in(database, "team", "team")
    target = team(f"json://{hook.place}/token")
    assert send(database, target) == [Attempt("team", "message 0", None), Attempt("team", "message 1", None)]
    assert send(database, target) == []
    assert hook.titles == ["message 0", "message 1"]
    assert (hook.received[0]["message"], hook.received[0]["type"]) == ("1 broken", "failure")


def test_a_service_that_fails_is_tried_again_later_and_sent_nothing_else_meanwhile(
    database: Database, hook: Webhook
) -> None:
    put_in(database, "team", "team")
    target = team(f"json://{hook.place}/token?rto=0.2")
    hook.statuses = [500]
    assert failures(send(database, target)) == ["the response was 500"]
    assert hook.titles == ["message 0"]
    assert failures(send(database, target, now=MORNING + 2 * MINUTE)) == [None, None]
    assert hook.titles == ["message 0", "message 0", "message 1"]


def test_no_answer_in_time_is_a_failure_and_so_is_nobody_there(database: Database, hook: Webhook) -> None:
    put_in(database, "team")
    hook.statuses = [NEVER]
    said = "no connection, or no response in time"
    assert failures(send(database, team(f"json://{hook.place}/?rto=0.2"))) == [said]
    with closed_address() as place:
        assert failures(send(database, team(f"json://{place}/"), now=MORNING + 2 * MINUTE)) == [said]
    assert failures(send(database, team(f"json://{hook.place}/"), now=MORNING + 30 * MINUTE)) == [None]


def test_one_that_fails_keeps_nobody_else_waiting(database: Database, hook: Webhook) -> None:
    put_in(database, "gone", "team", "gone")
    with closed_address() as place:
        attempts = send(database, team(f"json://{place}/", "gone"), team(f"json://{hook.place}/"))
    assert [(attempt.target, attempt.failure is None) for attempt in attempts] == [("gone", False), ("team", True)]


def test_after_all_its_attempts_a_message_is_given_up(database: Database) -> None:
    def nobody_there(target: Notify, message: Message) -> None:
        raise NotSentError("no response")

    put_in(database, "team")
    now, given_up = MORNING, []
    for _ in range(MAX_ATTEMPTS + 2):
        attempts = send(database, team("json://nowhere/"), now=now, deliver=nobody_there)
        given_up += [attempt.given_up for attempt in attempts]
        now += 2 * MAX_RETRY_DELAY
    assert given_up == [False] * (MAX_ATTEMPTS - 1) + [True]
    with database.read() as connection:
        assert [(each.waiting, each.dead) for each in delivery_statuses(connection)] == [(0, 1)]


def test_messages_to_whom_the_settings_no_longer_name_wait(database: Database, hook: Webhook) -> None:
    put_in(database, "old")
    assert send(database, team(f"json://{hook.place}/")) == []
    assert hook.received == []


def test_a_crash_after_sending_sends_it_again_with_the_same_text(database: Database, hook: Webhook) -> None:
    """Whoever dies between sending and noting leaves a claim, which runs out."""
    put_in(database, "team")
    target = team(f"json://{hook.place}/")
    deliver = apprise_delivery({}, allow_private=True)

    def dies(to: Notify, message: Message) -> None:
        deliver(to, message)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_due(database, [target], dies, clock=lambda: MORNING)
    assert send(database, target, now=MORNING + MINUTE) == [], "somebody may be sending it"
    assert failures(send(database, target, now=MORNING + 11 * MINUTE)) == [None]
    assert hook.received[0] == hook.received[1]


def test_of_many_who_send_at_once_each_message_is_sent_by_one(database: Database) -> None:
    put_in(database, *["team"] * 20)
    barrier, sent = Barrier(4), []

    def race() -> None:
        barrier.wait()
        send_due(database, [team()], lambda _, message: sent.append(message.id), clock=lambda: MORNING)

    threads = [Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == 20


def test_nothing_is_sent_inside_a_transaction(database: Database) -> None:
    """Another one may write while a service takes its time."""
    put_in(database, "team")

    def deliver(_: Notify, __: Message) -> None:
        put_in(database, "boss")

    send_due(database, [team()], deliver, clock=lambda: MORNING)
    with database.read() as connection:
        assert list(connection.execute(select(outbox.c.target).order_by(outbox.c.id)).scalars()) == ["team", "boss"]


def test_the_wait_doubles_up_to_some_hours_and_is_never_the_same_for_all() -> None:
    assert [retry_delay(attempts, 0) for attempts in (1, 2, 3)] == [
        FIRST_RETRY_DELAY,
        2 * FIRST_RETRY_DELAY,
        4 * FIRST_RETRY_DELAY,
    ]
    assert retry_delay(MAX_ATTEMPTS, 0) == MAX_RETRY_DELAY
    assert retry_delay(1, 0.5) == 1.5 * FIRST_RETRY_DELAY


def test_a_message_is_not_given_up_within_a_day() -> None:
    waits = sum((retry_delay(attempts, 0) for attempts in range(1, MAX_ATTEMPTS)), timedelta())
    assert waits > timedelta(days=1)

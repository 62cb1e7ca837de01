"""The notifications of a check in the outbox: once a run and recipient, none when nothing is new, one an outage."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from integration.check.harness import DAY, HOUR, LIST, Harness, listing, playlist_id, playlists, videos
from sqlalchemy import select

from linkwatch.errors import StoreError
from linkwatch.notifications.queue import queue_notifications
from linkwatch.notifications.user_templates import read_templates
from linkwatch.report.model import Report
from linkwatch.services.notify import PendingNotifications
from linkwatch.settings import Notify, Settings
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.world import World
from linkwatch.store.tables import outbox

TEAM = Notify(name="team", url="$CHAT", place="linkwatch.toml:1")
WEEKLY = replace(TEAM, remind=timedelta(days=7))


def queue(harness: Harness, report: Report, *targets: Notify, files: tuple[str, ...] = (LIST,)) -> list[str]:
    return queue_notifications(report, files, targets or (TEAM,), {}, database=harness.database, now=harness.now)


def check(harness: Harness, *targets: Notify, after: timedelta = DAY) -> list[str]:
    """Check, and return the titles of the messages it queues."""
    before = len(titles(harness))
    queue(harness, harness.check(after=after), *targets)
    return titles(harness)[before:]


def titles(harness: Harness) -> list[str]:
    with harness.database.read() as connection:
        return list(connection.execute(select(outbox.c.title).order_by(outbox.c.id)).scalars())


def bodies(harness: Harness) -> list[str]:
    with harness.database.read() as connection:
        return list(connection.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars())


def dead(harness: Harness, *numbers: int) -> None:
    """A world in which these playlists are gone."""
    harness.settle(World([each for number, each in enumerate(playlists(5)) if number not in numbers]))


def cloudy(harness: Harness, days: int) -> None:
    """No answer from tomorrow on, for so many days."""
    begins = harness.now + HOUR
    harness.world.add_faults(FaultPeriod(Fault.HTML_502, begins, begins + days * DAY))


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    """Five available playlists, of which all recipients were notified."""
    harness = Harness(tmp_path, playlists(5))
    assert check(harness, after=timedelta()) == ["First report on 5 links (resources.csv): no problems found"]
    return harness


def test_a_list_of_which_five_hundred_are_dead_is_one_message_at_first(tmp_path: Path) -> None:
    harness = Harness(tmp_path, videos(500))
    harness.settle(World([]))
    assert check(harness) == ["First report on 500 links (resources.csv): 500 broken"]
    assert "… and 49" in bodies(harness)[0]
    assert check(harness) == []


def test_each_death_and_each_recovery_is_in_one_message(harness: Harness) -> None:
    dead(harness, 1)
    assert check(harness) == ["Gone: “Course 1” (resources.csv)"]
    assert check(harness) == []
    dead(harness, 1, 2, 3)
    assert check(harness) == ["Gone: “Course 2” and 1 more (resources.csv)"]
    assert "Already broken before: 1." in bodies(harness)[-1]
    dead(harness, 2)
    assert check(harness) == ["Available again: “Course 1” and 1 more (resources.csv)"]
    assert check(harness) == []


def test_a_link_to_what_is_long_dead_is_in_a_message_when_it_is_added_to_a_list(harness: Harness) -> None:
    whole, without = harness.catalogue, listing(*(playlist_id(number) for number in (0, 2, 3, 4)))
    dead(harness, 1)
    assert check(harness) == ["Gone: “Course 1” (resources.csv)"]
    harness.catalogue = without
    assert check(harness, after=10 * DAY) == []
    harness.catalogue = whole
    assert check(harness, WEEKLY, after=10 * DAY) == ["Gone: “Course 1” (resources.csv)"]
    assert check(harness, WEEKLY) == [], "nor is it time for a reminder: there was one yesterday"


def test_a_run_is_notified_of_once_however_often_it_is_queued(harness: Harness) -> None:
    dead(harness, 1)
    report = harness.check(after=DAY)
    for _ in range(3):
        queue(harness, report)
    assert len(titles(harness)) == 2


def test_each_recipient_gets_a_message_with_an_id_of_its_own(harness: Harness) -> None:
    dead(harness, 1)
    assert len(check(harness, TEAM, replace(TEAM, name="boss"))) == 2
    with harness.database.read() as connection:
        assert len(set(connection.execute(select(outbox.c.message_id)).scalars())) == 3


def test_findings_of_a_check_that_died_before_its_notifications_are_in_those_of_the_next(harness: Harness) -> None:
    dead(harness, 1)
    harness.run(after=DAY)  # and then the power failed
    assert check(harness, after=HOUR) == ["Gone: “Course 1” (resources.csv)"]


def test_other_lists_have_messages_of_their_own(harness: Harness) -> None:
    dead(harness, 1)
    other = listing(playlist_id(1), file="other.md")
    report = harness.check(after=DAY, catalogue=other, files=["other.md"])
    queue(harness, report, replace(TEAM, lists=("*.csv",)), files=("other.md",))
    assert len(titles(harness)) == 1, "it is none of its lists"
    assert check(harness) == ["Gone: “Course 1” (resources.csv)"]


def test_an_outage_is_one_message_and_one_when_it_is_over(harness: Harness) -> None:
    cloudy(harness, 3)
    began = harness.now + DAY
    assert check(harness) == ["YouTube could not be reached (resources.csv)"]
    assert f"since {began:%Y-%m-%d %H:%M} UTC: " in bodies(harness)[-1]
    assert check(harness) == []
    assert check(harness) == []
    assert check(harness) == ["Checks are working again (resources.csv)"]
    assert f"interrupted since {began:%Y-%m-%d %H:%M} UTC)." in bodies(harness)[-1]
    assert check(harness) == []


def test_an_outage_of_the_last_check_is_in_the_next_message_with_its_beginning(
    harness: Harness,
) -> None:
    cloudy(harness, 3)
    harness.run(after=DAY)  # and then the power failed
    began = harness.now
    assert check(harness) == ["YouTube could not be reached (resources.csv)"]
    assert f"since {began:%Y-%m-%d %H:%M} UTC: " in bodies(harness)[-1]


def test_the_brake_is_one_message_for_as_long_as_it_holds(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20))
    check(harness)
    ids = frozenset(playlist_id(number) for number in range(10))
    harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, harness.now + HOUR, harness.now + DAY, ids))
    titles = check(harness, after=HOUR)
    assert titles == ["The check is incomplete (resources.csv)"]
    assert "stopped by the safety limit" in bodies(harness)[-1]
    assert check(harness, after=HOUR) == []


def test_reminders_come_at_their_pace_and_name_what_is_still_broken(harness: Harness) -> None:
    dead(harness, 1)
    daily = [check(harness, WEEKLY) for _ in range(16)]
    assert [day for day, titles in enumerate(daily) if titles] == [0, 7, 14]
    assert daily[7] == ["Still broken: “Course 1” (resources.csv)"]
    assert "Course 1" in bodies(harness)[-1]


def test_a_reminder_is_not_late_because_cron_was_early(harness: Harness) -> None:
    dead(harness, 1)
    check(harness, WEEKLY)
    assert check(harness, WEEKLY, after=7 * DAY - timedelta(seconds=3)) == ["Still broken: “Course 1” (resources.csv)"]


def test_without_reminders_what_is_still_broken_is_left_in_peace(harness: Harness) -> None:
    dead(harness, 1)
    assert [len(check(harness)) for _ in range(10)] == [1] + [0] * 9


def test_a_template_that_fails_later_is_remarked_upon_and_the_news_go_out_in_our_own_words(harness: Harness) -> None:
    file = harness.folder / "words.txt"
    file.write_text("{{ 1 / (digest.sections[0].count - 2) }}")
    target = replace(TEAM, template=file.name)
    dead(harness, 1, 2)
    report = harness.check(after=DAY)
    templates = read_templates([target], file.parent)
    remarks = queue_notifications(report, [LIST], [target], templates, database=harness.database, now=harness.now)
    assert ["words.txt:1" in remark for remark in remarks] == [True]
    assert "Course 1" in bodies(harness)[-1]


def test_a_run_whose_messages_could_not_be_written_is_not_notified_of(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They go with the next: marking the run as notified and writing its messages are one transaction."""
    dead(harness, 1)
    report = harness.check(after=DAY)

    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    remarks: list[str] = []
    with monkeypatch.context() as broken:
        broken.setattr("linkwatch.notifications.queue.enqueue", fail)
        PendingNotifications(Settings(notify=(TEAM,)), remarks.append).queue(
            report, [LIST], harness.database, harness.now
        )
    assert remarks == ["notify: the disk is full; the next check notifies of it"]
    assert check(harness) == ["Gone: “Course 1” (resources.csv)"]


def test_no_address_is_in_the_database(harness: Harness) -> None:
    queue(harness, harness.check(after=DAY), replace(TEAM, url="json://host/hush-5ecret"))
    harness.database.close()
    assert all(b"hush-5ecret" not in file.read_bytes() for file in harness.folder.iterdir())

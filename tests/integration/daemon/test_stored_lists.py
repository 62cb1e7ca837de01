"""A running daemon takes up lists that are added to the database, changed, paused and removed, without a restart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from integration.check.harness import DAY, HOUR, MORNING, playlists
from integration.daemon.simulated_daemon import DaemonHarness, schedule
from sqlalchemy import select

from linkwatch.daemon.scheduler import Scheduler
from linkwatch.errors import UsageError
from linkwatch.services import stored_lists
from linkwatch.services.list_input import read_typed
from linkwatch.services.schedules import load_statuses, set_pause
from linkwatch.settings import Settings
from linkwatch.store.tables import resources, runs

Keepers = Callable[..., DaemonHarness]
MINUTE = timedelta(minutes=1)


def add(daemon: Scheduler, name: str, *ids: str) -> None:
    """As another process does."""
    stored_lists.add_links(daemon.database, name, read_typed("\n".join(ids), Settings()))


def names(daemon: Scheduler) -> list[str]:
    return [state.schedule.name for state in daemon.schedules()]


def test_a_daemon_starts_without_any_list_and_takes_up_what_is_added(harness: Keepers) -> None:
    one = harness(playlists(3))
    ids = [each.id for each in one.entities]
    daemon = one.daemon()
    one.live(daemon, HOUR)
    assert (daemon.schedules(), one.runs()) == ([], [])
    add(daemon, "talks", *ids[:2])
    one.live(daemon, MINUTE)
    assert [(state.schedule.name, state.files) for state in daemon.schedules()] == [("talks", ("list:talks",))]
    assert [run.started_at for run in one.runs()] == [MORNING + HOUR]
    add(daemon, "talks", ids[2])
    one.live(daemon, MINUTE)
    assert len(one.runs()) == 2, "what is new is checked at once"
    assert [len(run) for run in [daemon.read(daemon.schedules()[0]).catalogue.links]] == [3]
    one.live(daemon, DAY)
    assert len(one.runs()) == 3, "and then on the schedule"
    assert "talks: added" in one.log


def test_the_dashboard_need_not_wait_for_a_turn(harness: Keepers) -> None:
    one = harness(playlists(2))
    first, second = (each.id for each in one.entities)
    daemon = one.daemon()
    one.live(daemon, MINUTE)
    add(daemon, "talks", first)
    daemon.refresh_stored_lists()
    assert names(daemon) == ["talks"]
    one.live(daemon, MINUTE)
    add(daemon, "talks", second)
    daemon.refresh_stored_lists()
    assert len(daemon.read(daemon.schedules()[0]).catalogue.links) == 2
    one.live(daemon, MINUTE)
    assert len(one.runs()) == 2, "the turn that follows knows that there are other links"


def test_a_removed_list_is_checked_no_more_and_what_is_known_stays(harness: Keepers) -> None:
    one = harness(playlists(3))
    ids = [each.id for each in one.entities]
    one.write("a.csv", ids[0])
    daemon = one.daemon("a.csv")
    add(daemon, "talks", *ids[1:])
    one.live(daemon, DAY)
    before = len(one.runs())
    stored_lists.remove_list(daemon.database, "talks")
    one.live(daemon, 3 * DAY)
    assert names(daemon) == ["a.csv"]
    with daemon.database.read() as connection:
        scopes = connection.execute(select(runs.c.scope).order_by(runs.c.id)).scalars().all()
        known = connection.execute(select(resources.c.youtube_id, resources.c.title)).all()
    assert set(scopes[before:]) == {"a.csv"}
    assert {id_ for id_, title in known if title} == set(ids)
    add(daemon, "talks", *ids[1:])
    one.live(daemon, MINUTE)
    assert names(daemon) == ["a.csv", "talks"]


def test_a_list_is_paused_by_another_process_and_resumed(harness: Keepers) -> None:
    one = harness(playlists(1))
    daemon = one.daemon()
    add(daemon, "talks", one.entities[0].id)
    one.live(daemon, MINUTE)
    (status,) = load_statuses(daemon.database).values()
    set_pause(daemon.database, status, one.now)
    one.live(daemon, 3 * DAY)
    assert len(one.runs()) == 1
    assert daemon.schedules()[0].paused_at is not None
    daemon.stop()
    restarted = one.daemon()
    one.live(restarted, DAY)
    assert len(one.runs()) == 1, "also after a restart"
    set_pause(restarted.database, status, None)
    one.live(restarted, MINUTE)
    assert len(one.runs()) == 2


def test_a_list_that_is_paused_before_any_turn_stays_paused(harness: Keepers) -> None:
    one = harness(playlists(1))
    daemon = one.daemon()
    one.live(daemon, MINUTE)
    add(daemon, "talks", one.entities[0].id)
    daemon.refresh_stored_lists()
    daemon.set_paused("talks", paused=True)
    daemon.stop()
    restarted = one.daemon()
    one.live(restarted, DAY)
    assert one.runs() == []


def test_a_paused_link_is_not_asked_about(harness: Keepers) -> None:
    one = harness(playlists(2))
    daemon = one.daemon()
    add(daemon, "talks", *(each.id for each in one.entities))
    stored_lists.change_row(daemon.database, "talks", None, 2, lambda csv, row: csv.pause(row, paused=True))
    one.live(daemon, MINUTE)
    with daemon.database.read() as connection:
        asked = connection.execute(select(resources.c.youtube_id)).scalars().all()
    assert asked == [one.entities[1].id]


def test_a_list_that_stands_for_a_file_is_read_again_when_that_changes(harness: Keepers) -> None:
    one = harness(playlists(2))
    first, second = (each.id for each in one.entities)
    one.write("a.csv", first)
    daemon = one.daemon()
    stored_lists.add_path(daemon.database, "notes", one.folder / "a.csv")
    one.live(daemon, MINUTE)
    assert [state.files for state in daemon.schedules()] == [("a.csv",)]
    one.write("a.csv", first, second)
    one.live(daemon, MINUTE)
    assert len(one.runs()) == 2
    (one.folder / "a.csv").unlink()
    one.live(daemon, DAY)
    assert "a.csv" in str(daemon.schedules()[0].problem), "its last version stays in use"
    assert len(daemon.read(daemon.schedules()[0]).catalogue.links) == 2
    daemon.stop()
    one.live(one.daemon(), HOUR)  # which is no reason not to start


def test_a_schedule_of_the_settings_may_name_a_stored_list(harness: Keepers) -> None:
    one = harness(playlists(1))
    one.settings = replace(one.settings, schedules=(schedule("often", "list:talks", cadence=HOUR),))
    daemon = one.daemon()
    add(daemon, "talks", one.entities[0].id)
    one.live(daemon, 3 * HOUR + MINUTE)
    assert names(daemon) == ["often"]
    assert len(one.runs()) in {3, 4}


def test_a_list_of_the_command_line_must_still_be_there(harness: Keepers) -> None:
    with pytest.raises(UsageError):
        harness().daemon("none.csv")

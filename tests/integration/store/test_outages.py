"""What was missing for a time and is back, from real checks of a changing world."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.check.harness import DAY, MORNING, OPEN_HARNESSES, Harness, playlist_id, playlists

from linkwatch.models.observation import State
from linkwatch.models.records import Outage
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.store.events import load_outages


@pytest.fixture(autouse=True)
def _closed_at_the_end() -> Iterator[None]:
    yield
    while OPEN_HARNESSES:
        OPEN_HARNESSES.pop().database.close()


def outages(harness: Harness) -> list[Outage]:
    with harness.database.read() as connection:
        return load_outages(connection)


def test_a_death_and_its_return_are_one_outage_and_what_is_still_gone_is_none(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3))
    harness.check()
    harness.world.delete(playlist_id(0), MORNING)
    harness.world.delete(playlist_id(1), MORNING)
    harness.check(after=DAY)
    assert outages(harness) == []
    harness.world.bring_back(playlist_id(0), harness.now)
    harness.check(after=2 * DAY)
    (only,) = outages(harness)
    assert (only.resource.id, only.title, only.worst_state) == (playlist_id(0), "Course 0", State.UNAVAILABLE)
    assert (only.started_at, only.ended_at) == (MORNING + DAY, MORNING + 3 * DAY)


def test_what_was_suspected_before_it_died_was_missing_from_the_first_suspicion_on(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1))
    harness.check()
    left_out = frozenset({playlist_id(0)})
    harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, MORNING + DAY / 2, MORNING + 1.5 * DAY, ids=left_out))
    harness.check(after=DAY)
    assert harness.state(playlist_id(0)) is State.SUSPECT
    harness.world.delete(playlist_id(0), harness.now)
    harness.check(after=DAY)
    assert harness.state(playlist_id(0)) is State.UNAVAILABLE
    harness.world.bring_back(playlist_id(0), harness.now)
    harness.check(after=DAY)
    (only,) = outages(harness)
    assert (only.started_at, only.ended_at, only.worst_state) == (MORNING + DAY, MORNING + 3 * DAY, State.UNAVAILABLE)


def test_every_outage_of_the_same_thing_is_reported_the_last_to_end_first(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1))
    left_out = frozenset({playlist_id(0)})
    for day in (1, 3):
        begin, end = MORNING + (day - 0.5) * DAY, MORNING + (day + 0.5) * DAY
        harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, begin, end, ids=left_out))
    harness.check()
    for _ in range(4):
        harness.check(after=DAY)
    assert [(each.started_at, each.ended_at, each.worst_state) for each in outages(harness)] == [
        (MORNING + 3 * DAY, MORNING + 4 * DAY, State.SUSPECT),
        (MORNING + DAY, MORNING + 2 * DAY, State.SUSPECT),
    ]

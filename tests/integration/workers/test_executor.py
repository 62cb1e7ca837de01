"""A check whose calls are made by workers is the check of one process: same verdicts, events, units; each call once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    INSIDE,
    KEYED,
    LIST,
    MORNING,
    Harness,
    channel_id,
    listing,
    playlist_id,
    run_of,
    video_id,
    videos,
)
from integration.workers.crew import Crew, Killed
from sqlalchemy import Connection, Table, func, select

from linkwatch.models.observation import State
from linkwatch.report.formats.json import render
from linkwatch.simulator.entities import SimChannel, SimPlaylist
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.store.calls import LIFETIME
from linkwatch.store.tables import calls, quota_days, runs
from linkwatch.workers.executor import GIVE_UP_SECONDS, POLL_SECONDS, REQUEUE_SECONDS

Houses = Callable[..., Harness]


@pytest.fixture
def harness(tmp_path: Path) -> Houses:
    """Makes houses, each in a folder of its own."""

    def make(name: str = "harness", **arguments: object) -> Harness:
        (tmp_path / name).mkdir()
        courses = [
            SimPlaylist(playlist_id(n), f"Course {n}", video_ids=[video_id(2 * n), video_id(2 * n + 1)])
            for n in range(130)
        ]
        channel = SimChannel(channel_id(1), "A channel", handle="@channel")
        listed = [*map(playlist_id, range(130)), *map(video_id, range(60)), "https://www.youtube.com/@channel"]
        entities = [*courses, *videos(260), channel]
        return Harness(tmp_path / name, entities, listed=listed, **arguments)  # type: ignore[arg-type]

    return make


def counted(harness: Harness, table: Table) -> int:
    with harness.database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.long
def test_a_month_with_workers_is_the_same_month_as_in_one_process(harness: Houses) -> None:
    alone, crewed = harness("alone", settings=INSIDE), harness("crewed", settings=INSIDE)
    crew = Crew(crewed)
    for each in (alone, crewed):
        each.world.delete(playlist_id(3), MORNING + 2 * DAY - HOUR)
        each.world.delete(playlist_id(70), MORNING + 9 * DAY - HOUR)
        each.world.bring_back(playlist_id(3), MORNING + 12 * DAY - HOUR)
        for day, fault, surface in (
            (4, Fault.SERVICE_UNAVAILABLE_503, Surface.DATA_API),
            (6, Fault.QUOTA_EXCEEDED, Surface.DATA_API),
            (9, Fault.SERVICE_UNAVAILABLE_503, Surface.OEMBED),
        ):
            since = MORNING + day * DAY - HOUR
            each.world.add_faults(FaultPeriod(fault, since, since + 2 * HOUR, surface=surface))
        left_out = frozenset(playlist_id(n) for n in range(20, 90))
        each.world.add_faults(
            FaultPeriod(Fault.LEFT_OUT, MORNING + 14 * DAY - HOUR, MORNING + 14 * DAY + HOUR, ids=left_out)
        )

    for day in range(16):
        after = DAY if day else timedelta()
        expected, report = alone.check(after=after), crewed.check(after=after, executor=crew.executor)
        if run_of(expected).complete:  # how many calls an outage takes down depends on who asks
            assert render(report) == render(expected), f"day {day}"
        assert run_of(report).complete == run_of(expected).complete, f"day {day}"

    assert crewed.events() == alone.events()
    assert crewed.all_known() == alone.all_known()
    assert counted(crewed, calls) == 0, "the calls of a run that has ended are forgotten"
    assert all(number == before + 1 or number == 0 for (_, before, _), (_, number, _) in pairwise(crew.done))


def test_a_call_that_is_made_twice_counts_once(harness: Houses) -> None:
    there = harness()
    crew = Crew(there)

    def twice(connection: Connection, run_id: int, numbers: list[int]) -> None:
        crew.put(connection, run_id, [number for number in numbers for _ in range(2)])

    report = there.check(executor=replace(crew.executor, enqueue=twice))
    assert {item.state for item in report.resources} == {State.AVAILABLE}
    assert run_of(report).quota_units == there.units == 3 + 2 + 1
    assert [done[2] for done in crew.done].count(True) == 6


def test_an_outcome_after_the_end_of_the_run_changes_nothing(harness: Houses) -> None:
    there = harness()
    crew, late = Crew(there), Crew(there)
    there.check(executor=crew.executor)
    before = there.all_known()
    units = there.units
    late.jobs = [(run_id, number) for run_id, number, _ in crew.done]
    there.world.delete(playlist_id(1), MORNING)
    there.now += HOUR
    assert not any(late.work() for _ in list(late.jobs))
    assert there.all_known() == before
    assert there.units == units, "nor is anything asked for"


def test_of_two_workers_with_the_same_call_the_second_changes_nothing(harness: Houses) -> None:
    there = harness()
    crew, slow = Crew(there), Crew(there)

    def overtaken(request: httpx.Request) -> httpx.Response:
        """While the slow one waits for its answer, the call is answered for."""
        answer = there.youtube(request)
        if crew.jobs:
            crew.work()
        return answer

    slow.transport = overtaken

    def both(seconds: float) -> None:
        if crew.jobs:
            slow.jobs = [crew.jobs[0]]
            slow.work()
        crew.asleep += seconds

    report = there.check(executor=replace(crew.executor, sleep=both))
    assert {item.state for item in report.resources} == {State.AVAILABLE}
    assert not any(counted for _, _, counted in slow.done)
    assert all(counted for _, _, counted in crew.done)


@pytest.mark.parametrize("answered", [0, 1, 4])
def test_a_run_whose_planner_was_killed_is_resumed(harness: Houses, answered: int) -> None:
    there = harness()
    there.check(executor=Crew(there).executor)
    there.world.delete(playlist_id(7), there.now + HOUR)
    crew = Crew(there)

    def killed(seconds: float) -> None:
        if len(crew.done) == answered:
            raise Killed
        crew.wait(seconds)

    units = there.units
    with pytest.raises(Killed):
        there.check(after=2 * HOUR, executor=replace(crew.executor, sleep=killed))
    assert there.unfinished_runs() == 1
    report = there.check(after=HOUR, executor=crew.executor)
    assert there.unfinished_runs() == 0
    assert counted(there, runs) == 2
    assert there.state(playlist_id(7)) is State.UNAVAILABLE
    assert there.events()[-1] == (playlist_id(7), "died")
    assert run_of(report).complete
    assert run_of(report).quota_units == there.units - units == 6, "no call is made again"


def test_a_planner_killed_after_its_calls_repeats_none_of_them(harness: Houses) -> None:
    there = harness(settings=INSIDE)
    crew = Crew(there)
    there.check(executor=crew.executor)
    there.world.delete(playlist_id(7), there.now + HOUR)

    def killed(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oembed":
            raise Killed
        return there.youtube(request)

    made = len(crew.done)
    with pytest.raises(Killed):
        there.check(after=2 * HOUR, executor=crew.executor, transport=killed)
    assert len(crew.done) == made + 6
    report = there.check(after=HOUR, executor=crew.executor)
    assert len(crew.done) == made + 6
    assert there.state(playlist_id(7)) is State.UNAVAILABLE
    assert run_of(report).complete


def test_inspections_of_a_killed_planner_are_not_repeated(harness: Houses) -> None:
    there = harness(settings=INSIDE)
    looked = 0

    def killed(request: httpx.Request) -> httpx.Response:
        nonlocal looked
        if request.url.path.endswith("playlistItems"):
            looked += 1
            if looked > 120:
                raise Killed
        return there.youtube(request)

    crew = Crew(there)
    with pytest.raises(Killed):
        there.check(executor=crew.executor, transport=killed)
    there.check(after=HOUR, executor=crew.executor)
    asked = there.asked("playlistItems.list")
    assert len(set(asked)) == 130
    assert len(asked) <= 130 + 20, "no more than those that were on their way, or not yet kept"


def test_a_list_that_changed_during_the_run_is_saved_as_it_is_now(harness: Houses) -> None:
    there = harness()
    crew = Crew(there)

    def killed(_seconds: float) -> None:
        raise Killed

    with pytest.raises(Killed):
        there.check(executor=replace(crew.executor, sleep=killed))
    there.listed = [playlist_id(0), playlist_id(999)]
    there.catalogue = listing(*there.listed)
    report = there.check(after=HOUR, executor=crew.executor)
    states = {item.resource.id: item.state for item in report.resources}
    assert states == {playlist_id(0): State.AVAILABLE, playlist_id(999): State.UNKNOWN}, "the new one is asked next"


def test_without_workers_the_check_is_incomplete_and_nothing_is_unavailable(harness: Houses) -> None:
    there = harness()
    crew = Crew(there)
    report = there.check(executor=replace(crew.executor, enqueue=lambda *_: None))
    assert not run_of(report).complete
    assert "191 of 191 resources could not be checked: no worker made these calls" in str(
        run_of(report).incomplete_reason
    )
    assert {item.state for item in report.resources} == {State.UNKNOWN}
    assert GIVE_UP_SECONDS <= crew.asleep < GIVE_UP_SECONDS + 2


def test_lost_jobs_are_enqueued_again(harness: Houses) -> None:
    there = harness()
    crew = Crew(there)

    def lost(connection: Connection, run_id: int, numbers: list[int]) -> None:
        if crew.asleep:
            crew.put(connection, run_id, numbers)

    said: list[int] = []
    report = there.check(
        executor=replace(crew.executor, enqueue=lost), progress=lambda _phase, done, _total: said.append(done)
    )
    assert run_of(report).complete
    assert len(said) >= REQUEUE_SECONDS / POLL_SECONDS, (
        "who waits gives signs of life at every look, or would lose its lease"
    )
    assert said == sorted(said)
    assert said[-1] == 191
    assert REQUEUE_SECONDS <= crew.asleep < REQUEUE_SECONDS + 10
    assert there.units == 6


def test_resources_beyond_the_units_of_the_day_are_postponed(harness: Houses) -> None:
    there = harness(settings=replace(KEYED, quota_per_day=4))
    report = there.check(executor=Crew(there).executor)
    assert there.units == run_of(report).quota_units == 4
    assert "resources postponed" in str(run_of(report).incomplete_reason)
    left = {item.resource.id for item in report.resources if item.state is State.UNKNOWN} - {
        "@channel"
    }  # till it is known
    assert left
    there.check(after=DAY, executor=Crew(there).executor)
    assert left <= {item.resource.id for item in there.report().resources if item.state is State.AVAILABLE}


def test_retries_of_workers_never_book_more_units_than_there_are(harness: Houses) -> None:
    there = harness(settings=replace(KEYED, quota_per_day=7), youtube_quota=7)
    there.world.add_faults(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, MORNING - HOUR, MORNING + HOUR))
    report = there.check(executor=Crew(there).executor)
    assert not run_of(report).complete
    assert run_of(report).quota_units == 7
    with there.database.read() as connection:
        assert connection.execute(select(quota_days.c.units)).scalars().all() == [7]


def test_a_run_that_is_days_old_is_not_resumed(harness: Houses) -> None:
    """What is learned now would have the time of its begin."""
    there = harness()
    crew, late = Crew(there), Crew(there)

    def killed(_seconds: float) -> None:
        raise Killed

    with pytest.raises(Killed):
        there.check(executor=replace(crew.executor, sleep=killed))
    late.jobs = list(crew.jobs)
    crew.jobs.clear()
    there.now += LIFETIME + HOUR
    assert not late.work()
    assert there.units == 0, "a worker that finds the old job does not even ask"
    report = there.check(executor=crew.executor)
    assert run_of(report).started_at == there.now
    assert {item.record.last_checked for item in report.resources if item.record} == {there.now}
    assert counted(there, runs) == 2
    assert counted(there, calls) == 0, "what was left behind is forgotten"


def test_a_run_followed_by_another_check_is_not_resumed(harness: Houses) -> None:
    there = harness()

    def killed(_seconds: float) -> None:
        raise Killed

    with pytest.raises(Killed):
        there.check(executor=replace(Crew(there).executor, sleep=killed))
    there.check(after=HOUR)
    assert Crew(there).executor.find_unfinished(there.database, LIST, there.now) is None

"""A third of a year under changing weather: what is alive is never called dead, and what died always is."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from integration.check.harness import DAY, HOUR, MORNING, Harness, playlist_id, playlists, video_id, videos

from linkwatch.models.observation import State
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface

DAYS = 120


def bad_weather(lot: random.Random, ids: list[str], day: int) -> list[FaultPeriod]:
    """What goes wrong on one day; nothing on most."""
    since = MORNING + day * DAY - HOUR
    until = since + 2 * HOUR
    found = []
    if lot.random() < 0.05:
        found.append(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, since, until))
    if lot.random() < 0.05:
        found.append(FaultPeriod(Fault.QUOTA_EXCEEDED, since, until))
    if lot.random() < 0.05:
        found.append(FaultPeriod(Fault.API_KEY_INVALID, since, until))
    if lot.random() < 0.10:
        found.append(FaultPeriod(Fault.BACKEND_ERROR, since, until, share=0.4, seed=str(day)))
    if lot.random() < 0.10:
        found.append(FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, since, until, surface=Surface.OEMBED))
    if lot.random() < 0.10:
        found.append(FaultPeriod(Fault.LEFT_OUT, since, until, ids=frozenset(lot.sample(ids, lot.choice([1, 3, 20])))))
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_the_living_are_never_called_dead_and_every_death_and_return_is_told_once(seed: int, tmp_path: Path) -> None:
    lot = random.Random(seed)  # noqa: S311  # the same weather every time
    harness = Harness(tmp_path, [*playlists(30), *videos(20)])
    ids = [playlist_id(n) for n in range(30)] + [video_id(n) for n in range(20)]
    gone_from = {id_: lot.randrange(2, DAYS - 20) for id_ in lot.sample(ids, 12)}
    back_on = {id_: day + lot.randrange(5, 15) for id_, day in gone_from.items() if lot.random() < 0.5}
    for id_, day in gone_from.items():
        harness.world.delete(id_, MORNING + day * DAY - timedelta(hours=6))
        if id_ in back_on:
            harness.world.bring_back(id_, MORNING + back_on[id_] * DAY - timedelta(hours=6))
    for day in range(1, DAYS - 20):
        harness.world.add_faults(*bad_weather(lot, ids, day))

    for day in range(DAYS):
        report = harness.check(after=DAY if day else timedelta())
        assert report.run is not None
        gone = {id_ for id_, since in gone_from.items() if since <= day < back_on.get(id_, DAYS)}
        dead = {item.resource.id for item in report.resources if item.state is State.UNAVAILABLE}
        unasked = set() if report.run.complete else {id_ for id_, back in back_on.items() if back <= day}
        assert dead - gone <= unasked, f"day {day}: alive, and called dead"
        calm = not harness.world.at(harness.now).active_faults(Surface.OEMBED) and report.run.complete
        assert not calm or gone <= dead, f"day {day}: dead, and not called so"

    told = Counter(harness.events())
    for id_ in ids:
        assert told[id_, "died"] == (id_ in gone_from), id_
        # What was only missed for a day is suspected and comes back as well.
        assert told[id_, "recovered"] >= (id_ in back_on), id_
        assert told[id_, "recovered"] <= (id_ in back_on) + told[id_, "suspected"], id_
    assert harness.unfinished_runs() == 0

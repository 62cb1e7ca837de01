"""Small worlds for the command: what lives, what is dead, and the list that names both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, Faults
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LONG = timedelta(days=3650)

LECTURE = SimVideo("jNQXAC9IVRw", "Me at the zoo")
COURSE = SimPlaylist("PL00000000000000000000000000COURSE", "Linear Algebra", video_ids=(LECTURE.id,) * 12)
CHANNEL = SimChannel("UC00000000000000000TestA", "Test channel", handle="@test", username="test")
GONE = "https://www.youtube.com/playlist?list=PL00000000000000000000000000000GONE1"
LIVING = f"https://www.youtube.com/playlist?list={COURSE.id}"
WATCH = f"https://www.youtube.com/watch?v={LECTURE.id}"
HANDLE = "https://www.youtube.com/@test"
TWICE = (LIVING, LIVING)
"""A warning and no error: the same playlist, listed two times."""


@contextmanager
def served(
    *weather: Fault, entities: tuple[Entity, ...] = (COURSE, LECTURE, CHANNEL), keys: tuple[str, ...] | None = None
) -> Iterator[YouTubeServer]:
    """A world that is answering, in this weather, to these keys (None: to any)."""
    world = World(entities, weather=[Faults(fault, NOON - LONG, NOON + LONG) for fault in weather])
    with YouTubeServer(SimulatedYouTube(world, lambda: NOON, keys=keys)) as server:
        yield server

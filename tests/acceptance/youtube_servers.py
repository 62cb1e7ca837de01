"""Small worlds for the command: what lives, what is dead, and the list that names both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEN_YEARS = timedelta(days=3650)

LECTURE = SimVideo("jNQXAC9IVRw", "Me at the zoo")
COURSE = SimPlaylist("PL00000000000000000000000000COURSE", "Linear Algebra", video_ids=(LECTURE.id,) * 12)
CHANNEL = SimChannel("UC00000000000000000TestA", "Test channel", handle="@test", username="test")
UNAVAILABLE = "https://www.youtube.com/playlist?list=PL00000000000000000000000000000GONE1"
AVAILABLE = f"https://www.youtube.com/playlist?list={COURSE.id}"
WATCH = f"https://www.youtube.com/watch?v={LECTURE.id}"
HANDLE = "https://www.youtube.com/@test"
LISTED_TWICE = (AVAILABLE, AVAILABLE)
"""A warning and no error: the same playlist, listed two times."""


@contextmanager
def youtube_server(
    *faults: Fault, entities: tuple[Entity, ...] = (COURSE, LECTURE, CHANNEL), keys: tuple[str, ...] | None = None
) -> Iterator[YouTubeServer]:
    """A world that is answering, in this faults, to these keys (None: to any)."""
    world = World(entities, faults=[FaultPeriod(fault, NOON - TEN_YEARS, NOON + TEN_YEARS) for fault in faults])
    with YouTubeServer(SimulatedYouTube(world, lambda: NOON, keys=keys)) as server:
        yield server

"""The month that `linkwatch demo` plays, day by day, with everything that can happen to a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linkwatch.simulator.demo_list import CHANNELS, PLAYLISTS, VIDEOS
from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.generated import GeneratedEntities, NumberedVideos, channel_id
from linkwatch.simulator.world import World

DAYS = 30

_CALCULUS_1 = "PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb"
_STATISTICS = "PLwJRxp3blEvZ8AKMXOy0fc0cqT61GsKCG"
_PROGRAMMERS = "PL7wAPgl1JVvUEb0dIygHzO4698tmcwLk9"
_FOUNDATIONS = "PLRDl2inPrWQW1QSWhBU0ki-jq_uElkh2a"
_SCRATCH = "PLQVvvaa0QuDcjD5BAw2DxE6OF2tius3V3"
_HERO = "PLAqhIrjkxbuWI23v9cThsA9GvCAUhRvKZ"
_INFORMATION = "ErfnhcEV1O8"
_OPTIMIZATION, _WATCHED_IN = "haHLRD0QZ08", "PLjKmmx7f3NMKy-FVNV8s3ibk8hTL0JWl5"
_COLLEGE = "JnTa9XtvmfI"
_OMITTED = frozenset(playlist.id for playlist in PLAYLISTS[:9])


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the scenario, and the time of its check."""

    number: int
    """1 to 30."""

    at: datetime
    """When the daily check runs."""

    headline: str
    """What happened since the day before; empty when nothing did."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world, and the days to check it on."""

    world: World
    days: tuple[Day, ...]


def demo_scenario(start: datetime) -> Scenario:
    """The month of the demo list.

    Args:
        start: When the first daily check runs (aware); the others follow 24 hours apart. Changes happen six
            hours before the check that finds them.
    """
    world = _first_day()
    headlines = _add_changes(world, start) | _add_faults(world, start)
    days = (Day(number, _check(start, number), headlines.get(number, "")) for number in range(1, DAYS + 1))
    return Scenario(world, tuple(days))


def _check(start: datetime, day: int) -> datetime:
    return start + timedelta(days=day - 1)


def _first_day() -> World:
    playlists = [
        SimPlaylist(seed.id, seed.title, channel_id(seed.owner), _videos(seed.id, NumberedVideos(number, seed.videos)))
        for number, seed in enumerate(PLAYLISTS)
    ]
    videos = (SimVideo(seed.id, seed.title, channel_id(seed.owner)) for seed in VIDEOS)
    channels = (SimChannel(channel_id(seed.name), seed.title, seed.handle, seed.username) for seed in CHANNELS)
    return World((*channels, *playlists, *videos), source=GeneratedEntities((), playlists))


def _videos(playlist_id: str, numbered: NumberedVideos) -> Sequence[str]:
    """The videos of a playlist; first the one that the list names together with it."""
    return (_OPTIMIZATION, *numbered[1:]) if playlist_id == _WATCHED_IN else numbered


def _add_changes(world: World, start: datetime) -> dict[int, str]:
    """Add what the owners change; returns the headline of each day."""

    def night(day: int) -> datetime:
        return _check(start, day) - timedelta(hours=6)

    world.retitle(_PROGRAMMERS, night(3), "Math for Programmers and Game Developers")
    removed, deleted = _video_ids(_CALCULUS_1)[10:14], _video_ids(_CALCULUS_1)[20:22]
    world.remove_videos(_CALCULUS_1, night(6), *removed, *deleted)
    for video in deleted:
        world.delete(video, night(6))
    world.delete(_STATISTICS, night(10))
    world.make_private(_FOUNDATIONS, night(17))
    world.disable_embedding(_INFORMATION, night(20))
    world.change(_INFORMATION, night(20), age_restricted=True)
    world.change_owner(_SCRATCH, night(22), channel_id("fcc"))
    world.add_videos(_HERO, night(22), *_video_ids(_HERO, beyond=2)[-2:])
    world.bring_back(_FOUNDATIONS, night(25))
    world.delete(_COLLEGE, night(28))
    return {
        3: "Coding Math renames a playlist.",
        6: "The Math Sorcerer's Calculus 1 loses six videos: four removed by its owner, two deleted.",
        10: "Ben Lambert deletes his statistics playlist.",
        17: "Jon Krohn makes Machine Learning Foundations private.",
        20: "Luis Serrano's video is age-restricted, and can no longer be embedded.",
        22: "sentdex hands Neural Networks from Scratch over to freeCodeCamp; Andrej Karpathy adds two videos.",
        25: "Machine Learning Foundations is public again.",
        28: "freeCodeCamp deletes its linear algebra video.",
    }


def _add_faults(world: World, start: datetime) -> dict[int, str]:
    """Add the faults, around the checks that they affect; returns the headline of each day."""
    hour = timedelta(hours=1)
    omission, outage, spent = (_check(start, day) for day in (8, 12, 14))
    world.add_faults(
        FaultPeriod(Fault.LEFT_OUT, omission - hour, omission + hour, ids=_OMITTED),
        FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, outage - 9 * hour, outage + 15 * hour),
        FaultPeriod(Fault.QUOTA_EXCEEDED, spent - hour, spent + 12 * hour),
    )
    return {
        8: f"For an hour the Data API omits {len(_OMITTED)} available playlists from its responses.",
        12: "YouTube is down: every request gets a 503.",
        14: "Another application of the project has used up the day's quota.",
    }


def _video_ids(playlist_id: str, beyond: int = 0) -> tuple[str, ...]:
    """The videos of a playlist, and some that it doesn't have yet."""
    number, seed = next((n, seed) for n, seed in enumerate(PLAYLISTS) if seed.id == playlist_id)
    return NumberedVideos(number, seed.videos + beyond)[:]

"""A month in the life of a list: what `linkwatch demo` plays, day by day, with everything that can happen to a link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo
from linkwatch.simulator.faults import Fault, Faults
from linkwatch.simulator.generated import NumberedVideos, Plausible, channel_id
from linkwatch.simulator.seed_titles import CHANNELS, PLAYLISTS, VIDEOS
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
_BLIP = frozenset(playlist.id for playlist in PLAYLISTS[:9])


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the story, and the moment of its check."""

    number: int
    """1 to 30."""

    at: datetime
    """When the daily check runs."""

    headline: str
    """What really happened since the day before; empty on a quiet day."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A world, and the days to check it on."""

    world: World
    days: tuple[Day, ...]


def seed_story(start: datetime) -> Scenario:
    """The month of the seed list.

    Args:
        start: When the first daily check runs (aware); the others follow 24 hours apart. Things happen six hours
            before the check that meets them.
    """
    world = _first_day()
    headlines = _happenings(world, start) | _bad_weather(world, start)
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
    return World((*channels, *playlists, *videos), source=Plausible((), playlists))


def _videos(playlist_id: str, numbered: NumberedVideos) -> Sequence[str]:
    """What is in a playlist: the video that the list gives with it first."""
    return (_OPTIMIZATION, *numbered[1:]) if playlist_id == _WATCHED_IN else numbered


def _happenings(world: World, start: datetime) -> dict[int, str]:
    """Writes into the world what its owners do; the headline of each day."""

    def night(day: int) -> datetime:
        return _check(start, day) - timedelta(hours=6)

    world.retitle(_PROGRAMMERS, night(3), "Math for Programmers and Game Developers")
    removed, deleted = _inside(_CALCULUS_1)[10:14], _inside(_CALCULUS_1)[20:22]
    world.remove_videos(_CALCULUS_1, night(6), *removed, *deleted)
    for video in deleted:
        world.delete(video, night(6))
    world.delete(_STATISTICS, night(10))
    world.make_private(_FOUNDATIONS, night(17))
    world.disable_embedding(_INFORMATION, night(20))
    world.change(_INFORMATION, night(20), age_restricted=True)
    world.hand_over(_SCRATCH, night(22), channel_id("fcc"))
    world.add_videos(_HERO, night(22), *_inside(_HERO, beyond=2)[-2:])
    world.bring_back(_FOUNDATIONS, night(25))
    world.delete(_COLLEGE, night(28))
    return {
        3: "Coding Math gives a playlist another title.",
        6: "Six videos go from The Math Sorcerer's Calculus 1: four taken out, two deleted.",
        10: "Ben Lambert deletes his statistics playlist.",
        17: "Jon Krohn makes Machine Learning Foundations private.",
        20: "Luis Serrano's video gets an age gate, and can no longer be embedded.",
        22: "sentdex hands Neural Networks from Scratch over to freeCodeCamp; Andrej Karpathy adds two videos.",
        25: "Machine Learning Foundations is public again.",
        28: "freeCodeCamp deletes its linear algebra video.",
    }


def _bad_weather(world: World, start: datetime) -> dict[int, str]:
    """Hangs the faults into the world, around the checks that meet them; the headline of each day."""
    hour = timedelta(hours=1)
    blip, outage, spent = (_check(start, day) for day in (8, 12, 14))
    world.add_weather(
        Faults(Fault.LEFT_OUT, blip - hour, blip + hour, ids=_BLIP),
        Faults(Fault.SERVICE_UNAVAILABLE_503, outage - 9 * hour, outage + 15 * hour),
        Faults(Fault.QUOTA_EXCEEDED, spent - hour, spent + 12 * hour),
    )
    return {
        8: f"Nothing happens, but for an hour the Data API leaves {len(_BLIP)} living playlists out of its answers.",
        12: "YouTube is down: every request gets a 503.",
        14: "Nothing happens, but another application of the project has spent the day's quota.",
    }


def _inside(playlist_id: str, beyond: int = 0) -> tuple[str, ...]:
    """The first videos of a seed playlist, and some that it doesn't have yet."""
    number, seed = next((n, each) for n, each in enumerate(PLAYLISTS) if each.id == playlist_id)
    return NumberedVideos(number, seed.videos + beyond)[:]

"""Calls of a simulated YouTube with a small world at one moment."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.faults import FaultPeriod
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
API = "https://youtube.googleapis.com/youtube/v3"
OEMBED = "https://www.youtube.com/oembed"
KEY = {"x-goog-api-key": "key"}

CHANNEL = SimChannel("UC1234567890123456789012", "A channel", handle="@AChannel", username="achannel")
EMPTY_CHANNEL = SimChannel("UCaaaaaaaaaaaaaaaaaaaaaA", "Without a video")
VIDEO = SimVideo("aaaaaaaaaaA", "A video", CHANNEL.id)
PRIVATE_VIDEO = SimVideo("bbbbbbbbbbA", "Hidden", CHANNEL.id, Visibility.PRIVATE)
DELETED_VIDEO = SimVideo("ccccccccccA", "Gone", CHANNEL.id, Visibility.DELETED)
UNLISTED_VIDEO = SimVideo("ddddddddddA", "Unlisted", CHANNEL.id, Visibility.UNLISTED)
PLAYLIST = SimPlaylist(
    "PLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "A playlist",
    CHANNEL.id,
    (VIDEO.id, PRIVATE_VIDEO.id, DELETED_VIDEO.id, UNLISTED_VIDEO.id, VIDEO.id),
)
PRIVATE_PLAYLIST = SimPlaylist("PLbbbbbbbbbbbbbbbb", "Hidden", CHANNEL.id, (VIDEO.id,), Visibility.PRIVATE)
DELETED_PLAYLIST = SimPlaylist("PLcccccccccccccccc", "Gone", CHANNEL.id, (VIDEO.id,), Visibility.DELETED)

ENTITIES: tuple[Entity, ...] = (
    CHANNEL,
    EMPTY_CHANNEL,
    VIDEO,
    PRIVATE_VIDEO,
    DELETED_VIDEO,
    UNLISTED_VIDEO,
    PLAYLIST,
    PRIVATE_PLAYLIST,
    DELETED_PLAYLIST,
)


def youtube(
    *entities: Entity,
    faults: tuple[FaultPeriod, ...] = (),
    clock: Callable[[], datetime] = lambda: NOW,
    quota: int = 10_000,
    keys: tuple[str, ...] | None = None,
    **options: Any,
) -> SimulatedYouTube:
    """A YouTube of the entities above, and more."""
    world = World((*ENTITIES, *entities), faults=faults)
    return SimulatedYouTube(world, clock, quota_per_day=quota, keys=keys, options=Options(**options))


def ask(simulated: SimulatedYouTube, method: str, **parameters: Any) -> httpx.Response:
    """The answer to one call of the Data API, with a key."""
    return simulated(httpx.Request("GET", f"{API}/{method}", params={"part": "id", **parameters}, headers=KEY))


def ids(response: httpx.Response) -> list[str]:
    """The ids of an answer's items."""
    return [each["id"] for each in response.json().get("items", [])]


def reason(response: httpx.Response) -> str:
    """`errors[0].reason` of an error body."""
    found: str = response.json()["error"]["errors"][0]["reason"]
    return found


def embed(simulated: SimulatedYouTube, url: str, **parameters: str) -> httpx.Response:
    """The answer of oEmbed."""
    return simulated(httpx.Request("GET", OEMBED, params={"url": url, "format": "json", **parameters}))

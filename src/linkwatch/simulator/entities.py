"""The entities of a world, each as it is at one moment: channels, playlists, videos."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Visibility(StrEnum):
    """Who may see a playlist or a video."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"
    DELETED = "deleted"
    """Not a status of YouTube's, which shows nothing of it."""


VISIBLE = frozenset({Visibility.PUBLIC, Visibility.UNLISTED})
"""What everyone with the address can see."""


@dataclass(frozen=True, slots=True)
class SimChannel:
    """A channel at one moment."""

    id: str
    """`UC` and 22 characters."""

    title: str

    handle: str | None = None
    """With its `@`."""

    username: str | None = None
    """The NAME of `/user/NAME`."""

    terminated: bool = False
    """Its playlists and videos are then deleted too."""


DEFAULT_CHANNEL = SimChannel("UC0simulated0somebody0wA", "Somebody", handle="@somebody")
"""The owner of whatever names no owner; it exists in every world."""


@dataclass(frozen=True, slots=True)
class SimPlaylist:
    """A playlist at one moment."""

    id: str
    title: str
    channel_id: str = DEFAULT_CHANNEL.id

    video_ids: Sequence[str] = ()
    """In the order of the playlist, with those that are unavailable. A video that is not in the world is deleted."""

    visibility: Visibility = Visibility.PUBLIC

    copy_numbers: Sequence[int] | None = None
    """For each of `video_ids` which copy of its video it is, and stays when another copy leaves; None: in order."""

    item_count: int | None = None
    """The count to show when the videos are not modelled; None: that of `video_ids`."""


def copy_numbers(playlist: SimPlaylist) -> Sequence[int]:
    """Which copy of its video each item of a playlist is; see `SimPlaylist.copy_numbers`."""
    if playlist.copy_numbers is not None:
        return playlist.copy_numbers
    seen: Counter[str] = Counter()
    numbers = []
    for video_id in playlist.video_ids:
        numbers.append(seen[video_id])
        seen[video_id] += 1
    return numbers


@dataclass(frozen=True, slots=True)
class SimVideo:
    """A video at one moment."""

    id: str
    title: str
    channel_id: str = DEFAULT_CHANNEL.id
    visibility: Visibility = Visibility.PUBLIC
    embeddable: bool = True
    age_restricted: bool = False

    blocked: tuple[str, ...] = ()
    """Countries (ISO 3166-1 alpha-2) where it is blocked; not together with `allowed`."""

    allowed: tuple[str, ...] | None = None
    """The only countries where it is not blocked, possibly none; None: everywhere."""

    live: Literal["none", "upcoming", "live", "completed"] = "none"
    upload_status: Literal["uploaded", "processed", "failed", "rejected", "deleted"] = "processed"


Entity = SimChannel | SimPlaylist | SimVideo
